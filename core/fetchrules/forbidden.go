package fetchrules

import (
	"strings"

	"authpad/core"
)

// native says what remains where only the browser may set a header.
const native = "; a native client such as “authpad call send” may set it"

// forbidden is what to do instead of setting one of the names that a script may not set
// (https://fetch.spec.whatwg.org/#forbidden-request-header); empty for any other name.
func forbidden(lower []byte) (advice string) {
	switch string(lower) {
	case "accept-charset":
		return "the browser sends none: UTF-8 is understood everywhere"
	case "accept-encoding":
		return "the browser names the codings it can undo by itself"
	case "access-control-request-headers":
		return "the browser writes it into a preflight"
	case "access-control-request-method":
		return "the browser writes it into a preflight"
	case "connection":
		return "the browser manages its connections by itself"
	case "content-length":
		return "the browser counts the body by itself"
	case "cookie":
		return "the browser sends the cookies it holds, and only if credentials are not “omit”" + native
	case "cookie2":
		return "it is obsolete; leave it out"
	case "date":
		return "send X-Date or X-Amz-Date where the server takes one of them" + native
	case "dnt":
		return "it is a setting of the browser"
	case "expect":
		return "leave it out: the browser sends the body at once"
	case "host":
		return "the browser takes it from the address: change the address" + native
	case "keep-alive":
		return "the browser manages its connections by itself"
	case "origin":
		return "the browser names the page’s origin, so that servers may rely on it"
	case "referer":
		return "the browser names the page by itself, or nothing"
	case "set-cookie":
		return "it belongs into responses"
	case "te":
		return "the browser manages transfer codings by itself"
	case "trailer":
		return "the browser sends no trailers"
	case "transfer-encoding":
		return "the browser chooses how the body is framed"
	case "upgrade":
		return "the browser chooses the protocol by itself"
	case "via":
		return "it is for proxies to add" + native
	}
	return ""
}

// ForbiddenHeader reports whether the standard forbids a script to set this header, and says what
// to do instead. User-Agent is not among them: see droppedByChromium.
func ForbiddenHeader(name, value string) (reason string, isForbidden bool) {
	var buffer [64]byte
	reason, _ = forbiddenHeader(lowerInto(&buffer, name), value)
	return reason, reason != ""
}

func forbiddenHeader(lower []byte, value string) (reason, code string) {
	if advice := forbidden(lower); advice != "" {
		return "scripts may not set this header: " + advice, "fetch.forbidden-header"
	}
	switch {
	case hasPrefix(lower, "proxy-"):
		return "scripts may not set headers that begin with “Proxy-”: they are for the proxy" + native, "fetch.forbidden-prefix"
	case hasPrefix(lower, "sec-"):
		return "scripts may not set headers that begin with “Sec-”: servers rely on the browser for them" + native, "fetch.forbidden-prefix"
	case isMethodOverride(lower) && overridesForbidden(value):
		return "scripts may not ask for CONNECT, TRACE or TRACK in this header either; choose another method", "fetch.forbidden-override"
	}
	return "", ""
}

// droppedByChromium: Chromium drops User-Agent although the standard allows it; Firefox and Safari
// send it (https://crbug.com/571722).
func droppedByChromium(lower []byte) (reason, code string) {
	if string(lower) != "user-agent" {
		return "", ""
	}
	return "Chromium keeps its own User-Agent, although the standard lets scripts set it; Firefox and Safari send yours" + native, "fetch.user-agent"
}

func isMethodOverride(lower []byte) bool {
	switch string(lower) {
	case "x-http-method", "x-http-method-override", "x-method-override":
		return true
	}
	return false
}

// overridesForbidden splits the value as "get, decode, and split" does: at commas outside quotes.
func overridesForbidden(value string) bool {
	for value != "" {
		var method string
		method, value = cutOutsideQuotes(value)
		if ForbiddenMethod(strings.Trim(method, " \t")) {
			return true
		}
	}
	return false
}

func cutOutsideQuotes(value string) (head, tail string) {
	quoted := false
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return value[:i], value[i+1:]
		}
	}
	return value, ""
}

// drop records a line that is not sent.
func (p *prediction) drop(name, reason, code string, ref core.Ref) {
	p.out.Dropped = append(p.out.Dropped, Dropped{Name: name, Reason: reason, Code: code, Ref: ref})
}

// lowerInto is name in ASCII lower case, in the buffer where it fits: no header costs an allocation.
func lowerInto(buffer *[64]byte, name string) []byte {
	lower := append(buffer[:0], name...)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}
