//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"

	"authpad/core/native"
)

// timeRelay takes turns: one plain fetch, one send through the relay, the order swapped each round. Both read the
// whole body; neither keeps more of it than the page does.
const timeRelay = `(async () => {
	const url = %s, rounds = %d;
	const { authpad } = await import("./core.js");
	const params = JSON.stringify({ via: "relay", request: { method: "GET", url }, auth: { scheme: "none", values: {} }, steps: false });
	const plain = async () => {
		const { body } = await fetch(url, { credentials: "omit", cache: "no-store" });
		const reader = body.getReader({ mode: "byob" });
		for (let buffer = new ArrayBuffer(1 << 20); ; ) {
			const { done, value } = await reader.read(new Uint8Array(buffer));
			if (done) return;
			buffer = value.buffer;
		}
	};
	const relayed = async () => { const [json] = await authpad("send", params); if (!json.includes('"status":200')) throw new Error(json); };
	const timed = async (fn) => { const started = performance.now(); await fn(); return performance.now() - started; };
	const times = { plain: [], relayed: [] };
	for (let i = -3; i < rounds; i++) {
		const pair = i %% 2 ? { plain: await timed(plain), relayed: await timed(relayed) } : { relayed: await timed(relayed), plain: await timed(plain) };
		if (i >= 0) { times.plain.push(pair.plain); times.relayed.push(pair.relayed); }
	}
	return times;
})()`

func BenchmarkRelay(b *testing.B) {
	s := serveRelay(b, native.ServeOptions{})
	p := newTab(b)
	p.mayAsk = []string{s.RelayURL, s.LabURL}
	p.visit(s.URL)
	p.ready()
	p.pairWith(s)
	p.run(network.Disable(), log.Disable(), audits.Disable()) // recording slows what is sent down
	for _, size := range []struct {
		name        string
		bytes, runs int
	}{{"1 KiB", 1 << 10, 400}, {"100 MiB", 100 << 20, 15}} {
		runs := size.runs
		if testing.Short() {
			runs = max(3, runs/20)
		}
		var ms struct{ Plain, Relayed []float64 }
		p.eval(fmt.Sprintf(timeRelay, quoted(fmt.Sprintf("%sbytes/%d", s.LabURL, size.bytes)), runs), &ms)
		plain, relayed := quantile(ms.Plain, 0.5), quantile(ms.Relayed, 0.5)
		if size.bytes < 1<<20 {
			report("relay against plain fetch, "+size.name+", difference of medians", "< 1 ms", "%.2f ms (%.2f - %.2f)", relayed-plain, relayed, plain)
		} else {
			report("relay against plain fetch, "+size.name+", ratio of medians", "≤ 1.15 x", "%.2f x (%.0f / %.0f ms)", relayed/plain, relayed, plain)
		}
	}
}
