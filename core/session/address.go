package session

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/platform"
)

var urlRef = core.Ref{Doc: "URL Standard", Section: "URL parsing", URL: "https://url.spec.whatwg.org/#url-parsing"}

// parseAddress reads what stands in the address bar. Its errors never hold a part of it that may be
// a secret: only a host name is ever repeated.
func parseAddress(typed, base string) (core.URL, error) {
	typed = trimAddress(typed)
	if typed == "" {
		return core.URL{}, urlError("url.empty", "the address is empty; type one, such as https://example.com/")
	}
	if host, missing := missingScheme(typed); missing {
		return core.URL{}, urlError("url.relative", "the address has no scheme; did you mean “"+usualScheme(host)+host+"”?")
	}
	address, err := platform.ParseURL(typed, base)
	if err != nil {
		return core.URL{}, err
	}
	if address.Scheme != "http" && address.Scheme != "https" {
		return core.URL{}, urlError("url.scheme", "only http and https addresses can be sent; start the address with https://")
	}
	return address, nil
}

// usualScheme: few servers on this machine itself have a certificate.
func usualScheme(host string) string {
	name, _, _ := strings.Cut(host, "/")
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, ']') {
		name = name[:colon]
	}
	if (core.URL{Host: strings.ToLower(name)}).Loopback() {
		return "http://"
	}
	return "https://"
}

// trimAddress removes what the URL standard removes first: C0 controls and spaces at both ends.
func trimAddress(typed string) string {
	return strings.TrimFunc(typed, func(r rune) bool { return r <= ' ' })
}

// missingScheme tells "example.com/x" and "localhost:8080", where a scheme was forgotten, from
// "lab/echo", which is relative, and "ftp:x", which has another scheme. host is what may be shown.
func missingScheme(typed string) (host string, missing bool) {
	start, rest := typed, ""
	if i := strings.IndexAny(typed, "/\\?#"); i >= 0 {
		start, rest = typed[:i], typed[i:]
	}
	if start == "" || strings.HasPrefix(rest, "//") || hasCommonScheme(start) {
		return "", false
	}
	host = start
	if at := strings.LastIndexByte(start, '@'); at >= 0 {
		host, missing = start[at+1:], true // user:password@host
	}
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort && !isPort(port) {
		return "…", missing
	}
	missing = missing || hasPort || name == "localhost" || dotInside(name)
	if !missing {
		return "", false
	}
	if rest != "" {
		host += "/…"
	}
	return host, true
}

// dotInside is true for "example.com" but not for ".", ".." and "./x".
func dotInside(name string) bool {
	return strings.IndexByte(name, '.') > 0
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// hasCommonScheme knows the schemes that are written without "//" or mistaken for a host.
func hasCommonScheme(start string) bool {
	scheme, _, found := strings.Cut(start, ":")
	if !found {
		return false
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "ftp", "ws", "wss", "file", "data", "blob", "mailto", "javascript", "about", "tel", "urn":
		return true
	}
	return false
}

// noteURL says how the address that is sent differs from what was typed.
func (p preparation) noteURL(address core.URL) {
	if address.Fragment != "" {
		p.tr.Note(core.Note{Code: "url.fragment", Severity: core.Info, Field: "url", Ref: core.Ref{Doc: "RFC 9110", Section: "7.1"},
			Message: "what follows # is not sent: it never leaves the client"})
	}
	if typed, absolute := typedTarget(trimAddress(p.spec.URL)); absolute && typed != address.Target() {
		p.tr.Note(core.Note{Code: "url.rewritten", Severity: core.Info, Field: "url", Ref: urlRef,
			Message: "path or query go out in the standard form of the web, which differs from what was typed; servers see that form"})
	}
}

// typedTarget is path and query of an absolute address as typed.
func typedTarget(typed string) (target string, absolute bool) {
	_, rest, absolute := strings.Cut(typed, "://")
	rest, _, _ = strings.Cut(rest, "#")
	start := strings.IndexAny(rest, "/\\?")
	if start < 0 {
		return "/", absolute
	}
	if target = rest[start:]; target[0] == '?' {
		target = "/" + target
	}
	return target, absolute
}

func urlError(code, message string) error {
	return &core.FieldError{Field: "url", Code: code, Message: message, Ref: urlRef}
}

func itoa(n int) string { return strconv.Itoa(n) }
