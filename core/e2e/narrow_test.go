//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"
)

func TestEachMethodCanBeReadWhole(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(360, 740, 1, true))
	p.ready()
	require.Equal(t, "0", p.text(`(() => {
		const menu = document.querySelector("#method"), whole = menu.cloneNode(true);
		whole.style.cssText = "position: absolute; width: max-content";
		menu.after(whole);
		return Math.max(0, whole.offsetWidth - menu.offsetWidth);
	})()`))
}

// A dump whose lines are broken is not to be read.
func TestHexFitsItsPlace(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "lab/bytes/4000")
	for width, first := range map[int64]string{360: "000000  .{23}  .{8}", 900: "000000  .{23}  .{8}", 1440: "00000000  .{47}  .{16}"} {
		p.run(emulation.SetDeviceMetricsOverride(width, 740, 1, width == 360))
		require.Equal(t, "200", p.send())
		require.Regexp(t, "^"+first+"$", p.text(`document.querySelector(".body-lines").textContent.split("\n")[0]`), "%d", width)
		require.Equal(t, "true", p.text(`(() => { const el = document.querySelector(".body-lines"); return el.offsetHeight <= 20 * el.textContent.trimEnd().split("\n").length; })()`), "%d", width)
	}
}

// Where the page is one column, the answer stands below the form: it is brought to the top.
func TestAnAnswerIsBroughtIntoViewOnANarrowScreen(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(360, 740, 1, true))
	p.ready()
	p.fill("password", "close sesame")
	p.eval(`document.querySelector("#send").scrollIntoView()`, nil)
	require.Equal(t, "401", p.send())
	p.wait("the verdict at the top", `document.querySelector("#pane-result").getBoundingClientRect().top < 1`)
	p.press("#tab-exchange")
	p.wait("the arrows", `document.querySelector(".arrow")?.checkVisibility()`)
	require.True(t, p.is(`Math.abs(document.querySelector("#pane-result").getBoundingClientRect().top) < 1`), "a shorter part does not move the page")
	p.press("#tab-response")
	require.True(t, p.is(`document.querySelector("#rejected-step").getBoundingClientRect().bottom < innerHeight`))
	require.Contains(t, p.text(`document.querySelector("#rejection").innerText`), "Change “Password” to the value printed at lab/auth/basic/account.")
	require.Contains(t, p.text(`fetch(document.querySelector("#account").href).then((r) => r.text())`), "open sesame", "the lab prints it there")
}
