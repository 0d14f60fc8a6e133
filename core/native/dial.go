package native

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"authpad/core"
)

// maxHead bounds a response's head; browsers take 256 KiB.
const maxHead = 1 << 20

// link is a connection, and net/http over it.
type link struct {
	way       way
	conn      net.Conn
	handshake *handshake // nil over plain http
	wire      *wireConn  // nil over HTTP/2
	client    *http.Transport
}

// dial connects, and shakes hands where the URL says https.
func (h *hop) dial(ctx context.Context) *core.Failure {
	if failure := h.allowed(); failure != nil {
		return failure
	}
	conn, err := h.dialer().DialContext(ctx, "tcp", h.place())
	if err != nil {
		return h.proxy.blame(h.failure(ctx, "connecting", err))
	}
	h.conn = conn
	protocol := "http/1.1"
	if h.req.URL.Scheme == "https" {
		var failure *core.Failure
		if protocol, failure = h.secure(ctx); failure != nil {
			return failure
		}
	}
	if protocol != "h2" {
		h.spell()
	}
	h.client = h.over()
	return nil
}

// secure agrees on TLS, behind a proxy if there is one, and returns the protocol that was chosen there.
func (h *hop) secure(ctx context.Context) (protocol string, _ *core.Failure) {
	if failure := h.tunnel(ctx); failure != nil {
		return "", failure
	}
	h.handshake = &handshake{trust: h.trust, host: hostName(h.req.URL), offer: protocols(h.req)}
	secure := tls.Client(h.conn, h.handshake.config())
	h.conn = secure
	if err := secure.HandshakeContext(ctx); err != nil {
		return "", h.failure(ctx, "agreeing on TLS", err)
	}
	h.handshake.finish()
	return secure.ConnectionState().NegotiatedProtocol, nil
}

// spell has the request's head go out instead of the one that net/http writes.
func (h *hop) spell() {
	h.wire = &wireConn{Conn: h.conn}
	h.wire.begin(h.head())
	h.conn = h.wire
}

// head is the request's over HTTP/1.1. A proxy reads that of a plain one.
func (h *hop) head() []byte {
	if h.req.URL.Scheme == "https" {
		return requestHead(h.req, h.upload.size, nil)
	}
	return requestHead(h.req, h.upload.size, h.proxy)
}

// allowed asks for the host alone, whose address a proxy may be the only one to know.
func (h *hop) allowed() *core.Failure {
	if h.allow == nil {
		return nil
	}
	port, _ := strconv.ParseUint(portOf(h.req.URL), 10, 16)
	at, _ := netip.ParseAddr(hostName(h.req.URL))
	if !at.IsValid() && h.req.URL.Loopback() {
		at = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	err := h.allow(hostName(h.req.URL), netip.AddrPortFrom(at, uint16(port)))
	if err == nil {
		return nil
	}
	return h.failure(context.Background(), "connecting", err)
}

// dialer asks of every address that the name has whether it may be connected to.
func (h *hop) dialer() *net.Dialer {
	if h.allow == nil {
		return new(net.Dialer)
	}
	host := hostName(h.req.URL)
	return &net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return h.allow(host, at)
	}}
}

// errOnlyConnection is net/http's when it would send a request once more: no byte of an answer came.
var errOnlyConnection = errors.New("a second connection")

// over is net/http over the one connection that is already there.
func (h *hop) over() *http.Transport {
	only := h.conn
	connection := func(context.Context, string, string) (net.Conn, error) {
		if only == nil {
			return nil, errOnlyConnection
		}
		defer func() { only = nil }()
		return only, nil
	}
	return &http.Transport{
		DialContext:            connection,
		DialTLSContext:         connection,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		DisableKeepAlives:      h.kept == nil,
		IdleConnTimeout:        keptFor,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHead,
	}
}
