//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is shown of an earlier request says so.

func TestAnAnswerOfAnEarlierRequestIsMarked(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	require.Equal(t, "200", p.send())
	require.False(t, p.is(`document.querySelector("#answer-changed")`))
	p.fill("username", "somebody else")
	p.wait("the mark", `document.querySelector("#answer-changed")?.checkVisibility()`)
	p.press("#reveal")
	require.True(t, p.is(`document.querySelector("#answer-changed")`), "it stays when the answer is drawn anew")
	require.Contains(t, p.panel("exchange"), "You have changed the request since.")
	p.press("#exchange-forget")
	require.Contains(t, p.panel("exchange"), "Predicted.")
	p.panel("response")
	require.Equal(t, "401", p.send())
	require.False(t, p.is(`document.querySelector("#answer-changed")`))
}

// The tour leads from an answer to another example and its preflight.
func TestAnotherExampleIsPredictedAnew(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	require.Equal(t, "200", p.send())
	require.Contains(t, p.panel("exchange"), "As it was sent.")
	p.press("#examples")
	p.press("[data-example=bearer]")
	p.wait("the prediction of the new request", `document.querySelector("#panel-exchange").innerText.includes("Predicted.") && document.querySelector("#panel-exchange").textContent.includes("/lab/auth/bearer")`)
}

func TestADifferingStepIsForgottenWhenSomethingIsTyped(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("password", "close sesame")
	require.Equal(t, "401", p.send())
	require.Contains(t, p.text(`document.querySelector("#rejection").innerText`), "The lab names the difference.")
	require.Contains(t, p.text(`document.querySelector("#rejected-step").innerText`), "Take the password", "a step has a name for people")
	p.press("#rejected-step")
	p.wait("the step says so", `document.querySelector("#step-password .callout")?.checkVisibility()`)
	p.fill("password", "open sesame")
	p.wait("it no longer does", `!document.querySelector("#step-password .callout")`)
	p.press("#reveal")
	require.False(t, p.is(`document.querySelector("#step-password .callout")`))
}

func TestEveryPanelSaysWhichFieldToMend(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("username", "with:colon")
	p.reload()
	p.wait("the first build after the reload is refused", `document.querySelector("#panel-wire .refusal")`)
	for _, panel := range []string{"wire", "steps", "exchange"} {
		said := p.panel(panel)
		require.Contains(t, said, "This cannot be sent yet.", panel)
		require.NotContains(t, said, "loading", panel)
		p.press(`#panel-` + panel + ` [data-goto=username]`)
		require.Equal(t, "field-username", p.text(`document.activeElement.id`), panel)
	}
	p.fill("username", "without")
	p.panel("steps")
	p.wait("the steps", `document.querySelector("#step-username") && !document.querySelector("#panel-steps .refusal")`)
	p.fill("username", "with:colon")
	p.wait("old steps are dimmed", `document.querySelector("#panel-steps .refusal") && document.querySelector(".steps.stale")`)
}

func TestAnExchangeShowsItsNotesAndVersion(t *testing.T) {
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	p.fill("url", server.LabURL+"auth/basic")
	require.Equal(t, "200", p.send())
	p.wait("the version of HTTP", `document.querySelector("#protocol").textContent.includes("HTTP/1.1")`)
	p.fill("url", server.LabURL+"redirect?to=echo")
	require.Equal(t, "200", p.send())
	for _, panel := range []string{"response", "exchange"} {
		p.panel(panel)
		require.True(t, p.is(`document.querySelector("#panel-`+panel+` [data-code='redirect.followed']").checkVisibility()`), panel)
	}
	said := p.text(`(async () => (await import("./notes.js")).exchangeNotes([{ response: { protocol: "h2" } }]).innerText)()`)
	require.Contains(t, said, "HTTP/2")
	once := p.text(`(async () => (await import("./notes.js")).exchangeNotes([{ response: { protocol: "h2" }, notes: [{ code: "http.h2", severity: "info", message: "m" }] }]).querySelectorAll("li").length)()`)
	require.Equal(t, "1", once)
}
