// The one door to the core: it loads the Go module and makes calls of core/api, JSON in and JSON out.
// Pure calls are exported functions over one string in linear memory; calls that wait settle later.
// No rule of HTTP authentication is in here.

import { bodyOf, farBody, farOctets, farSum, hold, inFirefox, isFar, join, release, sizeOf } from "./far.js";
import { abortAll, abortFetch, dropSink, keepSink, startFetch, takeBody } from "./fetch.js";
import { importKey, works } from "./keys.js";
import { openLab } from "./lab.js";
import { fetchModule, keepUnpacked } from "./module.js";
import { roomIn } from "./room.js";
import catalogue from "./schemes.js"; // what the native core answers to "schemes": the module has no vectors

/** A bug of the core or the end of its program: the page can only offer to reload. */
export class CoreCrashed extends Error {
  name = "CoreCrashed";
}

/**
 * What there is to know at any time; events tell of changes.
 * @type {{core: "loading"|"ready"|"crashed", lab: "starting"|"ready"|"unavailable", labReason: string, updated: boolean}}
 */
export const state = { core: "loading", lab: "starting", labReason: "", updated: false };

const listeners = new Map();
const happened = new Map(); // events that stay true are told to late listeners too

/**
 * Listens to "ready", "crashed" (an Error, once), "loading" ({received, total|null} of the module),
 * "progress" ({id, phase: "connecting"|"headers"|"body", received, total|null} of a send), "timing"
 * ({id, entry} of a send, a PerformanceResourceTiming), "lab" ({state, reason}) or "updated" (a newer
 * version is there after a reload).
 * @param {string} event
 * @param {(detail: any) => void} listener
 * @returns {() => void} stops listening
 */
export function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(listener);
  if (happened.has(event)) queueMicrotask(() => listener(happened.get(event)));
  return () => listeners.get(event).delete(listener);
}

function emit(event, detail) {
  for (const listener of listeners.get(event) ?? []) {
    try {
      listener(detail);
    } catch (mistake) {
      queueMicrotask(() => { throw mistake; });
    }
  }
}

const heard = (event) => listeners.get(event)?.size > 0;

function emitLasting(event, detail) {
  happened.set(event, detail);
  emit(event, detail);
}

/**
 * Makes one call. Expected mistakes resolve with an error envelope; only a bug rejects.
 * @param {string} name a row of core/api/calls.go
 * @param {string} [json] its parameters
 * @param {Uint8Array|ArrayBuffer|Blob|Blob[]} [bytes] a body beside them, or the files that parts of a multipart body name.
 *   An array of a megabyte and more is copied for "send" alone: to "build", "predict" and "verify" it must stay as it is
 *   until the answer is there
 * @returns {Promise<[string, Uint8Array|null]>} the envelope and the body beside it; rejected with a TypeError where "bytes"
 *   is none of these
 */
export function authpad(name, json = "{}", bytes = undefined) {
  return queued(name, json, bytes, null);
}

/** Makes a call. The bytes beside its answer are put into the buffer "into" where they fit. */
function queued(name, json, bytes, into) {
  if (name === "schemes") return Promise.resolve([JSON.stringify({ ok: { schemes: catalogue.schemes } }), null]);
  if (bytes instanceof Blob && !takesFar.has(name)) return bytes.arrayBuffer().then((octets) => queued(name, json, new Uint8Array(octets), into));
  return new Promise((resolve, reject) => {
    const call = { name, json: String(json), bytes: bodyOf(bytes), into, resolve, reject };
    if (ended) reject(ended);
    else if (core) enter(call);
    else queue.push({ ...call, bytes: call.bytes?.slice() }); // the caller's array may have other bytes by then
  });
}

/**
 * Makes one call, for the page's own use.
 * @param {string} name
 * @param {object} [params]
 * @param {Uint8Array|Blob|Blob[]} [bytes]
 * @returns {Promise<{ok?: any, error?: {code: string, message: string, field?: string}, bytes: Uint8Array|null}>}
 */
export async function call(name, params = {}, bytes = undefined) {
  return callInto(null, name, params, bytes);
}

