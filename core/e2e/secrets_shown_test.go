//go:build !js

package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is on the screen gives no secret away until the eye is pressed.

// onScreen is all that the result shows of itself, to eyes and to screen readers; the form is the person's own.
const onScreen = `[document.title, document.querySelector("#pane-result").textContent, document.querySelector("#alert").textContent, document.querySelector("#announce").textContent,
	...[...document.querySelectorAll("[title], [aria-label]")].map((el) => el.title + " " + el.ariaLabel)].join("\n")`

func TestSecretsOfAnAddressAreMaskedEverywhere(t *testing.T) {
	const password, key = "hunter22-of-this-test", "k3y-of-this-test"
	address := plain(t, true, 200, "{}")
	p := newTab(t)
	p.mayAsk = []string{address}
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	p.fill("url", strings.Replace(address, "http://", "http://bob:"+password+"@", 1)+"a?page=17&api_key="+key)
	p.wait("it is built", `document.querySelector("#wire .start").innerText.includes("page=17")`)
	require.Equal(t, "200", p.send())
	for _, panel := range []string{"wire", "steps", "exchange", "response"} {
		p.panel(panel)
		for _, secret := range []string{password, key, "Ym9iOmh1bnRlcjIyLW9mLXRoaXMtdGVzdA"} { // the last is Basic's
			require.NotContains(t, p.text(onScreen), secret, panel)
		}
	}
	for _, reading := range []string{"hex", "base64"} {
		p.panel("steps")
		p.press(`[data-reading=` + reading + `]`)
		require.NotContains(t, p.text(onScreen), "68 75 6e 74 65 72", reading)
		require.NotContains(t, p.text(onScreen), "aHVudGVyMjI", reading)
	}
	p.press(`[data-reading=text]`)
	p.press("#reveal")
	require.Contains(t, p.panel("steps"), password)
	require.Contains(t, p.panel("wire"), key)
	require.Contains(t, p.panel("exchange"), key)
	p.panel("response")
	require.Contains(t, p.text(`document.querySelector("#answered-url").innerText`), key)
}

func TestAChallengeIsNoSecret(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("password", "wrong")
	require.Equal(t, "401", p.send())
	require.Contains(t, p.text(`document.querySelector("#response-headers").innerText`), "Basic realm=")
	p.press("#examples")
	p.press("[data-example=dpop]")
	require.Equal(t, "200", p.send())
	p.panel("exchange")
	p.press(`[data-arrow=response-0]`)
	require.Regexp(t, `dpop-nonce: [\w.-]{8}`, p.text(`document.querySelector("#exchange-detail").innerText`), "the nonce that the next proof has to hold")
}

func TestCopyButtonsSayWhatTheyCopy(t *testing.T) {
	p := newTab(t)
	p.beforeEachDocument(`navigator.clipboard.writeText = async (text) => { globalThis.copied = text; }`)
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("method", "POST")
	p.press("#tab-body")
	p.press(`[data-body-kind=text]`)
	p.run(focusAndType("#body-text", "some words"))
	require.Equal(t, "200", p.send())
	p.panel("exchange")
	p.eval(`document.querySelector("[data-arrow=request-0]").dispatchEvent(new MouseEvent("click", { bubbles: true }))`, nil)
	p.press("#tab-tls")
	p.press(`[data-tls=skip]`)
	for _, panel := range []string{"wire", "steps", "exchange", "response"} {
		p.panel(panel)
		vague := p.text(`[...document.querySelectorAll(".copy")].filter((b) => b.checkVisibility() && b.ariaLabel.trim().split(" ").length < 2).map((b) => b.outerHTML.slice(0, 160)).join("\n")`)
		require.Empty(t, vague, panel)
	}
	p.panel("wire")
	require.Contains(t, p.text(`document.querySelector("#wire .caption .copy").title`), "secrets included")
	p.press("#wire .caption .copy")
	p.wait("the whole is copied", `globalThis.copied?.includes("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")`)
}
