package fetchrules

import (
	"slices"
	"strings"

	"authpad/core"
)

// What a header line can have wrong. fetch throws a TypeError on each.
var (
	headerNameFault = core.Note{Code: "fetch.header-name", Severity: core.Error, Field: "headers", Ref: headerNameRef,
		Message: "a header name is empty or has a character that no name may have, such as a space or a colon",
		Fix:     "names are letters, digits and dashes; the value goes into its own field"}
	headerBreakFault = core.Note{Code: "fetch.header-value", Severity: core.Error, Field: "headers", Ref: headerValueRef,
		Message: "a header value has a line break or a NUL character inside", Fix: "remove it; a value is one line"}
	headerLatinFault = core.Note{Code: "fetch.header-latin1", Severity: core.Error, Field: "headers", Ref: headerValueRef,
		Message: "a header value has a character beyond U+00FF, such as “€”: a header has one byte for each character",
		Fix:     "encode it as the server expects: percent-encoding, base64 or RFC 8187"}
)

// blockers are in the order in which fetch itself would meet them.
var blockers = [...]func(*prediction) *core.Note{
	(*prediction).blockedByAddress, (*prediction).blockedByMethod, (*prediction).blockedByMode, (*prediction).blockedByHeader,
	(*prediction).blockedByBody, (*prediction).blockedByPort, (*prediction).blockedAsMixed,
}

// blocked returns why fetch sends nothing; nil if it sends.
func (p *prediction) blocked() *core.Note {
	for _, blocker := range blockers {
		if note := blocker(p); note != nil {
			return note
		}
	}
	return nil
}

func (p *prediction) blockedByAddress() *core.Note {
	u := p.req.URL
	if u.Username != "" || u.Password != "" {
		return &core.Note{Code: "fetch.url-credentials", Severity: core.Error, Field: "url", Ref: requestRef,
			Message: "fetch refuses an address with a user name or a password in it", Fix: "move them into an Authorization header"}
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return &core.Note{Code: "fetch.scheme", Severity: core.Error, Field: "url", Ref: schemeFetchRef,
			Message: "a browser sends HTTP requests to addresses with http:// and https:// only", Fix: "start the address with https://"}
	}
	return nil
}

func (p *prediction) blockedByMethod() *core.Note {
	switch {
	case !isName(p.method): // a method is a token, as a name is
		return &core.Note{Code: "fetch.method-invalid", Severity: core.Error, Field: "method", Ref: requestRef,
			Message: "the method is empty or has a character that no method may have, such as a space", Fix: "use letters only, such as GET"}
	case ForbiddenMethod(p.method):
		return &core.Note{Code: "fetch.method-forbidden", Severity: core.Error, Field: "method", Ref: forbiddenMethodRef,
			Message: "fetch refuses the methods CONNECT, TRACE and TRACK", Fix: "choose another method; a native client such as “authpad call send” may use it"}
	}
	return nil
}

func (p *prediction) blockedByMode() *core.Note {
	switch {
	case p.f.Mode == "same-origin" && !p.sameOrigin:
		return &core.Note{Code: "fetch.same-origin-mode", Severity: core.Error, Field: "url", Ref: mainFetchRef,
			Message: "mode “same-origin” allows only addresses of the page’s own origin", Fix: "choose mode “cors”"}
	case p.f.Mode == "no-cors" && !SafelistedMethod(p.method):
		return &core.Note{Code: "fetch.no-cors-method", Severity: core.Error, Field: "method", Ref: requestRef,
			Message: "mode “no-cors” allows only the methods GET, HEAD and POST", Fix: "choose mode “cors”"}
	case p.f.Mode == "navigate":
		return &core.Note{Code: "fetch.navigate-mode", Severity: core.Error, Ref: requestRef,
			Message: "fetch refuses mode “navigate”: it is for the address bar and for links", Fix: "choose mode “cors”"}
	case p.f.Cache == "only-if-cached" && p.f.Mode != "same-origin":
		return &core.Note{Code: "fetch.only-if-cached", Severity: core.Error, Ref: requestRef,
			Message: "cache mode “only-if-cached” goes with mode “same-origin” only", Fix: "choose cache mode “no-store”"}
	}
	return nil
}

func (p *prediction) blockedByHeader() *core.Note { return p.headerFault }

func (p *prediction) blockedByBody() *core.Note {
	if p.req.BodySize() == 0 || p.method != "GET" && p.method != "HEAD" {
		return nil
	}
	return &core.Note{Code: "fetch.body-not-allowed", Severity: core.Error, Field: "body", Ref: requestRef,
		Message: "fetch refuses a body with the method " + p.method, Fix: "choose POST, or empty the body; a native client such as “authpad call send” may send it"}
}

func (p *prediction) blockedByPort() *core.Note {
	if p.req.URL.Port == "" || !isBadPort(p.req.URL.Port) {
		return nil
	}
	return &core.Note{Code: "fetch.bad-port", Severity: core.Error, Field: "url", Ref: badPortRef,
		Message: "browsers refuse port " + p.req.URL.Port + ", which belongs to another protocol", Fix: "let the server listen on another port; a native client may use this one"}
}

// blockedAsMixed: addresses of this machine are exempt, and only what is written tells: a name that
// resolves to 127.0.0.1 is not.
func (p *prediction) blockedAsMixed() *core.Note {
	if p.page.scheme != "https" || p.target.trustworthy() {
		return nil
	}
	return &core.Note{Code: "fetch.mixed-content", Severity: core.Error, Field: "url", Ref: mixedContentRef,
		Message: "a page that came over https may not send to http://, where anyone on the way can read and change it",
		Fix:     "use https:// for the server, or open authpad from http://localhost with “make run”"}
}

// badPorts is https://fetch.spec.whatwg.org/#bad-port, in order.
var badPorts = [...]int{
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
	113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
	554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566,
	6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
}

func isBadPort(port string) bool {
	number := 0
	for _, digit := range strings.TrimLeft(port, "0") {
		if number = number*10 + int(digit-'0'); number > badPorts[len(badPorts)-1] {
			return false
		}
	}
	_, found := slices.BinarySearch(badPorts[:], number)
	return found
}
