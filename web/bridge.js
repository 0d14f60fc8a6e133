// The way to the relay where the browser keeps a page from this computer: a window that the relay itself
// serves. It is opened by a press, and carries what the page hands it through a MessagePort.

const PATIENCE = 15_000; // ms until a window that says nothing is given up
const PULSE = 100; // ms between two greetings: the window takes a while to load
const WATCH = 500; // ms between two looks whether it is still there

/**
 * @param {string} address of the relay
 * @param {(state: "open"|"closed") => void} tell
 * @returns {{lost: Promise<never>, call: (route: string, order: {token: string, body?: Blob}, signal?: AbortSignal) => Promise<Response>, close: () => void}}
 *   lost fails when the window is gone: a stream out of it would wait for ever
 */
export function openBridge(address, tell) {
  const opened = globalThis.open(`${address}/relay/bridge`, "_blank", "popup,width=440,height=300");
  const waiting = new Map(); // by number: what settles a call
  let port = null;
  let last = 0;
  let lose;
  const lost = new Promise((_, fail) => { lose = fail; });
  lost.catch(() => {});
  const since = performance.now();
  const greet = setInterval(() => {
    if (!opened || opened.closed || performance.now() - since > PATIENCE) return end();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => { if (data?.ready && !port) begin(port1); };
    opened.postMessage({ authpad: "hello" }, address, [port2]);
  }, PULSE);
  let watch = 0;

  function begin(good) {
    clearInterval(greet);
    port = good;
    port.onmessage = ({ data }) => settle(data);
    port.onclose = end;
    watch = setInterval(() => { if (opened.closed) end(); }, WATCH);
    tell("open");
  }

  function end() {
    clearInterval(greet);
    clearInterval(watch);
    port?.close();
    port = null;
    const gone = new TypeError("the relay's window is closed");
    for (const { fail } of waiting.values()) fail(gone);
    waiting.clear();
    lose(gone);
    tell("closed");
  }

  function settle({ id, status, body, bytes, failed }) {
    const call = waiting.get(id);
    waiting.delete(id);
    if (!call) return void body?.cancel();
    if (failed) return call.fail(new TypeError("the relay does not answer its window"));
    call.done(new Response(status === 204 ? null : body ?? bytes, { status }));
  }

  return {
    lost,
    call(route, { token, body }, signal) {
      if (!port) return Promise.reject(new TypeError("the relay's window is closed"));
      const id = ++last;
      return new Promise((done, fail) => {
        waiting.set(id, { done, fail });
        signal?.addEventListener("abort", () => {
          port?.postMessage({ id, cancel: true });
          if (waiting.delete(id)) fail(signal.reason);
        });
        port.postMessage({ id, route, token, body });
      });
    },
    close() {
      opened?.close();
      end();
    },
  };
}
