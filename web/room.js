// Linear memory, where JavaScript puts texts and bodies for Go, and reads Go's.

import { LARGE } from "./far.js";

const ROOM = 64 << 10;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The room that Go reserves for its inputs, and the frame that says where its outputs are.
 * @param {object} core exports of the module
 */
export function roomIn(core) {
  const frame = core.frame() >>> 0; // an export's result is signed
  const none = { at: 0, size: 0 };
  let room = none;
  return {
    /**
     * Puts a text and a body into linear memory, one behind the other.
     * @param {string} text
     * @param {Uint8Array} [body]
     * @param {boolean} [kept] Go keeps a large body where it lies
     * @returns {[number, number]} their sizes in bytes
     */
    write(text, body, kept) {
      const encoded = text.length > ROOM ? encoder.encode(text) : null; // a long one is measured, not guessed
      const size = (encoded?.length ?? 3 * text.length) + (body?.length ?? 0);
      if (size > room.size || (room.size > 16 * ROOM && size < ROOM)) { // grow, or give a large one back
        room = { at: 0, size: Math.max(size, ROOM) };
        room.at = core.reserve(room.size) >>> 0;
      }
      const memory = new Uint8Array(core.mem.buffer, room.at, room.size); // anew: growth detaches it
      const written = encoded?.length ?? encoder.encodeInto(text, memory).written;
      if (encoded) memory.set(encoded);
      if (body) memory.set(body, written);
      if (kept && body?.length >= LARGE) room = none;
      return [written, body?.length ?? 0];
    },

    /**
     * Reads what Go handed out.
     * @param {ArrayBuffer} [into] for the copy of the bytes, where they fit
     * @returns {[string, Uint8Array|null]} a text, and a copy of the bytes beside it
     */
    read(into) {
      const memory = core.mem.buffer;
      const [at, size, bodyAt, bodySize] = new Uint32Array(memory, frame, 4);
      const text = decoder.decode(new Uint8Array(memory, at, size));
      return [text, bodyAt ? copied(new Uint8Array(memory, bodyAt, bodySize), into) : null];
    },
  };
}

function copied(bytes, into) {
  if (!into || into.byteLength < bytes.length) return bytes.slice();
  const copy = new Uint8Array(into, 0, bytes.length);
  copy.set(bytes);
  return copy;
}
