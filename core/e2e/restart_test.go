//go:build !js

package e2e

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// The page that the worker keeps must not point to where the second lab and the relay were the last time.
func TestSecondLabMoves(t *testing.T) {
	dist(t)
	serve := func(addr string) *native.Server {
		server, err := native.Serve(context.Background(), native.ServeOptions{Web: filepath.Join(repository(), "web"), Addr: addr, LabAddr: "127.0.0.1:0", RelayAddr: "127.0.0.1:0"})
		require.NoError(t, err)
		t.Cleanup(server.Close)
		return server
	}
	const told = `document.querySelector("meta[name=authpad-lab]").content`
	const relay = `document.querySelector("meta[name=authpad-relay]").content`
	first := serve("127.0.0.1:0")
	p := newTab(t)
	p.mayAsk = []string{first.LabURL}
	p.visit(first.URL)
	p.offlineReady()
	require.Equal(t, first.LabURL, p.said(told))
	require.Equal(t, first.RelayURL, p.said(relay))

	first.Close()
	address, err := url.Parse(first.URL)
	require.NoError(t, err)
	second := serve(address.Host)
	require.NotEqual(t, first.LabURL, second.LabURL)
	p.mayAsk = append(p.mayAsk, second.LabURL)
	p.run(chromedp.Navigate(second.URL))
	p.ready()
	require.Equal(t, second.LabURL, p.said(told))
	require.Equal(t, second.RelayURL, p.said(relay))

	second.Close()
	p.excuse = []string{"net::ERR_CONNECTION_REFUSED"}
	p.run(chromedp.Navigate(second.URL))
	p.ready()
	require.Equal(t, "200", p.send(), "and without the program the page is there all the same")
}