async function callInto(into, name, params, bytes) {
  const [json, body] = await queued(name, JSON.stringify(params), bytes, into);
  return { ...JSON.parse(json), bytes: body };
}

/**
 * Streams the whole body of the send with this id to a stream as well; that stream is closed at its
 * end and aborted where the body breaks off.
 * @param {string} id
 * @param {WritableStream} stream
 */
export function sink(id, stream) {
  keepSink(id, stream);
}

/**
 * Starts the module anew after a crash, in the same page, so that nothing typed there is lost.
 * @returns {Promise<void>} when it is ready again
 */
export function restart() {
  if (state.core !== "crashed") return ready;
  end(happened.get("crashed")); // a recovered bug left calls waiting
  life++;
  abortAll();
  core = room = turn = ended = null;
  happened.delete("crashed");
  state.core = "loading";
  ready = globalThis.authpadReady = start();
  ready.catch(() => {});
  return ready;
}

// ---- the module's side

const ANSWERED = 0, WAITS = 1, CRASHED = 2; // as in wasm/call.go
const takesFar = new Set(["build", "send", "predict", "verify"]);

const queue = []; // calls made before the module came
const pending = new Map(); // calls made, by number
let core = null; // the module's exports
let room = null; // its linear memory
let ended = null; // why there will be no answers any more
let last = 0;
let life = 0; // counts restarts: what an earlier module still says is not heard

function enter(call) {
  const id = ++last;
  pending.set(id, call);
  try {
    const name = typeof call.name === "string" && /^[\w-]{1,64}$/.test(call.name) ? call.name : "?";
    const far = takesFar.has(name) && isFar(call.bytes);
    if (far) core.hold(id, ...hold(id, call.bytes, name === "send"));
    const [text, body] = room.write(name + call.json, far ? null : call.bytes, true);
    const how = core.call(id, name.length, text, body);
    if (how !== WAITS) settle(id, how);
    turnSoon();
  } catch (trap) {
    end(trap); // a WebAssembly trap or the program's exit: nothing in there can be trusted now
  }
}

function settle(id, how) {
  const call = pending.get(id);
  release(id);
  const [json, bytes] = room.read(call.into);
  const received = takeBody(id); // of a send: Go saw only its first part
  if (call.name === "send") dropSink(call.json, received);
  pending.delete(id); // not before: what fails until here ends the core, and this call with it
  if (how === ANSWERED && !json.startsWith('{"error":{"code":"internal"')) {
    call.resolve([json, received ?? bytes]);
    return;
  }
  const crash = new CoreCrashed(JSON.parse(json).error.message);
  call.reject(crash);
  tellCrash(crash);
}

/** The core is gone: whatever waits is told so, and whatever comes. */
function end(cause) {
  if (ended) return;
  ended = cause instanceof CoreCrashed ? cause : new CoreCrashed("the core stopped: " + (cause?.message ?? cause), { cause });
  for (const call of [...queue.splice(0), ...pending.values()]) call.reject(ended);
  for (const id of pending.keys()) release(id);
  pending.clear();
  tellCrash(ended);
}

function tellCrash(crash) {
  if (state.core === "crashed") return;
  state.core = "crashed";
  emitLasting("crashed", crash);
}

/** Keeps to itself what an earlier module still says. */
const hearing = (mine) => (act) => (...values) => { if (mine === life) act(...values); };

/** What Go calls, through safejs. Each returns at once; nothing in here lets the page run code inside Go. */
function hostOf(heardFrom, subtle) {
  return {
    pageURL: location.origin + location.pathname,
    gecko: inFirefox,
    opened: heardFrom((callback) => { turn = callback; }),
    importKey,
    keepWork: subtle.keep,
    forgetWork: subtle.forget,
  };
}

