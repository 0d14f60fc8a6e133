package native

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"authpad/core"
)

// maxHead bounds a response's head; browsers take 256 KiB.
const maxHead = 1 << 20

// hop is one request and its answer on one connection, made for it and closed after it.
type hop struct {
	trust     *trust
	proxy     *proxy // nil: straight to the server
	allow     func(host string, at netip.AddrPort) error
	req       *core.Request
	upload    *upload
	handshake *handshake // nil over plain http
	conn      net.Conn
	wire      *wireConn // nil over HTTP/2
	body      io.ReadCloser
	answer    *http.Response
}

// send returns the response up to its head, and its body, which ends with close.
func (h *hop) send(ctx context.Context) (*core.Response, io.Reader, *core.Failure) {
	outgoing, failure := httpRequest(ctx, h.req, h.upload)
	if failure != nil {
		return nil, nil, failure
	}
	if failure := h.dial(ctx); failure != nil {
		return nil, nil, failure
	}
	answer, err := h.client().RoundTrip(outgoing)
	if err != nil {
		return nil, nil, h.failure(ctx, "waiting for the answer", err)
	}
	h.answer, h.body = answer, answer.Body
	return h.response(answer), answer.Body, nil
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
	if h.req.URL.Scheme != "https" {
		h.spell(requestHead(h.req, h.upload.size, h.proxy))
		return nil
	}
	if failure := h.tunnel(ctx); failure != nil {
		return failure
	}
	h.handshake = &handshake{trust: h.trust, host: hostName(h.req.URL), offer: protocols(h.req)}
	secure := tls.Client(h.conn, h.handshake.config())
	h.conn = secure
	if err := secure.HandshakeContext(ctx); err != nil {
		return h.failure(ctx, "agreeing on TLS", err)
	}
	h.handshake.finish()
	if secure.ConnectionState().NegotiatedProtocol != "h2" {
		h.spell(requestHead(h.req, h.upload.size, nil))
	}
	return nil
}

// spell has head go out instead of the one that net/http writes.
func (h *hop) spell(head []byte) {
	h.wire = &wireConn{Conn: h.conn, head: head}
	h.conn = h.wire
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

// client is net/http over the one connection that is already there.
func (h *hop) client() *http.Transport {
	used := false
	connection := func(context.Context, string, string) (net.Conn, error) {
		if used {
			return nil, errors.New("a second connection for one request")
		}
		used = true
		return h.conn, nil
	}
	return &http.Transport{
		DialContext:            connection,
		DialTLSContext:         connection,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		DisableKeepAlives:      true,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHead,
	}
}

func (h *hop) close() {
	if h.body != nil {
		h.body.Close() // net/http's reader waits for it
	}
	if h.conn != nil {
		h.conn.Close()
	}
}

func (h *hop) response(answer *http.Response) *core.Response {
	address := h.req.URL
	address.Username, address.Password, address.Fragment = "", "", ""
	response := &core.Response{Status: answer.StatusCode, URL: address.String()}
	if h.handshake != nil {
		response.TLS = h.handshake.report
	}
	if response.Protocol = "h2"; h.wire != nil {
		response.Protocol = answer.Proto
		response.StatusText, response.Header = h.wire.responseHead()
		return response
	}
	for name, values := range answer.Header {
		for _, value := range values {
			response.Header.Add(strings.ToLower(name), readable(value))
		}
	}
	slices.SortStableFunc(response.Header, func(a, b core.HeaderField) int { return strings.Compare(a.Name, b.Name) })
	return response
}

// httpRequest is req for net/http. Over HTTP/1.1 only its framing matters: requestHead is what goes
// out. Over HTTP/2 it is what goes out.
func httpRequest(ctx context.Context, req *core.Request, body *upload) (*http.Request, *core.Failure) {
	if failure := sendable(req, body.size); failure != nil {
		return nil, failure
	}
	host := hostLine(req)
	out := &http.Request{
		Method: req.Method, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: host,
		// Opaque keeps the target as it is: Go would decode and encode the path again.
		URL: &url.URL{Scheme: req.URL.Scheme, Host: dialAddress(req.URL),
			Opaque: "//" + host + req.URL.Target()},
		Header:        http.Header{},
		ContentLength: body.size,
		Body:          http.NoBody,
	}
	for _, f := range req.Header {
		out.Header[f.Name] = append(out.Header[f.Name], f.Value)
	}
	if !req.Header.Has("User-Agent") {
		out.Header["User-Agent"] = nil // otherwise Go names itself
	}
	switch length, given := req.Header.Get("Content-Length"); {
	case given:
		out.ContentLength, _ = strconv.ParseInt(length, 10, 64) // sendable has read it
	case chunked(req) || body.size < 0:
		out.TransferEncoding, out.ContentLength = []string{"chunked"}, -1
	}
	if out.ContentLength != 0 {
		out.Body = body.reader()
	}
	return out.WithContext(ctx), nil
}

// protocols leaves HTTP/2 out where a line was typed that only HTTP/1.1 has (RFC 9113, section 8.2.2).
func protocols(req *core.Request) []string {
	for _, name := range []string{"Connection", "Upgrade", "Transfer-Encoding", "Keep-Alive", "Proxy-Connection"} {
		if req.Header.Has(name) {
			return []string{"http/1.1"}
		}
	}
	return []string{"h2", "http/1.1"}
}

func hostLine(req *core.Request) string {
	if typed, ok := req.Header.Get("Host"); ok {
		return typed
	}
	return req.URL.Authority()
}

func hostName(u core.URL) string {
	return strings.TrimSuffix(strings.TrimPrefix(u.Host, "["), "]")
}

func dialAddress(u core.URL) string { return net.JoinHostPort(hostName(u), portOf(u)) }

func portOf(u core.URL) string {
	switch {
	case u.Port != "":
		return u.Port
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
