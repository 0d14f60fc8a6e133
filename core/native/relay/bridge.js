// The window that a page opens where its browser keeps it from this machine: a window may be opened, and may pass on
// what the page sends it. It works for its opener only, and only where the relay allows that origin. By itself it sends
// nothing, and it keeps nothing: the token comes with each order.

const routes = ["pair", "status", "forget", "send", "cancel"];
const allowed = document.querySelector("meta[name=allowed]").content.split(" ");
const page = window.opener;

addEventListener("message", (event) => {
	if (event.source !== page || !allowed.includes(event.origin)) return;
	const { authpad, route, word, body } = event.data ?? {};
	const [port] = event.ports;
	if (authpad !== "order" || !routes.includes(route) || !port) return;
	document.querySelector("#state").textContent = `Works for ${event.origin}.`;
	pass(`/relay/${route}`, String(word), event.origin, body, port);
});

async function pass(address, word, origin, body, port) {
	const stop = new AbortController();
	port.onmessage = () => stop.abort();
	try {
		const answer = await fetch(address, {
			method: "POST",
			headers: { "X-Authpad-Relay": word, "X-Authpad-Opener": origin, "Content-Type": "application/octet-stream" },
			body,
			signal: stop.signal,
			cache: "no-store",
			credentials: "omit",
			redirect: "error",
		});
		hand(port, answer.status, answer.body) || port.postMessage({ status: answer.status, body: await answer.arrayBuffer() });
	} catch {
		port.postMessage({ failed: true });
	}
}

// Not every browser hands a stream on; then it goes over whole.
function hand(port, status, body) {
	try {
		port.postMessage({ status, body }, body ? [body] : []);
		return true;
	} catch {
		return false;
	}
}

// Whoever else opened this window hears nothing.
for (const origin of page ? allowed : []) page.postMessage({ authpad: "bridge" }, origin);
