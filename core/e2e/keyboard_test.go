//go:build !js

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// Everything goes without a mouse, and the keyboard always has a place.

func TestTheOrderOfTheTabKey(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.eval(`document.activeElement.blur()`, nil)
	var order []string
	for range 16 {
		p.key(kb.Tab)
		order = append(order, p.text(`document.activeElement.id || document.activeElement.dataset.eye`))
	}
	require.Equal(t, "examples share settings method url send tab-auth scheme", strings.Join(order[:8], " "))
	rest := strings.Join(order[8:], " ")
	require.Contains(t, rest, "field-username field-password password field-charset", "an eye stands behind its field")
	require.Contains(t, rest, "tab-wire reveal", "one stop for all tabs of the result")
}

// Who hears the page goes to its main part at once, and hears of four tabs where there are four.
func TestTheOutlineOfThePage(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	require.Equal(t, "0 9", p.text(`document.querySelectorAll("[role=tablist] > :not([role=tab])").length + " " + document.querySelectorAll("[role=tablist] > [role=tab]").length`))
	outside := `[...document.querySelectorAll(":is(a, button, input, select, textarea, pre)")].filter((el) => el.checkVisibility() && !el.closest("main, header")).map((el) => el.outerHTML).join(" ")`
	require.Empty(t, p.text(outside))
	require.Equal(t, "1", p.text(`document.querySelectorAll("main").length`))
}

func TestKeysThatSend(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("method", "POST")
	p.panel("body")
	p.press(`[data-body-kind=text]`)
	p.run(focusAndType("#body-text", "some text"))
	for name, modifier := range map[string]input.Modifier{"Ctrl": input.ModifierCtrl, "Cmd": input.ModifierMeta} {
		p.eval(`document.querySelector("#body-text").focus()`, nil) // in a line of text Enter alone sends
		p.expectAnswer()
		p.key(kb.Enter, modifier)
		require.Equal(t, "200", p.answer(), name)
		require.Equal(t, "some text", p.text(`document.querySelector("#body-text").value`))
	}
}

// A password is in a form of its own, and sends all the same.
func TestEnterSendsFromEachLineOfText(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, field := range []string{"url", "username", "password"} {
		p.eval(fmt.Sprintf(`document.querySelector("[data-field=%s]").focus()`, field), nil)
		p.expectAnswer()
		p.key(kb.Enter)
		require.Equal(t, "200", p.answer(), field)
	}
	p.choose("scheme", "sigv4") // which has two
	p.eval(`document.querySelector("[data-field=sessionToken]").focus()`, nil)
	p.expectAnswer()
	p.key(kb.Enter)
	p.answer()
}

func TestEscapeAndTabCloseOneThing(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for button, over := range map[string]string{"settings": "#settings-dialog", "share": "#share-dialog", "examples": "#examples-menu"} {
		p.eval(fmt.Sprintf(`document.querySelector("#%s").focus()`, button), nil)
		p.key(kb.Enter)
		p.wait(over+" is open", fmt.Sprintf(`document.querySelector(%s).checkVisibility()`, quoted(over)))
		p.wait("the keyboard goes into it", fmt.Sprintf(`document.querySelector(%s).contains(document.activeElement)`, quoted(over)))
		p.key(kb.Escape)
		p.wait(over+" is closed", fmt.Sprintf(`!document.querySelector(%s).checkVisibility()`, quoted(over)))
		require.Equal(t, button, p.text(`document.activeElement.id`), "and comes back")
	}
	p.press("#examples")
	p.wait("the menu is open", `document.querySelector("#examples-menu").contains(document.activeElement)`)
	p.key(kb.Tab)
	require.Equal(t, "share false", p.text(`document.activeElement.id + " " + document.querySelector("#examples-menu").checkVisibility()`), "a menu does not stay over the page")
	p.fill("url", "lab/delay/50000")
	p.expectAnswer()
	p.key(kb.Enter)
	p.wait("Cancel", `document.querySelector("#cancel").checkVisibility()`)
	p.press("#settings")
	p.key(kb.Escape)
	p.wait("closed", `!document.querySelector("#settings-dialog").open`)
	require.True(t, p.is(`document.querySelector("#cancel").checkVisibility()`), "closing a dialog does not cancel")
	p.key(kb.Escape)
	require.Equal(t, "failure cancelled", p.answer())
}

func TestTheFocusIsNeverLost(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { r.headers.push(["X-A", "1"]); r.method = "POST"; Object.assign(r.body, { kind: "multipart", multipart: [{ name: "a", value: "b" }] }); });
		emit("headers-changed");
		emit("body-changed");
	})()`, nil)
	pressed := func(what, selector string) {
		t.Helper()
		p.wait(what, fmt.Sprintf(`document.querySelector(%s)?.checkVisibility()`, quoted(selector)))
		p.eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quoted(selector)), nil)
		p.key(kb.Enter)
		p.wait(what+" keeps the focus in the page", `document.activeElement !== document.body && document.activeElement.checkVisibility()`)
	}
	p.panel("headers")
	pressed("removing a header", "#panel-headers .pair button")
	p.panel("body")
	pressed("removing a part", "[data-body=multipart] .part button")
	require.Equal(t, "200", p.send())
	p.panel("auth")
	p.fill("username", "another")
	p.panel("exchange")
	pressed("forgetting an exchange", "#exchange-forget")
	p.panel("wire")
	pressed("details of a step", ".trail .link")
	require.Equal(t, "step-username", p.text(`document.activeElement.closest(".step").id`))
	p.eval(`void (location.hash = "#r=broken")`, nil)
	pressed("closing a message", "#notice-close")
}

// Who hears the page tells the parts of a body apart by their names.
func TestEachControlOfAPartHasItsOwnName(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { Object.assign(r.body, { kind: "multipart", multipart: [{ name: "a", value: "b" }, { name: "a", value: "c" }] }); });
		emit("body-changed");
	})()`, nil)
	var names []string
	p.eval(`[...document.querySelectorAll("[data-body=multipart] .part :is(input, button)")].map((el) => el.ariaLabel)`, &names)
	require.Len(t, names, 10)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), 10, "%v", names)
}

// A header line can be cut into dozens of links to a few steps: the keyboard stops once at each step.
func TestTheTabKeyStopsOnceForEachStepOfALine(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#examples")
	p.press("[data-example=sigv4]")
	p.wait("the signature", `document.querySelector("#wire [data-step=signature]")`)
	links := func(selector string) string {
		return p.text(`[...document.querySelectorAll("[data-header=authorization] ` + selector + `")].map((a) => a.dataset.step).join(" ")`)
	}
	all, stops := strings.Fields(links("a.made")), strings.Fields(links(`a.made:not([tabindex='-1'])`))
	require.Greater(t, len(all), len(stops), "this line has links to go past")
	require.ElementsMatch(t, slices.Compact(slices.Sorted(slices.Values(all))), slices.Sorted(slices.Values(stops)))
}
