// Package fetchrules says what a browser does to a request that a script hands to fetch: what it
// drops, adds, asks beforehand and refuses. The rules are those of the Fetch standard
// (https://fetch.spec.whatwg.org/); where Chromium differs, the comment says so and Chromium counts,
// because its wire is what people see; in Firefox, where core.Fetch says so, that counts. Measured with
// Chromium 156 and Firefox 153 against a server that prints bytes.
package fetchrules

import (
	"cmp"
	"strconv"

	"authpad/core"
)

// Prediction is what becomes of one request.
type Prediction struct {
	Dropped   []Dropped
	Added     core.Header // lines the browser adds by itself, in its order, as far as it has one; see Own
	Preflight *Preflight  // nil: none
	Blocked   *core.Note  // nil, or why nothing is sent at all
	Notes     []core.Note // what else a person should know
}

// Dropped is a header line that a script may name but that is not sent. The browser says nothing.
type Dropped struct {
	Name   string // as written in the request
	Reason string // what forbids it and what to do instead
	Code   string // permanent: "fetch.forbidden-header"
	Ref    core.Ref
}

// Own stands for a value in Prediction.Added that depends on the browser and its settings.
const Own = "(the browser's own)"

// somePage stands for the origin of a page that nobody named.
const somePage = "(the page's origin)"

// Predict says what a browser does to req when a page of f.Origin hands it to fetch. An empty
// f.Origin means a page that is not known: then another origin than the server's is assumed, which
// asks the most of the server, and a note says so. The page is taken to have the referrer policy
// "no-referrer", as authpad's own has.
func Predict(req *core.Request, f core.Fetch) Prediction {
	p := newPrediction(req, f)
	if p.crossOrigin() {
		p.out.Notes = make([]core.Note, 0, 6)
	}
	p.readHeader()
	p.out.Blocked = p.blocked()
	if p.out.Blocked == nil {
		p.out.Preflight = p.preflight()
		p.out.Added = p.added()
	}
	p.note()
	return p.out
}

// Native is the prediction for a client that is no browser: it drops nothing, asks nothing beforehand,
// and adds what HTTP/1.1 itself wants.
func Native(req *core.Request) Prediction { return Prediction{Added: addedByAnyClient(req)} }

// prediction is one prediction in the making.
type prediction struct {
	req          *core.Request
	f            core.Fetch // with defaults filled in
	method       string     // normalised
	page, target place
	sameOrigin   bool
	unknownPage  bool   // f.Origin is somePage
	header       []line // what the page's script gets the browser to send
	headerFault  *core.Note
	out          Prediction
}

// line is one header of the request as fetch keeps it: repeats are joined.
type line struct {
	name, lower, value string
	safe               bool // CORS-safelisted
}

func newPrediction(req *core.Request, f core.Fetch) *prediction {
	p := &prediction{
		req: req, f: withDefaults(f), method: NormalizeMethod(req.Method),
		page: placeOfOrigin(f.Origin), target: place{scheme: req.URL.Scheme, host: req.URL.Host},
		sameOrigin: isOrigin(f.Origin, req.URL), unknownPage: f.Origin == "",
	}
	if p.unknownPage {
		p.f.Origin = somePage
		p.sameOrigin = p.f.Mode == "same-origin" // others could not send at all
	}
	return p
}

// withDefaults fills in what authpad asks of fetch where nobody asked for something else.
func withDefaults(f core.Fetch) core.Fetch {
	f.Credentials = cmp.Or(f.Credentials, "omit")
	f.Redirect = cmp.Or(f.Redirect, "follow")
	f.Mode = cmp.Or(f.Mode, "cors")
	f.Cache = cmp.Or(f.Cache, "no-store")
	return f
}

// crossOrigin reports whether the answer is subject to CORS.
func (p *prediction) crossOrigin() bool { return !p.sameOrigin && p.f.Mode == "cors" }

// sends returns the header of this lower-case name as it will be sent.
func (p *prediction) sends(lower string) (line, bool) {
	for i := range p.header {
		if p.header[i].lower == lower {
			return p.header[i], true
		}
	}
	return line{}, false
}

// addedByAnyClient is what HTTP/1.1 itself asks for (RFC 9112, sections 3.2 and 6), where the request
// does not have it.
func addedByAnyClient(req *core.Request) core.Header {
	var added core.Header
	if !req.Header.Has("Host") {
		added.Add("Host", req.URL.Authority())
	}
	if wantsLength(req.Method, req.BodySize()) && !req.Header.Has("Content-Length") && !req.Header.Has("Transfer-Encoding") {
		added.Add("Content-Length", strconv.FormatInt(req.BodySize(), 10))
	}
	return added
}

// wantsLength: a body has a length, and where the method expects a body an empty one has too
// (Fetch, HTTP-network-or-cache fetch, "contentLength").
func wantsLength(method string, size int64) bool {
	return size > 0 || method == "POST" || method == "PUT"
}
