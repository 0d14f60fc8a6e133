// Package core holds the words of the domain: what a request, a scheme, a trace and an answer are.
// It computes nothing about HTTP authentication itself and imports no other package of authpad.
//
// How a keystroke becomes an explained answer:
//
//	web/form ──values──▶ core/api            JSON in, JSON out; the table of calls
//	                        │
//	                        ▼ core/session   prepare the request: URL, body, credentials in the URL
//	                        │ 1 core/schemes      Sign(values) ─▶ Request + Trace
//	                        │ 2 core/fetchrules   what the browser will do to that request
//	                        │ 3 Transport         wasm/fetch.go | core/native/transport.go
//	                        ▼ 4 Exchange          request, response or Failure
//	web views ◀──JSON── core/api
//
// The other direction, for the lab and for API authors: a received Request and the server's own
// values go through the same scheme's Verify, which computes the same Trace; Difference names the
// first step at which the two traces part.
//
// Nothing here or below session and lab asks for the time, for randomness or for the network:
// those come in through Env and Transport, so that every published example is reproducible.
package core
