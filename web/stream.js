// The body of an answer while it arrives: its first part is kept for reading, all of it is counted and
// may go to a sink, and nothing of a large one piles up.

export const KEPT = 16 << 20; // bytes of a body that are kept for reading; bodyLimit in wasm/fetch.go
export const FIRST = 64 << 10; // bytes that Go sees
export const TICK = 100; // ms between two progress events
const CHUNK = 1 << 20;

/**
 * Reads to the end, into what seen has: "kept", and a "sink" or none; seen.size counts. total is the announced size or
 * null, and exact says that the end is there with it.
 */
export async function streamed(read, { total, exact }, tell, seen) {
  const { sink, kept } = seen;
  let next = performance.now() + TICK;
  try {
    for (let bytes; (bytes = await read()); ) {
      kept.add(bytes);
      seen.size += bytes.length;
      if (sink) await write(sink, bytes);
      if (exact && seen.size === total) break;
      if (performance.now() < next) continue;
      next = performance.now() + TICK;
      tell("body", seen.size, total);
    }
    await sink?.close();
  } catch (mistake) {
    sink?.abort(mistake).catch(() => {});
    throw mistake;
  }
}

/**
 * The first KEPT bytes of a body. Of an unknown size, the room grows twice, to KEPT at last: the system
 * gives memory only for what is written to, so that a body is never joined from pieces.
 */
export function keeper(total) {
  let room = new Uint8Array(Math.min(Math.max(total ?? FIRST, 0), KEPT));
  let at = 0;
  return {
    add(bytes) {
      const part = bytes.subarray(0, KEPT - at);
      while (room.length < at + part.length) room = copyTo(new Uint8Array(room.length < CHUNK ? CHUNK : KEPT), room);
      room.set(part, at);
      at += part.length;
    },
    bytes: () => room.subarray(0, at),
  };
}

function copyTo(larger, room) {
  larger.set(room);
  return larger;
}

/** Returns what reads on: each call gives bytes, good until the next, or nothing at the end. */
export function reading(stream, total) {
  if (!stream) return async () => null;
  if (total === null || total > FIRST) {
    try {
      return filling(stream.getReader({ mode: "byob" }));
    } catch {
      // a stream that does not fill a buffer of ours
    }
  }
  const reader = stream.getReader();
  return async () => (await reader.read()).value;
}

/** The same where nobody knows the size: the buffer for a large body costs more than the whole of a small one. */
export function growing(stream) {
  const reader = stream.getReader();
  let size = 0;
  let read = async () => {
    const { value } = await reader.read();
    size += value?.length ?? 0;
    if (size > FIRST) {
      reader.releaseLock();
      read = reading(stream, null);
    }
    return value;
  };
  return () => read();
}

/**
 * One buffer goes back and forth, where the chunks of a large body would pile up until collected. It is
 * not the one that is kept: when a body breaks off, the browser does not give it back.
 */
function filling(reader) {
  let buffer = new ArrayBuffer(CHUNK);
  return async () => {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    buffer = value.buffer; // the same memory
    return done ? null : value;
  };
}

/** Waits for the sink, so that a slow disk slows the server down. A copy: our buffer is filled again. */
async function write(sink, bytes) {
  try {
    await sink.ready;
    await sink.write(bytes.slice());
  } catch (cause) {
    throw Object.assign(new Error("the sink took no more", { cause }), { name: "SinkError" });
  }
}
