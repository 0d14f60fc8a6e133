//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestErrorsStandAtTheirFields(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "basic")
	p.fill("password", "x")
	for _, test := range []struct{ field, bad, good string }{
		{"username", "with:colon", "without"},
		{"url", "http://[", "lab/echo"},
	} {
		p.fill(test.field, test.bad)
		p.wait("an error at "+test.field, fmt.Sprintf(`document.querySelector('#error-%s').innerText.trim() !== ""`, test.field))
		require.Equal(t, "true", p.text(fmt.Sprintf(`document.querySelector('[data-field=%s]').ariaInvalid`, test.field)))
		require.True(t, p.is(fmt.Sprintf(`document.querySelector('#error-%s').innerText.startsWith(document.querySelector("#announce").textContent)`, test.field)), "who does not see it hears it")
		require.NotEmpty(t, p.text(`document.querySelector("#announce").textContent`))
		p.fill(test.field, test.good)
		p.wait("no error at "+test.field, fmt.Sprintf(`document.querySelector('#error-%s').innerText.trim() === ""`, test.field))
	}
}

// The core counts the header lines that are sent: a row that is empty is none of them.
func TestAnErrorOfARowStandsInItsRow(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.eval(`(async () => {
		const { change, emit } = await import("./state.js");
		change((r) => { r.headers.push(["", ""], ["X-A", "1"], ["", ""], ["bad name", "2"]); });
		emit("headers-changed");
	})()`, nil)
	p.panel("headers")
	invalid := `[...document.querySelectorAll("[aria-invalid]")].map((el) => el.name || el.id).join(" ")`
	p.wait("the error below its row", `document.querySelector('[id="error-headers.3"]').innerText.includes("header name")`)
	require.Equal(t, "headers.3.name", p.text(invalid), "it is the name that is wrong")
	p.press("#panel-wire .refusal [data-goto]")
	require.Equal(t, "headers.3.name", p.text(`document.activeElement.name`))
	p.expectAnswer()
	p.press("#send")
	require.Equal(t, "failure header.name", p.answer())
	require.Contains(t, p.text(`document.querySelector("#announce").textContent`), "Not sent. A header name holds only", "who hears the page is told why, too")

	p.fill("headers.3.name", "X-B")
	p.choose("method", "other")
	p.run(focusAndType("#method-other", "A B"))
	p.wait("the error of the method", `document.querySelector("#error-method").innerText`)
	require.Equal(t, "method-other", p.text(invalid), "a method that is typed is wrong where it is typed")
	p.panel("wire")
	p.press("#panel-wire .refusal [data-goto]")
	require.Equal(t, "method-other", p.text(`document.activeElement.id`))
}

func TestKeyboardOnly(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.tabTo("#scheme")
	p.key("b") // typing ahead in a menu: HTTP Basic or Bearer
	p.tabTo("#url")
	p.eval(`document.querySelector("#url").select()`, nil) // Ctrl+A is the platform's, not the page's
	p.key("lab/echo?by=keyboard")
	p.expectAnswer()
	p.key(kb.Enter)
	require.Equal(t, "200", p.answer())
	p.tabTo(`#pane-result [role=tab][aria-selected=true]`)
	for _, name := range []string{"wire", "steps", "exchange", "response"} {
		p.key(kb.Home)
		for p.text(`document.activeElement.dataset.tab`) != name {
			before := p.text(`document.activeElement.dataset.tab`)
			p.key(kb.ArrowRight)
			require.NotEqual(t, before, p.text(`document.activeElement.dataset.tab`))
		}
		require.Equal(t, "true", p.text(fmt.Sprintf(`document.querySelector('[data-panel=%s]').checkVisibility()`, name)))
	}
}

// From the first visit to an answered challenge, and a look at what it was made of.
func TestDigestByKeyboard(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.tabTo("#examples")
	p.key(kb.Enter)
	p.wait("the menu", `document.activeElement.dataset.example === "none"`)
	p.key("h")
	p.key("h")
	require.Equal(t, "digest", p.text(`document.activeElement.dataset.example`))
	p.key(kb.Enter)
	require.Equal(t, "send", p.text(`document.activeElement.id`))
	p.expectAnswer()
	p.key(kb.Enter)
	require.Equal(t, "200", p.answer())
	p.tabTo(`#pane-result [role=tab][aria-selected=true]`)
	p.key(kb.ArrowLeft)
	require.Equal(t, "exchange", p.text(`document.activeElement.dataset.tab`))
	p.tabTo(`[data-arrow=response-0]`)
	p.key(kb.Enter)
	require.Contains(t, p.text(`document.querySelector("#exchange-detail").innerText`), "www-authenticate: Digest")
}

