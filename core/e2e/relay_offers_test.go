//go:build !js

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// Where the browser stands in the way, the page says so, and one press leads to the choice; it is not made.
func TestRelayIsOfferedWhereTheBrowserRefuses(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	for _, c := range []struct{ name, set, code string }{
		{"a header that scripts may not set", `r.url = "https://api.example/"; r.headers = [["Cookie", "a=b"], ["Date", "now"]]`, "page.relay"},
		{"a method", `r.url = "https://api.example/"; r.headers = []; r.method = "TRACE"`, "page.relay"},
		{"a body with GET", `r.method = "GET"; r.body.kind = "text"; r.body.text = "query"`, "page.relay"},
		{"a port", `r.body.kind = "none"; r.url = "https://api.example:6000/"`, "page.relay"},
		{"a choice about certificates", `r.url = "https://api.example/"; r.tls.choice = "skip"`, "page.tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			p.panel("wire")
			p.eval(`import("./state.js").then(({ change, emit }) => { change((r) => { `+c.set+` }); emit("headers-changed"); return null; })`, nil)
			p.wait("a note", `document.querySelector("#notes [data-code='`+c.code+`']").innerText.includes("relay")`)
			if c.code == "page.relay" {
				p.press("#tab-auth")
				p.press(`#notes [data-code="page.relay"] button`)
				p.wait("the choice has the focus", `document.querySelector("#panel-tls").checkVisibility() && document.activeElement.dataset.via === "relay"`)
				require.False(t, p.is(`document.activeElement.checked`))
			}
		})
	}
	p.eval(`import("./state.js").then(({ change }) => { change((r) => { r.tls.choice = "verify"; }); return null; })`, nil)
	p.wait("nothing to offer", `!document.querySelector("#notes :is([data-code='page.relay'], [data-code='page.tls'])")`)
	require.False(t, p.is(`document.querySelector("[data-via=relay]").checked`))
	p.eval(`import("./state.js").then(({ change }) => { change((r) => { r.method = "TRACE"; }); return null; })`, nil)
	p.send()
	require.NotEmpty(t, p.text(`document.querySelector("#panel-response [data-offer] button")?.textContent ?? ""`), "the answer offers it, too")
}

// All of it by keyboard: choosing, pairing with Enter, forgetting.
func TestRelayByKeyboard(t *testing.T) {
	s := serveRelay(t, native.ServeOptions{})
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.visit(s.URL)
	p.ready()
	p.tabTo(`#pane-request [role=tab][aria-selected=true]`)
	for p.text(`document.activeElement.dataset.tab`) != "tls" {
		p.key(kb.ArrowRight)
	}
	p.tabTo("[data-via=fetch]")
	p.key(kb.ArrowDown)
	p.tabTo("#relay-code")
	p.key(s.code())
	p.key(kb.Enter)
	p.wait("paired", `document.querySelector("#paired")`)
	require.True(t, p.is(`document.querySelector("#response-empty") !== null`), "Enter pairs, and sends nothing")
	p.tabTo("#relay-forget")
	p.key(kb.Enter)
	p.wait("forgotten", `document.querySelector("#relay-code")`)
}

func TestSendingThroughTheRelayFitsAndCanBeRead(t *testing.T) {
	p, _ := openRelayed(t)
	p.setTLS(`{choice: "ca", client: "pem"}`)
	for _, theme := range []string{"light", "dark"} {
		p.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
		for _, width := range []int64{360, 768, 1280} {
			p.run(emulation.SetDeviceMetricsOverride(width, 740, 1, width < 500))
			for _, state := range []string{`{choice: "ca", client: "pem"}`, `{choice: "skip", client: "pkcs12"}`, `{choice: "pin"}`} {
				p.setTLS(state)
				p.fitsTheWidth(theme + " " + state)
				p.hasContrast(theme + " " + state)
			}
		}
	}
	p.press("#relay-forget")
	p.wait("forgotten", `document.querySelector("#relay-code")`)
	p.run(emulation.SetDeviceMetricsOverride(360, 740, 1, true))
	p.fitsTheWidth("not paired")
	p.hasContrast("not paired")
}

