//go:build !js

package e2e

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Before the first order the browser asks whether the relay's header may be sent, and remembers the answer: to ask
// again takes as long as the order itself.
func TestRelayIsAskedForPermissionOnce(t *testing.T) {
	server, got := corsless(t)
	p, s := openRelayed(t)
	var asked atomic.Int32
	chromedp.ListenTarget(p.ctx, func(event any) {
		sent, is := event.(*network.EventRequestWillBeSent)
		if is && sent.Request.Method == "OPTIONS" && strings.HasPrefix(sent.Request.URL, s.RelayURL+"relay/send") {
			asked.Add(1)
		}
	})
	p.fill("url", server.URL)
	for range 3 {
		require.Equal(t, "200", p.send())
	}
	require.Len(t, got.all(), 3, "no answer is kept")
	require.EqualValues(t, 1, asked.Load())
}
