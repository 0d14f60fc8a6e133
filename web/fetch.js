// Sends what the core ordered with the browser's fetch and streams the answer: into memory up to a
// limit, to a sink as a whole. Go gets the status, the header lines and the body's first part; the
// kept bytes go to the page directly.

const KEPT = 16 << 20; // bytes of a body that are kept for reading; bodyLimit in wasm/fetch.go
const FIRST = 64 << 10; // bytes that Go sees
const CHUNK = 1 << 20;
const TICK = 100; // ms between two progress events

const running = new Map(); // AbortControllers by order
const bodies = new Map(); // the last kept body of an API call
const sinks = new Map(); // WritableStreams by the send's id

/** @param {string} id @param {WritableStream} stream */
export function keepSink(id, stream) {
  sinks.set(id, stream);
}

/** Ends a sink that got no body. @param {string} json the parameters of the send it was for */
export function dropSink(json) {
  if (sinks.size === 0) return;
  const { id } = JSON.parse(json);
  sinks.get(id)?.abort("no body came").catch(() => {});
  sinks.delete(id);
}

/** @param {number} call @returns {Uint8Array|undefined} the body that arrived for this API call */
export function takeBody(call) {
  const body = bodies.get(call);
  bodies.delete(call);
  return body;
}

/** Gives an order up: Go no longer waits for it. @param {number} id */
export function abortFetch(id) {
  running.get(id)?.abort();
  running.delete(id);
}

/** Gives every order up: whoever waited is gone. */
export function abortAll() {
  for (const id of running.keys()) abortFetch(id);
}

/**
 * Sends one order and delivers its outcome once, unless it was given up. The browser's fetch is called
 * before this returns, so that the network works while Go, which is on the stack, goes on.
 * @param {object} order as wasm/fetch.go writes it
 * @param {Uint8Array|null} body
 * @param {{deliver: Function, emit: Function, heard: Function, labReady: (url: string) => Promise<void>|null}} door
 */
export function startFetch(order, body, door) {
  const controller = new AbortController();
  running.set(order.id, controller);
  const late = door.labReady(order.url);
  const request = () => fetch(order.url, options(order, body, controller.signal));
  finish(order, body, late ? late.then(request) : request(), door);
}

async function finish(order, body, answered, door) {
  const since = performance.now();
  const seen = { status: 0 };
  let outcome = seen;
  let kept;
  try {
    kept = await exchange(order, answered, door, seen);
  } catch (mistake) {
    outcome = { failure: failureCode(mistake, seen, order, body), status: seen.status };
  }
  if (!running.delete(order.id)) return;
  if (kept) bodies.set(order.call, kept);
  door.deliver(order.id, outcome, kept?.subarray(0, FIRST));
  if (order.send && door.heard("timing")) setTimeout(tellTiming, TICK, order, since, door.emit);
}

async function exchange(order, answered, door, seen) {
  const tell = (phase, received, total) => door.emit("progress", { id: order.send, phase, received, total });
  queueMicrotask(() => tell("connecting", 0, null)); // not now: no listener may run inside Go
  const response = await answered;
  const total = announced(response);
  const sink = sinks.get(order.send)?.getWriter();
  sinks.delete(order.send);
  // What fits in one buffer needs no reader of ours; it arrives while the header lines are looked at.
  const small = !sink && total !== null && total <= FIRST ? response.arrayBuffer() : null;
  small?.catch(() => {}); // awaited below
  note(response, order, seen);
  tell("headers", 0, total);
  if (small) return whole(await small, seen);
  return streamed(response, total, sink, tell, seen);
}

function whole(body, seen) {
  seen.size = body.byteLength;
  return new Uint8Array(body);
}

async function streamed(response, total, sink, tell, seen) {
  let next = performance.now() + TICK;
  try {
    const kept = await readBody(response.body, total, sink, (received) => {
      seen.size = received;
      if (performance.now() < next) return;
      next = performance.now() + TICK;
      tell("body", received, total);
    });
    await sink?.close();
    return kept;
  } catch (mistake) {
    sink?.abort(mistake).catch(() => {});
    throw mistake;
  }
}

