package native

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"authpad/core"
)

// maxHead bounds a response's head; browsers take 256 KiB.
const maxHead = 1 << 20

// hop is one request and its answer on one connection, made for it and closed after it.
type hop struct {
	trust     *trust
	req       *core.Request
	handshake *handshake // nil over plain http
	conn      net.Conn
	wire      *wireConn // nil over HTTP/2
	body      io.ReadCloser
}

// send returns the response up to its head, and its body, which ends with close.
func (h *hop) send(ctx context.Context) (*core.Response, io.Reader, *core.Failure) {
	outgoing, failure := httpRequest(ctx, h.req)
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
	h.body = answer.Body
	return h.response(answer), answer.Body, nil
}

// dial connects, and shakes hands where the URL says https.
func (h *hop) dial(ctx context.Context) *core.Failure {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", dialAddress(h.req.URL))
	if err != nil {
		return h.failure(ctx, "connecting", err)
	}
	h.conn = conn
	if h.req.URL.Scheme == "https" {
		h.handshake = &handshake{trust: h.trust, host: hostName(h.req.URL), offer: protocols(h.req)}
		secure := tls.Client(conn, h.handshake.config())
		h.conn = secure
		if err := secure.HandshakeContext(ctx); err != nil {
			return h.failure(ctx, "agreeing on TLS", err)
		}
		h.handshake.finish()
		if secure.ConnectionState().NegotiatedProtocol == "h2" {
			return nil
		}
	}
	h.wire = &wireConn{Conn: h.conn, head: requestHead(h.req)}
	h.conn = h.wire
	return nil
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
func httpRequest(ctx context.Context, req *core.Request) (*http.Request, *core.Failure) {
	if failure := sendable(req); failure != nil {
		return nil, failure
	}
	host := hostLine(req)
	out := &http.Request{
		Method: req.Method, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: host,
		// Opaque keeps the target as it is: Go would decode and encode the path again.
		URL: &url.URL{Scheme: req.URL.Scheme, Host: dialAddress(req.URL),
			Opaque: "//" + host + req.URL.Target()},
		Header:        http.Header{},
		ContentLength: int64(len(req.Body)),
		Body:          http.NoBody,
	}
	for _, f := range req.Header {
		out.Header[f.Name] = append(out.Header[f.Name], f.Value)
	}
	if !req.Header.Has("User-Agent") {
		out.Header["User-Agent"] = nil // otherwise Go names itself
	}
	if chunked(req) {
		out.TransferEncoding, out.ContentLength = []string{"chunked"}, -1
	}
	if len(req.Body) > 0 || chunked(req) {
		out.Body = io.NopCloser(bytes.NewReader(req.Body))
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

func dialAddress(u core.URL) string {
	port := u.Port
	if port == "" && u.Scheme == "https" {
		port = "443"
	} else if port == "" {
		port = "80"
	}
	return net.JoinHostPort(hostName(u), port)
}
