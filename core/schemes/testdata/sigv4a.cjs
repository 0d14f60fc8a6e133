// Judges authpad's AWS Signature 4A by npm's "@smithy/signature-v4a": for each case what it signs, the public key that
// it derives, and whether authpad's signature is one of its own text by its own key. Run by sigv4a_peer_test.go.
const fs = require("node:fs");
const { createECDH, createHash, createHmac, createPublicKey, verify } = require("node:crypto");
const { SignatureV4a } = require("@smithy/signature-v4a");

// The hash that the library wants to be given.
class SHA256 {
  constructor(key) {
    this.state = key ? createHmac("sha256", key) : createHash("sha256");
  }
  update(data) {
    this.state.update(data);
  }
  async digest() {
    return new Uint8Array(this.state.digest());
  }
}

// A signer that keeps what it came by on the way.
class Watched extends SignatureV4a {
  createCanonicalRequest(...of) {
    return (this.canonicalRequest = super.createCanonicalRequest(...of));
  }
  async getSignature(privateKey, stringToSign) {
    Object.assign(this, { privateKey, stringToSign });
    return super.getSignature(privateKey, stringToSign);
  }
}

const publicKey = (privateKey) => {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(privateKey);
  return pair.getPublicKey();
};

const imported = (point) => {
  const text = (octets) => octets.toString("base64url");
  return createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x: text(point.subarray(1, 33)), y: text(point.subarray(33)) } });
};

// Names and values of the query, each name with all its values.
const queryOf = (url) => {
  const query = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  return query;
};

const judge = async (c) => {
  const url = new URL(c.url);
  const signer = new Watched({
    credentials: { accessKeyId: c.accessKeyId, secretAccessKey: c.secretAccessKey, sessionToken: c.sessionToken || undefined },
    region: c.regionSet, service: c.service, sha256: SHA256, uriEscapePath: c.service !== "s3", applyChecksum: c.service === "s3",
  });
  const headers = { host: url.host };
  for (const [name, value] of c.headers ?? []) headers[name] = name in headers ? `${headers[name]},${value}` : value;
  const request = { method: c.method, protocol: url.protocol, hostname: url.hostname, path: url.pathname, query: queryOf(url), headers, body: c.body };
  // It leaves out Cache-Control unless it is asked for it.
  const signed = await signer.sign(request, { signingDate: new Date(c.now * 1000), signableHeaders: new Set(["cache-control"]) });
  const point = publicKey(signer.privateKey);
  return {
    canonicalRequest: signer.canonicalRequest, stringToSign: signer.stringToSign, publicKey: point.toString("hex"), headers: Object.entries(signed.headers),
    valid: verify("sha256", Buffer.from(signer.stringToSign), imported(point), Buffer.from(c.signature, "hex")),
  };
};

(async () => {
  const answers = [];
  for (const c of JSON.parse(fs.readFileSync(process.argv[2], "utf8"))) answers.push(await judge(c));
  process.stdout.write(JSON.stringify(answers));
})();
