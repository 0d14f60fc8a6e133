// Package native is the part of authpad that a browser has no room for: the network of the machine
// it runs on, and the web server.
package native

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
)

// bodyLimit is how much of a response body is kept: 16 MiB. What follows is counted, not held.
const bodyLimit = 16 << 20

// Options say how requests are sent. The zero value of each part means its defaults.
type Options struct {
	TLS   core.TLS
	Fetch core.Fetch // Redirect and TimeoutMs count
	Proxy core.Proxy
	Into  io.Writer // gets the bodies of answers, whole and while they arrive, as they came; nil: nowhere

	// Allow is asked before each connection: host is that of the request's URL, at where its name led, or
	// where the proxy is. Its error should be a *core.Failure. nil: every address is allowed.
	Allow func(host string, at netip.AddrPort) error
}

// NewTransport returns a Transport over the network of this machine. Options are read once, here:
// an error is a *core.FieldError for "tls.ca", "tls.fingerprint", "tls.clientCert", "tls.clientKey",
// "tls.pkcs12", "tls.pkcs12Password", "proxy.url", "proxy.username" or "redirect".
//
// What is sent is what the request says and what Request.Head shows: names in the case and order
// typed, repeated lines kept, a typed Host line instead of the URL's. Added are Host and
// Content-Length, nothing else: no User-Agent, no Accept, no Accept-Encoding. A body that comes
// compressed, because the person asked for it, is therefore delivered as it was sent. There are no
// cookies, no cache, no retries, and no proxy but the one given: one from the environment would see the
// credentials. Over HTTP/2, which is used where the server chooses it, names are lower case and have no order.
//
// An error of Send is a *core.Failure. Where the answer had begun, Send returns what came of it too:
// a Response beside a Failure broke off. Where Options.Into takes no more, Send ends with the failure "sink".
func NewTransport(o Options) (core.Transport, error) { return newTransport(o) }

func newTransport(o Options) (*transport, error) {
	policy, err := newTrust(o.TLS, time.Now())
	if err != nil {
		return nil, err
	}
	through, err := newProxy(o.Proxy)
	if err != nil {
		return nil, err
	}
	if o.Into == nil {
		o.Into = io.Discard
	}
	switch o.Fetch.Redirect {
	case "", "follow", "manual", "error":
		return &transport{Options: o, trust: policy, proxy: through}, nil
	}
	return nil, &core.FieldError{Field: "redirect", Code: "fetch.redirect",
		Message: "redirect is one of follow, manual, error"}
}

type transport struct {
	Options
	trust *trust
	proxy *proxy // nil: none
	hold  []int  // bodies of answers with these statuses do not go to Into
	kept  *kept  // nil: each request has a connection of its own
}

func (t *transport) way(req *core.Request) way {
	return way{req.URL.Scheme, dialAddress(req.URL), t.TLS, t.Proxy, strings.Join(protocols(req), " ")}
}

// Hold is that of core.Saver.
func (t *transport) Hold(statuses ...int) { t.hold = statuses }

// Limits says that no browser is involved.
func (t *transport) Limits() core.Limits { return core.Limits{Body: bodyLimit} }

// Send sends req, follows redirects as the options say, and reads the answer to its end.
func (t *transport) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	_, response, err := t.Follow(ctx, req, func(*core.Request, *core.Response) {})
	return response, err
}

// Follow is Send that tells of each redirect.
func (t *transport) Follow(waiting core.Context, req *core.Request, passed func(*core.Request, *core.Response)) (*core.Request, *core.Response, error) {
	kept := &keeper{limit: bodyLimit}
	last, response, failure := t.exchange(whole(waiting), req, uploadOf(req.Body), observer{
		passed: func(req *core.Request, response *core.Response) error { passed(req, response); return nil },
		begun: func(_ *core.Request, response *core.Response) (io.Writer, error) {
			if slices.Contains(t.hold, response.Status) {
				return kept, nil
			}
			return io.MultiWriter(kept, t.Into), nil
		}})
	if response != nil && response.Body == nil {
		response.Body = kept.bytes
	}
	if failure != nil {
		return last, response, failure
	}
	return last, response, nil
}

