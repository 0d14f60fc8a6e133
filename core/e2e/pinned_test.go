//go:build !js

package e2e

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
)

// A pinned clock and pinned nonces make a result the same every time, and say that they do.

func TestThePinnedClock(t *testing.T) {
	const address = "lab/echo"
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	// Whether this token has expired is a matter of the clock: exp is 2030-01-01T00:00:00Z.
	token := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1893456000}`)) + ".c2ln"
	p.choose("scheme", "bearer")
	p.fill("token", token)
	p.fill("url", address)
	notes := `document.querySelector("#notes")?.innerText`
	p.wait("the token is read", notes+`?.includes("2030-01-01")`)
	for _, test := range []struct {
		now     string
		expired bool
	}{{"2029-12-31T23:59:59Z", false}, {"2030-01-01T00:00:01Z", true}} {
		p.press("#settings")
		p.fill("now", test.now)
		p.press(`#settings-dialog [data-close]`)
		p.wait("it is said that the clock is pinned", `document.querySelector("#pins")?.innerText.includes("Clock pinned at `+test.now+`")`)
		p.wait("the clock counts", `document.querySelector("#notes [data-code='bearer.jwt-expired']") !== null === `+map[bool]string{true: "true", false: "false"}[test.expired])
		require.Contains(t, p.text(`document.querySelector("#settings").ariaLabel`), "pinned")
	}
	// A shared link carries it, and Unpin leads to where it is taken back.
	p.press("#share")
	link := p.text(`document.querySelector("#share-link").value`)
	p.press(`#share-dialog [data-close]`)
	other := open(t, link)
	other.ready()
	require.Equal(t, "2030-01-01T00:00:01Z", other.text(`document.querySelector("#now").value`))
	require.Contains(t, other.text(`document.querySelector("#settings").ariaLabel`), "pinned")

	p.press("#pins button")
	p.wait("the settings", `document.querySelector("#settings-dialog").open && document.activeElement.id === "now"`)
	p.press("#unpin-now")
	p.press(`#settings-dialog [data-close]`)
	p.wait("nothing is pinned", `!document.querySelector("#pins")`)
	require.NotContains(t, p.text(`document.querySelector("#settings").ariaLabel`), "pinned")
}

func TestAMistakenClockIsSaidAtItsField(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#settings")
	p.fill("now", "yesterday")
	p.wait("the mistake", `document.querySelector("#error-now").innerText`)
	p.press(`#settings-dialog [data-close]`)
	p.wait("and above the wire", `document.querySelector("#panel-wire .refusal")`)
	p.press(`#panel-wire [data-goto=now]`)
	p.wait("which leads there", `document.activeElement.id === "now"`)
	p.press("#pin-now")
	p.wait("a time that can be read", `document.querySelector("#error-now").innerText === "" && /^\d{4}-.*Z$/.test(document.querySelector("#now").value)`)
}

func TestPinnedNonces(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#settings")
	p.fill("nonces.0.name", "cnonce")
	p.fill("nonces.0.value", "0a4f113b")
	p.press(`#settings-dialog [data-close]`)
	p.wait("it is said", `document.querySelector("#pins").innerText.includes("cnonce pinned")`)
	sent := p.text(`(async () => JSON.stringify((await import("./state.js")).callParams().env))()`)
	require.JSONEq(t, `{"nonces":{"cnonce":"0a4f113b"}}`, sent)
	p.press("#settings")
	p.press(`#nonce-table .pair button`)
	p.wait("unpinned", `!document.querySelector("#pins")`)
}
