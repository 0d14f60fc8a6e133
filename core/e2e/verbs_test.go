//go:build !js

package e2e

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// The verbs of a person at the page. What a person does goes through the browser's own input; what a person reads is
// asked of the document.

// quoted is a text as JavaScript, for expressions.
func quoted(text string) string {
	literal, _ := json.Marshal(text) // a string always has a form in JSON
	return string(literal)
}

// ready waits until the core has answered for the first time and the wire shows what would be sent.
func (p *tab) ready() {
	p.t.Helper()
	p.wait("the wire shows a request", `/ HTTP\/1\.1/.test(document.querySelector("#panel-wire").textContent)`)
}

// offlineReady waits until the worker has stored the page and controls it.
func (p *tab) offlineReady() {
	p.t.Helper()
	p.ready()
	p.wait("the worker controls the page", "navigator.serviceWorker.controller?.state === 'activated'")
}

// keptModule waits until the worker's cache has the module unpacked, and returns its first letters.
func (p *tab) keptModule() string {
	p.t.Helper()
	return p.text(`(async () => {
		for (;;) {
			const kept = await caches.match("authpad.wasm.xz") ?? await caches.match("authpad.wasm.gz");
			if (kept?.headers.get("Content-Type") === "application/wasm") return (await kept.text()).slice(0, 4);
			await new Promise((later) => setTimeout(later, 20));
		}
	})()`)
}

// fill replaces the text of a field: form fields by their id in the contract, "url" too.
func (p *tab) fill(field, text string) {
	p.t.Helper()
	box := fmt.Sprintf(`document.querySelector('[data-field=%s]')`, quoted(field))
	p.wait("field "+field, box)
	p.eval(fmt.Sprintf(`(() => { const box = %s; box.focus(); box.select(); })()`, box), nil)
	if text == "" {
		p.key(kb.Delete)
		return
	}
	p.do(func(ctx context.Context) error { return p.window.insert(ctx, text) })
}

// choose picks an entry of a menu by its value.
func (p *tab) choose(field, value string) {
	p.t.Helper()
	p.wait("menu "+field+" with "+value, fmt.Sprintf(`document.querySelector('select[data-field=%s] option[value=%s]')`, quoted(field), quoted(value)))
	p.eval(fmt.Sprintf(`(() => {
		const menu = document.querySelector('select[data-field=%s]');
		menu.value = %s;
		menu.dispatchEvent(new Event("input", { bubbles: true }));
		menu.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, quoted(field), quoted(value)), nil)
}

// press clicks the middle of what a selector finds, as a mouse would.
func (p *tab) press(selector string) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	p.wait("a visible "+selector, fmt.Sprintf(`document.querySelector(%s).checkVisibility()`, quoted(selector)))
	p.eval(fmt.Sprintf(`(() => {
		const box = document.querySelector(%s);
		box.scrollIntoView({ block: "nearest", behavior: "instant" });
		const { left, top, width, height } = box.getBoundingClientRect();
		return { X: left + width / 2, Y: top + height / 2 };
	})()`, quoted(selector)), &at)
	p.do(func(ctx context.Context) error { return p.window.click(ctx, at.X, at.Y) })
}

// key types a key, "" for none, with the modifiers given.
func (p *tab) key(key string, modifiers ...input.Modifier) {
	p.t.Helper()
	p.run(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// send presses Send, waits for the answer of this very send and returns its status, or "failure" and its code.
func (p *tab) send() string {
	p.t.Helper()
	p.expectAnswer()
	p.press("#send")
	return p.answer()
}

// expectAnswer marks the answer that is on the screen, so that a later one is told apart.
func (p *tab) expectAnswer() {
	p.t.Helper()
	p.eval(`void document.querySelector("#panel-response").firstElementChild.setAttribute("data-old", "")`, nil)
}

func (p *tab) answer() string {
	p.t.Helper()
	p.wait("an answer", `!document.querySelector("#panel-response > [data-old]")`)
	return p.text(`document.querySelector("#status")?.dataset.status ??
		"failure " + document.querySelector("#panel-response [data-code]")?.dataset.code`)
}

// panel brings a tab to the front and returns what can be read in it.
func (p *tab) panel(name string) string {
	p.t.Helper()
	p.press(fmt.Sprintf(`[data-tab=%s]`, quoted(name)))
	return p.text(fmt.Sprintf(`document.querySelector('[data-panel=%s]').innerText`, quoted(name)))
}

// call asks the core as a script in the page would, and requires an answer without error.
func (p *tab) call(name, params string, out any) {
	p.t.Helper()
	var envelope struct{ OK, Error json.RawMessage }
	p.eval(fmt.Sprintf(`(async () => { await globalThis.authpadReady; return JSON.parse((await authpad(%s, %s))[0]); })()`,
		quoted(name), quoted(params)), &envelope)
	require.Nil(p.t, envelope.Error, string(envelope.Error))
	if out != nil {
		require.NoError(p.t, json.Unmarshal(envelope.OK, out))
	}
}

// focusAndType puts text into whatever a selector finds.
func focusAndType(selector, text string) chromedp.Action {
	return chromedp.Tasks{chromedp.Focus(selector, chromedp.ByQuery), input.InsertText(text)}
}
