// Package platform holds what a browser offers by itself and a native program needs a library for:
// the URL parser of the web, Unicode normalisation and asymmetric keys. Both builds give the same
// answers; the same tests run natively and, under js/wasm, in Chromium.
package platform

import (
	"strings"
	"unicode/utf8"

	"authpad/core"
)

// ParseURL reads an address as a browser does (https://url.spec.whatwg.org/#url-parsing), relative
// to base where base is not empty. Any scheme with an authority ("//") will do; it is for the caller
// to ask for http or https. The error is a *core.FieldError for the field "url". Its text never
// holds any of the address, which may contain a password.
func ParseURL(raw, base string) (core.URL, error) {
	href, ok := plainHref(raw)
	if !ok {
		raw, base = wellFormed(raw), wellFormed(base)
		href, ok = parseHref(raw, base)
	}
	if !ok {
		return core.URL{}, invalidURL(raw, base)
	}
	u, ok := splitHref(href)
	if !ok {
		return core.URL{}, urlError("url.opaque", "the address has no host; start it with https:// and a host name")
	}
	return u, nil
}

// wellFormed writes U+FFFD for each byte that is no UTF-8, as a browser does for a lone surrogate.
func wellFormed(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

// splitHref takes a serialised URL apart (https://url.spec.whatwg.org/#url-serializing). Its
// userinfo has no raw "@", ":" or "/", so that the first of each delimits. ok is false without "//".
func splitHref(href string) (u core.URL, ok bool) {
	var rest string
	if u.Scheme, rest, ok = strings.Cut(href, "://"); !ok || strings.Contains(u.Scheme, ":") {
		return core.URL{}, false
	}
	rest, u.Fragment = cutBefore(rest, "#")
	rest, u.Query = cutBefore(rest, "?")
	rest, u.Path = cutBefore(rest, "/")
	if userinfo, host, found := strings.Cut(rest, "@"); found {
		u.Username, u.Password, _ = strings.Cut(userinfo, ":")
		rest = host
	}
	// The colons of an IPv6 address are inside its brackets.
	if colon := strings.LastIndexByte(rest, ':'); colon > strings.LastIndexByte(rest, ']') {
		rest, u.Port = rest[:colon], rest[colon+1:]
	}
	u.Host = rest
	return u, true
}

// cutBefore cuts text in front of the first separator, which stays with the tail.
func cutBefore(text, separator string) (head, tail string) {
	if i := strings.Index(text, separator); i >= 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

// invalidURL says in plain words what is most likely wrong. The parsers' own messages quote the
// address, so they are of no use here.
func invalidURL(raw, base string) error {
	raw = strings.TrimSpace(raw)
	switch {
	case raw == "":
		return urlError("url.empty", "the address is empty; type one, such as https://example.com/")
	case base == "" && !hasScheme(raw):
		return urlError("url.relative", "the address has no scheme; start it with https:// or http://")
	}
	return urlError("url.invalid", "the address cannot be read; check its host name and port")
}

// hasScheme follows the scheme start state: a letter, then letters, digits, "+", "-", "." and ":".
func hasScheme(raw string) bool {
	scheme, _, found := strings.Cut(raw, ":")
	if !found || scheme == "" || !isLetter(scheme[0]) {
		return false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !isLetter(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func urlError(code, message string) error {
	return &core.FieldError{Field: "url", Code: code, Message: message,
		Ref: core.Ref{Doc: "URL Standard", Section: "URL parsing", URL: "https://url.spec.whatwg.org/#url-parsing"}}
}
