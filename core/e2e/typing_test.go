//go:build !js

package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTypingStaysQuickWithALargeBody(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("method", "POST")
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { r.body.kind = "text"; r.body.text = '{"list":[' + "123456789,\n".repeat(450000) + "0]}"; });
		emit("body-changed");
	})()`, nil)
	p.wait("the body is built", `document.querySelector("#panel-wire .wire-body")?.innerText.includes("MB")`)
	// The time of the page's own handlers for a key, at the median: layout and the browser's part are not counted.
	var median float64
	p.eval(`(async () => {
		const url = document.querySelector("#url"), took = [];
		url.focus();
		for (const letter of "?quick=typing") {
			const before = performance.now();
			document.execCommand("insertText", false, letter);
			took.push(performance.now() - before);
			await new Promise((done) => setTimeout(done, 30));
		}
		return took.sort((a, b) => a - b)[6];
	})()`, &median)
	require.Less(t, median, float64((30 * time.Millisecond).Milliseconds()), "a build of 5 MB takes longer: it must wait for a pause")
	p.wait("the pause", `document.querySelector("#wire .start").innerText.includes("quick=typing")`)
}
