package api

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/session"
	"authpad/core/syntax"
)

// What goes over the wire, and what came back.

// maxText is how much of a body goes into an answer as text. All of it goes beside the JSON.
const maxText = 64 << 10

// emptySHA256 is the hash of no bytes: most requests have no body.
const emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// wireRequest writes WireRequest: all headers of the request, and the text without those that a
// browser drops.
func (w *writer) wireRequest(req *core.Request, browser *fetchrules.Prediction) {
	w.Object()
	w.Text("method", req.Method)
	w.Text("url", req.URL.String())
	w.header("headers", req.Header)
	w.Number("bodySize", req.BodySize())
	w.Text("bodySha256", w.bodySHA256(req))
	w.Text("text", wireText(req, browser))
	w.EndObject()
}

// largeBody is from how many bytes on the host hashes faster than Go does in a page.
const largeBody = 1 << 20

func (w *writer) bodySHA256(req *core.Request) string {
	body := req.Body
	if req.Far != nil {
		return farSHA256(req.Far)
	}
	if len(body) == 0 {
		return emptySHA256
	}
	if len(body) >= largeBody && w.keys != nil {
		if sum, err := w.keys.Hash("SHA-256", body); err == nil {
			return syntax.Hex(sum)
		} else if errors.Is(err, core.ErrWaits) {
			return "" // this answer is dropped and made again
		}
	}
	return w.last.hashAgain(body)
}

// wireText is the request in HTTP/1.1 form (RFC 9112, sections 2 to 6), with line feeds only: it is
// there to be read.
func wireText(req *core.Request, browser *fetchrules.Prediction) string {
	b := make([]byte, 0, 512)
	b = append(b, req.Method...)
	b = append(b, ' ')
	b = append(b, req.URL.Target()...)
	b = append(b, " HTTP/1.1\n"...)
	if !sends(req, browser, "Host") {
		b = appendLine(b, "Host", req.URL.Authority())
	}
	for _, line := range req.Header {
		if !isDropped(line.Name, browser.Dropped) {
			b = appendLine(b, line.Name, line.Value)
		}
	}
	if length, added := contentLength(req, browser); added {
		b = appendLine(b, "Content-Length", length)
	}
	return string(appendBody(append(b, '\n'), req))
}

// sends reports whether a typed line of this name goes out: it then stands for the sender's own.
func sends(req *core.Request, browser *fetchrules.Prediction, name string) bool {
	return req.Header.Has(name) && !isDropped(name, browser.Dropped)
}

// contentLength is what the sender adds, unless a typed line says how the body is framed: with a
// body, and also without one to a method that expects one
// (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, "contentLength").
func contentLength(req *core.Request, browser *fetchrules.Prediction) (length string, added bool) {
	if sends(req, browser, "Content-Length") || sends(req, browser, "Transfer-Encoding") {
		return "", false
	}
	return strconv.FormatInt(req.BodySize(), 10), req.BodySize() > 0 || req.Method == "POST" || req.Method == "PUT"
}

//go:noinline
func appendLine(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, '\n')
}

func appendBody(b []byte, req *core.Request) []byte {
	if size := req.BodySize(); size > maxText || req.Far != nil && size > 0 || !utf8.Valid(req.Body) {
		b = append(b, '(')
		b = strconv.AppendInt(b, size, 10)
		return append(b, " bytes)\n"...)
	}
	return append(b, req.Body...)
}

func isDropped(name string, dropped []fetchrules.Dropped) bool {
	for i := range dropped {
		if strings.EqualFold(dropped[i].Name, name) {
			return true
		}
	}
	return false
}

// sendAnswer writes the answer of send in two parts. What is known before anything comes back can be
// written while the network works.
type sendAnswer struct {
	out           *writer
	built         *session.Built
	steps         bool // as asked for
	from          int  // where its members are written; 0: nothing is yet
	request, list piece
	browser       piece
}

func (a *sendAnswer) begin() {
	if a.from > 0 {
		return // what is sent now answers what came back
	}
	a.out.Object()
	a.from = a.out.Len()
	a.write()
}

func (a *sendAnswer) write() {
	a.out.Member("built")
	a.request, a.list, a.browser = a.out.built(a.built, a.steps)
}

func (a *sendAnswer) complete(r *session.Result, limits core.Limits) {
	a.begin()
	w := a.out
	if r.Built != a.built { // it was not the last word
		a.built = r.Built
		w.Cut(a.from)
		a.write()
	}
	w.Member("exchanges")
	w.Array()
	for i := range r.Exchanges {
		a.exchange(&r.Exchanges[i], r.Browser[i], limits)
	}
	w.EndArray()
	if a.steps {
		w.Member("steps")
		w.Again(a.list.from, a.list.to)
	}
	w.Member("diagnoses")
	w.Array()
	w.EndArray()
	w.EndObject()
}

// exchange writes one of them; browser is nil where none has a part in it.
func (a *sendAnswer) exchange(e *core.Exchange, browser *fetchrules.Prediction, limits core.Limits) {
	w := a.out
	w.Object()
	w.Text("why", e.Why)
	w.Member("request")
	if e.Request == a.built.Request {
		w.Again(a.request.from, a.request.to)
	} else {
		w.wireRequest(e.Request, cmp.Or(browser, &a.built.Browser))
	}
	switch {
	case browser == nil:
	case e.Request == a.built.Request:
		w.Member("browser")
		w.Again(a.browser.from, a.browser.to)
	default:
		w.browser(browser)
	}
	if e.Response != nil {
		w.Member("response")
		w.response(e.Response, limits)
	}
	if e.Failure != nil {
		w.Member("failure")
		w.Object()
		w.Text("code", e.Failure.Code)
		w.Text("message", e.Failure.Message)
		w.tlsReport(e.Failure.TLS)
		w.EndObject()
	}
	w.tlsReport(e.TLS)
	w.Member("ms")
	w.Float(e.Millis)
	if len(e.Notes) > 0 {
		w.notes(e.Notes)
	}
	if len(e.Steps) > 0 && a.steps {
		w.steps(e.Steps)
	}
	w.EndObject()
}

func (w *writer) response(r *core.Response, limits core.Limits) {
	w.Object()
	w.responseHead(r)
	w.Number("bodySize", r.BodySize)
	if whole := r.BodySize == int64(len(r.Body)); whole && len(r.Body) <= maxText && utf8.Valid(r.Body) {
		w.Text("bodyText", string(r.Body))
	}
	w.Number("bodyLimit", limits.Body)
	w.Flag("truncated", r.BodySize > limits.Body)
	if len(r.Trailer) > 0 {
		w.header("trailers", r.Trailer)
	}
	w.EndObject()
}

func (w *writer) responseHead(r *core.Response) {
	w.Number("status", int64(r.Status))
	w.Text("statusText", r.StatusText)
	w.Text("url", r.URL)
	w.header("headers", r.Header)
	w.Flag("hidden", r.Hidden)
	w.Optional("protocol", r.Protocol)
}
