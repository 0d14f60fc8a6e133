//go:build !js

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// A page of the browser's own attacks the running relay, with all that a page has. It even knows the token of the page
// that is paired; core/cmd/authpad/relay_attack_test.go attacks with what no browser would send.

// weapons are made ready in the page: SEND is the relay's route, order() an order for the victim.
const weapons = `
const RELAY = %q, TOKEN = %q, VICTIM = %q;
const order = (path) => {
	const json = new TextEncoder().encode(JSON.stringify({ method: "GET", url: VICTIM + path }));
	const all = new Uint8Array(4 + json.length);
	new DataView(all.buffer).setUint32(0, json.length);
	all.set(json, 4);
	return all;
};
const SEND = RELAY + "relay/send";
const outcome = (promise) => promise.then((answer) => answer.type === "opaque" ? "opaque" : String(answer.status), (error) => error.name);
const withToken = { "X-Authpad-Relay": TOKEN };
const loaded = (element) => new Promise((done) => { element.onload = () => done("loaded"); element.onerror = () => done("error"); document.body.append(element); });
const make = (name, members) => Object.assign(document.createElement(name), members);
`

var attacks = []struct{ name, script, want string }{
	{"fetch with the token", `outcome(fetch(SEND, { method: "POST", headers: withToken, body: order("/fetch") }))`, "TypeError"},
	{"fetch of the state", `outcome(fetch(RELAY + "relay/status", { headers: withToken }))`, "TypeError"},
	{"fetch with all credentials", `outcome(fetch(SEND, { method: "POST", credentials: "include", headers: withToken, body: order("/credentials") }))`, "TypeError"},
	{"fetch that says it is the bridge", `outcome(fetch(SEND, { method: "POST", headers: { ...withToken, "X-Authpad-Opener": ALLOWED }, body: order("/opener") }))`, "TypeError"},
	{"fetch that says it is the page", `outcome(fetch(SEND, { method: "POST", headers: { Origin: ALLOWED, Referer: ALLOWED }, body: order("/origin") }))`, "TypeError"},
	{"no-cors, as text", `outcome(fetch(SEND, { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: order("/no-cors") }))`, "opaque"},
	{"no-cors, with the token, which the browser drops", `outcome(fetch(SEND, { method: "POST", mode: "no-cors", headers: withToken, body: order("/no-cors-token") }))`, "opaque"},
	{"no-cors GET", `outcome(fetch(SEND + "?X-Authpad-Relay=" + TOKEN, { mode: "no-cors" }))`, "opaque"},
	{"pairing by guess", `outcome(fetch(RELAY + "relay/pair", { method: "POST", headers: { "X-Authpad-Relay": "pair" }, body: '{"code":"AAAA-AAAA"}' }))`, "TypeError"},
	{"XMLHttpRequest", `new Promise((done) => { const x = new XMLHttpRequest(); x.open("POST", SEND); x.setRequestHeader("X-Authpad-Relay", TOKEN); x.onload = () => done("loaded"); x.onerror = () => done("error"); x.send(order("/xhr")); })`, "error"},
	{"a beacon", `(async () => { navigator.sendBeacon(SEND, order("/beacon")); return "beacon"; })()`, "beacon"},
	{"an image", `loaded(make("img", { src: SEND + "?" + TOKEN }))`, "error"},
	{"a script", `loaded(make("script", { src: RELAY + "relay/status?" + TOKEN }))`, "error"},
	{"the bridge's script", `loaded(make("script", { src: RELAY + "relay/bridge.js" }))`, "error"},
	{"a form", `(async () => {
		const frame = make("iframe", { name: "target" }), form = make("form", { action: SEND, method: "POST", enctype: "text/plain", target: "target" });
		form.append(make("input", { name: '{"method":"GET","url":"' + VICTIM + '/form","x":"', value: '"}' }));
		document.body.append(frame, form);
		const done = new Promise((resolve) => { frame.onload = resolve; });
		form.submit();
		await done;
		try { return frame.contentDocument ? "readable" : "closed"; } catch { return "closed"; }
	})()`, "closed"},
	{"a page without an origin, as from disk", `new Promise((done) => {
		addEventListener("message", (event) => done(event.data), { once: true });
		document.body.append(make("iframe", { sandbox: "allow-scripts", srcdoc: "<script>fetch(" + JSON.stringify(SEND) + ", { method: 'POST', headers: " + JSON.stringify(withToken)
			+ ", body: 'x' }).then((a) => 'answered ' + a.status, (e) => e.name).then((text) => parent.postMessage(text, '*'))</" + "script>" }));
	})`, "TypeError"},
	{"a WebSocket", `new Promise((done) => { const s = new WebSocket(SEND.replace("http", "ws")); s.onopen = () => done("open"); s.onerror = () => done("error"); })`, "error"},
	{"an event stream", `new Promise((done) => { const s = new EventSource(RELAY + "relay/status"); s.onopen = () => done("open"); s.onerror = () => { s.close(); done("error"); }; })`, "error"},
	{"a worker of the relay's origin", `(async () => { try { new Worker(RELAY + "relay/bridge.js"); return "made"; } catch (error) { return error.name; } })()`, "SecurityError"},
	{"the bridge in a frame", `(async () => {
		const frame = make("iframe", { src: RELAY + "relay/bridge" });
		await loaded(frame);
		frame.contentWindow.postMessage({ authpad: "order", route: "send", word: TOKEN, body: order("/frame") }, "*", [new MessageChannel().port2]);
		return "posted";
	})()`, "posted"},
	{"the bridge in a window", `(async () => {
		let heard = "";
		addEventListener("message", (event) => { heard ||= JSON.stringify(event.data); });
		const opened = open(RELAY + "relay/bridge");
		for (let i = 0; i < 20; i++) { // it says nothing to whom it does not work for
			await new Promise((done) => setTimeout(done, 50));
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = ({ data }) => { heard ||= "answered " + data.status; };
			opened.postMessage({ authpad: "order", route: "send", word: TOKEN, body: order("/window") }, "*", [port2]);
		}
		return heard || "silence";
	})()`, "silence"},
}

