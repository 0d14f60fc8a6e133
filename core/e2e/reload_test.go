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

// What a server asks for is no secret, nor is what another scheme's form or the relay's has: all but secrets comes back.
func TestAReloadKeepsWhatIsOutOfSight(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "hawk")
	p.fill("id", "my-id")
	p.fill("key", "secret-hawk-key")
	p.choose("scheme", "digest")
	p.fill("username", "Mufasa")
	p.press(".advanced summary")
	const challenge = `Digest realm="mine", nonce="pasted-nonce", qop="auth"`
	p.fill("challenge", challenge+"\nSet-Cookie: sid=secret-cookie")
	p.eval(`(async () => {
		const { change, typed } = await import("./state.js");
		change(() => {
			Object.assign(typed.tls, { choice: "skip", ca: "my CA", clientCert: "-----BEGIN PRIVATE KEY-----\\nsecret-key", clientKey: "secret-key" });
			Object.assign(typed.proxy, { url: "http://proxy.test:3128", username: "me", password: "secret-proxy" });
		});
	})()`, nil)
	p.reload()
	p.ready()
	require.NotContains(t, p.text(`JSON.stringify({ ...sessionStorage })`), "secret-")
	p.wait("the challenge is answered", `document.querySelector("#panel-wire").textContent.includes("pasted-nonce")`)
	require.Equal(t, challenge+"\nSet-Cookie: ", p.text(`document.querySelector("#field-challenge").value`))
	for _, name := range []string{"Set-Cookie", "Private key", "Certificate", "Password"} {
		require.Contains(t, p.text(reloadNotice), name)
	}
	require.Equal(t, "verify my CA   http://proxy.test:3128 me ", p.text(`(async () => {
		const { typed: { tls, proxy } } = await import("./state.js");
		return [tls.choice, tls.ca, tls.clientCert, tls.clientKey, proxy.url, proxy.username, proxy.password].join(" ");
	})()`))
	p.choose("scheme", "hawk")
	require.Equal(t, "my-id ", p.text(`document.querySelector("#field-id").value + " " + document.querySelector("#field-key").value`))
}

func TestALinkCarriesAPastedChallenge(t *testing.T) {
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.ready()
	p.press("#examples")
	p.press("[data-example=digest]")
	p.press(".advanced summary")
	p.fill("challenge", `Digest realm="mine", nonce="shared-nonce", qop="auth"`)
	p.visit(p.text(`(async () => (await import("./share.js")).shareLink().link)()`))
	p.wait("the challenge is answered", `document.querySelector("#panel-wire").textContent.includes("shared-nonce")`)
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
