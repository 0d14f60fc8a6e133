// The lab in the page: registers the service worker that makes lab/… addresses real, and answers
// what it hands over. The worker asks which page owns a core; this one says so at once, even while
// its core is still loading, and then waits for it.

const worker = new URL("sw.js", import.meta.url).href;
const routes = new URL("lab/", import.meta.url).href;
const ROOM = 64 << 20; // bytes of a request's body that the lab reads; MaxRequestBody in core/lab
const PATIENCE = 30_000; // ms until a worker that does not take over is given up

/**
 * @param {(into: ArrayBuffer|null, name: string, params: object, body?: Uint8Array) => Promise<object>} call
 *   a call of the core, which puts the bytes of its answer into a buffer where they fit
 * @param {(change: {state: string, reason: string}|{updated: true}) => void} tell
 * @returns {{register: () => Promise<void>, ready: (url: string) => Promise<void>|null}}
 *   ready waits, for an address of the lab, until the worker would see a request to it
 */
export function openLab(call, tell) {
  const container = navigator.serviceWorker;
  let settled = false;
  let settle;
  const decided = new Promise((done) => { settle = done; });
  const decide = (state, reason) => {
    settled = true;
    tell({ state, reason });
    settle();
  };
  container?.addEventListener("message", (event) => takeRequest(event, call));
  container?.startMessages();
  return {
    ready: (url) => (url.startsWith(routes) && (!settled || lostControl(container)) ? regain(container, decided) : null),
    async register() {
      try {
        await takeOver(container, () => tell({ updated: true }));
        decide("ready", "");
      } catch (mistake) {
        decide("unavailable", mistake.message);
      }
    },
  };
}

async function takeOver(container, updated) {
  if (!container) {
    throw new Error(isSecureContext ? "this browser has no service workers here" : "service workers need https or localhost");
  }
  const registration = await container.register(trusted(worker), { updateViaCache: "none" });
  registration.addEventListener("updatefound", () => watch(registration, container, updated));
  if (!registration.active) await installed(registration);
  await claimed(container, registration);
}

/** The page's CSP allows one policy, and this one allows one script. */
function trusted(url) {
  if (!globalThis.trustedTypes) return url;
  const policy = trustedTypes.createPolicy("app", {
    createScriptURL(wanted) {
      if (wanted !== worker) throw new TypeError("not a script of this page");
      return wanted;
    },
  });
  return policy.createScriptURL(url);
}

function watch(registration, container, updated) {
  const incoming = registration.installing;
  if (!incoming || !registration.active) return;
  incoming.addEventListener("statechange", () => {
    if (incoming.state === "activated") updated();
  });
}

function installed(registration) {
  const incoming = registration.installing ?? registration.waiting;
  return new Promise((done, fail) => {
    if (!incoming || registration.active) return done();
    incoming.addEventListener("statechange", () => {
      if (incoming.state === "redundant") fail(new Error("the service worker could not be installed"));
      if (incoming.state.startsWith("activat")) done();
    });
  });
}

/** A page that was reloaded past its worker gets it back only if the worker claims it. */
async function claimed(container, registration) {
  if (container.controller) return;
  const change = new Promise((done) => container.addEventListener("controllerchange", done, { once: true }));
  registration.active?.postMessage("claim");
  if (container.controller) return;
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, PATIENCE, new Error("the service worker did not take over this page"));
  });
  await Promise.race([change, late]).finally(() => clearTimeout(timer));
}

const lostControl = (container) => container && !container.controller;

async function regain(container, decided) {
  await decided;
  const registration = container && await container.getRegistration(routes);
  if (registration?.active && !container.controller) await claimed(container, registration).catch(() => {});
}

// ---- answering

/** A worker's question, with a port for everything that follows. */
function takeRequest({ data, ports: [port] }, call) {
  if (data !== "lab" || !port) return;
  port.onmessage = ({ data: request }) => answer(port, request, call);
  port.postMessage({ type: "mine" });
}

async function answer(port, { method, url, route, headers, body }, call) {
  try {
    const part = body?.subarray(0, ROOM + 1); // enough to be refused: the core's memory never shrinks
    const { ok, error, bytes } = await call(null, "lab", { method, url, route, headers }, part);
    if (error) throw new Error(error.message);
    if (ok.stream) serveStream(port, ok.stream, call);
    if (ok.delayMs) await new Promise((done) => setTimeout(done, ok.delayMs));
    port.postMessage({ type: "head", ...ok, bytes }, bytes ? [bytes.buffer] : []);
  } catch (mistake) {
    port.postMessage({ type: "failed", message: mistake.message });
  }
}

/**
 * One chunk per pull: a reader that pauses pauses the core, and nothing piles up in between. A pull
 * brings back the last chunk's buffer, so that a stream of any length lives on one.
 */
function serveStream(port, stream, call) {
  const close = () => call(null, "lab-close", { stream }).catch(() => {});
  port.onclose = close; // the worker is gone
  port.onmessage = async ({ data }) => {
    if (data === "close") return void close();
    try {
      const { ok, error, bytes } = await call(data.buffer, "lab-read", { stream });
      if (error) throw new Error(error.message);
      port.postMessage({ type: "chunk", done: ok.done, bytes }, bytes ? [bytes.buffer] : []);
    } catch (mistake) {
      port.postMessage({ type: "failed", message: mistake.message });
    }
  };
}
