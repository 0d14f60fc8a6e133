// Makes a proof for each request with npm's dpop, with a key of its own for each algorithm.
const { readFileSync } = require("node:fs");
const { webcrypto } = require("node:crypto");
const { pathToFileURL } = require("node:url");

// What Node has by itself since version 19.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

// That module is an ES module, which import() does not look for in NODE_PATH.
const library = () => import(pathToFileURL(`${process.env.NODE_PATH}/dpop/build/index.js`).href);

const pairs = {};
const judge = ({ generateKeyPair, generateProof, calculateThumbprint }) => async (q) => {
  const pair = await (pairs[q.Algorithm] ??= generateKeyPair(q.Algorithm));
  const proof = await generateProof(pair, q.HTU, q.Method, q.Nonce || undefined, q.Token || undefined);
  return { Proof: proof, JKT: await calculateThumbprint(pair.publicKey) };
};

(async () => {
  const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
  process.stdout.write(JSON.stringify(await Promise.all(cases.map(judge(await library())))));
})();
