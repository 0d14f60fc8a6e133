//go:build !js

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func TestOfflineAfterTheFirstVisit(t *testing.T) {
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.offlineReady()
	host.stop()
	p.excuse = []string{"net::ERR_CONNECTION_REFUSED"} // the browser looks for a newer worker and logs that it cannot
	p.reload()
	p.ready()
	require.Equal(t, "200", p.send(), "the lab answers without a network")
}

func TestLaterVisitsFindTheModuleUnpacked(t *testing.T) {
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.offlineReady()
	require.Equal(t, "\x00asm", p.keptModule())
	host.stop()
	p.excuse = []string{"net::ERR_CONNECTION_REFUSED"}
	p.reload()
	p.ready()
	require.Equal(t, "200", p.send())
}

// TestOtherOriginsPassByTheWorker: a worker that was stopped would have to be started for each of them.
func TestOtherOriginsPassByTheWorker(t *testing.T) {
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	p.offlineReady()
	var source struct{ Own, Other string }
	p.eval(`(async () => {
		const source = async (url) => {
			await (await fetch(url)).text();
			const address = new URL(url, location).href;
			for (;;) {
				const [entry] = performance.getEntriesByName(address, "resource");
				if (entry) return entry.workerMatchedSourceType;
				await new Promise((later) => setTimeout(later, 10));
			}
		};
		return { own: await source("lab/echo?own"), other: await source(`+quoted(server.LabURL+"echo?other")+`) };
	})()`, &source)
	require.Empty(t, source.Own, "the lab in the page is the worker's own")
	require.Equal(t, "network", source.Other)
}

func TestShiftReload(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.offlineReady()
	p.run(page.Reload().WithIgnoreCache(true), chromedp.WaitReady("body"))
	p.ready()
	require.Equal(t, "200", p.send(), "a page that no worker controls claims it again")
}

func TestRepeatVisitLoadsNothing(t *testing.T) {
	host := startStatic(t, dist(t))
	p := open(t, host.URL)
	p.offlineReady()
	p.run(chromedp.Navigate("about:blank"))
	host.forget()
	p.run(chromedp.Navigate(host.URL))
	p.ready()
	require.Zero(t, host.bytes(), "%q", host.requests())
}
