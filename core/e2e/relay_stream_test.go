//go:build !js

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// endless answers with as many bytes as its path says, and counts what it got rid of.
func endless(t testing.TB) (address string, sent *atomic.Int64) {
	t.Helper()
	sent = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(r.URL.Path, "/bytes/")
		size, _ := strconv.ParseInt(path, 10, 64)
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
		chunk := make([]byte, 64<<10)
		for size > 0 {
			n, err := w.Write(chunk[:min(size, int64(len(chunk)))])
			sent.Add(int64(n))
			if size -= int64(n); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/bytes/", sent
}

// drainRelayed sends a GET for so many bytes through the relay as the page does, and waits until all were read.
func (p *tab) drainRelayed(address string, size int64) {
	p.t.Helper()
	var got struct {
		Exchanges []struct {
			Response struct{ Status, BodySize int64 }
		}
	}
	p.call("send", fmt.Sprintf(`{"via":"relay","request":{"method":"GET","url":%s},"auth":{"scheme":"none","values":{}}}`, quoted(address+strconv.FormatInt(size, 10))), &got)
	require.Len(p.t, got.Exchanges, 1)
	require.EqualValues(p.t, 200, got.Exchanges[0].Response.Status)
	require.Equal(p.t, size, got.Exchanges[0].Response.BodySize)
}

func TestOneGiBThroughTheRelay(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the memory of other processes is read from Linux's /proc")
	}
	address, _ := endless(t)
	s := serveRelay(t, native.ServeOptions{})
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.keepModule()
	p.visit(s.URL)
	p.ready()
	p.pairWith(s)
	p.settleMemory()
	p.drainRelayed(address, 20_000_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	grown := p.growthDuring(func() { p.drainRelayed(address, 1<<30) })
	runtime.ReadMemStats(&after)
	t.Logf("1 GiB in %.1f s: %d MiB of private memory, %d KiB of linear memory, %d MiB of the relay's", grown.took.Seconds(), grown.private>>20, grown.linear>>10, (int64(after.HeapSys)-int64(before.HeapSys))>>20)
	require.LessOrEqual(t, grown.private, int64(64<<20))
	require.Zero(t, grown.linear)
	require.LessOrEqual(t, int64(after.HeapSys)-int64(before.HeapSys), int64(64<<20), "the relay runs in this process, with the server")
}

// A page that does not read on holds the server back, through the relay.
func TestRelayPassesBackPressureOn(t *testing.T) {
	address, sent := endless(t)
	p, _ := openRelayed(t)
	p.eval(`(async () => {
		const { sink } = await import("./core.js");
		sink("slow", new WritableStream({ write: () => new Promise((done) => { globalThis.readOn = done; }) }));
		globalThis.sent = authpad("send", JSON.stringify({ id: "slow", via: "relay", request: { method: "GET", url: `+quoted(address+"300000000")+` }, auth: { scheme: "none", values: {} } }));
		return null;
	})()`, nil)
	p.wait("the first bytes", `globalThis.readOn`)
	var last int64 = -1
	for now := sent.Load(); now != last; now = sent.Load() { // until nothing moves any more
		last = now
		time.Sleep(time.Second)
	}
	require.Less(t, last, int64(60_000_000), "what is on its way is what buffers of sockets hold")
	p.eval(`authpad("cancel", JSON.stringify({ id: "slow" })).then(() => null)`, nil)
	require.Contains(t, p.text(`globalThis.sent.then(([json]) => json)`), `"cancelled"`)
}

// A large body goes up while the server reads it.
func TestRelaySendsLargeBodies(t *testing.T) {
	var got atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		got.Store(n)
	}))
	t.Cleanup(server.Close)
	p, _ := openRelayed(t)
	require.Contains(t, p.text(`authpad("send", JSON.stringify({ via: "relay", request: { method: "PUT", url: `+quoted(server.URL)+` }, auth: { scheme: "none", values: {} } }), new Uint8Array(40_000_000)).then(([json]) => json)`), `"status":200`)
	require.EqualValues(t, 40_000_000, got.Load())
}
