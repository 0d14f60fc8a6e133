package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"authpad/core"
)

// Result is everything that went over the wire, and what it was made of.
type Result struct {
	Built     *Built
	Exchanges []core.Exchange // at least one, in order
}

// Run builds a request and sends it. What goes wrong on the wire is in the Exchange; the error is
// that of Build.
func Run(ctx context.Context, j Job, t core.Transport) (*Result, error) {
	built, err := Build(j)
	if err != nil {
		return nil, err
	}
	return Send(ctx, j, built, t)
}

// Send is Run for a request that is built already. It changes nothing in built, which others may
// read meanwhile. The error is a bug of the transport.
func Send(ctx context.Context, j Job, built *Built, t core.Transport) (*Result, error) {
	if j.Fetch.TimeoutMs > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, time.Duration(j.Fetch.TimeoutMs)*time.Millisecond)
		defer stop()
	}
	first, err := exchange(ctx, "first", built, t)
	if err != nil {
		return nil, err
	}
	return &Result{Built: built, Exchanges: []core.Exchange{first}}, nil
}

// exchange sends one built request. An error other than a *core.Failure is a bug of the transport.
func exchange(ctx context.Context, why string, built *Built, t core.Transport) (core.Exchange, error) {
	done := core.Exchange{Why: why, Request: built.Request}
	if blocked := built.Browser.Blocked; blocked != nil && t.Limits().Browser {
		done.Failure = &core.Failure{Code: blocked.Code, Message: blocked.Message}
		return done, nil
	}
	started := time.Now() // not Env's clock: pinning that must not stop the stopwatch
	response, err := t.Send(ctx, built.Request)
	done.Millis = float64(time.Since(started).Microseconds()) / 1000
	done.Response = response // beside an error: the part that came before the answer broke off
	if response != nil {
		done.TLS = response.TLS
	}
	if err == nil {
		return done, nil
	}
	var failure *core.Failure
	if !errors.As(err, &failure) && ctx.Err() == nil {
		return done, fmt.Errorf("transport: %w", err)
	}
	done.Failure = failureOf(ctx, failure)
	return done, nil
}

// failureOf names the two failures that are our own doing; a transport sees them only as an abort.
func failureOf(ctx context.Context, seen *core.Failure) *core.Failure {
	switch ctx.Err() {
	case context.DeadlineExceeded:
		return &core.Failure{Code: "timeout", Message: "no complete answer came within the time limit that was set"}
	case context.Canceled:
		return &core.Failure{Code: "cancelled", Message: "the request was cancelled before the answer was complete"}
	}
	return seen
}
