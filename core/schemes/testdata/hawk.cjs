// Judges authpad's Hawk by npm's "hawk": for each case what its client would send, and what its server
// says to what authpad sends. Run by hawk_peer_test.go.
const fs = require("node:fs");
const Hawk = require("hawk");

// Parts of the URL as they are: Hawk's own parser of URL texts is older than the URL standard, whose
// search in turn leaves out a "?" that is sent.
const parts = (text) => {
  const { protocol, hostname, port, pathname, href } = new URL(text);
  return { protocol, hostname, port, pathname, search: href.includes("?") ? href.slice(href.indexOf("?")) : "" };
};

const said = async (promise) => {
  try {
    await promise;
    return "";
  } catch (error) {
    return error.message || "refused";
  }
};

const judge = async (c) => {
  Hawk.utils.setTimeFunction(() => c.ts * 1000);
  const uri = parts(c.url);
  const credentials = { id: c.id, key: c.key, algorithm: c.algorithm };
  const lookUp = async (id) => (id === c.id ? credentials : null);
  const payload = c.hashed ? c.body : undefined;
  const { header, artifacts } = Hawk.client.header(uri, c.method, { credentials, nonce: c.nonce, ext: c.ext, app: c.app, dlg: c.dlg, payload, contentType: c.contentType });
  const request = { method: c.method, url: uri.pathname + uri.search, host: uri.hostname, port: uri.port || (uri.protocol === "http:" ? 80 : 443), contentType: c.contentType };
  const bewit = Hawk.uri.getBewit(uri, { credentials, ttlSec: c.ttl, ext: c.ext });
  return {
    header,
    refused: await said(Hawk.server.authenticate({ ...request, authorization: c.ours }, lookUp, { payload })),
    proof: Hawk.server.header(credentials, artifacts, { payload: c.answer, contentType: c.contentType, ext: c.ext }),
    bewit,
    linkRefused: await said(Hawk.uri.authenticate({ ...request, method: "GET", url: c.ourLink }, lookUp)),
  };
};

(async () => {
  const answers = [];
  for (const c of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) answers.push(await judge(c));
  process.stdout.write(JSON.stringify(answers));
})();
