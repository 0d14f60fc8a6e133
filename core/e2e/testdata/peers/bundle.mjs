// node bundle.mjs OUT: one script that sets globalThis.peers and globalThis.preparePeers.
import { build } from "esbuild";

await build({
  stdin: { contents: 'import { peers, prepare } from "./peers.mjs"; globalThis.peers = peers; globalThis.preparePeers = prepare;', resolveDir: "." },
  bundle: true, format: "iife", platform: "browser", minify: true, outfile: process.argv[2],
  alias: { crypto: "./crypto.mjs", "node:crypto": "./crypto.mjs", querystring: "querystring-es3", stream: "./absent.mjs", constants: "./absent.mjs" },
  inject: ["./global.mjs"], logLevel: "error",
});