/** What Go calls as well, with numbers alone: wasm/host.go. What is thrown here would tear Go's calls down. */
function importsOf(heardFrom, subtle) {
  const door = { deliver: heardFrom(deliver), emit, heard, labReady: lab.ready };
  const guarded = (act) => heardFrom((...numbers) => {
    try {
      act(...numbers);
    } catch (bug) {
      end(bug);
    }
  });
  return {
    settle: guarded(settle),
    fetch: guarded(() => {
      const [json, body] = room.read();
      const order = JSON.parse(json);
      startFetch(order, order.far ? farBody(order.far) : body, door);
    }),
    abort: guarded(abortFetch),
    order: guarded(subtle.order),
    join: (call) => {
      const [order, texts] = room.read();
      return join(call, JSON.parse(order), texts);
    },
    size: (held) => sizeOf(farBody(held)),
    far: guarded((order, held, bits) => {
      (bits ? farSum(held, bits) : farOctets(held)).then((octets) => subtle.tell(order, "", octets), (mistake) => subtle.tell(order, mistake?.name || "Error"));
    }),
    timer: guarded(() => setTimeout(turnNow, 0)),
  };
}

let turn = null; // turns Go's event loop: exported functions do not
let turning = false;
const TURN = 1000; // ms: what is left to the loop but timers has time, and a turn costs more than a call

function turnSoon() {
  if (turning) return;
  turning = true;
  setTimeout(() => {
    turning = false;
    turnNow();
  }, TURN);
}

function turnNow() {
  try {
    if (!ended) turn?.();
  } catch (trap) {
    end(trap);
  }
}

/** Gives Go the outcome of a fetch, and the first part of its body. */
function deliver(id, outcome, first) {
  bring("deliver", id, JSON.stringify(outcome), first);
}

/** Gives Go what it waits for under a number, by one of the module's exports. */
function bring(entrance, id, text, bytes) {
  if (ended) return;
  try {
    if (!core[entrance](id, ...room.write(text, bytes, entrance === "computed"))) end("it could not read an answer");
    turnSoon();
  } catch (trap) {
    end(trap);
  }
}

// ---- loading

/** Lets the page take its turn between two long pieces of work. */
const breathe = () => new Promise((done) => setTimeout(done));

async function load() {
  const module = await fetchModule((progress) => emit("loading", progress));
  await pageParsed();
  const go = new globalThis.Go(); // wasm_exec.js
  const mine = life;
  const stopped = (cause) => { if (mine === life) end(cause); };
  go.exit = (code) => stopped(`exit status ${code}`);
  const compiled = await WebAssembly.compileStreaming(module);
  await breathe();
  const heardFrom = hearing(mine);
  const subtle = works(() => core.mem.buffer, heardFrom((...outcome) => bring("computed", ...outcome)));
  const instance = await WebAssembly.instantiate(compiled, { ...go.importObject, authpad: importsOf(heardFrom, subtle) });
  await breathe();
  globalThis.authpadHost = hostOf(heardFrom, subtle); // Go takes it while it starts, in this very turn
  go.run(instance).then(() => stopped("it ended"), stopped);
  delete globalThis.authpadHost;
  if (ended) throw ended;
  if (!turn) throw new Error("the module did not open its door");
  core = instance.exports;
  room = roomIn(core);
}

/** Waits for wasm_exec.js: a deferred script, so it has run when the document is parsed. */
async function pageParsed() {
  if (!globalThis.Go) await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
}

async function start() {
  try {
    await load();
  } catch (mistake) {
    end(mistake);
    throw ended;
  }
  state.core = "ready";
  emitLasting("ready");
  for (const call of queue.splice(0)) ended ? call.reject(ended) : enter(call);
}

const lab = openLab(callInto, (change) => {
  if (change.updated) state.updated = true;
  else Object.assign(state, { lab: change.state, labReason: change.reason });
  emitLasting(change.updated ? "updated" : "lab", change);
});
let ready = start();
ready.catch(() => {}); // "crashed" tells the page; a script that waits for authpadReady still sees it
ready.then(lab.register, lab.register); // not before: the module comes first on a slow line
ready.then(keepUnpacked).catch(() => {}); // a visit without it works as well

authpad.on = on;
globalThis.authpad = authpad;
globalThis.authpadReady = ready;