// tabTo presses Tab until the element has the focus, and holds that the focus can be seen on the way.
func (p *tab) tabTo(selector string) {
	p.t.Helper()
	for range 200 {
		if p.text(fmt.Sprintf(`document.activeElement.matches(%s)`, quoted(selector))) == "true" {
			return
		}
		p.key(kb.Tab)
		unseen := p.text(`(() => {
			const el = document.activeElement, style = getComputedStyle(el);
			const seen = el === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none" || (el.matches(".arrow") && getComputedStyle(el.querySelector(".hit")).stroke !== "none");
			return seen ? "" : el.outerHTML.slice(0, 120);
		})()`)
		require.Empty(p.t, unseen, "has the focus and does not show it")
	}
	require.Fail(p.t, "Tab never reaches "+selector)
}

func TestNarrowScreens(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "lab/echo?long="+fmt.Sprintf("%0300d", 7))
	for _, width := range []int64{360, 768} {
		p.run(emulation.SetDeviceMetricsOverride(width, 740, 2, width < 500))
		var schemes []string
		p.eval(`[...document.querySelectorAll("#scheme option")].map((o) => o.value)`, &schemes)
		for _, scheme := range schemes {
			p.choose("scheme", scheme)
			p.fitsTheWidth(scheme)
		}
		p.send()
		for _, panel := range []string{"auth", "params", "headers", "body", "tls", "wire", "steps", "exchange", "response"} {
			p.panel(panel)
			p.fitsTheWidth(panel)
		}
	}
}

func (p *tab) fitsTheWidth(what string) {
	p.t.Helper()
	wide := p.text(`(() => {
		const root = document.documentElement;
		if (root.scrollWidth <= root.clientWidth) return "";
		const out = [...document.querySelectorAll("body *")].find((e) => e.checkVisibility() && e.getBoundingClientRect().right > root.clientWidth + 1);
		return root.scrollWidth + " px: " + (out?.outerHTML.slice(0, 160) ?? "");
	})()`)
	require.Empty(p.t, wide, "%s is wider than the screen", what)
}

func TestSecretsStayInMemory(t *testing.T) {
	const secret = "s3cret-9f1c-of-this-test"
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.offlineReady()
	p.choose("scheme", "basic")
	p.fill("username", "known-user")
	p.fill("password", secret)
	p.fill("url", "lab/auth/basic")
	p.send()
	require.Contains(t, p.text(`document.querySelector("[data-field=password]").value`), secret, "the search below looks for what was typed")
	for _, place := range []string{
		`JSON.stringify({ ...localStorage })`, `JSON.stringify({ ...sessionStorage })`, `document.cookie`, `location.href`,
		`JSON.stringify(history.state)`, `document.title`, everythingInIndexedDB, everythingInCaches,
	} {
		kept := p.text(place)
		require.NotContains(t, kept, secret, place)
	}
	for _, request := range host.requests() {
		require.NotContains(t, request, secret)
	}
}

const everythingInIndexedDB = `(async () => {
	const all = [];
	for (const { name } of await indexedDB.databases()) {
		const db = await new Promise((done, failed) => Object.assign(indexedDB.open(name), { onsuccess: (e) => done(e.target.result), onerror: failed }));
		for (const store of db.objectStoreNames) {
			all.push(await new Promise((done, failed) => Object.assign(db.transaction(store).objectStore(store).getAll(), { onsuccess: (e) => done(e.target.result), onerror: failed })));
		}
		db.close();
	}
	return JSON.stringify(all);
})()`

const everythingInCaches = `(async () => {
	const all = [];
	for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(request.url, [...request.headers].join());
	return JSON.stringify(all);
})()`

func TestSecretsAreMaskedUntilAskedFor(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "basic")
	p.fill("username", "Aladdin")
	p.fill("password", "open sesame")
	const credentials = "QWxhZGRpbjpvcGVuIHNlc2FtZQ==" // RFC 7617, section 2
	for _, panel := range []string{"wire", "steps"} {
		require.NotContains(t, p.panel(panel), credentials)
		require.NotContains(t, p.panel(panel), "open sesame")
	}
	p.press("#reveal")
	require.Contains(t, p.panel("wire"), credentials)
	require.Contains(t, p.panel("steps"), credentials)
	p.press("#reveal")
	require.NotContains(t, p.panel("wire"), credentials)
}

func TestShareLinkCarriesNoSecret(t *testing.T) {
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.ready()
	p.choose("scheme", "basic")
	p.fill("username", "shared-user")
	p.fill("password", "never-shared")
	p.fill("url", "https://shared.example/path?q=1")
	p.press("#share")
	p.wait("a link", `document.querySelector("#share-link")?.checkVisibility()`)
	link := p.text(`document.querySelector("#share-link").value`)
	require.Contains(t, link, host.URL+"#", "the request travels in the fragment, which no server sees")
	require.NotContains(t, p.text(`decodeURIComponent(`+quoted(link)+`)`), "never-shared")

	other := newTab(t)
	other.visit(link)
	other.ready()
	require.Equal(t, "https://shared.example/path?q=1", other.text(`document.querySelector("#url").value`))
	require.Equal(t, "shared-user", other.text(`document.querySelector("[data-field=username]").value`))
	require.Empty(t, other.text(`document.querySelector("[data-field=password]").value`))
}
