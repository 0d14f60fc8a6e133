//go:build js && wasm

package main

import (
	"strconv"

	"authpad/core"
	"authpad/core/api"
	"authpad/core/json"
)

// bodyLimit is how much of a response body web/fetch.js keeps for reading, in bytes. Those bytes go
// from it to the page; Go sees only the first part.
const bodyLimit = 16 << 20

// fetchTransport sends through the browser's fetch. web/fetch.js does it, and streams the body: Go
// never holds a chunk, since those live until its collector runs (performance.md, 4).
type fetchTransport struct {
	options api.SendOptions
	hold    []int // statuses of answers that are not saved
}

func (d *boundary) transport(o api.SendOptions) (core.Transport, error) {
	if o.Via == "relay" {
		return &relayTransport{fetchTransport{options: o}}, nil
	}
	return &fetchTransport{options: o}, nil
}

func (t *fetchTransport) Limits() core.Limits { return core.Limits{Browser: true, Body: bodyLimit} }

// Hold is that of core.Saver.
func (t *fetchTransport) Hold(statuses ...int) { t.hold = statuses }

func (t *fetchTransport) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	o := t.order(ctx, req, nil)
	return o.response, o.err
}

// order has web/fetch.js send req and returns what became of it. Redirects that a relay followed on the
// way go to hop.
func (t *fetchTransport) order(ctx core.Context, req *core.Request, hop func(outcome)) outcome {
	id, arrived := door.expect(t.options.Via)
	defer delete(door.orders, id)
	call, _ := t.options.Call.(caller)
	door.handOut(t.orderJSON(call, id, req), req.Body)
	hostFetch()
	if t.options.Fetch.TimeoutMs > 0 {
		hostTimer()
	}
	t.options.Meanwhile()
	ended := ctx.Done()
	for {
		select {
		case o := <-arrived:
			if o.hop {
				hop(o)
				continue
			}
			if ended == nil {
				o.err = failure("cancelled", 0)
			}
			return o
		case <-ended:
			hostAbort(id)
			ended = nil
		}
	}
}

// How many outcomes may come for one order: an exported function that delivers must never block.
const (
	fetchOutcomes = 1
	relayOutcomes = 32 // twenty redirects, and the end
)

// expect numbers a fetch and returns where its outcome will arrive.
func (d *boundary) expect(via string) (int32, <-chan outcome) {
	most := fetchOutcomes
	if via == "relay" {
		most = relayOutcomes
	}
	if d.orders == nil {
		d.orders = map[int32]chan outcome{}
	}
	d.order++
	arrived := make(chan outcome, most)
	d.orders[d.order] = arrived
	return d.order, arrived
}

// orderJSON is what web/fetch.js is asked to do. call is the API call it belongs to, which gets the
// body; send is the person's name for it, which progress events carry.
func (t *fetchTransport) orderJSON(call caller, id int32, req *core.Request) []byte {
	w := json.NewWriter(512)
	url := req.URL
	url.Fragment = "" // never sent
	fetch := t.options.Fetch
	w.Object()
	w.Number("id", int64(id))
	w.Number("call", int64(call))
	for _, member := range [...]core.Param{
		{Name: "send", Value: t.options.ID},
		{Name: "method", Value: req.Method},
		{Name: "url", Value: url.String()},
		{Name: "credentials", Value: orElse(fetch.Credentials, "omit")},
		{Name: "redirect", Value: orElse(fetch.Redirect, "follow")},
		{Name: "mode", Value: orElse(fetch.Mode, "cors")},
		{Name: "cache", Value: orElse(fetch.Cache, "no-store")},
	} {
		w.Text(member.Name, member.Value)
	}
	w.Member("headers")
	writeHeader(&w, req.Header)
	if req.Far != nil {
		w.Number("far", int64(numberOf(req.Far)))
	}
	w.Member("hold")
	w.Array()
	for _, status := range t.hold {
		w.Int(int64(status))
	}
	w.EndArray()
	if t.options.Via == "relay" {
		writeRelay(&w, t.options)
	}
	w.EndObject()
	return w.Bytes()
}

func writeHeader(w *json.Writer, header core.Header) {
	w.Array()
	for _, f := range header {
		w.Array()
		w.Str(f.Name)
		w.Str(f.Value)
		w.EndArray()
	}
	w.EndArray()
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// failure is what a browser lets scripts know. Its own message is not passed on: it may quote the
// URL, password included. status is that of a response whose body broke off.
func failure(code string, status int) *core.Failure {
	message := "the browser got no answer that it may show, and does not tell scripts why"
	switch code {
	case "cancelled":
		message = "the request was cancelled before the answer was complete"
	case "body":
		message = "the body of the " + strconv.Itoa(status) + " answer did not come whole: the connection broke while it was arriving, " +
			"or it is not packed as Content-Encoding or Transfer-Encoding say; the browser does not say which"
	case "file":
		message = unreadable
	case "sink":
		message = "the place that the body was to be saved to took no more"
	case "timeout":
		message = "no complete answer came in time"
	case "not-sent":
		message = "the browser refused to send this request: its method, a header or its body is not allowed"
	case "relay.unpaired":
		message = "this page is not paired with a relay, so nothing was sent"
	case "relay.token":
		message = "the relay no longer knows this page, so nothing was sent: it was started anew, or another page was paired"
	case "relay.absent":
		message = "no relay answers at its address, so nothing was sent: it has ended, or it was started for another page"
	case "relay.lost":
		message = "the relay broke off before the answer was complete; how far the request got is not known"
	}
	return &core.Failure{Code: code, Message: message}
}
