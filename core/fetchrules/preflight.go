package fetchrules

import (
	"slices"
	"strings"

	"authpad/core"
)

// Preflight is the OPTIONS request by which a browser asks another origin for leave.
type Preflight struct {
	Reasons []string    // why it is sent: the messages of Causes
	Causes  []core.Note // the same with code, field and reference
	Request string      // as it goes over the wire in HTTP/1.1, lines end in LF: it is text to read
	Needs   core.Header // the lines its answer must have, with a status of 200 to 299
}

// preflight returns nil where the request may be sent at once: to the page's own origin, without
// CORS, or when it is one that an HTML form could send.
func (p *prediction) preflight() *Preflight {
	if !p.crossOrigin() {
		return nil
	}
	names := p.unsafeNames()
	if len(names) == 0 && SafelistedMethod(p.method) {
		return nil
	}
	causes := p.causes(names)
	f := &Preflight{Causes: causes, Reasons: make([]string, len(causes)), Request: p.preflightRequest(names), Needs: p.preflightNeeds(names)}
	for i := range causes {
		f.Reasons[i] = causes[i].Message
	}
	return f
}

// unsafeNames are lower case, sorted, each once.
func (p *prediction) unsafeNames() []string {
	var names []string
	for i := range p.header {
		if names == nil && !p.header[i].safe {
			names = make([]string, 0, len(p.header))
		}
		if !p.header[i].safe {
			names = append(names, p.header[i].lower)
		}
	}
	slices.Sort(names)
	return names
}

func (p *prediction) causes(names []string) []core.Note {
	causes := make([]core.Note, 0, len(names)+1)
	if !SafelistedMethod(p.method) {
		causes = append(causes, core.Note{Code: "cors.method", Severity: core.Info, Field: "method", Ref: safeMethodRef,
			Message: "the method " + p.method + " is none of GET, HEAD and POST"})
	}
	for i := range p.header {
		if h := &p.header[i]; !h.safe {
			causes = append(causes, unsafeHeader(h))
		}
	}
	return causes
}

// unsafeHeader says what is unsafe: the name, the value, or the length of all values together.
func unsafeHeader(h *line) core.Note {
	note := core.Note{Code: "cors.header", Severity: core.Info, Field: "headers", Ref: safelistRef,
		Message: "the header " + h.name + " is not one that every page may send"}
	if judgedByValue([]byte(h.lower)) {
		note.Code, note.Message = "cors.header-value", "the header "+h.name+" has a value that not every page may send"
	}
	switch {
	case Safelisted(h.lower, h.value):
		note.Code, note.Ref = "cors.header-sum", unsafeNamesRef
		note.Message = "the values of all simple headers are longer than 1,024 bytes together; " + h.name + " is one of them"
	case len(h.value) > maxSafeValue && note.Code == "cors.header-value":
		note.Message = "the value of the header " + h.name + " is longer than 128 bytes"
	case h.lower == "content-type":
		note.Message = "the Content-Type is none that an HTML form sends: text/plain, application/x-www-form-urlencoded, multipart/form-data"
	}
	return note
}

// preflightRequest carries neither credentials nor the headers it asks about.
func (p *prediction) preflightRequest(names []string) string {
	t := make(wireText, 0, 512)
	t = append(t, preflightLine(p.req.URL.Target())...)
	t.line("Host", p.req.URL.Authority())
	if p.f.Gecko {
		p.preflightOfGecko(&t, names)
		return string(append(t, '\n'))
	}
	t.line("Connection", "keep-alive")
	switch { // what the person says of caches is only asked about
	case p.passesCaches():
		t.line("Pragma", "no-cache")
		t.line("Cache-Control", "no-cache")
	case p.revalidates():
		t.line("Cache-Control", "max-age=0")
	}
	t.line("Accept", "*/*")
	t.line("Access-Control-Request-Method", p.method)
	if len(names) > 0 {
		t.line("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	t.line("Origin", p.f.Origin)
	t.line("User-Agent", Own)
	t.line("Sec-Fetch-Mode", "cors")
	if p.target.trustworthy() {
		t.line("Sec-Fetch-Site", string(p.kinship()))
		t.line("Sec-Fetch-Dest", "empty")
	}
	t.line("Accept-Encoding", anyCodings(p.target))
	t.line("Accept-Language", Own)
	return string(append(t, '\n'))
}

func preflightLine(target string) string { return "OPTIONS " + target + " HTTP/1.1\n" }

// wireText is a request's head in the making, written once for each keystroke.
type wireText []byte

// Compiled into its many callers, as Go would have it, this line would be 20 kB of code.
//
//go:noinline
func (t *wireText) line(name, value string) {
	*t = append(*t, name...)
	*t = append(*t, ": "...)
	*t = append(*t, value...)
	*t = append(*t, '\n')
}

// preflightNeeds names no wildcard: with credentials it would mean itself only, and it does not
// cover Authorization (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
func (p *prediction) preflightNeeds(names []string) core.Header {
	needs := make(core.Header, 0, 4)
	needs.Add("Access-Control-Allow-Origin", p.f.Origin)
	if p.f.Credentials == "include" {
		needs.Add("Access-Control-Allow-Credentials", "true")
	}
	if !SafelistedMethod(p.method) {
		needs.Add("Access-Control-Allow-Methods", p.method)
	}
	if len(names) > 0 {
		needs.Add("Access-Control-Allow-Headers", strings.Join(names, ", "))
	}
	return needs
}

// coveredByWildcard reports whether "Access-Control-Allow-Headers: *" lets the header pass. Chromium
// 156 still lets Authorization pass too, and warns.
func coveredByWildcard(name string) bool { return !strings.EqualFold(name, "Authorization") }
