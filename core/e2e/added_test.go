//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// What the browser adds is told by name on one line, so that the steps are in sight, and is shown whole on request.
func TestLinesThatTheBrowserAdds(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(1280, 720, 1, false))
	p.ready()
	require.True(t, p.is(`document.querySelector(".trail li:last-child").getBoundingClientRect().bottom <= innerHeight`), "the whole trail is in sight")
	require.True(t, p.is(`document.querySelector("[data-header=host]").checkVisibility()`), "Host stands where it is sent, in front")
	lines := p.text(`document.querySelectorAll("#added .by-browser").length`)
	require.Contains(t, p.text(`document.querySelector("#added summary").innerText`), lines+" lines that the browser adds")
	require.Contains(t, p.text(`document.querySelector("#added summary").innerText`), "User-Agent")
	shown := `document.querySelector("[data-header=user-agent]").checkVisibility()`
	require.False(t, p.is(shown))

	p.eval(`document.querySelector("#added summary").focus()`, nil)
	p.key(kb.Enter)
	p.wait("the lines", shown)
	require.Contains(t, p.text(`document.querySelector("[data-header=user-agent] .text").innerText`), "Chrome/")
	p.fill("username", "another")
	p.wait("it is built", `document.querySelector("#wire .made")?.textContent.includes("Basic")`)
	require.True(t, p.is(`document.activeElement.id === "field-username"`), "and typing goes on where it was")
	p.press("#examples")
	p.press("[data-example=sigv4]") // with more lines of its own above
	p.wait("other lines", `document.querySelector("[data-header=x-amz-date]")`)
	require.True(t, p.is(shown), "what a person opened stays open")
	p.eval(`import("./state.js").then(({ change }) => { change((r) => { r.via = "relay"; }); return null; })`, nil)
	p.wait("the relay adds none of them", `!document.querySelector("#added")`)
}
