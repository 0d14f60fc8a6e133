// The relay: a native build of the same core on this computer that sends what a page may not. This module
// pairs with it, keeps the token, in memory only, and speaks its protocol; core/native/relay is the other
// side. Nothing goes to it before a person has paired.

import { openBridge } from "./bridge.js";
import { sizeOf } from "./far.js";
import { growing } from "./stream.js";

/**
 * "ended": it was paired, and the relay no longer knows this page. silent: it did not answer when last asked.
 * @type {{state: "unpaired"|"paired"|"ended", silent: boolean, address: string, version: string, bridge: "none"|"opening"|"open"|"closed"}}
 */
export const relay = { state: "unpaired", silent: false, address: "http://127.0.0.1:8767", version: "", bridge: "none" };

let token = "";
let bridge = null;
const listeners = [];

/** @param {() => void} fn called after each change of relay */
export const onRelay = (fn) => listeners.push(fn);

function now(change) {
  Object.assign(relay, change);
  for (const fn of listeners) fn();
}

/** The address in the form in which it is used, or "" where no relay of this computer can be there. @param {string} text */
export function relayAddress(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.hostname === "localhost") url.hostname = "127.0.0.1"; // the relay answers to its address only
  const own = url?.protocol === "http:" && /^(?:127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  return own && url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password ? url.origin : "";
}

/** @param {string} address as relayAddress returns it; another one ends the pairing */
export function setAddress(address) {
  if (address === relay.address) return;
  if (relay.state === "paired") forget();
  bridge?.close();
  bridge = null;
  now({ address, state: "unpaired", silent: false, bridge: "none" });
}

/**
 * Exchanges the code in the relay's terminal for a token.
 * @param {string} code
 * @returns {Promise<string>} "" or why not: "absent", or the relay's code such as "relay.code"
 */
export async function pair(code) {
  const answer = await ask("pair", { code });
  if (answer.token) {
    token = answer.token;
    now({ state: "paired", silent: false, version: answer.version ?? "" });
    return "";
  }
  return answer.problem;
}

/** Ends the pairing on both sides; without an answer, on this one. */
export async function forget() {
  const ended = token;
  token = "";
  now({ state: "unpaired" });
  if (ended) await ask("forget", { token: ended });
}

/** Looks whether the relay still knows this page. */
export async function check() {
  if (relay.state !== "paired") return;
  const asked = token;
  const { problem } = await ask("status");
  if (token === asked) noteProblem(problem);
}

function noteProblem(problem) {
  if (problem === "relay.token") token = "";
  now({ state: token ? "paired" : "ended", silent: problem === "absent" });
}

/** Opens the relay's own window, which a browser lets talk to both; a person's press must be the cause. */
export function connectByWindow() {
  bridge?.close();
  const opened = bridge = openBridge(relay.address, (state) => { if (bridge === opened) now({ bridge: state }); });
  now({ bridge: "opening" });
}

/** A short question. @returns {Promise<object>} the answer's JSON, or {problem} */
async function ask(route, { code, token: known = token } = {}) {
  try {
    const answer = await call(route, { token: code === undefined ? known : "pair", body: code === undefined ? undefined : jsonBlob({ code }) });
    if (answer.ok) return answer.status === 204 ? {} : await answer.json();
    return { problem: (await answer.json()).error?.code ?? "absent" };
  } catch {
    return { problem: "absent" };
  }
}

const jsonBlob = (value) => new Blob([JSON.stringify(value)], { type: "application/json" });

/**
 * One request to the relay, straight or by way of its window; what comes is a Response. The relay itself says that none
 * is to be stored: with the cache mode "no-store", Chromium asks before each order (a preflight), and not only before the first.
 */
function call(route, { token, body, signal }) {
  if (bridge) return bridge.call(route, { token, body }, signal);
  return fetch(`${relay.address}/relay/${route}`, {
    method: route === "status" ? "GET" : "POST", headers: { "X-Authpad-Relay": token }, body, signal,
    mode: "cors", credentials: "omit", redirect: "error", referrerPolicy: "no-referrer",
  });
}

// ---- sending

function failed(failure, more = {}) {
  const told = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  return Object.assign(new Error(failure), { name: "RelayFailure", told: { failure, ...told } });
}

/**
 * Sends an order and returns the answer up to its head, and read for its body. What comes last goes into seen.
 * @param {object} order as wasm/fetch.go and wasm/relay.go write it
 * @param {Uint8Array|Blob|null} body
 * @param {AbortSignal} signal
 * @param {object} seen gets trailers
 * @param {(told: object) => void} hop
 */
