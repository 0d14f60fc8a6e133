// Sends what the core ordered, with the browser's fetch or through the relay, and streams the answer: into
// memory up to a limit, to a sink as a whole. Go gets the status, the header lines and the body's first part; the
// kept bytes go to the page directly. Where an answer breaks off, that is what had come of it.

import { isGone, sizeOf } from "./far.js";
import { throughRelay } from "./relay.js";
import { FIRST, keeper, KEPT, reading, streamed, TICK } from "./stream.js";

const running = new Map(); // by order: {controller, giveUp}
const bodies = new Map(); // the last kept body of an API call
const sinks = new Map(); // WritableStreams by the send's id

/** @param {string} id @param {WritableStream} stream */
export function keepSink(id, stream) {
  sinks.set(id, stream);
}

/**
 * Ends a sink that got no body while it came: it gets the kept one, if that is whole.
 * @param {string} json the parameters of the send it was for
 * @param {Uint8Array} [body]
 */
export function dropSink(json, body) {
  if (sinks.size > 0) endSink(idIn(json), body);
}

/** The id in parameters that may be no JSON at all, which the core says. */
function idIn(json) {
  try {
    return JSON.parse(json).id;
  } catch {
    return undefined;
  }
}

function endSink(id, body) {
  const sink = sinks.get(id);
  if (!sink) return;
  sinks.delete(id);
  if (body && body.length < KEPT) new Blob([body]).stream().pipeTo(sink).catch(() => {});
  else sink.abort("no body came").catch(() => {});
}

/** @param {number} call @returns {Uint8Array|undefined} the body that arrived for this API call */
export function takeBody(call) {
  const body = bodies.get(call);
  bodies.delete(call);
  return body;
}

/** Gives an order up. What had come of its answer is delivered at once, as soon as Go has returned. @param {number} id */
export function abortFetch(id) {
  const order = running.get(id);
  if (!order) return;
  order.controller.abort();
  queueMicrotask(order.giveUp); // a stuck sink would keep the fetch from ending
}

/** Gives every order up and delivers nothing: whoever waited is gone. */
export function abortAll() {
  for (const { controller } of running.values()) controller.abort();
  running.clear();
}

/**
 * Sends one order and delivers its outcome once, unless it was given up; before it, redirects that the
 * relay tells of. The browser's fetch is called before this returns, so that the network works while Go, which is on the stack, goes on.
 * @param {object} order as wasm/fetch.go writes it
 * @param {Uint8Array|Blob|null} body
 * @param {{deliver: Function, emit: Function, heard: Function, labReady: (url: string) => Promise<void>|null}} door
 */
export function startFetch(order, body, door) {
  const controller = new AbortController();
  const seen = {}; // of the answer: what note writes, its sink, and size and kept of its body
  const end = (failure) => deliver(order, door, seen, failure);
  const giveUp = () => {
    seen.sink?.abort("given up").catch(() => {});
    end("cancelled");
  };
  running.set(order.id, { controller, giveUp });
  bodies.delete(order.call); // of the answer that this one answers in turn
  const since = performance.now(); // before fetch is called, which can take a while
  const late = order.via ? null : door.labReady(order.url); // a relay is out of the worker's reach
  const hop = (told) => { if (running.has(order.id)) door.deliver(order.id, { ...told, hop: true }); };
  const { signal } = controller;
  const request = () => (order.via ? throughRelay(order, body, signal, seen, hop) : fetch(order.url, options(order, body, signal)));
  finish(order, body, late ? late.then(request) : request(), door, seen, end, since);
}

async function finish(order, body, answered, door, seen, end, since) {
  let failure;
  try {
    await exchange(order, answered, door, seen);
  } catch (mistake) {
    failure = failureCode(mistake, seen, order, body);
    if (order.far && broken.has(failure.failure ?? failure) && (await isGone(order.far))) failure = "file";
  }
  if (end(failure) && order.send && !order.via && door.heard("timing")) setTimeout(tellTiming, TICK, order, since, door.emit);
}

