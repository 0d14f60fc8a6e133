//go:build !js

package e2e

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/native"
)

// The boundary alone, without the page around it: web/core.js and what it loads, in a document of its own that has the
// page's strict CSP.

const bareDoor = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>door</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src * data: blob:; img-src data:; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types app">
<link rel="icon" href="data:,"><script src="wasm_exec.js" defer></script><script type="module" src="core.js"></script></head>
<body>door</body></html>`

// doorFolder is the door as a static host would have it. module replaces the built module where it is not empty.
func doorFolder(t testing.TB, module string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(repository(), "web", "authpad.wasm.gz")); err != nil {
		skip(t, "the page is not built: run make build, or make test, which does")
	}
	dir := t.TempDir()
	for _, name := range []string{"bridge.js", "core.js", "far.js", "fetch.js", "keys.js", "schemes.js", "lab.js", "module.js", "relay.js", "room.js", "stream.js", "sw.js", "wasm_exec.js", "authpad.wasm.gz"} {
		content, err := os.ReadFile(filepath.Join(repository(), "web", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
	}
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644))
	}
	write("index.html", bareDoor)
	write("assets.js", `self.AUTHPAD_ASSETS = {"version":"1","files":["./","index.html","bridge.js","core.js","far.js","fetch.js","keys.js","relay.js","schemes.js","lab.js","module.js","room.js","stream.js","wasm_exec.js","authpad.wasm.gz"]};`)
	if module != "" {
		packFile(t, module, filepath.Join(dir, "authpad.wasm.gz"))
	}
	return dir
}

func packFile(t testing.TB, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	out, err := os.Create(to)
	require.NoError(t, err)
	defer out.Close()
	packed := gzip.NewWriter(out)
	_, err = packed.Write(content)
	require.NoError(t, err)
	require.NoError(t, packed.Close())
}

// openDoor opens it in a new profile, with what core.js exports in the global "door".
func openDoor(t testing.TB, module string) (*tab, *staticHost) {
	t.Helper()
	host := startStatic(t, doorFolder(t, module))
	p := open(t, host.URL)
	p.enterDoor()
	return p, host
}

func (p *tab) enterDoor() {
	p.t.Helper()
	p.eval(`import("./core.js").then((door) => { globalThis.door = door; return null })`, nil)
}

// said is what a promise in the page comes to, as text.
func (p *tab) said(promise string) (text string) {
	p.t.Helper()
	p.eval("Promise.resolve("+promise+").then(String)", &text)
	return text
}

func (p *tab) controlled() {
	p.t.Helper()
	p.wait("the worker controls the page", "navigator.serviceWorker.controller?.state === 'activated'")
}

func TestDoorAnswersEveryCall(t *testing.T) {
	p, _ := openDoor(t, "")
	const basic = `request: {method: "GET", url: "https://example.com/a"}, auth: {scheme: "basic", values: {username: "Aladdin", password: "open sesame"}}`
	for name, params := range map[string]string{
		"version": `{}`, "schemes": `{}`, "examples": `{}`, "targets": `{}`,
		"build": `{` + basic + `}`, "predict": `{` + basic + `}`, "cancel": `{id: "nothing"}`,
		"verify": `{request: {method: "GET", url: "https://example.com/a", headers: [["Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]]}, auth: {scheme: "basic", values: {username: "Aladdin", password: "open sesame"}}}`,
		"send":   `{request: {method: "POST", url: "lab/echo", body: {text: "grüße"}}, auth: {scheme: "none", values: {}}}`,
		"lab":    `{method: "GET", url: "lab/echo", route: "echo", headers: []}`, "lab-read": `{stream: 77}`, "lab-close": `{stream: 77}`,
	} {
		t.Run(name, func(t *testing.T) {
			defer p.within(t)()
			answer := p.said(`door.authpad("` + name + `", JSON.stringify(` + params + `)).then(([json]) => json)`)
			require.True(t, json.Valid([]byte(answer)), answer)
			require.Contains(t, answer, `{"ok":`, answer)
		})
	}
	require.Contains(t, p.said(`door.authpad("schemes").then(([json]) => json)`), "rfc7617-aladdin", "with the published examples")
	require.Contains(t, p.said(`door.call("no-such-call").then((a) => a.error.code)`), "call.unknown")
	require.Contains(t, p.said(`door.authpad("build", "{").then(([json]) => json)`), `"error"`)
	require.Contains(t, p.said(`door.authpad("bräv\n").then(([json]) => json)`), `call.unknown`)
	require.Contains(t, p.said(`door.authpad().then(([json]) => json)`), `call.unknown`, "a call without a name")
}

func TestDoorCarriesBodies(t *testing.T) {
	p, _ := openDoor(t, "")
	// Every byte, and more than the input's first room; the answer is what went in.
	require.Equal(t, "true 200 1000000", p.said(`(async () => {
		const bytes = Uint8Array.from({ length: 1000000 }, (_, i) => i % 251);
		const { ok, bytes: back } = await door.call("send", { request: { method: "POST", url: "lab/echo" }, auth: { scheme: "none", values: {} } }, bytes);
		const echo = JSON.parse(new TextDecoder().decode(back));
		const same = back.length === ok.exchanges[0].response.bodySize;
		return [same, ok.exchanges[0].response.status, echo.bodySize ?? JSON.stringify(echo).slice(0, 300)].join(" ");
	})()`))
	require.Equal(t, "5000000 5000000 true", p.said(`(async () => {
		const { ok, bytes } = await door.call("send", { request: { method: "GET", url: "lab/bytes/5000000" }, auth: { scheme: "none", values: {} } });
		const whole = new Uint8Array(await (await fetch("lab/bytes/5000000")).arrayBuffer());
		return [ok.exchanges[0].response.bodySize, bytes.length, bytes.every((b, i) => b === whole[i])].join(" ");
	})()`))
}

// Large bodies never enter the core, so each call must have a place of its own for them; what the caller does to its
// array after "send" changes nothing.
func TestDoorKeepsLargeBodiesApart(t *testing.T) {
	p, _ := openDoor(t, "")
	require.Equal(t, "true true true true true true", p.said(`(async () => {
		const sizes = [(1 << 20) - 1, 1 << 20, 1 << 20, (1 << 20) + 1, 3 << 20, 1 << 20];
		const aws = { scheme: "sigv4", values: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", region: "us-east-1", service: "service" } };
		const sent = sizes.map(async (size, i) => {
			const body = new Uint8Array(size).fill(97 + i);
			const digest = crypto.subtle.digest("SHA-256", body);
			const answer = door.call("send", { request: { method: "POST", url: "lab/echo" }, auth: aws }, body);
			body.fill(122);
			const sum = Array.from(new Uint8Array(await digest), (b) => b.toString(16).padStart(2, "0")).join("");
			const { ok, bytes } = await answer;
			const echo = JSON.parse(new TextDecoder().decode(bytes));
			return ok.built.request.bodySha256 === sum && echo.bodySize === size && echo.body.text === String.fromCharCode(97 + i).repeat(size);
		});
		return (await Promise.all(sent)).join(" ");
	})()`))
}

func TestDoorKeepsTheStartAndStreamsTheWhole(t *testing.T) {
	p, _ := openDoor(t, "")
	require.Equal(t, "40000000 16777216 40000000 closed headers,body", p.said(`(async () => {
		let saved = 0, end = "open";
		door.sink("big", new WritableStream({ write(chunk) { saved += chunk.length; }, close() { end = "closed"; }, abort() { end = "aborted"; } }));
		const phases = new Set();
		door.on("progress", (p) => { if (p.id === "big" && (p.phase !== "connecting")) phases.add(p.phase); });
		const { ok, bytes } = await door.call("send", { id: "big", request: { method: "GET", url: "lab/stream/40000000" }, auth: { scheme: "none", values: {} } });
		return [ok.exchanges[0].response.bodySize, bytes.length, saved, end, [...phases].join()].join(" ");
	})()`))
}

// A stream lives on one buffer that goes back and forth: no byte of it may change while somebody still reads it.
func TestDoorRecyclesBuffers(t *testing.T) {
	p, _ := openDoor(t, "")
	p.controlled()
	const size = 8_000_000
	p.eval(fmt.Sprintf(`(() => { globalThis.sum = async (bytes) => Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
		globalThis.whole = async (stream, pause) => {
			const all = new Uint8Array(%d);
			let at = 0;
			for (const reader = stream.getReader();;) {
				const { done, value } = await reader.read();
				if (done) return at + " " + await sum(all);
				all.set(value, at);
				at += value.length;
				if (pause) await new Promise((turned) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = turned; port2.postMessage(0); });
			}
		};
	})()`, size), nil)
	for _, route := range []string{"bytes", "stream"} {
		url := fmt.Sprintf("lab/%s/%d", route, size)
		response := lab.New(native.Env()).Handle(strings.TrimPrefix(url, "lab/"), &core.Request{Method: "GET"})
		hash := sha256.New()
		_, err := io.Copy(hash, response.Body)
		require.NoError(t, err)
		want := fmt.Sprintf("%d %x", size, hash.Sum(nil))
		require.Equal(t, want, p.said(`fetch("`+url+`").then((r) => whole(r.body))`), "%s, read at once", route)
		require.Equal(t, want, p.said(`fetch("`+url+`").then((r) => whole(r.body, true))`), "%s, read slowly", route)
		require.Equal(t, want+","+want, p.said(`fetch("`+url+`").then((r) => { const copy = r.clone(); return Promise.all([whole(r.body, true), whole(copy.body)]); })`), "%s, read twice", route)
		require.Equal(t, want+","+want, p.said(`Promise.all([1, 2].map(() => fetch("`+url+`").then((r) => whole(r.body))))`), "%s, two at a time", route)
		require.Equal(t, want, p.said(`door.call("send", { request: { method: "GET", url: "`+url+`" }, auth: { scheme: "none", values: {} } }).then(async ({ bytes }) => bytes.length + " " + await sum(bytes))`), "%s, sent by the core", route)
	}
}

func TestDoorCancels(t *testing.T) {
	p, _ := openDoor(t, "")
	for _, url := range []string{"lab/delay/50000", "lab/stream/1000000000000"} {
		require.Equal(t, "true cancelled aborted", p.said(`(async () => {
			let end = "";
			door.sink("c", new WritableStream({ abort() { end = "aborted"; } }));
			const headers = new Promise((done) => door.on("progress", (p) => { if (p.phase !== "connecting" || `+fmt.Sprint(url == "lab/delay/50000")+`) done(); }));
			const sent = door.call("send", { id: "c", request: { method: "GET", url: "`+url+`" }, auth: { scheme: "none", values: {} } });
			await headers;
			const { ok } = await door.call("cancel", { id: "c" });
			const answer = await sent;
			await 0;
			return [ok.cancelled, answer.ok.exchanges[0].failure.code, end].join(" ");
		})()`))
	}
}

func TestDoorNamesFailures(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path == "/half" {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "half")
			w.(http.Flusher).Flush()
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(broken.Close)
	p, _ := openDoor(t, "")
	p.tampered = true
	for _, c := range []struct{ method, url, want string }{
		{"GET", broken.URL + "/reset", "network"},
		{"GET", broken.URL + "/half", "body"},
	} {
		require.Equal(t, c.want, p.said(fmt.Sprintf(`door.call("send", {request: {method: %q, url: %q}, auth: {scheme: "none", values: {}}}).then(({ok, error}) => ok?.exchanges[0].failure.code ?? JSON.stringify(error))`, c.method, c.url)))
	}
	require.Equal(t, "timeout", p.said(`door.call("send", {request: {method: "GET", url: "lab/delay/50000"}, auth: {scheme: "none", values: {}}, fetch: {timeoutMs: 50}}).then(({ok}) => ok.exchanges[0].failure.code)`))
}

func TestLabInThePage(t *testing.T) {
	p, host := openDoor(t, "")
	p.controlled()
	text := func(expression string) string { return p.said(expression) }
	require.Equal(t, "204 ", text(`fetch("lab/status/204").then(async (r) => r.status + " " + await r.text())`))
	require.Equal(t, "200 0", text(`fetch("lab/bytes/100000", { method: "HEAD" }).then(async (r) => r.status + " " + (await r.text()).length)`))
	require.Equal(t, "200 /lab/echo", text(`fetch("lab/redirect?to=echo").then((r) => r.status + " " + new URL(r.url).pathname.slice(-9))`))
	require.Equal(t, "404", text(`fetch("lab/no-such-route").then((r) => r.status)`))
	// The page that asks is another document, which owns no core: the first one answers.
	require.Equal(t, "200", text(`(async () => {
		const frame = document.createElement("iframe");
		frame.src = "wasm_exec.js";
		await new Promise((done) => { frame.onload = done; document.body.append(frame); });
		return (await frame.contentWindow.fetch("lab/echo")).status;
	})()`))
	p.run(chromedp.Navigate(host.URL + "wasm_exec.js")) // nobody owns a core now
	require.Contains(t, text(`fetch("lab/echo").then(async (r) => r.status + " " + await r.text())`), "503 ")
	p.tampered = true // the browser logs the 404 and the 503
}

func TestDoorOfflineAndShiftReload(t *testing.T) {
	p, host := openDoor(t, "")
	p.controlled()
	p.run(page.Reload().WithIgnoreCache(true), chromedp.WaitReady("body"))
	p.enterDoor()
	const echo = `door.call("send", {request: {method: "GET", url: "lab/echo"}, auth: {scheme: "none", values: {}}}).then(({ok}) => ok.exchanges[0].response.status)`
	require.Equal(t, "200", p.said(echo), "after shift-reload")
	host.stop()
	p.excuse = []string{"net::ERR_CONNECTION_REFUSED"}
	p.run(chromedp.Navigate(host.URL + "?code=1&state=2"))
	p.enterDoor()
	require.Equal(t, "200", p.said(echo), "offline, with a query")
}

func TestDoorTellsOfAnUpdate(t *testing.T) {
	dir := doorFolder(t, "")
	p := open(t, startStatic(t, dir).URL)
	p.enterDoor()
	p.controlled()
	require.Equal(t, "false", p.said("door.state.updated"))
	assets, err := os.ReadFile(filepath.Join(dir, "assets.js"))
	require.NoError(t, err)
	newer := filepath.Join(dir, "assets.js")
	require.NoError(t, os.WriteFile(newer, append(assets, "\nself.AUTHPAD_ASSETS.version = '2';"...), 0o644))
	require.NoError(t, os.Chtimes(newer, time.Time{}, time.Now().Add(time.Hour))) // Last-Modified counts seconds
	p.eval(`navigator.serviceWorker.ready.then((r) => r.update()).then(() => null)`, nil)
	p.wait("the page hears of it", "door.state.updated")
	require.Equal(t, "1", p.said(`caches.keys().then((names) => names.length)`), "the old version's files are gone")
}

// A bug in the core ends in a rejected call and an event, never in a call that hangs.
func TestDoorSurvivesBugs(t *testing.T) {
	module := filepath.Join(t.TempDir(), "crash.wasm")
	build := exec.Command("go", "build", "-tags", "crash", "-trimpath", "-o", module, "./wasm")
	build.Dir = repository()
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	const caught = `.then(() => "resolved", (e) => e.name)`
	for _, name := range []string{"crash", "crash-async"} {
		t.Run(name, func(t *testing.T) {
			p, _ := openDoor(t, module)
			p.tampered = true
			require.Equal(t, "CoreCrashed 1 crashed", p.said(`(async () => {
				let told = 0;
				door.on("crashed", () => told++);
				const how = await door.authpad("`+name+`")`+caught+`;
				await door.authpad("`+name+`")`+caught+`;
				return [how, told, door.state.core].join(" ");
			})()`))
			require.Contains(t, p.said(`door.authpad("version").then(([json]) => json)`), `"ok"`, "what was not broken still answers")
		})
	}
	t.Run("crash-exit", func(t *testing.T) {
		p, _ := openDoor(t, module)
		p.tampered = true
		require.Equal(t, "CoreCrashed CoreCrashed CoreCrashed 1", p.said(`(async () => {
			let told = 0;
			door.on("crashed", () => told++);
			const waits = door.authpad("send", JSON.stringify({request: {method: "GET", url: "lab/delay/60000"}, auth: {scheme: "none", values: {}}}))`+caught+`;
			await new Promise((done) => door.on("progress", done));
			const exits = door.authpad("crash-exit")`+caught+`;
			const how = [await exits, await waits, await door.authpad("version")`+caught+`];
			return [...how, told].join(" ");
		})()`))
	})
	t.Run("what the core asks of the page", func(t *testing.T) {
		p, _ := openDoor(t, "")
		p.tampered = true
		require.Equal(t, "CoreCrashed CoreCrashed crashed", p.said(`(async () => {
			await authpadReady;
			globalThis.AbortController = class { constructor() { throw new Error("a bug"); } };
			const how = await door.authpad("send", JSON.stringify({request: {url: "lab/echo"}, auth: {scheme: "none", values: {}}}))`+caught+`;
			return [how, await door.authpad("version")`+caught+`, door.state.core].join(" ");
		})()`))
	})
	t.Run("a module that is missing", func(t *testing.T) {
		dir := doorFolder(t, "")
		require.NoError(t, os.Remove(filepath.Join(dir, "authpad.wasm.gz")))
		p := open(t, startStatic(t, dir).URL)
		p.tampered = true
		p.enterDoor()
		require.Equal(t, "CoreCrashed", p.said(`door.authpad("version")`+caught))
		require.Equal(t, "CoreCrashed", p.said(`authpadReady`+caught))
	})
	t.Run("a module that the host unpacked", func(t *testing.T) {
		dir := doorFolder(t, "")
		content, err := os.ReadFile(module)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "authpad.wasm.gz"), content, 0o644))
		p := open(t, startStatic(t, dir).URL)
		p.enterDoor()
		require.Contains(t, p.said(`door.authpad("version").then(([json]) => json)`), `"ok"`)
	})
}
