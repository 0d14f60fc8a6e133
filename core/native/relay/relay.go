// Package relay lets a page send what a browser refuses to: it takes orders from pages that a person allowed
// and paired, has them sent from this machine, and passes the answers on while they arrive.
//
// It is made to be left running beside whatever else a person's browser has open. What stands between it and
// any other page: it listens on loopback; it answers to one Host only (DNS rebinding); it reads no request
// without an Origin from its list; every request needs a header of its own, so that a browser asks first
// (a preflight) and no form, image or no-cors request gets by; and what sends needs a token that a person
// exchanged for a code from the terminal. Token and codes are kept in memory only. Nothing of an order is logged.
package relay

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"authpad/core"
)

// Options of a relay.
type Options struct {
	At      netip.AddrPort   // where it listens; a loopback address
	Origins []string         // of the pages that may ask: "http://127.0.0.1:8765"
	Sender  func() Sender    // one for each pairing: what the orders of one page leave behind is not for another
	Version string           // told to pages that are paired
	Log     io.Writer        // codes for a person to type into the page; nil: none, and no page can be paired
	Now     func() time.Time // nil: the system's clock
}

// Sender sends orders until it is closed.
type Sender interface {
	// Send sends one order, with a body that is read while it is sent. size is the body's, or -1 where only its
	// end tells. The error is a *core.FieldError where nothing can be sent, else a *core.Failure; response is what
	// came of the answer to the last request, and may be nil.
	Send(ctx context.Context, order *Order, body io.Reader, size int64, to Receiver) (last *core.Request, response *core.Response, err error)
	Close()
}

// Receiver hears of an exchange while it goes on; its errors end it.
type Receiver interface {
	Passed(*core.Request, *core.Response) error             // a redirect that is followed
	Begun(*core.Request, *core.Response) (io.Writer, error) // the head of the answer; its body goes into the writer
}

// Relay is an http.Handler for everything under "/relay/" and nothing else.
type Relay struct {
	options Options
	guard   guard
	pairing *pairing
	routes  map[string]route
}

// route is one row of the table: "needs" is what the header X-Authpad-Relay must be.
type route struct {
	methods []string
	open    bool // needs no token, only the word "pair"
	serve   func(*Relay, http.ResponseWriter, *http.Request, *session)
}

// New returns a relay, and prints its first pairing code.
func New(o Options) *Relay {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	r := &Relay{options: o, guard: newGuard(o.At, o.Origins), pairing: newPairing(o.Now, o.Sender)}
	r.routes = map[string]route{
		"/relay/pair":   {[]string{"POST"}, true, (*Relay).pair},
		"/relay/status": {[]string{"GET", "POST"}, false, (*Relay).status},
		"/relay/forget": {[]string{"POST"}, false, (*Relay).forget},
		"/relay/send":   {[]string{"POST"}, false, (*Relay).send},
		"/relay/cancel": {[]string{"POST"}, false, (*Relay).cancel},
	}
	fmt.Fprintf(o.Log, "pairing code   %s\n", r.pairing.code())
	return r
}

// ServeHTTP asks in this order: is it meant for this server, is it from a page that may ask, is there such a
// route, is the page paired. Who fails at the first two learns nothing of the rest.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if !r.guard.meant(req) {
		refuse(w, http.StatusMisdirectedRequest, "relay.host", "this is the relay of another address")
		return
	}
	if isBridge(req) {
		r.bridge(w, req)
		return
	}
	origin, allowed := r.guard.origin(req)
	if !allowed {
		refuse(w, http.StatusForbidden, "relay.origin", "no page of this origin may use the relay")
		return
	}
	r.guard.share(w.Header(), req)
	route, known := r.routes[req.URL.Path]
	switch {
	case !known:
		refuse(w, http.StatusNotFound, "relay.route", "the relay has no such address")
	case req.Method == http.MethodOptions:
		answerPreflight(w)
	case !slices.Contains(route.methods, req.Method):
		refuse(w, http.StatusMethodNotAllowed, "relay.method", "the relay is not asked this way")
	default:
		r.admit(w, req, route, origin)
	}
}

// admit lets in who holds the token of its origin; those who come to get one say so, in the same header.
func (r *Relay) admit(w http.ResponseWriter, req *http.Request, route route, origin string) {
	word := req.Header.Get(tokenHeader)
	if route.open {
		if word != "pair" {
			refuse(w, http.StatusUnauthorized, "relay.token", "this needs the header "+tokenHeader)
			return
		}
		route.serve(r, w, req, &session{origin: origin})
		return
	}
	paired := r.pairing.session(origin, word)
	if paired == nil {
		refuse(w, http.StatusUnauthorized, "relay.token", "this page is not paired, or no longer: pair it with the code that the terminal shows")
		return
	}
	route.serve(r, w, req, paired)
}