/** Hands the outcome over, unless that was done or nobody waits for it. A failure may come with a response. */
function deliver(order, door, { kept, sink, ...outcome }, failure) {
  if (!running.delete(order.id)) return false;
  if (failure) endSink(order.send); // whatever was kept is not whole
  const body = kept?.bytes();
  if (body) bodies.set(order.call, body);
  door.deliver(order.id, { ...outcome, ...(failure?.failure ? failure : { failure }) }, body?.subarray(0, FIRST));
  return true;
}

async function exchange(order, answered, door, seen) {
  const tell = (phase, received, total) => door.emit("progress", { id: order.send, phase, received, total });
  queueMicrotask(() => tell("connecting", 0, null)); // not now: no listener may run inside Go
  const response = await answered;
  const total = announced(response);
  if (!order.hold.includes(response.status)) {
    seen.sink = sinks.get(order.send)?.getWriter();
    sinks.delete(order.send);
  }
  seen.kept = keeper(total);
  note(response, order, seen);
  tell("headers", 0, total);
  await streamed(response.read ?? reading(response.body, total), { total, exact: isExact(response, seen) }, tell, seen);
}

function options(order, body, signal) {
  const { method, headers, credentials, redirect, mode, cache } = order;
  return { method, headers, credentials, redirect, mode, cache, signal, body: sizeOf(body) ? body : undefined };
}

/** Everything about a response but its body, as the browser gives it. */
function note(response, order, seen) {
  seen.status = response.status;
  seen.statusText = response.statusText;
  seen.url = response.url;
  seen.headers = [...response.headers];
  seen.size = 0;
  if (order.via) return void Object.assign(seen, response.more);
  seen.hidden = response.type.startsWith("opaque") || (response.type === "cors" && !exposesAll(response, order));
}

/** Only "*" shows every line, itself included, and not where cookies may be sent (Fetch, section 3.3.6). */
function exposesAll(response, order) {
  const names = response.headers.get("Access-Control-Expose-Headers") ?? "";
  return order.credentials !== "include" && names.split(",").some((name) => name.trim() === "*");
}

/** The size that a server announces, or null; what arrives packed has another. */
function announced({ headers, read }) {
  const lines = read ? new Map(headers.map(([n, v]) => [n.toLowerCase(), v])) : headers;
  const size = Number(lines.get("content-length") ?? NaN);
  const framed = !lines.has("transfer-encoding"); // which counts before the size (RFC 9112, section 6.3)
  return Number.isSafeInteger(size) && framed && (read || !lines.has("content-encoding")) ? size : null; // a relay unpacks nothing
}

/**
 * Whether a body ends with the byte that its announced size says (RFC 9110, section 8.6), so that nobody need wait for
 * the browser to say so too. Not where it could be packed unseen; not what a worker made up or a relay brings.
 */
function isExact({ type }, { hidden }) {
  return type === "basic" || (type === "cors" && !hidden);
}

/**
 * What fetch.js's deliver takes for a failure: a code, or what a relay told. By names only: a browser's message may quote the URL, password included. Where fetch refuses its
 * arguments, it says so with the TypeError of a broken network, so the arguments are tried again.
 */
function failureCode(mistake, seen, order, body) {
  if (mistake.name === "RelayFailure") return mistake.told;
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

const broken = new Set(["network", "relay.absent"]);

/** The browser notes timings a little after the end. Its list holds 250, then nothing new comes in. */
function tellTiming(order, since, emit, turns = 10) {
  const entries = performance.getEntriesByName(order.url, "resource");
  const entry = entries.findLast(({ startTime }) => startTime >= since - 1);
  if (!entry && turns) return void setTimeout(tellTiming, TICK, order, since, emit, turns - 1); // or later, on a busy machine
  if (entry) emit("timing", { id: order.send, entry });
  if (performance.getEntriesByType("resource").length > 200) performance.clearResourceTimings();
}

