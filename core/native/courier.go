package native

import (
	"context"
	"io"
	"net/netip"

	"authpad/core"
	"authpad/core/native/relay"
)

// relayFrom is a relay.Send of this machine; own is where the relay listens.
func relayFrom(own netip.AddrPort) relay.Send {
	return func(ctx context.Context, order *relay.Order, body io.Reader, size int64, to relay.Receiver) (*core.Request, *core.Response, error) {
		reach := relay.Reach{Own: own, Named: hostName(order.Request.URL)}
		t, err := newTransport(Options{TLS: order.TLS, Fetch: order.Fetch, Proxy: order.Proxy, Allow: reach.Allow})
		if err != nil {
			return nil, nil, err
		}
		last, response, failure := t.exchange(ctx, order.Request, uploadFrom(body, size), observer{to.Passed, to.Begun})
		if failure != nil {
			return last, response, failure
		}
		return last, response, nil
	}
}
