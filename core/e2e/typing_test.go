//go:build !js

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An address is wrong while only its beginning is there. A message that came and went would move the page twice.
func TestTypingAnAddressMovesNothing(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.eval(`(() => { const url = document.querySelector("#url"); url.focus(); url.select(); })()`, nil)
	var places []string
	p.eval(`(async () => {
		const { call } = await import("./core.js"), { callParams } = await import("./state.js"), seen = [];
		for (const letter of "https://api.example.com/") {
			document.execCommand("insertText", false, letter);
			const { error } = await call("build", callParams());
			await new Promise((next) => setTimeout(next)); // the page's own build was asked before, and is drawn by now
			seen.push((error ? "refused " : "built ") + document.querySelector("#pane-request").getBoundingClientRect().top + " " + document.querySelector("#wire").getBoundingClientRect().top);
		}
		return [...new Set(seen)];
	})()`, &places)
	require.Len(t, places, 2, "%v", places)
	require.Equal(t, strings.TrimPrefix(places[0], "built"), strings.TrimPrefix(places[1], "refused"))
	p.fill("url", "https://")
	p.wait("what is still wrong after a pause is told", `document.querySelector("#error-url").innerText`)
}

// With a large body a build waits for a pause, and what the one before it was told is out of date with the next key.
func TestTypingWithALargeBodyTellsNoErrorOfBefore(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("method", "POST")
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { r.body.kind = "text"; r.body.text = "a".repeat(300000); });
		emit("body-changed");
		const url = document.querySelector("#url");
		url.focus();
		url.select();
	})()`, nil)
	var told []string
	p.eval(`(async () => {
		const { on } = await import("./state.js"), told = [];
		on("refused", ({ code }) => told.push(code));
		document.execCommand("insertText", false, "https://");
		await new Promise((next) => setTimeout(next, 200)); // long enough to be built
		for (const letter of "a.test/b") {
			document.execCommand("insertText", false, letter);
			await new Promise((next) => setTimeout(next, 100)); // too short for that
		}
		return told;
	})()`, &told)
	require.Empty(t, told)
	p.wait("the pause", `document.querySelector("#wire .start").innerText.includes("/b")`)
}

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
