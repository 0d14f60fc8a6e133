// Bodies that stay out of the module's memory: files, which the browser may keep on disk, and arrays of megabytes. The
// core asks for their hash, or for all of one where a scheme signs every byte.

/** From how many bytes on an array is held here. Also what Go keeps where it lies: largeBody in wasm/call.go. */
export const LARGE = 1 << 20;

const held = new Map(); // by call: {body, sums}
const sumsOf = new WeakMap(); // of a Blob, which never changes: its hashes, as promises

/** @param {Uint8Array|Blob|null|undefined} body */
export const isFar = (body) => body instanceof Blob || sizeOf(body) >= LARGE;

/** @param {Uint8Array|Blob|null|undefined} body @returns {number} bytes */
export const sizeOf = (body) => body?.size ?? body?.length ?? 0;

/**
 * Holds the body of a call until release.
 * @param {number} call
 * @param {Uint8Array|Blob} body
 * @param {boolean} later whether it is wanted later than in this turn, when an array may have other bytes
 * @returns {number} its size in bytes
 */
export function hold(call, body, later) {
  if (body instanceof Blob) {
    if (!sumsOf.has(body)) sumsOf.set(body, {});
    held.set(call, { body: body.slice(), sums: sumsOf.get(body) }); // a slice has no type, which fetch would send
  } else {
    held.set(call, { body: later ? body.slice() : body, sums: {} });
  }
  return sizeOf(body);
}

/** @param {number} call */
export function release(call) {
  held.delete(call);
}

/** @param {number} call @returns {Uint8Array|Blob|undefined} */
export const farBody = (call) => held.get(call)?.body;

/** @param {number} call @returns {Promise<Uint8Array>} */
export async function farOctets(call) {
  const { body } = held.get(call);
  return body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
}

/** The body's hash, made once for a Blob. @param {number} call @param {256|384|512} bits @returns {Promise<Uint8Array>} */
export function farSum(call, bits) {
  const { sums } = held.get(call);
  sums[bits] ??= hashed(call, bits).catch((mistake) => {
    delete sums[bits];
    throw mistake;
  });
  return sums[bits];
}

/** An array is read in this very turn. */
async function hashed(call, bits) {
  const { body } = held.get(call);
  const octets = body instanceof Blob ? await body.arrayBuffer() : body;
  return new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, octets));
}
