//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/schemes"
)

// Each published example, chosen in the menu, gives the bytes that its specification prints.
func TestPublishedExamples(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#reveal")
	count := 0
	for _, scheme := range schemes.All() {
		for _, v := range scheme.Vectors {
			t.Run(scheme.ID+" "+v.ID, func(t *testing.T) {
				defer p.within(t)()
				p.reproduces(scheme, v)
			})
			count++
		}
	}
	require.Greater(t, count, 40)

	p.press("#examples")
	p.press(`[data-example=basic]`)
	p.wait("nothing stays pinned", `!document.querySelector("#pins")`)
	require.Equal(t, "200", p.send(), "the lab's examples are as they were")
}

func (p *tab) reproduces(scheme *core.Scheme, v core.Vector) {
	p.t.Helper()
	p.panel("wire")
	p.press("#examples")
	if p.is(`document.querySelector("[data-published=` + scheme.ID + `]").ariaExpanded === "false"`) {
		p.press(`[data-published=` + scheme.ID + `]`)
	}
	p.press(`[data-example="` + scheme.ID + `/` + v.ID + `"]`)
	require.False(p.t, p.is(`document.querySelector("#examples-menu").matches(":popover-open")`))
	p.wait("the form", `document.querySelector("#scheme").value === `+quoted(scheme.ID)+` && document.querySelector("#url").value === `+quoted(v.URL))
	for _, line := range v.WantHeader {
		p.wait(line.Name, `[...document.querySelectorAll("#wire .line .text")].some((el) => el.textContent === `+quoted(line.Name+": "+line.Value)+`)`)
	}
	if v.WantURL != "" {
		want, err := platform.ParseURL(v.WantURL, "")
		require.NoError(p.t, err)
		p.wait("the address", `document.querySelector("#wire .start").textContent.includes(`+quoted(" "+want.Target()+" ")+`)`)
	}
	require.False(p.t, p.is(`document.querySelector("#panel-wire .refused, #panel-wire .callout.error")`))
	p.panel("steps")
	for id, want := range v.WantSteps {
		p.wait("step "+id, `document.querySelector("#step-`+id+` .out .value").textContent === `+quoted(want)+` || document.querySelector("#step-`+id+` .out .none") && `+quoted(want)+` === ""`)
	}
}

func TestTheButtonOfTheMenuClosesIt(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, open := range []bool{true, false, true} {
		p.press("#examples")
		require.Equal(t, open, p.is(`document.querySelector("#examples-menu").matches(":popover-open")`))
	}
}

// Beside a scrollbar there is less room than a narrow screen has.
func TestTheMenuBreaksNoWordOnANarrowScreen(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.resize(320, 740)
	p.press("#examples")
	require.Equal(t, "[]", p.text(`JSON.stringify([...document.querySelectorAll("#examples-menu .menu-row [data-example]")].filter((el) => {
		const text = document.createRange();
		text.selectNodeContents(el.lastChild); // what is only spoken stands in front
		const lines = new Set([...text.getClientRects()].map(({ top }) => Math.round(top)));
		return lines.size > el.lastChild.textContent.trim().split(/\s+/).length || el.scrollWidth > el.clientWidth;
	}).map((el) => el.textContent))`))
}

// The menu stays one of short rows, and the keyboard goes through what is in sight.
func TestThePublishedAreFoldedAway(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#examples")
	seen := `[...document.querySelectorAll("#examples-menu [data-example*='/']")].filter((el) => el.checkVisibility()).length`
	require.Equal(t, "0", p.text(seen))
	p.eval(`document.querySelector("[data-published=digest]").focus()`, nil)
	p.key(kb.Enter)
	require.Equal(t, "5", p.text(seen))
	require.Equal(t, "true", p.text(`document.activeElement.ariaExpanded`))
	at := func() string {
		return p.text(`document.activeElement.dataset.example ?? document.activeElement.dataset.published`)
	}
	p.key(kb.ArrowUp)
	require.Equal(t, "apikey", at(), "up and down go by rows")
	p.key(kb.ArrowLeft)
	require.Equal(t, "apikey-wrong", at())
	p.key(kb.ArrowLeft)
	require.Equal(t, "apikey", at())
	p.key(kb.ArrowUp)
	require.Equal(t, "bearer", at())
	p.key("h")
	require.Equal(t, "digest", at(), "a letter goes to the next name that begins with it")
	p.key("h")
	require.Equal(t, "hawk", at())
	p.key(kb.End)
	require.Equal(t, "netrc", at())
	p.key(kb.ArrowDown)
	require.Equal(t, "none", at(), "and round")
	p.eval(`document.querySelector("[data-published=digest]").focus()`, nil)
	p.key(kb.ArrowDown)
	require.Equal(t, "digest/rfc7616-sha-256", at())
	require.Contains(t, p.text(`document.activeElement.textContent`), "RFC 7616")
	p.key(kb.Enter)
	p.wait("the request of the RFC", `document.querySelector("#field-challenge").value.split("\n").length === 2`)
	p.wait("its answer", `document.querySelector("#panel-wire").textContent.includes('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"')`)
}