func TestNoStrangersPageUsesTheRelay(t *testing.T) {
	victim, got := corsless(t)
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>a stranger</title><body>")
	}))
	defer stranger.Close()
	const allowed = "https://pages.example"
	s, token := pairedFor(t, allowed)
	p := newTab(t)
	p.tampered = true // the browser says in its console what it blocks
	p.visit(stranger.URL)
	arms := fmt.Sprintf(weapons, s.RelayURL, token, victim.URL) + fmt.Sprintf("const ALLOWED = %q;", allowed)
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			defer p.within(t)()
			require.Equal(t, a.want, p.text(`(async () => { `+arms+` return `+a.script+`; })()`))
		})
	}
	require.Empty(t, got.all())
	require.NotContains(t, s.terminal.String(), "wrong codes", "not even a guess was heard")

	t.Run("and what attacks is sharp: from an allowed page it would send", func(t *testing.T) {
		s, token := pairedFor(t, stranger.URL)
		defer p.within(t)()
		arms := fmt.Sprintf(weapons, s.RelayURL, token, victim.URL)
		require.Equal(t, "200", p.text(`(async () => { `+arms+` return `+attacks[0].script+`; })()`))
		require.Len(t, got.all(), 1)
	})
}

// pairedFor runs a relay that a page of this origin is paired with.
func pairedFor(t *testing.T, origin string) (s *program, token string) {
	t.Helper()
	log := &terminal{}
	ctx, cancel := context.WithCancel(context.Background())
	server, err := native.Serve(ctx, native.ServeOptions{RelayOnly: true, RelayAddr: "127.0.0.1:0", AllowOrigins: []string{origin}, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { cancel(); server.Close() })
	s = &program{server, log, cancel}
	req, err := http.NewRequest("POST", s.RelayURL+"relay/pair", strings.NewReader(`{"code":"`+s.code()+`"}`))
	require.NoError(t, err)
	req.Header.Set("Origin", origin)
	req.Header.Set("X-Authpad-Relay", "pair")
	response, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer response.Body.Close()
	var answer struct{ Token string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	require.NotEmpty(t, answer.Token)
	return s, answer.Token
}
