//go:build !js

package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// keepModule keeps the module's linear memory within reach of the test.
const keepModule = `for (const name of ["instantiate", "instantiateStreaming"]) {
	const real = WebAssembly[name];
	WebAssembly[name] = async (...args) => {
		const made = await real(...args);
		globalThis.module = made.instance ?? made;
		return made;
	};
}`

func (p *tab) keepModule() { p.t.Helper(); p.beforeEachDocument(keepModule) }

// growth is what a load cost at its worst moment, beyond what was there before it.
type growth struct {
	private int64 // bytes of all the browser's processes together, shared ones not counted
	linear  int64 // bytes of the module's linear memory
	took    time.Duration
}

// growthDuring looks at the memory again and again while the load runs.
func (p *tab) growthDuring(load func()) growth {
	p.t.Helper()
	p.eval("globalThis.gc?.()", nil)
	known := p.processes() // the browser keeps a spare one, and starts it when it likes
	before, linear := privateMemory(known), p.linearMemory()
	started := time.Now()
	ended, peaks := make(chan struct{}), make(chan int64)
	go func() {
		peak := before
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				peaks <- peak
				return
			case <-tick.C:
				peak = max(peak, privateMemory(known))
			}
		}
	}()
	load()
	took := time.Since(started)
	close(ended)
	return growth{private: <-peaks - before, linear: p.linearMemory() - linear, took: took}
}

func (p *tab) processes() []*systeminfo.ProcessInfo {
	p.t.Helper()
	control := cdp.WithExecutor(browser.ctx, chromedp.FromContext(browser.ctx).Browser)
	processes, err := systeminfo.GetProcessInfo().Do(control)
	require.NoError(p.t, err)
	return processes
}

// privateMemory adds up the private pages of these processes; it reads /proc, so Linux only.
func privateMemory(processes []*systeminfo.ProcessInfo) (total int64) {
	for _, process := range processes {
		rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", process.ID))
		if err != nil {
			continue // ended since
		}
		for line := range strings.Lines(string(rollup)) {
			if fields := strings.Fields(line); strings.HasPrefix(line, "Private_") {
				kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
				total += kilobytes << 10
			}
		}
	}
	return total
}

func (p *tab) linearMemory() (size int64) {
	p.t.Helper()
	p.eval("globalThis.module.exports.mem?.buffer.byteLength ?? globalThis.module.exports.memory.buffer.byteLength", &size)
	return size
}

// settleMemory sets up what is set up once: the lab, and the room that Go's heap takes before its collector first runs
// (4 MiB), which any calls fill.
func (p *tab) settleMemory() {
	p.t.Helper()
	p.eval(`import("./core.js").then(async ({ call }) => { const body = { text: "x".repeat(200_000) }; for (let i = 0; i < 500; i++) await call("build", { request: { method: "POST", url: "https://a.test/", body }, auth: { scheme: "none", values: {} } }); return null })`, nil)
	p.drain("lab/", 20_000_000)
	p.keptModule()
}

// drain sends a GET for so many bytes with the core as the page does, and waits until all were read.
func (p *tab) drain(lab string, size int64) {
	p.t.Helper()
	address := fmt.Sprintf("%sstream/%d", lab, size)
	var sent struct {
		Exchanges []struct {
			Response struct{ Status, BodySize int64 }
		}
	}
	p.call("send", fmt.Sprintf(`{"request":{"method":"GET","url":%s},"auth":{"scheme":"none","values":{}}}`, quoted(address)), &sent)
	require.Len(p.t, sent.Exchanges, 1)
	require.EqualValues(p.t, 200, sent.Exchanges[0].Response.Status)
	require.EqualValues(p.t, size, sent.Exchanges[0].Response.BodySize)
}
