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

// timeRelay takes turns between a plain fetch, a send of the core by fetch and one through the relay, each first in
// its turn. All read the whole body.
const timeRelay = `(async () => {
	const url = %s, rounds = %d;
	const { authpad } = await import("./core.js");
	const drain = async ({ body }) => {
		const reader = body.getReader({ mode: "byob" });
		for (let buffer = new ArrayBuffer(1 << 20); ; ) {
			const { done, value } = await reader.read(new Uint8Array(buffer));
			if (done) return;
			buffer = value.buffer;
		}
	};
	const send = async (via) => {
		const [json] = await authpad("send", JSON.stringify({ via, request: { method: "GET", url }, auth: { scheme: "none", values: {} }, steps: false }));
		if (!json.includes('"status":200')) throw new Error(json);
	};
	const ways = [["plain", async () => drain(await fetch(url, { credentials: "omit", cache: "no-store" }))], ["sent", () => send("fetch")], ["relayed", () => send("relay")]];
	const times = { plain: [], sent: [], relayed: [] };
	for (let i = -3; i < rounds; i++) {
		for (let turn = 0; turn < ways.length; turn++) {
			const [name, way] = ways[(i + 3 + turn) %% ways.length];
			const started = performance.now();
			await way();
			if (i >= 0) times[name].push(performance.now() - started);
		}
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
		var ms struct{ Plain, Sent, Relayed []float64 }
		p.eval(fmt.Sprintf(timeRelay, quoted(fmt.Sprintf("%sbytes/%d", s.LabURL, size.bytes)), runs), &ms)
		plain, sent, relayed := quantile(ms.Plain, 0.5), quantile(ms.Sent, 0.5), quantile(ms.Relayed, 0.5)
		if size.bytes < 1<<20 {
			report("relay against plain fetch, "+size.name+", difference of medians", "< 1 ms", "%.2f ms (%.2f - %.2f)", relayed-plain, relayed, plain)
			report("relay against the page's send by fetch, "+size.name, "", "%.2f ms (%.2f - %.2f)", relayed-sent, relayed, sent)
		} else {
			report("relay against plain fetch, "+size.name+", ratio of medians", "≤ 1.15 x", "%.2f x (%.0f / %.0f ms)", relayed/plain, relayed, plain)
			report("relay against the page's send by fetch, "+size.name, "", "%.2f x (%.0f / %.0f ms)", relayed/sent, relayed, sent)
		}
	}
}
