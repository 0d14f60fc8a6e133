// The libraries that a web developer would take, each signing the request that the core is asked to build.
import { Sha256 } from "@aws-crypto/sha256-js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { AwsV4Signer } from "aws4fetch";
import { Buffer } from "buffer";
import hawk from "hawk";
import { httpbis } from "http-message-signatures";
import * as jose from "jose";
import OAuth from "oauth-1.0a";

const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const aws = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: secret };
const host = "example.amazonaws.com";
const path = (i) => `/data?a=1&b=${i}`;
const url = (i) => `https://${host}${path(i)}`;

const smithy = new SignatureV4({ credentials: aws, region: "us-east-1", service: "service", sha256: Sha256 });
const oauth = OAuth({
  consumer: { key: "ck", secret: "cs" }, signature_method: "HMAC-SHA1",
  hash_function: (text, key) => Buffer.from(hmac(sha1, Buffer.from(key), Buffer.from(text))).toString("base64"),
});
const imported = {};
const text = new TextEncoder();

/** Each signs once, another address for each number; keys that a library imports are imported before, by prepare. */
export const peers = {
  sigv4: {
    aws4fetch: (i) => new AwsV4Signer({ ...aws, url: url(i), region: "us-east-1", service: "service" }).sign(),
    aws4: (i) => aws4.sign({ host, path: path(i), service: "service", region: "us-east-1" }, aws),
    "@smithy/signature-v4": (i) => smithy.sign(new HttpRequest({
      method: "GET", protocol: "https:", hostname: host, path: "/data", query: { a: "1", b: String(i) }, headers: { host },
    })),
  },
  oauth1: {
    "oauth-1.0a": (i) => oauth.toHeader(oauth.authorize({ url: url(i), method: "GET" }, { key: "tk", secret: "ts" })),
  },
  hawk: {
    hawk: (i) => hawk.client.header(url(i), "GET", { credentials: { id: "dh37fgj492je", key: secret, algorithm: "sha256" } }),
  },
  httpsig: {
    "http-message-signatures": (i) => httpbis.signMessage({
      key: { id: "k", alg: "hmac-sha256", sign: async (data) => Buffer.from(hmac(sha256, text.encode(secret), data)) },
      fields: ["@method", "@authority", "@path", "@query"], params: ["created", "keyid", "alg"],
    }, { method: "GET", url: url(i), headers: {} }),
  },
};

for (const algorithm of ["HS256", "RS256", "ES256", "EdDSA"]) {
  peers["jwt " + algorithm] = {
    jose: () => new jose.SignJWT({ sub: "1234567890", name: "John Doe" }).setProtectedHeader({ alg: algorithm, typ: "JWT" })
      .setIssuedAt().setExpirationTime("5m").setJti("1").sign(imported[algorithm]),
  };
}

/** @param {Record<string, string>} pem private keys by algorithm */
export async function prepare(pem) {
  imported.HS256 = text.encode(secret);
  for (const [algorithm, key] of Object.entries(pem)) imported[algorithm] = await jose.importPKCS8(key, algorithm);
}
