//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An answer is there with the last byte that its size announces, but only where that size is certain: here the body goes
// on behind it, after a while.

const goesOn = `((type, headers, fetch = {}) => {
	globalThis.fetch = async () => {
		const body = new ReadableStream({ start(controller) {
			controller.enqueue(new Uint8Array(4));
			setTimeout(() => { controller.enqueue(new Uint8Array(3)); controller.close(); }, 50);
		} });
		const answer = new Response(body, { headers });
		return Object.defineProperty(answer, "type", { value: type });
	};
	return door.call("send", { request: { url: "https://a.test/" }, auth: { scheme: "none", values: {} }, fetch })
		.then(({ ok, bytes }) => ok.exchanges[0].response.bodySize + " " + bytes.length);
})`

func TestAnAnswerEndsWithItsSize(t *testing.T) {
	p, _ := openDoor(t, "")
	for _, c := range []struct{ name, answer, want string }{
		{"from the page's own origin", `"basic", { "Content-Length": "4" }`, "4 4"},
		{"packed", `"basic", { "Content-Length": "4", "Content-Encoding": "gzip" }`, "7 7"},
		{"in chunks, which count before the size", `"basic", { "Content-Length": "4", "Transfer-Encoding": "chunked" }`, "7 7"},
		{"of no announced size", `"basic", {}`, "7 7"},
		{"of another size", `"basic", { "Content-Length": "5" }`, "7 7"},
		{"perhaps packed, which is hidden", `"cors", { "Content-Length": "4", "Access-Control-Expose-Headers": "Content-Length" }`, "7 7"},
		{"of which everything is seen", `"cors", { "Content-Length": "4", "Access-Control-Expose-Headers": "Date, *" }`, "4 4"},
		{"of which a star shows nothing", `"cors", { "Content-Length": "4", "Access-Control-Expose-Headers": "*" }, { credentials: "include" }`, "7 7"},
		{"made up by a worker", `"default", { "Content-Length": "4" }`, "7 7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			require.Equal(t, c.want, p.said(goesOn+"("+c.answer+")"))
		})
	}
}
