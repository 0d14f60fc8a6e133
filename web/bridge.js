// The way to the relay where the browser keeps a page from this computer: a window that the relay itself
// serves. It is opened by a press, and does what the page hands it; core/native/relay/bridge.js is its script.

const PATIENCE = 15_000; // ms until a window that says nothing is given up
const WATCH = 250; // ms between two looks whether it is still there

/**
 * @param {string} address of the relay
 * @param {(state: "open"|"closed") => void} tell
 * @returns {{lost: Promise<never>, call: (route: string, order: {token: string, body?: Blob}, signal?: AbortSignal) => Promise<Response>, close: () => void}}
 *   lost fails when the window is gone: a stream out of it would wait for ever
 */
export function openBridge(address, tell) {
  const opened = globalThis.open(`${address}/relay/bridge`, "_blank", "popup,width=440,height=300");
  const since = performance.now();
  let ready = false;
  let lose;
  const lost = new Promise((_, fail) => { lose = fail; });
  lost.catch(() => {});
  const watch = setInterval(() => {
    if (!opened || opened.closed || (!ready && performance.now() - since > PATIENCE)) end();
  }, WATCH);
  addEventListener("message", greeted);

  function greeted({ source, origin, data }) {
    if (source !== opened || origin !== address || data?.authpad !== "bridge") return;
    ready = true;
    tell("open");
  }

  function end() {
    clearInterval(watch);
    removeEventListener("message", greeted);
    ready = false;
    lose(new TypeError("the relay’s window is closed"));
    tell("closed");
  }

  function ask(route, { token, body }, signal) {
    const { port1, port2 } = new MessageChannel();
    return new Promise((done, fail) => {
      port1.onmessage = ({ data: { status, body: answer, failed } }) => {
        if (failed) fail(signal?.aborted ? signal.reason : new TypeError("the relay does not answer its window"));
        else done(new Response(status === 204 ? null : answer, { status }));
      };
      signal?.addEventListener("abort", () => { port1.postMessage("stop"); fail(signal.reason); });
      opened.postMessage({ authpad: "order", route, word: token, body }, address, [port2]);
    });
  }

  return {
    lost,
    call: (route, order, signal) => (ready ? Promise.race([ask(route, order, signal), lost]) : Promise.reject(new TypeError("the relay’s window is not open"))),
    close() {
      opened?.close();
      end();
    },
  };
}
