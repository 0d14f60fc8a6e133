// Brings the Go module, however it comes: packed by gzip or xz, or unpacked by the host on its way.

const address = new URL("authpad.wasm.gz", import.meta.url).href; // the published page's is packed by xz instead: a quarter less
const asModule = { headers: { "Content-Type": "application/wasm" } };

/**
 * @param {(progress: {received: number, total: number|null}) => void} tell in bytes as they come, packed or not
 * @returns {Promise<Response>} for WebAssembly.compileStreaming
 */
export async function fetchModule(tell) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return new Response(await unpack(response, tell), asModule);
}

/**
 * Has later visits find the module unpacked in the service worker's cache: undoing xz costs each of them 50 ms, on a
 * phone 200. Waits until the worker has filled its cache and the page has nothing else to do.
 */
export async function keepUnpacked() {
  await navigator.serviceWorker?.ready;
  await new Promise((idle) => (globalThis.requestIdleCallback ?? setTimeout)(idle));
  for (const name of await globalThis.caches?.keys() ?? []) {
    const cache = await caches.open(name);
    const kept = await cache.match(address);
    if (kept && kept.headers.get("Content-Type") !== "application/wasm") await cache.put(address, new Response(await unpack(kept), asModule));
  }
}

async function unpack(response, tell = () => {}) {
  const total = Number(response.headers.get("Content-Length")) || null;
  const reader = response.body.getReader();
  let received = 0;
  let next = await reader.read();
  const [first, second] = next.value ?? [];
  const counted = new ReadableStream({
    async pull(controller) {
      const { done, value } = next ?? await reader.read();
      next = null;
      if (done) return controller.close();
      received += value.length;
      tell({ received, total });
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  if (first === 0x1f && second === 0x8b) return counted.pipeThrough(new DecompressionStream("gzip"));
  return first === 0xfd && second === 0x37 ? unpackXZ(counted) : counted;
}

async function unpackXZ(packed) {
  const { XzReadableStream } = await import("./xz.js");
  const forget = () => { XzReadableStream._moduleInstance = XzReadableStream._moduleInstancePromise = null; }; // and its 9 MB
  return new XzReadableStream(packed).pipeThrough(new TransformStream({ flush: forget }));
}
