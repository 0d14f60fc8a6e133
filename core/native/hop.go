package native

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"authpad/core"
)

// hop is one request and its answer on one connection, made for it and closed after it, unless it is kept.
type hop struct {
	trust  *trust
	proxy  *proxy // nil: straight to the server
	allow  func(host string, at netip.AddrPort) error
	kept   *kept // nil: nothing is kept
	req    *core.Request
	upload *upload
	link
	idle     atomic.Bool // net/http is done with the connection
	body     io.ReadCloser
	bodySize int64 // that came
	answer   *http.Response
}

// send returns the response up to its head, and its body, which ends with close.
func (h *hop) send(ctx context.Context) (*core.Response, io.Reader, *core.Failure) {
	outgoing, failure := httpRequest(h.watched(ctx), h.req, h.upload)
	if failure != nil {
		return nil, nil, failure
	}
	answer, failure, err := h.ask(ctx, outgoing)
	if failure != nil {
		return nil, nil, failure
	}
	if err != nil {
		return nil, nil, h.failure(ctx, "waiting for the answer", err)
	}
	h.answer, h.body = answer, answer.Body
	return h.response(answer), answer.Body, nil
}

// ask sends the request over a kept connection, if there is one that still holds, or else over a new one.
func (h *hop) ask(ctx context.Context, outgoing *http.Request) (*http.Response, *core.Failure, error) {
	if h.resume(ctx) {
		answer, err := h.client.RoundTrip(outgoing)
		if !errors.Is(err, errOnlyConnection) {
			return answer, nil, err
		}
		h.conn.Close()
		h.link = link{way: h.way}
	}
	if failure := h.dial(ctx); failure != nil {
		return nil, failure, nil
	}
	answer, err := h.client.RoundTrip(outgoing)
	return answer, nil, err
}

func (h *hop) close() {
	if h.body != nil {
		h.body.Close() // net/http's reader waits for it
	}
	if h.conn != nil && !h.keep() {
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
