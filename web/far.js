// Bodies that stay out of the module's memory: files, which the browser may keep on disk, and arrays of megabytes. The
// core asks for their hash, or for all of one where a scheme signs every byte.

/** From how many bytes on an array is held here. Also what Go keeps where it lies: largeBody in wasm/call.go. */
export const LARGE = 1 << 20;

const bodies = new Map(); // by number: {body, sums, files}
const calls = new Map(); // by call: {files, numbers}
const sumsOf = new WeakMap(); // of a Blob, which does not change: its hashes, as promises
let last = 0;

/** Others say "like Gecko". */
export const inFirefox = / Gecko\/\d/.test(navigator.userAgent);

/** @param {Uint8Array|Blob|Blob[]|null|undefined} body */
export const isFar = (body) => Array.isArray(body) || body instanceof Blob || sizeOf(body) >= LARGE;

/**
 * What a caller gives for a body, as it is used here: an array by its bytes, which throws where its memory was given away.
 * @returns {Uint8Array|Blob|Blob[]|undefined}
 */
export function bodyOf(given) {
  if (given === undefined || given === null || given instanceof Blob) return given ?? undefined;
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  if (Array.isArray(given) && given.every((one) => one instanceof Blob)) return [...given]; // the caller's own may change
  throw new TypeError("a body is an array of bytes, a Blob or a list of Blobs");
}

/** @param {Uint8Array|Blob|null|undefined} body @returns {number} bytes */
export const sizeOf = (body) => body?.size ?? body?.length ?? 0;

/**
 * Holds what a call has beside its parameters until release.
 * @param {number} call
 * @param {Uint8Array|Blob|Blob[]} body
 * @param {boolean} later whether it is wanted later than in this turn, when an array may have other bytes, and a file, too:
 *   Firefox (153) also gives out one that was written to after it was chosen
 * @returns {[number, number]} the number of the body and its size in bytes; of files 0 and how many there are
 */
export function hold(call, body, later) {
  const files = Array.isArray(body) ? body : null;
  calls.set(call, { files, numbers: [] });
  if (files) return [0, files.length];
  const kept = later && !(body instanceof Blob) ? body.slice() : body;
  if (later && inFirefox) sumsOf.delete(body);
  return [number(call, kept), sizeOf(kept)];
}

function number(call, body, files = [body]) {
  const isBlob = body instanceof Blob;
  if (isBlob && !sumsOf.has(body)) sumsOf.set(body, {});
  bodies.set(++last, isBlob ? { body: body.slice(), sums: sumsOf.get(body), files } : { body, sums: {}, files: [] }); // a slice has no type, which fetch would send
  calls.get(call).numbers.push(last);
  return last;
}

/** @param {number} call */
export function release(call) {
  for (const held of calls.get(call)?.numbers ?? []) bodies.delete(held);
  calls.delete(call);
}

/**
 * Makes one body of texts and files of a call.
 * @param {number} call
 * @param {number[]} order size of a text, number of a file, size of a text …
 * @param {Uint8Array} texts one behind the other
 * @returns {number} of the body
 */
export function join(call, order, texts) {
  const { files } = calls.get(call);
  let at = 0;
  return number(call, new Blob(order.map((n, i) => (i % 2 ? files[n] : texts.subarray(at, (at += n))))), files);
}

/** Whether one of its files cannot be read any more, which breaks a fetch as a network does. @param {number} held @returns {Promise<boolean>} */
export async function isGone(held) {
  const reads = (bodies.get(held)?.files ?? []).map((file) => file.slice(0, 1).arrayBuffer());
  return Promise.all(reads).then(() => false, () => true);
}

/** @param {number} held @returns {Uint8Array|Blob|undefined} */
export const farBody = (held) => bodies.get(held)?.body;

/** An array is copied in this very turn: its memory may be given away. @param {number} held @returns {Promise<Uint8Array>} */
export async function farOctets(held) {
  const body = farBody(held);
  return body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body.slice();
}

/** The body's hash, made once for a Blob. @param {number} held @param {256|384|512} bits @returns {Promise<Uint8Array>} */
export function farSum(held, bits) {
  const { sums } = bodies.get(held);
  sums[bits] ??= hashed(held, bits).catch((mistake) => {
    delete sums[bits];
    throw mistake;
  });
  return sums[bits];
}

/** An array is read in this very turn. */
async function hashed(held, bits) {
  const body = farBody(held);
  const octets = body instanceof Blob ? await body.arrayBuffer() : body;
  return new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, octets));
}
