package native

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"authpad/core"
)

// To connect costs more than to ask: what one page's orders leave connected is there for its next ones.

const (
	keptFor = 2 * time.Second // a server that serves one connection after the other waits as long
	maxKept = 8               // connections of one page
)

// kept are the idle connections of one page, one to an address. A connection in it may have ended meanwhile.
type kept struct {
	mu    sync.Mutex
	links map[string]link // by address
	ended bool
}

// way is all that decides where a connection leads and how it is made. Only what is equal in each part of it
// may go over the same one.
type way struct {
	scheme, address string
	tls             core.TLS
	proxy           core.Proxy
	offer           string // protocols in TLS
}

func newKept() *kept { return &kept{links: map[string]link{}} }

// take returns the connection to that address; nobody else gets it.
func (k *kept) take(address string) (l link, found bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, found = k.links[address]
	delete(k.links, address)
	return l, found
}

// put keeps l, and reports whether it did.
func (k *kept) put(l link) bool {
	k.forgetEnded()
	k.mu.Lock()
	defer k.mu.Unlock()
	_, there := k.links[l.way.address]
	if k.ended || there || len(k.links) >= maxKept {
		return false
	}
	k.links[l.way.address] = l
	time.AfterFunc(keptFor+time.Second, k.forgetEnded)
	return true
}

// forgetEnded: how a connection was made is known with it, keys and passwords included, and no longer than it lasts.
func (k *kept) forgetEnded() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for address, idle := range k.links {
		if idle.wire.closed() {
			delete(k.links, address)
		}
	}
}

// Close ends all connections, and keeps none from then on.
func (k *kept) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ended = true
	for _, idle := range k.links {
		idle.conn.Close()
	}
	clear(k.links)
}

// resume takes a kept connection, and reports whether there was one that this request may go over. Another one to the
// same address ends: a server may serve one after the other.
func (h *hop) resume(ctx context.Context) bool {
	if h.kept == nil {
		return false
	}
	idle, found := h.kept.take(h.way.address)
	if !found {
		return false
	}
	if idle.way != h.way || idle.wire.closed() || !repeatable(h.req, h.upload) || ctx.Err() != nil || !h.mayReach(idle) {
		idle.conn.Close()
		return false
	}
	h.link = idle
	if h.handshake != nil {
		h.handshake = h.handshake.again()
	}
	h.wire.begin(h.head())
	return true
}

// mayReach judges the address anew: somebody may have been allowed to connect there who had named it.
func (h *hop) mayReach(l link) bool {
	if h.allow == nil {
		return true
	}
	at, err := netip.ParseAddrPort(l.conn.RemoteAddr().String())
	return err == nil && h.allowed() == nil && h.allow(hostName(h.req.URL), at) == nil
}

// again is the same handshake for another request's answer, whose failure may add to the report.
func (h *handshake) again() *handshake {
	seen, report := *h, *h.report
	report.Notes = slices.Clone(report.Notes)
	seen.report = &report
	return &seen
}

// repeatable says that req may be sent once more where a kept connection turned out to have ended: what is safe
// (RFC 9110, section 9.2.1) is all that goes over one. Its end and the request may have crossed on the way.
func repeatable(req *core.Request, body *upload) bool {
	return body.size == 0 && !chunked(req) && slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE"}, req.Method)
}

// keep leaves the connection to the next request, where net/http has found that the answer came to its end and that there
// may be another one. Behind chunks it is not kept: where they end on the wire is not known here.
func (h *hop) keep() bool {
	return h.kept != nil && h.wire != nil && h.idle.Load() && h.answer != nil && h.wire.rest(h.bodySize) &&
		h.req.Method != "CONNECT" && !closes(h.req.Header) && !bindsConnection(h.req.Header, h.answer.Header) && h.kept.put(h.link)
}

// closes: who says “close” sends nothing more over that connection (RFC 9112, section 9.6). net/http does not see our own head.
func closes(asked core.Header) bool {
	return slices.ContainsFunc(asked.Values("Connection"), func(value string) bool { return strings.Contains(strings.ToLower(value), "close") })
}

// bindsConnection: these schemes log a connection in, and not a request (RFC 4559, section 6). Who goes on over it
// would be logged in as well.
func bindsConnection(asked core.Header, answered http.Header) bool {
	for _, value := range slices.Concat(asked.Values("Authorization"), asked.Values("Proxy-Authorization"),
		answered["Www-Authenticate"], answered["Proxy-Authenticate"]) {
		value = strings.ToLower(value)
		if strings.Contains(value, "ntlm") || strings.Contains(value, "negotiate") || strings.Contains(value, "kerberos") {
			return true
		}
	}
	return false
}

// watched has net/http tell when it is done with the connection and keeps it.
func (h *hop) watched(ctx context.Context) context.Context {
	if h.kept == nil {
		return ctx
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{PutIdleConn: func(err error) { h.idle.Store(err == nil) }})
}
