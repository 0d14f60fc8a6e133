// Package native is the part of authpad that a browser has no room for: the network of the machine
// it runs on, and the web server.
package native

import (
	"context"
	"io"
	"time"

	"authpad/core"
)

// bodyLimit is how much of a response body is kept: 16 MiB. What follows is counted, not held.
const bodyLimit = 16 << 20

// NewTransport returns a Transport over the network of this machine. Options are read once, here:
// an error is a *core.FieldError for "tls.ca", "tls.fingerprint", "tls.clientCert", "tls.clientKey"
// or "redirect".
//
// What is sent is what the request says and what Request.Head shows: names in the case and order
// typed, repeated lines kept, a typed Host line instead of the URL's. Added are Host and
// Content-Length, nothing else: no User-Agent, no Accept, no Accept-Encoding. A body that comes
// compressed, because the person asked for it, is therefore delivered as it was sent. There are no
// cookies, no cache, no retries, and no proxy: one from the environment would see the credentials.
// Over HTTP/2, which is used where the server chooses it, names are lower case and have no order.
//
// An error of Send is a *core.Failure. Where the answer had begun, Send returns what came of it too:
// a Response beside a Failure broke off.
func NewTransport(tls core.TLS, fetch core.Fetch) (core.Transport, error) {
	policy, err := newTrust(tls, time.Now())
	if err != nil {
		return nil, err
	}
	switch fetch.Redirect {
	case "", "follow", "manual", "error":
		return &transport{trust: policy, redirect: fetch.Redirect, timeout: fetch.TimeoutMs}, nil
	}
	return nil, &core.FieldError{Field: "redirect", Code: "fetch.redirect",
		Message: "redirect is one of follow, manual, error"}
}

type transport struct {
	trust    *trust
	redirect string
	timeout  int // milliseconds for everything together, redirects and body included; 0: none
}

// Limits says that no browser is involved.
func (t *transport) Limits() core.Limits { return core.Limits{Body: bodyLimit} }

// Send sends req, follows redirects as the options say, and reads the answer to its end.
func (t *transport) Send(waiting core.Context, req *core.Request) (*core.Response, error) {
	ctx := whole(waiting)
	if t.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(t.timeout)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	for count := 0; ; count++ {
		h := &hop{trust: t.trust, req: req}
		next, response, failure := t.visit(ctx, h, count)
		h.close()
		if failure != nil {
			return response, failure
		}
		if next == nil {
			return response, nil
		}
		req = next
	}
}

// visit makes one hop: the next request, or the response that is the answer.
func (t *transport) visit(ctx context.Context, h *hop, count int) (*core.Request, *core.Response, *core.Failure) {
	response, body, failure := h.send(ctx)
	if failure != nil {
		return nil, nil, failure
	}
	next, failure := t.follow(h.req, response, count)
	if failure != nil {
		return nil, response, failure
	}
	if next != nil {
		return next, nil, nil
	}
	kept := &keeper{limit: bodyLimit}
	_, err := io.Copy(kept, body)
	response.Body, response.BodySize = kept.bytes, kept.size
	if err == nil {
		// net/http says goodbye before it hangs up; a server that answers with a proper end would
		// make half a body look whole.
		err = ctx.Err()
	}
	if err != nil {
		return nil, response, h.failure(ctx, "reading the answer's body", err)
	}
	return nil, response, nil
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
