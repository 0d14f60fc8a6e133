package session

import (
	"context"
	"errors"
	"time"

	"authpad/core"
	"authpad/core/fetchrules"
)

// Result is everything that went over the wire, and what it was made of.
type Result struct {
	Built     *Built
	Exchanges []core.Exchange          // at least one, in order
	Browser   []*fetchrules.Prediction // of each exchange; nil: no browser has a part in it
}

// Run builds a request and sends it. What goes wrong on the wire is in the Exchange; the error is
// that of Build.
func Run(ctx core.Context, j Job, t core.Transport) (*Result, error) {
	j.Native, j.GoesOut = !t.Limits().Browser, true
	built, err := Build(j)
	if err != nil {
		return nil, err
	}
	return Send(ctx, j, built, t)
}

// Send is Run for a request that is built already. It changes nothing in built, which others may
// read meanwhile: where the server's answer is answered in turn, or confirms something, the Result has
// another one. The error is a bug of the transport.
func Send(ctx core.Context, j Job, built *Built, t core.Transport) (*Result, error) {
	if j.Fetch.TimeoutMs > 0 {
		limited, end := core.WithCancel(ctx)
		timer := time.AfterFunc(time.Duration(j.Fetch.TimeoutMs)*time.Millisecond, func() { end(context.DeadlineExceeded) })
		defer end(context.Canceled)
		defer timer.Stop()
		ctx = limited
	}
	result := &Result{Built: built}
	if err := j.send(ctx, "first", result, t); err != nil {
		return nil, err
	}
	if next := j.answer(result); next != nil { // once: a second refusal is for a person to read
		result.Built = next
		if err := j.send(ctx, "answer", result, t); err != nil {
			return nil, err
		}
	}
	result.confirm()
	return result, nil
}

// send adds to r the exchanges of its built request. What may be answered in turn is not what a person
// wants to save.
func (j Job) send(ctx core.Context, why string, r *Result, t core.Transport) error {
	if saver, saves := t.(core.Saver); saves && why == "first" && waitsForChallenge(r.Built.scheme) {
		saver.Hold(answerStatuses...)
		defer saver.Hold()
	}
	exchanges, err := exchange(ctx, why, r.Built, t)
	if err != nil {
		return err
	}
	for range exchanges {
		var predicted *fetchrules.Prediction
		if t.Limits().Browser {
			predicted = &r.Built.Browser
		}
		r.Browser = append(r.Browser, predicted)
	}
	r.Exchanges = append(r.Exchanges, exchanges...)
	j.learn(r)
	return nil
}

// exchange sends one built request. An error other than a *core.Failure is a bug of the transport.
func exchange(ctx core.Context, why string, built *Built, t core.Transport) ([]core.Exchange, error) {
	if blocked := built.Browser.Blocked; blocked != nil && t.Limits().Browser {
		return []core.Exchange{{Why: why, Request: built.Request,
			Failure: &core.Failure{Code: blocked.Code, Message: blocked.Message}}}, nil
	}
	if ctx.Err() != nil { // while it was built
		return []core.Exchange{{Why: why, Request: built.Request, Failure: failureOf(ctx, nil)}}, nil
	}
	p := passage{why: why, started: time.Now()} // not Env's clock: pinning that must not stop the stopwatch
	last, response, err := follow(ctx, built.Request, t, p.add)
	p.add(last, response)
	if err == nil {
		return p.exchanges, nil
	}
	var failure *core.Failure
	if !errors.As(err, &failure) && ctx.Err() == nil {
		return nil, err
	}
	p.exchanges[len(p.exchanges)-1].Failure = failureOf(ctx, failure)
	return p.exchanges, nil
}

func follow(ctx core.Context, req *core.Request, t core.Transport, passed func(*core.Request, *core.Response)) (*core.Request, *core.Response, error) {
	if follower, ok := t.(core.Follower); ok {
		return follower.Follow(ctx, req, passed)
	}
	response, err := t.Send(ctx, req)
	return req, response, err
}

// passage is what has gone over the wire so far.
type passage struct {
	exchanges []core.Exchange
	why       string
	started   time.Time // the exchange that is not complete yet
}

// add completes an exchange. response may be nil, or the part that came before the answer broke off.
func (p *passage) add(req *core.Request, response *core.Response) {
	now := time.Now()
	done := core.Exchange{Why: p.why, Request: req, Response: response, Millis: float64(now.Sub(p.started).Microseconds()) / 1000}
	if response != nil {
		done.TLS, done.Notes = response.TLS, append(noteResponse(req, response), response.Notes...)
	}
	p.exchanges, p.why, p.started = append(p.exchanges, done), "redirect", now
}

// noteResponse says in what an answer is not the one to the request as it is shown.
func noteResponse(req *core.Request, response *core.Response) (notes []core.Note) {
	asked := req.URL
	asked.Fragment = ""
	if response.URL != "" && response.URL != asked.String() {
		notes = append(notes, core.Note{Code: "redirect.followed", Severity: core.Info, Field: "url", Ref: redirectRef,
			Message: "the browser followed a redirect: this answer is from another address than the one asked; what came in between it shows to nobody",
			Fix:     "set redirect to “error” or “manual”, or send it natively, to see that there is one"})
	}
	if response.Protocol == "h2" {
		notes = append(notes, core.Note{Code: "http.h2", Severity: core.Info, Ref: core.Ref{Doc: "RFC 9113", Section: "8.3"},
			Message: "this went over HTTP/2: with the names in lower case, in another order, and with :method, :path and :authority instead of the first lines that are shown"})
	}
	return notes
}

var redirectRef = core.Ref{Doc: "Fetch Standard", Section: "HTTP-redirect fetch", URL: "https://fetch.spec.whatwg.org/#http-redirect-fetch"}

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
