// The service worker: hands lab/… requests to the page that owns a core, and keeps the page itself
// for offline use. A classic script, since not every browser takes modules here. It holds no state:
// a browser may stop it after 30 idle seconds.

importScripts("assets.js"); // AUTHPAD_ASSETS {version, files}, written by make

const scope = self.registration.scope;
const lab = scope + "lab/";
const prefix = `authpad ${scope} `;
const cacheName = prefix + AUTHPAD_ASSETS.version;
const assets = new Set(AUTHPAD_ASSETS.files.map((name) => new URL(name, scope).href));

self.addEventListener("install", (event) => event.waitUntil(Promise.all([install(), passOthersBy(event)])));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "claim") event.waitUntil(self.clients.claim());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = request.url.split("#")[0];
  if (url.startsWith(lab)) {
    event.respondWith(askPage(event, url));
  } else if (isShell(request, url)) {
    event.respondWith(shell(request));
  } else if (request.method === "GET" && assets.has(url)) {
    event.respondWith(fromCache(url, request));
  }
});

// ---- the page's own files

async function install() {
  const cache = await caches.open(cacheName);
  // Asked anew, which a server answers with 304 where the page has just loaded it.
  await cache.addAll([...assets].map((url) => new Request(url, { cache: "no-cache" })));
  await self.skipWaiting();
}

/**
 * What goes to other origins is none of this worker's business. Where a browser can be told so, it neither starts a worker
 * that it had stopped for such a request nor leads it through one.
 */
async function passOthersBy(event) {
  try {
    const own = new URLPattern({ pathname: "*", baseURL: self.location.origin });
    await event.addRoutes({ condition: { not: { urlPattern: own } }, source: "network" });
  } catch {
    // The browser has no such routes, or none with "not": they save time, and nothing depends on them.
  }
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
  await self.clients.claim(); // the first visit works without a reload
}

/** A navigation to the page, with whatever query: an authorization server sends people back with one. */
function isShell(request, url) {
  const path = url.split("?")[0];
  return request.mode === "navigate" && request.method === "GET" && (path === scope || path === scope + "index.html");
}

// The program on this machine writes the addresses of its second lab and its relay into the page, and their
// ports may be others next time. Nothing else is taken from the network: a page must not be a mix of versions.
const ownMachine = /^(localhost|127\.[\d.]+|\[::1\])$/.test(self.location.hostname);
const told = ["lab", "relay"].map((whose) => new RegExp(`<meta name="authpad-${whose}" content="[^"]*">`));
const SOON = 1000; // ms: a program that has ended refuses at once

async function shell(request) {
  const kept = await fromCache(scope, request);
  if (!ownMachine) return kept;
  try {
    const fresh = await fetch(scope, { cache: "no-cache", signal: AbortSignal.timeout(SOON) }); // mostly a 304
    const now = await fresh.text();
    const page = told.reduce((text, line) => text.replace(line, () => line.exec(now)[0]), await kept.clone().text());
    const headers = new Headers(kept.headers);
    headers.delete("Content-Length");
    return new Response(page, { headers });
  } catch {
    return kept; // no program runs, or another one
  }
}

async function fromCache(url, request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(url)) ?? fetch(request);
}

// ---- the lab

const ASK = 500; // ms until other pages are asked as well
const GIVE_UP = 5000; // ms until nobody is there; a page may be busy for a while

async function askPage(event, url) {
  const { request } = event;
  const body = request.method === "GET" || request.method === "HEAD" ? null : new Uint8Array(await request.arrayBuffer());
  const port = await findOwner(event.clientId);
  if (!port) return unavailable("lab.no-page", `no open authpad page answers for the lab: open ${scope} and send again`);
  const route = url.slice(lab.length).split("?")[0];
  const question = { method: request.method, url, route, headers: [...request.headers], body };
  const head = await askPort(port, question, body ? [body.buffer] : []);
  if (head?.type !== "head") return unavailable("lab.failed", `the lab's page could not answer: ${head?.message ?? "it was closed"}`);
  return respond(event, head, port);
}

/** The port of the first page that says it owns a core: the one that asks, else any other. */
async function findOwner(clientId) {
  const asking = clientId && await self.clients.get(clientId);
  const first = asking ? [ask(asking)] : [];
  const owner = await soonest(first, ASK);
  if (owner) return owner;
  const pages = await self.clients.matchAll({ type: "window" });
  const others = pages.filter((page) => page.id !== clientId).map(ask);
  return soonest([...first, ...others], GIVE_UP);
}

async function soonest(answers, ms) {
  if (answers.length === 0) return null;
  let timer;
  const late = new Promise((done) => { timer = setTimeout(done, ms, null); });
  const found = await Promise.race([...answers, late]);
  clearTimeout(timer);
  return found;
}

/** Resolves with a port once the page has said that it answers for the lab; else never. */
function ask(client) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = () => done(port1);
    client.postMessage("lab", [port2]);
  });
}

/** One question, one answer; null if the page is gone. */
function askPort(port, question, transfer = []) {
  return new Promise((done) => {
    port.onmessage = ({ data }) => done(data);
    port.onclose = () => done(null);
    port.postMessage(question, transfer);
  });
}

function respond(event, head, port) {
  const { status, statusText, size, stream, bytes, fault } = head;
  const bodiless = event.request.method === "HEAD" || [204, 205, 304].includes(status);
  if (stream && (bodiless || fault)) port.postMessage("close");
  if (fault) return Response.error();
  try {
    const headers = new Headers(head.headers);
    if (size >= 0 && ![204, 205, 304].includes(status)) headers.set("Content-Length", size); // progress needs a total
    const body = bodiless ? null : stream ? streamFrom(event, bytes, port) : bytes;
    return new Response(body, { status, statusText, headers });
  } catch {
    if (stream && !bodiless) port.postMessage("close");
    return unavailable("lab.impossible", `a service worker cannot answer with status ${status} and these headers`);
  }
}

/**
 * Pulls one chunk at a time, so that a reader that pauses pauses the page's core. Nothing is pulled
 * ahead (the 0): the browser asks for more when it has copied the last chunk, whose buffer then goes
 * back to be filled again. Left to the collector, chunks of a large body pile up to hundreds of MiB.
 */
function streamFrom(event, first, port) {
  let finish;
  let used = null;
  event.waitUntil(new Promise((done) => { finish = done; }));
  return new ReadableStream({
    start(controller) {
      if (first?.length) controller.enqueue(first);
    },
    async pull(controller) {
      const buffer = used?.byteLength ? used : null; // 0: a browser that took it away
      const chunk = await askPort(port, { buffer }, buffer ? [buffer] : []);
      used = chunk?.bytes?.buffer;
      if (chunk?.type !== "chunk") {
        finish();
        throw new Error(chunk?.message ?? "the lab’s page was closed");
      }
      if (chunk.bytes?.length) controller.enqueue(chunk.bytes);
      if (!chunk.done) return;
      controller.close();
      finish();
    },
    cancel() {
      port.postMessage("close");
      finish();
    },
  }, { highWaterMark: 0 });
}

function unavailable(code, message) {
  return Response.json({ error: { code, message } }, { status: 503, headers: { "Cache-Control": "no-store" } });
}
