//go:build !js

package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// The figures of the README. Nothing here is ever a test: a figure depends on the machine, so each is printed beside the
// bar it is held to, and ratios are taken between things measured in turns in one page.

// row is one figure of the table that `make bench` prints.
type row struct{ what, measured, bar string }

var table []row

func report(what, bar, format string, values ...any) {
	table = append(table, row{what, fmt.Sprintf(format, values...), bar})
}

func printTable() {
	if len(table) == 0 {
		return
	}
	fmt.Printf("\n%s\n\n| what | measured | bar |\n| --- | ---: | ---: |\n", machine())
	for _, r := range table {
		fmt.Printf("| %s | %s | %s |\n", r.what, r.measured, r.bar)
	}
	fmt.Println()
}

// machine names what was measured on.
func machine() string {
	model := runtime.GOARCH
	info, _ := os.ReadFile("/proc/cpuinfo") // absent outside Linux
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%d cores of %s, %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version(), browserVersion())
}

func BenchmarkWeight(b *testing.B) {
	var packed int
	err := filepath.Walk(dist(b), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if end := filepath.Ext(path); end == ".gz" || end == ".xz" {
			packed += len(content) // no host packs it again
		} else {
			packed += gzipped(content)
		}
		return err
	})
	require.NoError(b, err)
	report("first visit, everything, gzip", "≤ 1200 kB", "%.0f kB", float64(packed)/1000)
}

func gzipped(content []byte) int {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid, and a Buffer does not fail
	_, _ = w.Write(content)
	_ = w.Close()
	return out.Len()
}

// noteTimes writes down in the page when its form could be typed into and when a request could be signed, both in ms
// since the navigation began.
const noteTimes = `globalThis.noted = {};
new MutationObserver(() => {
	if (document.body?.dataset.form === "ready") noted.usable ??= performance.now();
	if (/ HTTP\/1\.1/.test(document.querySelector("#panel-wire")?.textContent ?? "")) noted.signed ??= performance.now();
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-form"] });`

func BenchmarkStart(b *testing.B) {
	const visits = 9
	host := startStatic(b, dist(b))
	var usable, signed []float64
	for range visits {
		p := newTab(b)
		p.beforeEachDocument(noteTimes)
		p.visit(host.URL)
		p.ready()
		var noted struct{ Usable, Signed float64 }
		p.eval("noted", &noted)
		usable, signed = append(usable, noted.Usable), append(signed, noted.Signed)
	}
	report("navigation to form usable, loopback, empty cache", "≤ 350 ms", "%s ms", spread(usable))
	report("navigation to first request signed", "", "%s ms", spread(signed))
}

func BenchmarkRepeatVisit(b *testing.B) {
	host := startStatic(b, dist(b))
	p := open(b, host.URL)
	p.offlineReady()
	host.forget()
	p.run(chromedp.Reload())
	p.ready()
	report("repeat visit, bytes of bodies over the wire", "0", "%d (%d requests)", host.bytes(), len(host.requests()))
}

// timeBuilds measures calls in groups, since a page's clock is too coarse for one; it returns µs a call per group. Each
// call has another address, as while a person types it. What V8 has compiled well is told apart from what it has not: it
// takes some 3,000 calls.
const timeBuilds = `(async () => {
	const { authpad } = await import("./core.js");
	let last = 0;
	const round = async () => {
		const texts = Array.from({ length: 50 }, () => JSON.stringify((%s)(last++)));
		const started = performance.now();
		for (const text of texts) await authpad("build", text);
		return (performance.now() - started) / 50 * 1000;
	};
	const first = await round();
	for (let i = 0; i < 99; i++) await round();
	const all = [];
	for (let i = 0; i < 100; i++) all.push(await round());
	return { first, all };
})()`

func BenchmarkBuild(b *testing.B) {
	p := open(b, startStatic(b, dist(b)).URL)
	p.ready()
	const params = `(i) => ({request: {method: "GET", url: "https://api.example.com/data?a=1&b=" + i}, auth: {scheme: "basic", values: {username: "Aladdin", password: "open sesame"}}, steps: %t, fetch: {origin: "https://pad.example"}})`
	for _, steps := range []bool{true, false} {
		var micros struct {
			First float64
			All   []float64
		}
		p.eval(fmt.Sprintf(timeBuilds, fmt.Sprintf(params, steps)), &micros)
		bar := ""
		if steps {
			bar = "< 50 µs"
			report("build of Basic from JavaScript, mean of a visit's first 50 calls", "", "%.0f µs", micros.First)
		}
		report(fmt.Sprintf("build of Basic from JavaScript, steps %t, after 5,000 calls, median of groups", steps), bar, "%s µs", spread(micros.All))
	}
}