// What the server wants is answered through the relay as well.
func TestRelayAnswersChallenges(t *testing.T) {
	p, s := openRelayed(t)
	var answer struct {
		Exchanges []struct {
			Why      string
			Response struct{ Status int }
		}
	}
	p.call("send", `{"via":"relay","request":{"method":"GET","url":`+quoted(s.LabURL+"auth/digest")+`},"auth":{"scheme":"digest","values":{"username":"Mufasa","password":"Circle of Life"}}}`, &answer)
	require.Len(t, answer.Exchanges, 2)
	require.Equal(t, "answer", answer.Exchanges[1].Why)
	require.Equal(t, []int{401, 200}, []int{answer.Exchanges[0].Response.Status, answer.Exchanges[1].Response.Status})
}

// A relay that ends while an answer arrives leaves what came of it, and says so.
func TestRelayThatIsLostOnTheWay(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the first part")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	p, s := openRelayed(t)
	p.tampered = true
	p.choose("scheme", "none")
	p.fill("url", server.URL)
	p.expectAnswer()
	p.press("#send")
	p.wait("the answer begins", `document.querySelector("#activity")?.innerText.includes("headers")`)
	s.stop()
	p.answer()
	require.Equal(t, "relay.lost", p.text(`document.querySelector("#failure").dataset.code`))
	require.Contains(t, p.text(`document.querySelector("#body-view").innerText`), "the first part")
}

// The window may be closed at any time: what waits for it ends, and the page says how to go on.
func TestClosedWindowEndsWhatGoesThroughIt(t *testing.T) {
	begun := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		begun <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	p, origin := hostedPage(t)
	s := serveRelay(t, native.ServeOptions{RelayOnly: true, AllowOrigins: []string{origin}})
	p.permit(origin, cdpbrowser.PermissionSettingDenied)
	p.eval(`(() => { const real = window.open.bind(window); window.open = (...args) => (globalThis.opened = real(...args)); })()`, nil)
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	p.eval(`document.querySelector("#relay-address").select()`, nil)
	p.run(focusAndType("#relay-address", s.RelayURL))
	p.press("#relay-window")
	p.wait("the window is there", `document.querySelector("#relay-bridge").dataset.bridge === "open"`)
	p.typeCode(s.code())
	p.wait("paired", `document.querySelector("#paired")`)
	p.choose("scheme", "none")
	p.fill("url", server.URL)
	p.expectAnswer()
	p.press("#send")
	<-begun
	p.eval(`void globalThis.opened.close()`, nil)
	p.answer()
	require.Regexp(t, "^relay[.](lost|absent)$", p.text(`document.querySelector("#failure").dataset.code`))
	p.press("#tab-tls")
	p.wait("the page says so", `document.querySelector("#relay-bridge").dataset.bridge === "closed"`)
}

// Plain http has no certificate, so nothing is claimed of one.
func TestTheLineUnderTheURLSaysWhatIsChecked(t *testing.T) {
	p, _ := openRelayed(t)
	line := func(url string) string {
		p.fill("url", url)
		return p.text(`document.querySelector("#via-line").innerText`)
	}
	require.Contains(t, line("https://api.example/"), "certificate verified")
	require.NotContains(t, line("http://api.example/"), "verified")
	require.Contains(t, line("http://api.example/"), "no certificate")
	require.Contains(t, line("lab/echo"), "no certificate", "the page's own address is plain http")
	p.eval(`import("./state.js").then(({ change }) => { change((r) => { r.tls.choice = "skip"; r.tls.client = "pem"; }); return null; })`, nil)
	require.NotContains(t, line("http://api.example/"), "client certificate")
	require.False(t, p.is(`document.querySelector("#via-line").classList.contains("unsafe")`))
	require.Contains(t, line("HTTPS://api.example/"), "certificate not verified · with a client certificate")
	require.True(t, p.is(`document.querySelector("#via-line").classList.contains("unsafe")`))
}