// observer hears of an exchange while it goes on. Its errors end it with the failure "sink".
type observer struct {
	passed func(*core.Request, *core.Response) error              // a redirect that is followed
	begun  func(*core.Request, *core.Response) (io.Writer, error) // the head of the answer; its body goes into the writer
}

// exchange sends req and what its redirects lead to. It returns the last request, and what came of its answer.
func (t *transport) exchange(ctx context.Context, req *core.Request, body *upload, see observer) (*core.Request, *core.Response, *core.Failure) {
	if t.Fetch.TimeoutMs > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(t.Fetch.TimeoutMs)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	for first, count := req, 0; ; count++ {
		h := &hop{trust: t.trust, proxy: t.proxy, allow: t.Allow, kept: t.kept, req: req, upload: body, link: link{way: t.way(req)}}
		next, response, failure := t.visit(ctx, h, first, count, see)
		h.close()
		if failure != nil || next == nil {
			return req, response, failure
		}
		if next.Method != req.Method { // fetch's rule for a body that does not go on
			body = uploadOf(nil)
		}
		if see.passed(req, response) != nil {
			return req, response, errSink
		}
		req = next
	}
}

var errSink = &core.Failure{Code: "sink", Message: "the place that the body was to be saved to took no more"}

// visit makes one hop, and returns the request it leads to; nil where the response is the answer.
func (t *transport) visit(ctx context.Context, h *hop, first *core.Request, count int, see observer) (*core.Request, *core.Response, *core.Failure) {
	response, body, failure := h.send(ctx)
	if failure != nil {
		return nil, nil, failure
	}
	next, failure := t.follow(h.req, response, count)
	if next != nil && next.Method == h.req.Method && !h.upload.again() {
		failure = &core.Failure{Code: "redirect.body", Message: "the redirect wants the body once more, and it was too large to be kept: send to " +
			next.URL.Origin() + next.URL.Path + " itself"}
	}
	if failure != nil {
		see.begun(h.req, response)
		return nil, response, failure
	}
	if next != nil {
		h.glance(response, body)
		response.Notes = append(response.Notes, redirectNotes(first, h.req, next)...)
		return next, response, nil
	}
	return nil, response, t.read(ctx, h, response, body, see)
}

// read takes the answer's body to its end.
func (t *transport) read(ctx context.Context, h *hop, response *core.Response, body io.Reader, see observer) *core.Failure {
	into, err := see.begun(h.req, response)
	if err != nil {
		return h.because(errSink.Code, errSink.Message)
	}
	from := &source{Reader: body}
	response.BodySize, err = io.Copy(into, from)
	h.bodySize = response.BodySize
	refused := err != nil && from.err == nil
	if err == nil {
		// net/http says goodbye before it hangs up; a server that answers with a proper end would
		// make half a body look whole.
		err = ctx.Err()
	}
	switch {
	case refused:
		return h.because(errSink.Code, errSink.Message)
	case err != nil:
		return h.failure(ctx, "reading the answer’s body", err)
	}
	response.Trailer = trailer(h.answer)
	return nil
}

// trailer is sorted: net/http keeps no order of it, nor how the names were written.
func trailer(answer *http.Response) (lines core.Header) {
	for _, name := range slices.Sorted(maps.Keys(answer.Trailer)) {
		for _, value := range answer.Trailer[name] {
			lines.Add(name, readable(value))
		}
	}
	return lines
}

// glance reads what a redirect says for people. It is not the answer: more than a page of text is left
// unread, and so is one whose length is not declared, since its end might never come.
func (h *hop) glance(response *core.Response, body io.Reader) {
	const page = 4 << 10
	declared, _ := response.Header.Get("Content-Length")
	if length, err := strconv.Atoi(declared); err != nil || length > page {
		return
	}
	response.Body, _ = io.ReadAll(body) // broken off: then it is as much as came
	response.BodySize = int64(len(response.Body))
	h.bodySize = response.BodySize
}

// source remembers whether it was the one that failed.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != io.EOF {
		s.err = err
	}
	return n, err
}

// keeper counts what is written to it and holds the start of it.
type keeper struct {
	bytes       []byte
	size, limit int64
}

func (k *keeper) Write(p []byte) (int, error) {
	room := max(k.limit-int64(len(k.bytes)), 0)
	k.bytes = append(k.bytes, p[:min(room, int64(len(p)))]...)
	k.size += int64(len(p))
	return len(p), nil
}
