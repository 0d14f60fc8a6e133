package native

import (
	"context"
	"io"
	"net/netip"

	"authpad/core"
	"authpad/core/native/relay"
)

// courier sends the orders of one page from this machine.
type courier struct {
	*kept
	own netip.AddrPort // where the relay listens
}

func courierFrom(own netip.AddrPort) func() relay.Sender {
	return func() relay.Sender { return &courier{newKept(), own} }
}

func (c *courier) Send(ctx context.Context, order *relay.Order, body io.Reader, size int64, to relay.Receiver) (*core.Request, *core.Response, error) {
	reach := relay.Reach{Own: c.own, Named: hostName(order.Request.URL)}
	t, err := newTransport(Options{TLS: order.TLS, Fetch: order.Fetch, Proxy: order.Proxy, Allow: reach.Allow})
	if err != nil {
		return nil, nil, err
	}
	t.kept = c.kept
	last, response, failure := t.exchange(ctx, order.Request, uploadFrom(body, size), observer{to.Passed, to.Begun})
	if failure != nil {
		return last, response, failure
	}
	return last, response, nil
}
