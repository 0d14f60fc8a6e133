//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOptionsOfFetch(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#tab-tls")
	p.wait("the options", `document.querySelector("#fetch-timeoutMs")`)

	p.fill("url", "lab/delay/60000")
	p.fill("fetch.timeoutMs", "200")
	require.Equal(t, "failure timeout", p.send(), "the time limit is kept")

	p.fill("fetch.timeoutMs", "soon")
	p.wait("the mistake stands at its field", `document.querySelector("[data-error-for='fetch.timeoutMs']").textContent.includes("milliseconds")`)
	require.Equal(t, "true", p.text(`document.querySelector("#fetch-timeoutMs").ariaInvalid`))
	p.fill("fetch.timeoutMs", "")

	p.fill("url", "lab/redirect?to=echo")
	require.Equal(t, "200", p.send(), "redirects are followed by default")
	p.choose("fetch.redirect", "error")
	require.Equal(t, "failure network", p.send())

	p.press("#share")
	link := p.text(`document.querySelector("#share-link").value`)
	other := open(t, link)
	other.ready()
	require.Equal(t, "error", other.text(`document.querySelector("#fetch-redirect").value`), "a link carries the options")
	require.Equal(t, "omit", other.text(`document.querySelector("#fetch-credentials").value`))
}
