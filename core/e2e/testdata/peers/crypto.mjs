// What of Node's crypto the peers call, by noble, which is faster in a browser than the usual stand-in.
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { Buffer } from "buffer";

const hashes = { sha1, sha256, sha512 };
const octets = (data) => (typeof data === "string" ? Buffer.from(data, "utf8") : data);

function finished(state) {
  return {
    update(data) {
      state.update(octets(data));
      return this;
    },
    digest(encoding) {
      const sum = Buffer.from(state.digest());
      return encoding ? sum.toString(encoding) : sum;
    },
  };
}

export const createHash = (name) => finished(hashes[name.toLowerCase().replace("-", "")].create());
export const createHmac = (name, key) => finished(hmac.create(hashes[name.toLowerCase().replace("-", "")], octets(key)));
export const randomBytes = (count) => Buffer.from(crypto.getRandomValues(new Uint8Array(count)));
export const createSign = () => { throw new Error("not in a browser"); };
export const createVerify = createSign;
export const timingSafeEqual = (a, b) => a.every((octet, i) => octet === b[i]);
export const constants = {};
export default { createHash, createHmac, randomBytes, createSign, createVerify, timingSafeEqual, constants };
