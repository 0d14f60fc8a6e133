package fetchrules

import (
	"strings"

	"authpad/core"
)

// note adds what a person should know about a request that is sent, in the order of its way: what is
// written, what the browser asks the person, what CORS wants, what redirects do.
func (p *prediction) note() {
	p.notePage()
	p.noteMethod()
	p.noteNames()
	if p.out.Blocked != nil {
		return
	}
	p.notePrompt()
	p.noteLocalNetwork()
	p.noteCORS()
	p.noteCache()
	p.noteRedirect()
}

// add is called in many places, and each copy of it would be code to load.
//
//go:noinline
func (p *prediction) add(n core.Note) { p.out.Notes = append(p.out.Notes, n) }

func (p *prediction) notePage() {
	if p.unknownPage {
		p.add(core.Note{Code: "fetch.origin-unknown", Severity: core.Info, Field: "fetch.origin", Ref: originRef,
			Message: "no page is named that sends this; a page of another origin than the server’s is assumed",
			Fix:     "set fetch.origin to the page’s origin, such as https://app.example"})
	}
}

func (p *prediction) noteMethod() {
	if upper := strings.ToUpper(p.method); upper != p.method && isName(p.method) {
		p.add(core.Note{Code: "fetch.method-case", Severity: core.Warn, Field: "method", Ref: normalizeRef,
			Message: "the browser sends the method as written, " + p.method + "; most servers know it only as " + upper,
			Fix:     "write " + upper})
	}
}

// noteNames: over http nothing of this happens, and a name in the usual case loses nothing one sees.
func (p *prediction) noteNames() {
	if p.req.URL.Scheme != "https" {
		return
	}
	for i := range p.header {
		if h := &p.header[i]; h.name != h.lower && !isUsualCase(h.name) {
			p.add(core.Note{Code: "fetch.lower-case-names", Severity: core.Info, Field: "headers", Ref: lowerCaseRef,
				Message: "over HTTP/2 header names go out in lower case, as " + h.lower + "; servers must not mind"})
			return
		}
	}
}

// isUsualCase: a capital after each dash and nowhere else.
func isUsualCase(name string) bool {
	start := true
	for i := range len(name) {
		c := name[i]
		if isUpper := c >= 'A' && c <= 'Z'; isUpper && !start || start && c >= 'a' && c <= 'z' {
			return false
		}
		start = c == '-'
	}
	return true
}

// notePrompt: a 401 may open the browser's own dialog, and an Authorization header does not prevent
// it. Chromium asks for another origin of the same site too, which the standard rules out.
func (p *prediction) notePrompt() {
	kin := p.kinship()
	asks := p.f.Credentials == "include" && kin != crossSite || p.f.Credentials == "same-origin" && kin == sameOrigin
	if !asks {
		return
	}
	p.add(core.Note{Code: "fetch.prompt", Severity: core.Warn, Ref: networkRef,
		Message: "if the server answers 401 with Basic, Digest or NTLM, the browser shows its own sign-in dialog and the request hangs until it is closed",
		Fix:     "set credentials to “omit”, or set a time limit"})
}

func (p *prediction) noteLocalNetwork() {
	if p.page.loopback() || p.page.private() || p.page.host == "" {
		return
	}
	where := ""
	switch {
	case p.target.loopback():
		where = "this device"
	case p.target.private():
		where = "the local network"
	default:
		return
	}
	if p.page.scheme != "https" {
		p.add(core.Note{Code: "fetch.local-network-insecure", Severity: core.Warn, Field: "url", Ref: localNetworkRef,
			Message: "a page from the internet that came over http may not reach " + where, Fix: "open the page over https, or run authpad on this device with “make run”"})
		return
	}
	p.add(core.Note{Code: "fetch.local-network", Severity: core.Info, Field: "url", Ref: localNetworkRef,
		Message: "the browser asks whether the page may reach " + where + "; the request waits for the answer",
		Fix:     "press “Allow”, or run authpad on this device with “make run”"})
}