export async function throughRelay(order, body, signal, seen, hop) {
  if (!token) throw failed(relay.state === "ended" ? "relay.token" : "relay.unpaired");
  const id = crypto.randomUUID();
  // To hang up is not noticed while a body waits for a server that does not read it.
  signal.addEventListener("abort", () => call("cancel", { token, body: jsonBlob({ id }) }).catch(() => {}));
  const answer = await guarded("relay.absent", signal, () => call("send", { token, body: written(id, order, body), signal }));
  if (!answer.ok) throw await refused(answer);
  const read = growing(answer.body);
  const next = framesOf(bridge ? () => Promise.race([read(), bridge.lost]) : read, signal);
  for (;;) {
    const { kind, told } = await next();
    if (kind === HOP) hop(flat(told));
    if (kind === END) throw failedThere(told);
    if (kind === HEAD) return { ...flat(told), more: moreOf(told), read: bodyOf(next, seen) };
  }
}

/** The order's length, the order, the request's body. The browser's own copy of a Blob costs more than one of a small body. */
function written(id, { method, url, headers, redirect, tls, proxy }, body) {
  const json = new TextEncoder().encode(JSON.stringify({ id, method, url, headers, redirect, tls, proxy }));
  const size = new Uint8Array(new Uint32Array([json.length]).buffer).reverse(); // WebAssembly's machines are little-endian
  const parts = [size, json, ...(sizeOf(body) ? [body] : [])];
  const length = parts.reduce((sum, part) => sum + sizeOf(part), 0);
  if (length > SMALL || body instanceof Blob) return new Blob(parts, { type: "application/octet-stream" });
  const whole = new Uint8Array(length);
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
  return whole;
}

const SMALL = 1 << 20; // bytes

/** Before anything was sent. */
async function refused(answer) {
  const { code = "relay.lost", field, message } = (await answer.json().catch(() => ({}))).error ?? {};
  if (code === "relay.token") noteProblem(code);
  return failed(code, code === "relay.token" ? {} : field === undefined ? { message } : { field, message });
}

const flat = ({ response: { bodySize, bodyText, ...response }, request, tls, notes }) => ({ ...response, size: bodySize, request, tls, notes });
const moreOf = ({ response: { protocol }, request, tls, notes }) => ({ protocol, request, tls, notes });

/** What was not cancelled here, but there, was so by the end of the relay or of the pairing. */
function failedThere({ failure, tls, request }) {
  if (!failure || failure.code === "cancelled") return failed("relay.lost", { request });
  return failed(failure.code, { message: failure.message, tls, request });
}

/** Reads on in the body: bytes, or nothing at its end. What is there already needs no promise. */
function bodyOf(next, seen) {
  const take = ({ kind, told, bytes }) => {
    if (kind === BODY) return bytes;
    if (told.trailers?.length) seen.trailers = told.trailers;
    if (told.tls) seen.tls = told.tls;
    if (told.failure) throw failedThere(told);
    return null;
  };
  return () => {
    const frame = next();
    return frame.then ? frame.then(take) : take(frame);
  };
}

/** A broken connection to the relay, told from a person's cancelling. */
async function guarded(code, signal, act) {
  try {
    return await act();
  } catch (mistake) {
    if (signal.aborted) throw mistake;
    throw failed(code);
  }
}

const HOP = 1, HEAD = 2, BODY = 3, END = 4;
const HEADER = 5; // bytes: the kind, and the length of what follows
const LONGEST = 1 << 20; // bytes of a frame

/**
 * Returns what reads the relay's frames: {kind, told} of JSON, {kind, bytes} of a body, as much as is there; or a
 * promise of that. A large body comes as thousands of frames: nothing is made, and nobody waits, for one that is there.
 */
function framesOf(read, signal) {
  let chunk = new Uint8Array();
  let at = 0; // what of chunk is read
  let left = 0; // bytes of the body's frame that are still to come
  const frame = { kind: BODY, bytes: null };
  const more = async () => {
    chunk = await guarded("relay.lost", signal, read);
    at = 0;
    if (!chunk) throw failed("relay.lost"); // the last frame did not come
  };
  const exactly = async (size) => {
    const whole = new Uint8Array(size);
    for (let have = 0; have < size; ) {
      while (at === chunk.length) await more();
      const part = chunk.subarray(at, at + size - have);
      whole.set(part, have);
      have += part.length;
      at += part.length;
    }
    return whole;
  };
  const some = () => {
    frame.bytes = chunk.subarray(at, at + left);
    at += frame.bytes.length;
    left -= frame.bytes.length;
    return frame;
  };
  const begin = (bytes, i) => {
    const length = ((bytes[i + 1] << 24) | (bytes[i + 2] << 16) | (bytes[i + 3] << 8) | bytes[i + 4]) >>> 0;
    if (bytes[i] < HOP || bytes[i] > END || length > LONGEST) throw failed("relay.lost");
    return length;
  };
  const slowly = async () => {
    while (left === 0) {
      const header = await exactly(HEADER);
      const length = begin(header, 0);
      if (header[0] !== BODY) return { kind: header[0], told: JSON.parse(new TextDecoder().decode(await exactly(length))) };
      left = length;
    }
    while (at === chunk.length) await more();
    return some();
  };
  return () => {
    if (left === 0 && chunk[at] === BODY && at + HEADER < chunk.length) {
      left = begin(chunk, at);
      at += HEADER;
    }
    return left > 0 && at < chunk.length ? some() : slowly();
  };
}