// timeKeystrokes types into the password and measures until the wire shows it: "work" up to the finished layout, "frame"
// up to the next frame, which waits for the screen as well.
const timeKeystrokes = `(async () => {
	const box = document.querySelector("[data-field=password]"), wire = document.querySelector("#panel-wire");
	box.focus();
	const one = async (i) => {
		const started = performance.now();
		const changed = new Promise((done) => {
			const watch = new MutationObserver(() => { watch.disconnect(); done(); });
			watch.observe(wire, { subtree: true, childList: true, characterData: true, attributes: true });
		});
		box.value = "secret-" + i;
		box.dispatchEvent(new InputEvent("input", { bubbles: true }));
		await changed;
		document.body.getBoundingClientRect();
		const work = performance.now() - started;
		await new Promise(requestAnimationFrame);
		return { work, frame: performance.now() - started };
	};
	for (let i = 0; i < 20; i++) await one(i);
	const all = [];
	for (let i = 0; i < 200; i++) all.push(await one(1000 + i));
	return { work: all.map((a) => a.work), frame: all.map((a) => a.frame) };
})()`

func BenchmarkKeystroke(b *testing.B) {
	p := open(b, startStatic(b, dist(b)).URL)
	p.ready()
	p.choose("scheme", "basic")
	p.panel("wire")
	p.press("#reveal")
	p.run(emulation.SetCPUThrottlingRate(4))
	var ms struct{ Work, Frame []float64 }
	p.eval(timeKeystrokes, &ms)
	p.run(emulation.SetCPUThrottlingRate(1))
	report("keystroke to finished layout, 4x CPU slowdown, p50 / p95", "p95 < 16 ms", "%.1f / %.1f ms", quantile(ms.Work, 0.5), quantile(ms.Work, 0.95))
	report("keystroke to next frame, 4x CPU slowdown, p50 / p95", "", "%.1f / %.1f ms", quantile(ms.Frame, 0.5), quantile(ms.Frame, 0.95))
}

// timeSends takes turns: one plain fetch, one send of the core, the order swapped each round. After each it pauses, so that
// neither pays for what the browser still does about the end of the other.
const timeSends = `(async () => {
	const url = %s, rounds = %d;
	const { authpad } = await import("./core.js");
	const params = JSON.stringify({ request: { method: "GET", url }, auth: { scheme: "none", values: {} }, steps: false });
	const plain = async () => (await fetch(url, { credentials: "omit", cache: "no-store" })).arrayBuffer();
	const sent = () => authpad("send", params);
	const timed = async (fn) => {
		const started = performance.now();
		await fn();
		const took = performance.now() - started;
		await new Promise((paused) => setTimeout(paused, 5));
		return took;
	};
	const times = { plain: [], sent: [] };
	for (let i = -2; i < rounds; i++) {
		const pair = i %% 2 ? { plain: await timed(plain), sent: await timed(sent) } : { sent: await timed(sent), plain: await timed(plain) };
		if (i >= 0) { times.plain.push(pair.plain); times.sent.push(pair.sent); }
	}
	return times;
})()`

func BenchmarkSend(b *testing.B) {
	server := serveNative(b)
	p := newTab(b)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	p.run(network.Disable(), log.Disable(), audits.Disable()) // recording slows plain fetch down, and more so than ours
	for _, size := range []struct {
		name, bar   string
		bytes, runs int
	}{{"1 KiB", "≤ 1.05 x", 1 << 10, 400}, {"10 MiB", "≤ 1.02 x", 10 << 20, 40}} {
		var ms struct{ Plain, Sent []float64 }
		p.eval(fmt.Sprintf(timeSends, quoted(fmt.Sprintf("%sbytes/%d", server.LabURL, size.bytes)), size.runs), &ms)
		plain, sent := quantile(ms.Plain, 0.5), quantile(ms.Sent, 0.5)
		report("send of "+size.name+" against plain fetch, medians", size.bar, "%.2f x (%.2f / %.2f ms)", sent/plain, sent, plain)
	}
}

func BenchmarkStream(b *testing.B) {
	server := serveNative(b)
	p := newTab(b)
	p.mayAsk = []string{server.LabURL}
	p.keepModule()
	p.visit(server.URL)
	p.ready()
	p.settleMemory()
	for _, from := range []struct{ name, lab string }{{"server", server.LabURL}, {"lab in the page", "lab/"}} {
		growth := p.growthDuring(func() { p.drain(from.lab, 1<<30) })
		report("1 GiB from the "+from.name+": growth of private memory, whole browser", "≤ 64 MiB", "%d MiB", growth.private>>20)
		report("1 GiB from the "+from.name+": growth of linear memory", "0 MiB", "%.1f MiB", float64(growth.linear)/(1<<20))
		report("1 GiB from the "+from.name+": time", "", "%.1f s", growth.took.Seconds())
	}
}

// quantile needs at least one value.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

// spread is a median with its extremes.
func spread(values []float64) string {
	return fmt.Sprintf("%.0f (%.0f-%.0f)", quantile(values, 0.5), quantile(values, 0), quantile(values, 1))
}
