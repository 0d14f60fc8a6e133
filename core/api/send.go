package api

import (
	"context"
	"errors"

	"authpad/core"
	"authpad/core/session"
	"authpad/core/syntax"
)

// send answers once the last response is complete. What goes wrong on the wire is part of the
// answer, not an error.
func (c *call) send() error {
	job, err := c.job()
	if err != nil {
		return err
	}
	answer := sendAnswer{out: &c.out, steps: job.steps}
	transport, err := c.transport(job, answer.begin)
	if err != nil {
		return err
	}
	job.Native, job.GoesOut = !transport.Limits().Browser, true
	if !job.Native {
		if job.Notes, err = noteTLS(job.tls); err != nil {
			return err
		}
	}
	ctx, end, err := c.api.begin(c.ctx, job.id) // before it is built: to hash a file takes long enough to be cancelled
	if err != nil {
		return err
	}
	defer end()
	if answer.built, err = session.Build(job.Job); err != nil {
		return err
	}
	if err := hashFar(answer.built); err != nil {
		return err
	}
	result, err := session.Send(ctx, job.Job, answer.built, transport)
	if err != nil {
		return err
	}
	answer.complete(result, transport.Limits())
	if last := result.Exchanges[len(result.Exchanges)-1].Response; last != nil {
		c.outBody = last.Body
	}
	return nil
}

// noteTLS says that a page decides nothing about certificates. What it would decide must make sense
// all the same: it may be sent natively next.
func noteTLS(tls core.TLS) ([]core.Note, error) {
	if tls == (core.TLS{}) {
		return nil, nil
	}
	if _, err := syntax.ReadFingerprint(tls.Fingerprint); err != nil {
		return nil, err
	}
	return []core.Note{{Code: "tls.not-in-a-browser", Severity: core.Warn, Field: "tls",
		Message: "a page cannot choose how certificates are checked: this is sent with the browser’s own checks",
		Fix:     "send it natively with “authpad call send”"}}, nil
}

func (c *call) transport(job *jobParams, meanwhile func()) (core.Transport, error) {
	switch {
	case job.via == "relay" && !c.api.host.Relay:
		return nil, &core.FieldError{Field: "via", Code: "relay.unavailable", Message: "the relay is for pages, and this is none: leave “via” out, the same is sent from here"}
	case c.api.host.Transport == nil:
		return nil, &core.FieldError{Code: "unavailable", Message: "nothing can be sent from here"}
	}
	return c.api.host.Transport(SendOptions{Call: c.ctx, ID: job.id, Fetch: job.Fetch, TLS: job.tls, Proxy: job.proxy, Via: job.via, Meanwhile: meanwhile})
}

// begin makes the send known to cancel until end is called. Sends without an ID cannot be cancelled.
func (a *API) begin(parent core.Context, id string) (ctx core.Context, end func(), err error) {
	ctx, cancel := core.WithCancel(parent)
	if id == "" {
		return ctx, func() { cancel(context.Canceled) }, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sends[id] != nil {
		cancel(context.Canceled)
		return nil, nil, &core.FieldError{Field: "id", Code: "send.running", Message: "a send with this id is still running"}
	}
	a.sends[id] = cancel
	return ctx, func() {
		cancel(context.Canceled)
		a.mu.Lock()
		delete(a.sends, id)
		a.mu.Unlock()
	}, nil
}

// cancel aborts a running send, which then answers with the failure "cancelled".
func (c *call) cancel() error {
	var id string
	err := c.read(func(r reader, name []byte) error {
		if string(name) == "id" {
			return r.text(&id)
		}
		return r.Skip()
	})
	if err != nil {
		return err
	}
	c.api.mu.Lock()
	stop := c.api.sends[id]
	c.api.mu.Unlock()
	if stop != nil {
		stop(context.Canceled)
	}
	c.out.Object()
	c.out.Member("cancelled")
	c.out.Bool(stop != nil)
	c.out.EndObject()
	return nil
}

func rejectionOf(err error) (*core.Rejection, bool) {
	var r *core.Rejection
	return r, errors.As(err, &r)
}
