package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What an API key may consist of in each of its places, and how it is found there again.

// checkAPIKey refuses what the place cannot carry.
func checkAPIKey(v core.Values) error {
	name, value := v["name"], v["value"]
	wrong := func(field, code, message string, ref core.Ref) error {
		return &core.FieldError{Field: field, Code: "apikey." + code, Message: message, Ref: ref}
	}
	switch {
	case name == "":
		return wrong("name", "no-name", "the key needs a name; the API’s documentation has it", openAPIRef)
	case v["in"] == inQuery:
		return nil
	case !syntax.IsToken(name):
		return wrong("name", "name", "the name of a "+v["in"]+" consists of letters, digits and !#$%&'*+-.^_`|~ only", rfc("RFC 9110", "5.6.2"))
	case v["in"] == inCookie && strings.Contains(value, ";"):
		return wrong("value", "semicolon", "the key contains a semicolon, which would end the cookie; encode it as the API wants it", cookieRef)
	}
	return unsendable("apikey", "value", "key", value)
}

// noteAPIKey says what a person may not have meant.
func noteAPIKey(v core.Values, req *core.Request, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, message, fix string, ref core.Ref) {
		tr.Note(core.Note{Code: "apikey." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: ref})
	}
	notePlainHTTP("apikey", "the key", req, tr)
	if v["value"] == "" {
		note("empty-value", core.Warn, "value", "the key is empty, and sent so", "", openAPIRef)
	}
	switch v["in"] {
	case inHeader:
		if !isASCII(v["value"]) {
			note("latin-1", core.Warn, "value", "the key has characters outside ASCII; each goes out as one byte (ISO-8859-1), as browsers send headers: a server that reads UTF-8 sees another key",
				"look whether it was copied right, or encode it as the API wants it", rfc("RFC 9110", "5.5"))
		}
		if name, _, isLine := strings.Cut(v["value"], ":"); isLine && strings.EqualFold(strings.TrimSpace(name), v["name"]) {
			note("pasted-name", core.Warn, "value", "the key field begins with the name of the header; it is sent as typed, with both", "leave only the key in this field", openAPIRef)
		}
	case inQuery:
		note("in-query", core.Warn, "in", "the key becomes part of the address, which ends up in logs, histories and Referer headers",
			"send it in a header, if the server takes it there", rfc("RFC 9110", "17.9"))
		if len(syntax.Parameters(req.URL.Query, v["name"])) > 0 {
			note("replaced", core.Info, "url", "the address already has a parameter of this name; the key takes its place", "", queryRef)
		}
	case inCookie:
		note("in-cookie", core.Warn, "in", "a script may not set the Cookie header, so a page cannot send this key",
			"send it in a header, if the server takes it there, or by a native client such as “authpad call send”", core.Ref{Doc: "Fetch Standard", Section: "2.2.2", URL: "https://fetch.spec.whatwg.org/#forbidden-request-header"})
		if !syntax.IsCookieValue(syntax.TrimSpace(v["value"])) {
			note("cookie-octet", core.Warn, "value", "the key has a space, a quote, a comma, a backslash or a character outside ASCII; servers read such a cookie differently",
				"encode it as the API wants it, for example in percent-encoding", rfc("RFC 6265", "4.1.1"))
		}
		if len(findAPIKey(inCookie, v["name"], req)) > 0 {
			note("replaced", core.Info, "headers", "the headers already have a cookie of this name; the key takes its place", "", cookieRef)
		}
	}
}

// findAPIKey returns every value that stands under this name in this place.
func findAPIKey(place, name string, req *core.Request) []string {
	switch place {
	case inQuery:
		return syntax.Parameters(req.URL.Query, name)
	case inCookie:
		return cookieValues(strings.Join(req.Header.Values("Cookie"), "; "), name)
	}
	values := req.Header.Values(name)
	for i := range values {
		values[i] = syntax.TrimSpace(values[i])
	}
	return values
}

// cookieValues reads cookie pairs as servers do (RFC 6265, section 5.4): split at semicolons, space
// around each pair left out. Names keep their case.
func cookieValues(cookies, name string) []string {
	var values []string
	for _, pair := range strings.Split(cookies, ";") {
		if written, value, _ := strings.Cut(syntax.TrimSpace(pair), "="); written == name {
			values = append(values, value)
		}
	}
	return values
}

// withoutCookie returns the other pairs as they stand.
func withoutCookie(cookies, name string) []string {
	var kept []string
	for _, pair := range strings.Split(cookies, ";") {
		pair = syntax.TrimSpace(pair)
		if written, _, _ := strings.Cut(pair, "="); pair != "" && written != name {
			kept = append(kept, pair)
		}
	}
	return kept
}
