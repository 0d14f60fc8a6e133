//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"
)

// resultPanels and requestPanels are all the parts of the page that a tab opens.
var (
	requestPanels = []string{"auth", "params", "headers", "body", "tls"}
	resultPanels  = []string{"wire", "steps", "exchange", "response"}
)

// faint is a text whose contrast with what is behind it is too low, by WCAG 2.2, 1.4.3. Colours are read back from a
// canvas, since the page writes them in OKLCH. What is dimmed for being out of date is not judged.
const faint = `(() => {
	const paint = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
	const over = (colours) => {
		paint.clearRect(0, 0, 1, 1);
		for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
		return [...paint.getImageData(0, 0, 1, 1).data];
	};
	const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (el) => { const list = []; for (; el; el = el.parentElement) list.unshift(getComputedStyle(el).backgroundColor); return list; };
	const seen = new Map();
	for (const el of document.querySelectorAll("body *")) {
		const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || (el.matches("input, textarea, select") && el.value);
		if (!own || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || el.closest(".vh, .stale, .awaiting, .preview, option")) continue;
		const style = getComputedStyle(el);
		const colours = [el.namespaceURI.endsWith("svg") ? style.fill : style.color, ...behind(el)];
		if (seen.has(colours.join())) continue;
		const base = over(colours.slice(1));
		const [a, b] = [luminance(over([...colours.slice(1), colours[0]])), luminance(base)].sort((x, y) => y - x);
		seen.set(colours.join(), [(a + 0.05) / (b + 0.05), el.outerHTML.slice(0, 120)]);
	}
	return { count: seen.size, faint: [...seen.values()].filter(([ratio]) => ratio < 4.5).map(([ratio, html]) => ratio.toFixed(2) + " " + html) };
})()`

func (p *tab) hasContrast(what string) {
	p.t.Helper()
	var found struct {
		Count int
		Faint []string
	}
	p.eval(faint, &found)
	require.Greater(p.t, found.Count, 3, "%s: texts were found", what)
	require.Empty(p.t, found.Faint, what)
}

func TestTextsHaveContrast(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, theme := range []string{"light", "dark"} {
		// By the system's setting, and by the switch against it.
		other := map[string]string{"light": "dark", "dark": "light"}[theme]
		for _, by := range []struct{ system, chosen string }{{theme, "system"}, {other, theme}} {
			p.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: by.system}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
			p.press("#settings")
			p.press(`[data-theme-choice=` + by.chosen + `]`)
			p.press(`#settings-dialog [data-close]`)
			dark := p.is(`(() => { const c = document.createElement("canvas").getContext("2d"); c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data[0] < 128; })()`)
			require.Equal(t, theme == "dark", dark, "%v", by)
			p.contrastOfAll(fmt.Sprint(theme, by))
		}
	}
}

// contrastOfAll goes through what a person sees: a refusal, warnings, an answer that is refused, dialogs.
func (p *tab) contrastOfAll(what string) {
	p.t.Helper()
	p.panel("auth")
	p.choose("scheme", "basic")
	p.fill("username", "with:colon")
	p.wait("a refusal", `document.querySelector("#error-username").innerText`)
	p.panel("wire")
	p.hasContrast(what + " refusal")
	p.fill("username", "Aladdin")
	p.fill("password", "close sesame ")
	p.fill("url", "http://example.test/?token=x")
	p.wait("warnings", `document.querySelector("#notes .warn")?.checkVisibility()`)
	p.hasContrast(what + " warnings")
	p.press(`[data-trail="user-pass"]`)
	p.wait("a chosen step", `document.querySelector(".trail .marked .hint")`)
	p.eval(`document.querySelector("#added").open = true`, nil)
	p.hasContrast(what + " a chosen step")
	p.fill("url", "lab/auth/basic")
	require.Equal(p.t, "401", p.send())
	p.press("#rejected-step")
	for _, panel := range append(append([]string{}, requestPanels...), resultPanels...) {
		p.panel(panel)
		p.hasContrast(what + " " + panel)
	}
	for _, dialog := range []string{"settings", "share"} {
		p.press("#" + dialog)
		p.hasContrast(what + " " + dialog)
		p.press("#" + dialog + "-dialog [data-close]")
	}
	p.press("#examples")
	p.hasContrast(what + " examples")
	p.press("#examples")
}

