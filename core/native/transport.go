// Package native is the part of authpad that a browser has no room for: the network of the machine
// it runs on, and the web server.
package native

import (
	"context"
	"io"
	"slices"
	"strconv"
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
	return newTransport(tls, fetch)
}

// NewSavingTransport is NewTransport whose answers' bodies also go to into, whole and while they arrive,
// as they came. Where into takes no more, Send ends with the failure "sink".
func NewSavingTransport(tls core.TLS, fetch core.Fetch, into io.Writer) (core.Transport, error) {
	t, err := newTransport(tls, fetch)
	if err != nil {
		return nil, err
	}
	t.into = into
	return t, nil
}

func newTransport(tls core.TLS, fetch core.Fetch) (*transport, error) {
	policy, err := newTrust(tls, time.Now())
	if err != nil {
		return nil, err
	}
	switch fetch.Redirect {
	case "", "follow", "manual", "error":
		return &transport{trust: policy, redirect: fetch.Redirect, timeout: fetch.TimeoutMs, into: io.Discard}, nil
	}
	return nil, &core.FieldError{Field: "redirect", Code: "fetch.redirect",
		Message: "redirect is one of follow, manual, error"}
}

type transport struct {
	trust    *trust
	redirect string
	timeout  int       // milliseconds for everything together, redirects and body included; 0: none
	into     io.Writer // gets the body of the answer; those of redirects that are followed it does not
	hold     []int     // nor those of answers with these statuses
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
			return req, response, failure
		}
		if next == nil {
			return req, response, nil
		}
		passed(req, response)
		req = next
	}
}

// visit makes one hop, and returns the request it leads to; nil where the response is the answer.
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
		glance(response, body)
		return next, response, nil
	}
	kept := &keeper{limit: bodyLimit}
	save := &saver{into: t.into}
	if slices.Contains(t.hold, response.Status) {
		save.into = io.Discard
	}
	_, err := io.Copy(io.MultiWriter(kept, save), body)
	response.Body, response.BodySize = kept.bytes, kept.size
	if err == nil {
		// net/http says goodbye before it hangs up; a server that answers with a proper end would
		// make half a body look whole.
		err = ctx.Err()
	}
	switch {
	case save.refused:
		return nil, response, h.because("sink", "the place that the body was to be saved to took no more")
	case err != nil:
		return nil, response, h.failure(ctx, "reading the answer's body", err)
	}
	return nil, response, nil
}

// glance reads what a redirect says for people. It is not the answer: more than a page of text is left
// unread, and so is one whose length is not declared, since its end might never come.
func glance(response *core.Response, body io.Reader) {
	const page = 4 << 10
	declared, _ := response.Header.Get("Content-Length")
	if length, err := strconv.Atoi(declared); err != nil || length > page {
		return
	}
	response.Body, _ = io.ReadAll(body) // broken off: then it is as much as came
	response.BodySize = int64(len(response.Body))
}

// saver hands on what is written to it, and remembers whether that was refused.
type saver struct {
	into    io.Writer
	refused bool
}

func (s *saver) Write(p []byte) (int, error) {
	n, err := s.into.Write(p)
	s.refused = err != nil
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
