//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A reload keeps what was typed but for secrets. Those of a public example everybody has: they are put back.

const (
	typedPassword = `document.querySelector("#field-password").value`
	reloadNotice  = `document.querySelector("#notice").innerText`
)

func TestAPublishedExampleOutlivesAReload(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#examples")
	p.press("[data-published=digest]")
	p.press(`[data-example="digest/rfc7616-md5"]`)
	for range 2 {
		p.reload()
		p.ready()
		p.wait("the published bytes", `document.querySelector("#panel-wire").textContent.includes('response="8ca523f5e9506fed4657c9700eebdbec"')`)
		require.Empty(t, p.text(reloadNotice), "nothing is missing")
	}
	p.fill("username", "Scar")
	p.reload()
	p.ready()
	require.Equal(t, "Scar Circle of Life", p.text(`document.querySelector("#field-username").value + " " + `+typedPassword), "what is public comes back beside what was changed")
}

func TestAReloadTellsWhatItEmptied(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("password", "my own password")
	p.reload()
	p.ready()
	require.Empty(t, p.text(typedPassword))
	require.NotContains(t, p.text(`JSON.stringify({ ...sessionStorage })`), "my own")
	require.Contains(t, p.text(reloadNotice), "Secrets are never stored")
	require.Contains(t, p.text(reloadNotice), "Password")
	p.press("#notice-close")
	p.wait("no message", `!document.querySelector("#notice").innerText`)

	p.fill("password", "my own password")
	p.reload()
	p.ready()
	p.press("#examples")
	p.press("[data-example=bearer]")
	p.wait("another request needs no such message", `!document.querySelector("#notice").innerText`)
	require.Equal(t, "200", p.send())
}
