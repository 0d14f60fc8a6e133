// Signs each request with npm's http-message-signatures, and has it check our signature.
const { readFileSync } = require("node:fs");
const { httpbis, createSigner, createVerifier } = require("http-message-signatures");

async function judge(q) {
  const key = q.Secret ? Buffer.from(q.Secret, "base64") : q.Private;
  const signer = createSigner(key, q.Algorithm, q.KeyID);
  const { sign } = signer;
  let base;
  signer.sign = (text) => sign((base = text));
  const { Signature, "Signature-Input": input, ...headers } = q.Headers;
  const request = { method: q.Method, url: q.URL };
  const paramValues = { created: new Date(1767323045000), tag: q.Tag || undefined };
  const signed = await httpbis.signMessage(
    { key: signer, name: "sig1", fields: q.Fields, params: ["created", "keyid", "tag"], paramValues },
    { ...request, headers });
  const verify = createVerifier(q.Secret ? key : q.Public, q.Algorithm);
  const valid = await httpbis.verifyMessage(
    { keyLookup: async () => ({ algs: [q.Algorithm], verify }) },
    { ...request, headers: q.Headers });
  return { Base: base.toString(), Signature: signed.headers.Signature, SignatureInput: signed.headers["Signature-Input"], Valid: valid };
}

Promise.all(JSON.parse(readFileSync(process.argv[2], "utf8")).map((q) => judge(q).catch((e) => ({ Problem: String(e.stack) }))))
  .then((answers) => process.stdout.write(JSON.stringify(answers)));