// Where colours are a person's own there are no backgrounds and no shadows, on paper there is nothing to scroll.
func TestForcedColoursPaperAndStillness(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(1100, 600, 1, false))
	p.ready()
	p.press("#examples")
	p.press("[data-example=sigv4]")
	p.wait("the steps", `document.querySelector("[data-trail=signature]")`)
	p.press("[data-trail=signature]")
	p.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}))
	for _, marked := range []string{".trail .marked", "#wire .made.marked"} {
		require.Equal(t, "solid", p.text(`getComputedStyle(document.querySelector(`+quoted(marked)+`)).outlineStyle`), marked)
	}
	border := func(selected bool) string {
		return p.text(fmt.Sprintf(`getComputedStyle(document.querySelector("#pane-result [role=tab][aria-selected=%t]")).borderBottomStyle`, selected))
	}
	require.Equal(t, "solid none", border(true)+" "+border(false))

	p.panel("steps")
	p.run(emulation.SetEmulatedMedia().WithMedia("print"))
	paper := `(() => { const last = document.querySelector(".step:last-child").getBoundingClientRect().bottom + scrollY; return last > innerHeight && document.documentElement.scrollHeight >= last; })()`
	require.True(t, p.is(paper), "the last step is on the paper")

	p.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}))
	moving := `(() => {
		document.querySelector("#panel-response").classList.add("awaiting");
		return [...document.querySelectorAll("body *")].filter((el) => { const s = getComputedStyle(el); return parseFloat(s.transitionDuration) > 0 || s.animationName !== "none"; }).map((el) => el.className).join(" ");
	})()`
	require.Empty(t, p.text(moving))
}

func TestWideScreens(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
	p.ready()
	var request, result struct{ Left, Right, Top, Bottom float64 }
	p.eval(`document.querySelector("#pane-request").getBoundingClientRect()`, &request)
	p.eval(`document.querySelector("#pane-result").getBoundingClientRect()`, &result)
	require.Equal(t, request.Top, result.Top, "both halves stand beside each other")
	require.LessOrEqual(t, request.Right, result.Left)
	require.InDelta(t, 1440, result.Right, 1)
	p.fill("url", "lab/echo?long="+fmt.Sprintf("%02000d", 7))
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { for (let i = 0; i < 200; i++) r.headers.push(["X-Line-" + i, "value " + i]); });
		emit("headers-changed");
	})()`, nil)
	require.Equal(t, "200", p.send())
	for _, panel := range append(append([]string{}, requestPanels...), resultPanels...) {
		p.panel(panel)
		p.fitsTheWidth(panel)
		require.True(t, p.is(`document.documentElement.scrollHeight <= innerHeight`), "%s scrolls by itself, not the page", panel)
		wide := p.text(fmt.Sprintf(`(() => { const el = document.querySelector("[data-panel=%s]"); return el.scrollWidth - el.clientWidth; })()`, panel))
		require.Equal(t, "0", wide, panel)
		end := fmt.Sprintf(`(() => { const el = document.querySelector("[data-panel=%s]"); el.scrollTop = 1e9; return el.scrollTop + el.clientHeight + 1 >= el.scrollHeight; })()`, panel)
		require.True(t, p.is(end), "the end of %s can be reached", panel)
	}
	require.True(t, p.is(`document.querySelector("#send").getBoundingClientRect().bottom < 120`), "Send is always in sight")
}

func TestWhatIsOverThePageFitsANarrowScreen(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.run(emulation.SetDeviceMetricsOverride(360, 640, 2, true))
	for button, over := range map[string]string{"examples": "#examples-menu", "settings": "#settings-dialog", "share": "#share-dialog"} {
		p.press("#" + button)
		p.wait(over, fmt.Sprintf(`document.querySelector(%s).checkVisibility()`, quoted(over)))
		var box struct{ Left, Right, Top, Bottom float64 }
		p.eval(fmt.Sprintf(`document.querySelector(%s).getBoundingClientRect()`, quoted(over)), &box)
		require.GreaterOrEqual(t, box.Left, 0.0, over)
		require.LessOrEqual(t, box.Right, 360.0, over)
		require.LessOrEqual(t, box.Bottom, 640.0, over)
		p.fitsTheWidth(over)
		p.eval(fmt.Sprintf(`(() => { const el = document.querySelector(%s); el.open ? el.close() : el.hidePopover(); })()`, quoted(over)), nil)
	}
}

// A label of two lines stands beside its field and moves nothing; a token fills its lines.
func TestLinesStandTogether(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.run(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
	p.ready()
	p.choose("scheme", "sigv4")
	for _, id := range []string{"accessKeyId", "secretAccessKey"} {
		gap := p.text(`document.querySelector("#help-` + id + `").getBoundingClientRect().top - document.querySelector("#field-` + id + `").getBoundingClientRect().bottom`)
		require.Equal(t, "0", gap, "the help stands right below %s", id)
	}
	p.press("#examples")
	p.press("[data-example=dpop]")
	p.wait("the proof", `document.querySelector("[data-header=dpop] .made")`)
	lines := `(() => { const name = document.querySelector("[data-header=dpop] .header-name"); return document.querySelector("[data-header=dpop] .made").getClientRects()[0].top - name.getBoundingClientRect().top; })()`
	require.Equal(t, "0", p.text(lines), "a long token begins beside its name")
}