function options(order, body, signal) {
  const { method, headers, credentials, redirect, mode, cache } = order;
  return { method, headers, credentials, redirect, mode, cache, signal, body: body?.length ? body : undefined };
}

/** Everything about a response but its body, as the browser gives it. */
function note(response, order, seen) {
  seen.status = response.status;
  seen.statusText = response.statusText;
  seen.url = response.url;
  seen.headers = [...response.headers];
  seen.size = 0;
  seen.hidden = response.type.startsWith("opaque") || (response.type === "cors" && !exposesAll(response, order));
}

/** Only "*" shows every line, itself included, and not where cookies may be sent (Fetch, section 3.3.6). */
function exposesAll(response, order) {
  const names = response.headers.get("Access-Control-Expose-Headers") ?? "";
  return order.credentials !== "include" && names.split(",").some((name) => name.trim() === "*");
}

/** The size that a server announces, or null; what arrives packed has another. */
function announced({ headers }) {
  const size = Number(headers.get("Content-Length") ?? NaN);
  return Number.isSafeInteger(size) && !headers.has("Content-Encoding") ? size : null;
}

/**
 * By names only: a browser's message may quote the URL, password included. Where fetch refuses its
 * arguments, it says so with the TypeError of a broken network, so the arguments are tried again.
 */
function failureCode(mistake, seen, order, body) {
  if (mistake.name === "AbortError") return "cancelled";
  if (mistake.name === "TimeoutError") return "timeout";
  if (mistake.name === "SinkError") return "sink";
  if (seen.headers) return "body";
  try {
    new Request(order.url, options(order, body));
    return "network";
  } catch {
    return "not-sent";
  }
}

/** The browser notes timings a little after the end. Its list holds 250, then nothing new comes in. */
function tellTiming(order, since, emit) {
  const entries = performance.getEntriesByName(order.url, "resource");
  const entry = entries.findLast(({ startTime }) => startTime >= since - 1);
  if (entry) emit("timing", { id: order.send, entry });
  if (performance.getEntriesByType("resource").length > 200) performance.clearResourceTimings();
}

// ---- the body

/**
 * Reads a body to its end and returns its first KEPT bytes; write gets everything. A reader that
 * fills our own buffers holds memory steady over gigabytes, where chunks pile up until collected.
 */
async function readBody(stream, total, sink, tell) {
  if (!stream) return new Uint8Array(0);
  let received = 0;
  const taken = async (bytes) => {
    received += bytes.length;
    if (sink) await write(sink, bytes);
    tell(received);
  };
  let reader;
  try {
    reader = stream.getReader({ mode: "byob" });
  } catch {
    return readChunks(stream.getReader(), taken);
  }
  return fillBuffers(reader, total, taken);
}

/**
 * A known size takes one buffer. Of an unknown one the buffer grows twice, to KEPT at last: the system
 * gives memory only for what is written to, so that a body is never joined from pieces.
 */
async function fillBuffers(reader, total, taken) {
  let kept = null; // the full buffer
  let at = 0;
  let buffer = new ArrayBuffer(Math.min(Math.max(total ?? FIRST, 1), KEPT));
  for (;;) {
    const { done, value } = await reader.read(new Uint8Array(buffer, kept ? 0 : at));
    if (done) return kept ?? new Uint8Array(value.buffer, 0, at);
    buffer = value.buffer; // the same memory: reading hands it over and back
    await taken(value);
    if (kept) continue; // what comes now is only passed on
    at += value.length;
    if (at < buffer.byteLength) continue;
    if (at === total || at === KEPT) {
      kept = new Uint8Array(buffer);
      buffer = new ArrayBuffer(at === total ? FIRST : CHUNK);
    } else {
      buffer = copyTo(new ArrayBuffer(at < CHUNK ? CHUNK : KEPT), buffer);
    }
  }
}

function copyTo(larger, buffer) {
  new Uint8Array(larger).set(new Uint8Array(buffer));
  return larger;
}

/** For streams that do not fill a buffer of ours. */
async function readChunks(reader, taken) {
  const chunks = [];
  let room = KEPT;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(chunks);
    await taken(value);
    if (room > 0) chunks.push(value.slice(0, room));
    room -= value.length;
  }
}

function join(chunks) {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
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
