// The typed request and the events of the page. Parts of the screen know this module and no other
// part's elements; an event names what happened: "typed", "built", "refused", "step-selected" …

import { sizeOf } from "./far.js";
import catalogue from "./schemes.js";

const listeners = new Map();

export function on(name, fn) {
  if (!listeners.has(name)) listeners.set(name, []);
  listeners.get(name).push(fn);
}

// emit tells every listener, even where one before it fails.
export function emit(name, detail) {
  for (const fn of listeners.get(name) ?? []) {
    try {
      fn(detail);
    } catch (mistake) {
      reportError(mistake);
    }
  }
}

// typed is everything a person can type. Secrets live here and nowhere else: nothing stores them.
export const typed = {
  method: "GET",
  url: "",
  headers: [], // [name, value]
  body: { kind: "none", text: "", form: [], multipart: [], file: null },
  scheme: "none",
  values: {}, // by scheme, then by field: choosing another scheme and coming back loses nothing
  challenge: "", // pasted WWW-Authenticate lines
  now: "", // RFC 3339; empty: the clock
  nonces: [], // [name, text]
  fetch: {}, // options of fetch by their names in the contract, defaults left out
  via: "fetch", // or "relay": never taken from a link, never stored
  tls: { choice: "verify", fingerprint: "", ca: "", client: "none", clientCert: "", clientKey: "", pkcs12: "", pkcs12Name: "", pkcs12Password: "" },
  proxy: { url: "", username: "", password: "" },
};

// view is what a person chose to look at.
export const view = { secrets: false, step: "", as: "text" };

// catalogue describes the schemes and holds the examples; it is made at build time, so that the form
// can be drawn without the core.
export { catalogue };

// publicExamples are those of the lab and those that specifications print, by the ids of the menu.
export const publicExamples = () => [...catalogue.examples,
  ...catalogue.schemes.flatMap(({ id, vectors }) => vectors.map((v) => ({ ...v, id: `${id}/${v.id}` })))];

export const schemeOf = (id) => catalogue.schemes.find((s) => s.id === id);

// change edits the typed request and says so once.
export function change(edit) {
  edit(typed);
  emit("typed");
}

// replace puts another whole request into the form: an example, a shared link. It is one for the browser
// until a person says otherwise.
export function replace(request, auth, env = {}, fetch = {}, challenge = []) {
  typed.method = request.method || "GET";
  typed.url = request.url || "";
  typed.headers = (request.headers ?? []).map(([n, v]) => [n, v]);
  typed.body = bodyOf(request.body);
  typed.scheme = auth?.scheme || "none";
  typed.values[typed.scheme] = { ...auth?.values };
  typed.challenge = challenge.join("\n");
  typed.now = env.now ?? "";
  typed.nonces = Object.entries(env.nonces ?? {});
  typed.fetch = { ...fetch };
  typed.via = "fetch";
  emit("replaced");
  emit("typed");
}

function bodyOf(body) {
  const empty = { kind: "none", text: "", form: [], multipart: [], file: null };
  if (body?.text !== undefined) return { ...empty, kind: "text", text: body.text };
  if (body?.base64) return { ...empty, kind: "file", file: fileOf("body", Uint8Array.from(atob(body.base64), (octet) => octet.charCodeAt(0))) };
  if (body?.form) return { ...empty, kind: "form", form: body.form };
  if (body?.multipart) return { ...empty, kind: "multipart", multipart: body.multipart };
  return empty;
}

export const valuesOf = (scheme) => (typed.values[scheme] ??= {});

// isLab: only the page's own lab, and the second one that the program serving this page has told of.
export function isLab(url) {
  const second = document.querySelector("meta[name=authpad-lab]")?.content;
  return [new URL("lab/", document.baseURI).href, second].some((base) => base && url.startsWith(base));
}

// The typed request in the shapes of the contract.

export function request() {
  const r = { method: typed.method, url: typed.url };
  const headers = typed.headers.filter(isFilled);
  if (headers.length) r.headers = headers;
  const body = requestBody();
  if (body) r.body = body;
  return r;
}

const isFilled = ([name, value]) => name !== "" || value !== "";

// rowOf is a field of the core's by the row it was typed in: the core counts only the header lines that are sent.
export function rowOf(field) {
  const n = /^headers\.(\d+)$/.exec(field)?.[1];
  return n ? `headers.${typed.headers.indexOf(typed.headers.filter(isFilled)[n])}` : field;
}

function requestBody() {
  const { kind, text, form, multipart } = typed.body;
  if (kind === "text") return { text };
  if (kind === "form") return { form: form.filter(isFilled) };
  if (kind === "multipart") return { multipart: numbered(multipart.filter((p) => p.name !== "" || p.value || p.base64 || p.blob)) };
  return null;
}

// Large files of parts go beside the JSON, which has their numbers.
function numbered(parts) {
  let next = 0;
  return parts.map(({ blob, ...part }) => (blob ? { ...part, file: next++ } : part));
}

/** What goes beside the JSON: a file as an array, or as the browser's own where it is large; or the large files of parts. @returns {Uint8Array|Blob|Blob[]|undefined} */
export function fileBody() {
  const { kind, file, multipart } = typed.body;
  if (kind === "file") return file?.bytes;
  const files = kind === "multipart" ? multipart.map((part) => part.blob).filter(Boolean) : [];
  return files.length ? files : undefined;
}

export const fileOf = (name, bytes) => ({ name, size: sizeOf(bytes), bytes });

export const auth = () => ({ scheme: typed.scheme, values: valuesOf(typed.scheme) });

export function env() {
  const e = {};
  if (typed.now) e.now = typed.now;
  const nonces = typed.nonces.filter(([name]) => name !== "");
  if (nonces.length) e.nonces = Object.fromEntries(nonces);
  return e;
}

export const callParams = () => ({ request: request(), auth: auth(), env: env(), fetch: typed.fetch, ...challenge(), ...relayed() });

const relayed = () => (typed.via === "relay" ? { via: "relay", tls: tls(), proxy: proxy() } : {});

// tls is what a native sender is asked to do; a browser does nothing of it.
export function tls() {
  const { choice, fingerprint, ca, client, clientCert, clientKey, pkcs12, pkcs12Password } = typed.tls;
  return { ...(choice === "skip" && { verify: false }), ...(choice === "ca" && { ca }), ...(choice === "pin" && { fingerprint: fingerprint.replace(/[:\s]/g, "").toLowerCase() }),
    ...(client === "pem" && { clientCert, clientKey }), ...(client === "pkcs12" && { pkcs12, pkcs12Password }) };
}

export const proxy = () => (typed.proxy.url.trim() ? { ...typed.proxy } : undefined);

// waitsForChallenge: such a scheme signs nothing before the server has asked.
export const waitsForChallenge = () => Boolean(schemeOf(typed.scheme)?.answers?.includes("digest"));

function challenge() {
  const lines = typed.challenge.split("\n").filter((line) => line.trim());
  return waitsForChallenge() && lines.length ? { challenge: lines } : {};
}

// bodyLength is roughly how much text a call carries: large ones are built less often.
export function bodyLength() {
  const { kind, text, multipart, file } = typed.body;
  if (kind === "text") return text.length;
  if (kind === "file") return file?.size ?? 0;
  return kind === "multipart" ? multipart.reduce((n, p) => n + (p.base64?.length ?? p.blob?.size ?? 0), 0) : 0;
}
