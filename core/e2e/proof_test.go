//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What the server of an example proves of itself is told beside its answer, and how that was checked
// stands behind the steps.
func TestExamplesShowTheProof(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for id, proof := range map[string]struct{ code, step string }{
		"digest":  {"digest.rspauth", "rspauth"},
		"hawk":    {"hawk.proof", "response-mac"},
		"httpsig": {"httpsig.answer-right", "answer-base"},
	} {
		t.Run(id, func(t *testing.T) {
			defer p.within(t)()
			p.press("#examples")
			p.press(`[data-example=` + id + `]`)
			require.Equal(t, "200", p.send())
			p.wait("the proof", `document.querySelector("#answer-notes [data-code='`+proof.code+`']").checkVisibility()`)
			require.False(t, p.is(`document.querySelector("#answer-notes .warn")`))
			require.False(t, p.is(`document.querySelector("#response-headers .mask")`), "a server's proof is no secret")
			p.panel("exchange")
			require.True(t, p.is(`document.querySelector("#panel-exchange [data-code='`+proof.code+`']").checkVisibility()`))
			p.panel("steps")
			p.wait("how it was checked", `document.querySelector("#step-`+proof.step+`").checkVisibility()`)
			p.fill("url", "lab/auth/"+id+"?typed")
			p.wait("it was of what was sent", `!document.querySelector("#step-`+proof.step+`")`)
			p.press("#examples")
			p.press(`[data-example=` + id + `-wrong]`)
			require.Equal(t, "401", p.send())
			require.False(t, p.is(`document.querySelector("#answer-notes [data-code='`+proof.code+`']")`))
		})
	}
}

// The first request of Digest has no credentials, and so no preflight; its answer has both.
func TestEachExchangeHasItsOwnPreflight(t *testing.T) {
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	p.press("#examples")
	p.press(`[data-example=digest]`)
	p.fill("url", server.LabURL+"auth/digest")
	p.panel("exchange")
	p.wait("the prediction", `document.querySelectorAll("[data-arrow]").length === 2`)
	require.Equal(t, "200", p.send())
	require.Equal(t, `["request-0","response-0","preflight-1","preflight-answer-1","request-1","response-1"]`, p.arrows())
	require.True(t, p.is(`document.querySelector("#exchange-about").textContent.includes("dashed")`))
	p.wait("the proof, over a network", `document.querySelector("#panel-exchange [data-code='digest.rspauth']").checkVisibility()`)
}
