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
func Run(ctx core.Context, j Job, t core.Transport) (*Result, error) {
	j.Native = !t.Limits().Browser
	built, err := Build(j)
	if err != nil {
		return nil, err
	}
	return Send(ctx, j, built, t)
}

// Send is Run for a request that is built already. It changes nothing in built, which others may
// read meanwhile. The error is a bug of the transport.
func Send(ctx core.Context, j Job, built *Built, t core.Transport) (*Result, error) {
	if j.Fetch.TimeoutMs > 0 {
		limited, end := core.WithCancel(ctx)
		timer := time.AfterFunc(time.Duration(j.Fetch.TimeoutMs)*time.Millisecond, func() { end(context.DeadlineExceeded) })
		defer end(context.Canceled)
		defer timer.Stop()
		ctx = limited
	}
	first, err := exchange(ctx, "first", built, t)
	if err != nil {
		return nil, err
	}
	return &Result{Built: built, Exchanges: []core.Exchange{first}}, nil
}

// exchange sends one built request. An error other than a *core.Failure is a bug of the transport.
func exchange(ctx core.Context, why string, built *Built, t core.Transport) (core.Exchange, error) {
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

// failureOf names the two failures that are our own doing. A browser sees both only as an abort; what
// a transport has to say about them itself stays.
func failureOf(ctx core.Context, seen *core.Failure) *core.Failure {
	var ended *core.Failure
	switch ctx.Err() {
	case context.DeadlineExceeded:
		ended = &core.Failure{Code: "timeout", Message: "no complete answer came within the time limit that was set"}
	case context.Canceled:
		ended = &core.Failure{Code: "cancelled", Message: "the request was cancelled before the answer was complete"}
	default:
		return seen
	}
	if seen != nil && seen.Code == ended.Code {
		return seen
	}
	if seen != nil {
		ended.TLS = seen.TLS
	}
	return ended
}
