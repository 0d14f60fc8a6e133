package relay

import (
	"bytes"
	_ "embed" // for the two files below
	"html"
	"net/http"
	"strings"
)

// The bridge is a window that a page opens where its browser does not let it speak with this machine (Local
// Network Access): opening a window needs no permission.

//go:embed bridge.html
var bridgePage []byte

//go:embed bridge.js
var bridgeScript []byte

// isBridge: a window's own request has no Origin, and needs none. There is no secret in what it gets.
func isBridge(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/relay/bridge")
}

func (r *Relay) bridge(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "same-origin") // with "no-referrer" the Origin of its requests would be null
	switch req.URL.Path {
	case "/relay/bridge":
		h.Set("Content-Type", "text/html; charset=utf-8")
		const place = `name="allowed" content="`
		w.Write(bytes.Replace(bridgePage, []byte(place), []byte(place+html.EscapeString(strings.Join(r.guard.origins, " "))), 1))
	case "/relay/bridge.js":
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(bridgeScript)
	default:
		refuse(w, http.StatusNotFound, "relay.route", "the relay has no such address")
	}
}
