//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// A step and what it made are tied to each other, both ways.

func TestAStepMarksWhatItMade(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press(`[data-trail="token"]`)
	p.wait("marks in Wire", `document.querySelectorAll("#wire .made.marked").length > 0`)
	require.Equal(t, "authorization", p.text(`document.querySelector("#wire .made.marked").closest("[data-header]").dataset.header`))
	require.Equal(t, "true", p.text(`document.querySelector('[data-trail="token"]').ariaPressed`))

	p.panel("steps")
	require.True(t, p.is(`document.querySelector("#step-token").classList.contains("marked")`), "the choice is the same in Steps")
	p.press(`.steps .step:last-child .title`)
	p.panel("wire")
	marked := p.text(`[...document.querySelectorAll("#wire .made.marked")].map((el) => el.dataset.steps).join(" ")`)
	require.NotContains(t, marked, "username", "only what the chosen step made is marked")
	last := p.text(`document.querySelector(".trail li:last-child").dataset.step`)
	require.Contains(t, marked, last)

	p.press(fmt.Sprintf(`[data-trail=%s]`, quoted(last)))
	p.wait("no marks", `document.querySelectorAll("#wire .marked").length === 0`)
}

func TestAStepThatMarksNothingSaysWhereItWent(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press(`[data-trail="user-pass"]`)
	p.wait("what takes it", `document.querySelector(".trail .marked")?.innerText.includes("step 4 takes it")`)
	p.press(`[data-trail="token"]`)
	p.wait("marks in Wire", `document.querySelectorAll("#wire .made.marked").length > 0`)
	require.False(t, p.is(`document.querySelector(".trail .hint")`))
}

func TestAValueOfTheWireLeadsToItsStep(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#reveal")
	step := p.text(`[...document.querySelectorAll("#wire a.made")].find((a) => a.textContent.includes("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")).dataset.step`)
	p.press(fmt.Sprintf(`#wire a[data-step=%s]`, quoted(step)))
	p.wait("Steps is in front", `document.querySelector("#panel-steps").checkVisibility()`)
	row := fmt.Sprintf(`document.querySelector("#step-%s")`, step)
	require.True(t, p.is(row+`.classList.contains("marked")`))
	require.True(t, p.is(row+`.contains(document.activeElement)`), "the keyboard goes along")
	require.Contains(t, p.text(row+`.querySelector(".out").innerText`), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==")

	// And from an input of a step to the field or the step that it came from.
	p.press(fmt.Sprintf(`#step-%s [data-made-by]`, step))
	p.wait("another step", fmt.Sprintf(`!%s.classList.contains("marked") && document.querySelector(".step.marked")`, row))
	p.press(`#step-password [data-goto=password]`)
	require.Equal(t, "field-password", p.text(`document.activeElement.id`))
}

func TestPointingAtAValueShowsItsStep(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	step := p.text(`document.querySelector("#wire a.made").dataset.step`)
	p.eval(`void document.querySelector("#wire a.made").dispatchEvent(new PointerEvent("pointerover", { bubbles: true }))`, nil)
	p.wait("its step is marked", fmt.Sprintf(`document.querySelector('.trail [data-step=%s]').classList.contains("hovered")`, quoted(step)))
}

func TestValuesCanBeReadThreeWays(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "basic")
	p.fill("username", "é\u200b\u202ex ") // one of them turns the writing round, one cannot be seen, a space ends it
	p.fill("password", "pw")
	p.press("#reveal")
	p.panel("steps")
	out := `document.querySelector("#step-username .out")`
	for reading, want := range map[string]string{"hex": "c3 a9 e2 80 8b e2 80 ae 78 20", "base64": "w6nigIvigK54IA=="} {
		p.press(fmt.Sprintf(`[data-reading=%s]`, reading))
		p.wait(reading, fmt.Sprintf(`%s.querySelector(".value").textContent === %s`, out, quoted(want)))
	}
	// What is bytes is shown as those, wherever it stands, and not as the digits that it is written in.
	for reading, want := range map[string]string{"hex": "c3 a9 e2 80 8b e2 80 ae 78 20 3a 70 77", "base64": "w6nigIvigK54IDpwdw==", "text": "c3a9e2808be280ae78203a7077"} {
		p.press(fmt.Sprintf(`[data-reading=%s]`, reading))
		for _, place := range []string{"#step-octets .out .value", "#step-token .inputs .value"} {
			p.wait(reading+" of bytes", fmt.Sprintf(`document.querySelector(%s).textContent === %s`, quoted(place), quoted(want)))
		}
	}
	p.press(`[data-reading=text]`)
	p.wait("text", out+`.querySelector("[data-mark='U+200B']")`)
	require.True(t, p.is(out+`.querySelector("[data-mark='U+202E']")`))
	require.Equal(t, "Spaces at the end: 1", p.text(out+`.querySelector(".inv.space").title`))
	require.Equal(t, "inline-block", p.text(`getComputedStyle(`+out+`.querySelector("[data-mark='U+202E']")).display`), "it does not turn round what follows")

	p.press("#reveal") // another reading of a hidden value would give it away
	p.press(`[data-reading=hex]`)
	require.NotContains(t, p.text(`document.querySelector("#panel-steps").textContent`), "70 77")
}

func TestEveryArrowOpens(t *testing.T) {
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	p.fill("url", server.LabURL+"redirect?to=auth/basic")
	p.wait("what is typed is on the wire", `document.querySelector("#wire .start").innerText.includes("redirect")`)
	p.panel("exchange")
	require.Equal(t, `["preflight-0","preflight-answer-0","request-0","response-0"]`, p.arrows(), "predicted before anything is sent")
	require.True(t, p.is(`[...document.querySelectorAll(".arrow")].every((a) => a.classList.contains("predicted"))`))
	require.Equal(t, "svg", p.text(`document.querySelector(".sequence").localName`))

	require.Equal(t, "200", p.send())
	require.Equal(t, `["preflight-0","preflight-answer-0","request-0","redirect-0","response-0"]`, p.arrows())
	require.True(t, p.is(`document.querySelector("[data-arrow=preflight-0]").classList.contains("predicted")`), "a browser shows its preflight to nobody")
	for arrow, want := range map[string]string{
		"preflight-0": "OPTIONS /lab/redirect?to=auth/basic HTTP/1.1", "preflight-answer-0": "Access-Control-Allow-Headers: authorization",
		"request-0": "Authorization: Basic", "redirect-0": "followed a redirect", "response-0": "content-type: application/json",
	} {
		p.eval(fmt.Sprintf(`document.querySelector('[data-arrow=%s]').focus()`, arrow), nil)
		p.key(kb.Enter)
		p.wait(arrow+" is open", fmt.Sprintf(`document.querySelector("[data-arrow=%s]").ariaExpanded === "true"`, arrow))
		require.Contains(t, p.text(`document.querySelector("#exchange-detail").textContent`), want)
		require.Equal(t, arrow, p.text(`document.activeElement.dataset.arrow`), "the keyboard stays where it is")
	}
}

func (p *tab) arrows() string {
	p.t.Helper()
	return p.text(`JSON.stringify([...document.querySelectorAll("[data-arrow]")].map((a) => a.dataset.arrow))`)
}

// is tells whether an expression is true in the page.
func (p *tab) is(expression string) bool {
	p.t.Helper()
	return p.text(`Boolean(`+expression+`)`) == "true"
}
