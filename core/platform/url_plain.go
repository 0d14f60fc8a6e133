package platform

import "strings"

// Most addresses are typed as they are serialised, and asking the browser costs more than reading them: a page asks at
// each keystroke. What is in doubt here goes to the parser; where both answer, they say the same.

// plainHref returns the serialised URL of an address that plainly has no other; plain is false for all others.
func plainHref(raw string) (href string, plain bool) {
	usualPort := "443"
	rest, ok := strings.CutPrefix(raw, "https://")
	if !ok {
		usualPort = "80"
		if rest, ok = strings.CutPrefix(raw, "http://"); !ok {
			return "", false
		}
	}
	authority, target := cutBefore(rest, "/")
	host, port, hasPort := strings.Cut(authority, ":")
	if !isPlainHost(host) || hasPort && (port == usualPort || !isPlainPort(port)) {
		return "", false
	}
	if target == "" {
		return raw + "/", true
	}
	path, query := cutBefore(target, "?")
	return raw, isPlainPath(path) && isPlainQuery(query)
}

// isPlainHost: a name in lower case that is neither an IPv4 address in disguise nor an international one, which
// has a label such as xn--a.
func isPlainHost(host string) bool {
	label := 0 // where it starts
	for i := range len(host) {
		switch c := host[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c == '-' && i > label && host[i-1] != '-':
		case c == '.' && i > label:
			label = i + 1
		default:
			return false
		}
	}
	return label < len(host) && host[label] >= 'a' && len(host) < 254
}

// isPlainPort: two to four digits; the few others may be too large.
func isPlainPort(port string) bool {
	return len(port) >= 2 && len(port) <= 4 && port[0] != '0' && strings.Trim(port, "0123456789") == ""
}

// isPlainPath: nothing is percent-encoded or could be a dot segment.
func isPlainPath(path string) bool {
	for i := range len(path) {
		c := path[i]
		if c == '.' && path[i-1] == '/' || !isPlainByte(c, "-._~!$&'()*+,;=:@/") {
			return false
		}
	}
	return true
}

// isPlainQuery has all that a query is sent with as it is, percent signs too.
func isPlainQuery(query string) bool {
	for i := range len(query) {
		if !isPlainByte(query[i], "-._~!$&()*+,;=:@/?%[]") {
			return false
		}
	}
	return true
}

func isPlainByte(c byte, marks string) bool {
	return c >= '0' && c <= '9' || isLetter(c) || strings.IndexByte(marks, c) >= 0
}
