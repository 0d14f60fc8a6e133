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
	p.run(chromedp.Reload())
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
	p.run(chromedp.Reload())
	p.ready()
	require.Equal(t, "200", p.send())
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
