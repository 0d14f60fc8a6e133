package fetchrules

import "strings"

// normalized are the methods that fetch writes in upper case; all others stay as typed.
var normalized = [...]string{"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"}

// NormalizeMethod returns the method as it goes over the wire
// (https://fetch.spec.whatwg.org/#concept-method-normalize). "patch" stays "patch".
func NormalizeMethod(method string) string {
	for _, upper := range normalized {
		if strings.EqualFold(method, upper) {
			return upper
		}
	}
	return method
}

// ForbiddenMethod reports whether fetch throws on the method, however it is written
// (https://fetch.spec.whatwg.org/#forbidden-method).
func ForbiddenMethod(method string) bool {
	return strings.EqualFold(method, "CONNECT") || strings.EqualFold(method, "TRACE") || strings.EqualFold(method, "TRACK")
}

// SafelistedMethod reports whether the method alone needs no preflight
// (https://fetch.spec.whatwg.org/#cors-safelisted-method). It is given a normalised method.
func SafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}