func (p *prediction) noteCORS() {
	if p.f.Mode == "no-cors" && !p.sameOrigin {
		p.add(core.Note{Code: "cors.opaque", Severity: core.Warn, Ref: opaqueRef,
			Message: "in mode “no-cors” the page sees nothing of the answer, not even its status", Fix: "choose mode “cors”"})
	}
	if !p.crossOrigin() {
		return
	}
	p.noteAnswer()
	if p.out.Preflight != nil {
		p.add(core.Note{Code: "cors.preflight-status", Severity: core.Info, Ref: preflightRef,
			Message: "the OPTIONS request before it carries no credentials and must be answered with a status of 200 to 299",
			Fix:     "let the server answer OPTIONS before it checks credentials"})
	}
	p.noteWildcard()
	p.add(core.Note{Code: "cors.hidden-headers", Severity: core.Info, Ref: exposedRef,
		Message: "of the answer’s headers the page sees Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified and Pragma only",
		Fix:     "let the server name others, such as WWW-Authenticate, in Access-Control-Expose-Headers"})
}

func (p *prediction) noteAnswer() {
	if p.f.Credentials == "include" {
		p.add(core.Note{Code: "cors.credentials", Severity: core.Warn, Ref: credentialsRef,
			Message: "with credentials “include” the answer needs Access-Control-Allow-Credentials: true and Access-Control-Allow-Origin: " + p.f.Origin + "; “*” does not do",
			Fix:     "set credentials to “omit” unless the server needs the browser’s cookies"})
		return
	}
	p.add(core.Note{Code: "cors.allow-origin", Severity: core.Info, Ref: corsCheckRef,
		Message: "the page may read the answer only if it has Access-Control-Allow-Origin: " + p.f.Origin + " or “*”, on errors such as 401 too"})
}

func (p *prediction) noteWildcard() {
	for i := range p.header {
		if h := &p.header[i]; !coveredByWildcard(h.lower) {
			p.add(core.Note{Code: "cors.authorization-wildcard", Severity: core.Info, Field: "headers", Ref: wildcardRef,
				Message: "“*” in Access-Control-Allow-Headers does not cover " + h.name + ", although Chromium still lets it pass",
				Fix:     "let the server list it by name"})
		}
	}
}

// noteCache: the browser's cache looks at the address and at Vary, not at Authorization.
func (p *prediction) noteCache() {
	_, authorized := p.sends("authorization")
	if authorized && (p.f.Cache == "default" || p.f.Cache == "force-cache" || p.f.Cache == "only-if-cached") {
		p.add(core.Note{Code: "fetch.cache", Severity: core.Warn, Ref: networkRef,
			Message: "with cache mode “" + p.f.Cache + "” the browser may show an answer that it kept for other credentials", Fix: "choose cache mode “no-store”"})
	}
}

func (p *prediction) noteRedirect() {
	switch p.f.Redirect {
	case "manual":
		p.add(core.Note{Code: "fetch.redirect-manual", Severity: core.Info, Ref: httpFetchRef,
			Message: "a redirect shows neither its status nor its Location to the page"})
		return
	case "error":
		p.add(core.Note{Code: "fetch.redirect-error", Severity: core.Info, Ref: httpFetchRef,
			Message: "a redirect fails the request, and the page cannot tell that from a network failure"})
		return
	}
	if name, severity := p.gravest(); name != "" {
		p.add(core.Note{Code: "fetch.redirect-secret", Severity: severity, Field: "fetch.redirect", Ref: redirectRef,
			Message: "a redirect to another origin takes the header " + name + " along: only Authorization is left behind",
			Fix:     "let redirects fail (“error”) if the server should not redirect"})
	} else if _, authorized := p.sends("authorization"); authorized {
		p.add(core.Note{Code: "fetch.redirect-authorization", Severity: core.Info, Field: "fetch.redirect", Ref: redirectRef,
			Message: "a redirect to another origin loses the Authorization header"})
	}
}

// gravest is the header that should least go astray; "" if there is none. A signature is good for the request that it
// signs, a key for any.
func (p *prediction) gravest() (name string, severity core.Severity) {
	for i := range p.header {
		switch h := &p.header[i]; {
		case h.lower == "authorization":
		case containsAny(h.lower, "key", "token", "secret", "auth", "password", "credential", "session", "wsse"):
			return h.name, core.Warn
		case name == "" && containsAny(h.lower, "signature", "dpop"):
			name, severity = h.name, core.Info
		}
	}
	return name, severity
}

// containsAny is a guess by the name; the note it leads to costs nothing where it is wrong.
func containsAny(lower string, words ...string) bool {
	for _, word := range words {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}
