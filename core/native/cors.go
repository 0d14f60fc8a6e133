package native

import (
	"net/http"
	"slices"
	"strings"
)

// Cross-origin rules for the lab (https://fetch.spec.whatwg.org/#http-cors-protocol).
//
// The lab answers every origin by naming it, with "Vary: Origin", rather than by "*": a reader of
// the exchange sees which origin was allowed, and "null", the origin after a redirect between
// hosts, works the same way. Access-Control-Allow-Credentials is left out: the lab has no cookies,
// so nothing of a person's can be read through it. Names are listed one by one and never "*",
// because the standard excludes Authorization from the wildcard of Access-Control-Allow-Headers.

// preflightAge is how long a browser may remember a preflight. Chromium's cap is two hours.
const preflightAge = "7200"

const allMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

func allowOrigin(h http.Header, origin string) {
	h.Add("Vary", "Origin")
	h.Set("Timing-Allow-Origin", "*") // else a page sees no phases of the request
	if origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
	}
}

// isPreflight tells a preflight from an OPTIONS request that a person sends to the lab.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" &&
		r.Header.Get("Access-Control-Request-Method") != ""
}

func answerPreflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", allowedMethods(r.Header.Get("Access-Control-Request-Method")))
	if names := r.Header.Values("Access-Control-Request-Headers"); len(names) > 0 {
		h.Set("Access-Control-Allow-Headers", strings.Join(names, ","))
	}
	h.Set("Access-Control-Max-Age", preflightAge)
	w.WriteHeader(http.StatusNoContent)
}

// allowedMethods lists the usual ones and the one that was asked for: the lab takes any method.
func allowedMethods(asked string) string {
	if slices.Contains(strings.Split(allMethods, ", "), asked) {
		return allMethods
	}
	return allMethods + ", " + asked
}

// exposeAll lets a page read every header line that is about to be sent: without it a script sees
// seven names, and WWW-Authenticate is not among them. The star covers its own line as well, so that a
// page knows that nothing is hidden; the names are for browsers without it.
func exposeAll(h http.Header) {
	names := []string{"*", "Content-Length", "Date"} // net/http adds the last two itself
	for name := range h {
		if !strings.HasPrefix(name, "Access-Control-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h.Set("Access-Control-Expose-Headers", strings.Join(slices.Compact(names), ", "))
}

// gatherChallenges puts them into one line for a page, which means the same (RFC 9110, section 5.3): of several lines,
// Firefox (153) shows its fetch none.
func gatherChallenges(h http.Header) {
	if lines := h["Www-Authenticate"]; len(lines) > 1 && h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Www-Authenticate", strings.Join(lines, ", "))
	}
}
