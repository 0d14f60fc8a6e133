package relay

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

const (
	tokenHeader  = "X-Authpad-Relay"  // "pair", or the token: a header that makes every browser ask first
	openerHeader = "X-Authpad-Opener" // set by the bridge: the origin of the page it works for
)

// guard knows who may speak with the relay.
type guard struct {
	host    string   // as the Host line must be
	own     string   // the origin of the relay itself: its bridge
	origins []string // of pages
}

func newGuard(at netip.AddrPort, origins []string) guard {
	return guard{host: at.String(), own: "http://" + at.String(), origins: origins}
}

// meant refuses every other name: one that a stranger's page was loaded under may be pointed here later, and
// that page would then be of the same origin (DNS rebinding).
func (g guard) meant(r *http.Request) bool { return r.Host == g.host }

// origin is that of the page which asks. Requests of the bridge come from the relay's own origin, where nothing
// else lives, and name the page they are for.
func (g guard) origin(r *http.Request) (origin string, allowed bool) {
	lines := r.Header.Values("Origin")
	if len(lines) != 1 {
		return "", false
	}
	if origin = lines[0]; origin == g.own {
		origin = r.Header.Get(openerHeader)
	}
	return origin, slices.Contains(g.origins, origin)
}

// share lets the page that asks read the answer (https://fetch.spec.whatwg.org/#http-cors-protocol).
func (g guard) share(h http.Header, r *http.Request) {
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Timing-Allow-Origin", r.Header.Get("Origin"))
	h.Set("Access-Control-Expose-Headers", "Content-Type, Retry-After")
}

// answerPreflight names what the routes need, and no more.
func answerPreflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", strings.ToLower(tokenHeader)+", content-type")
	h.Set("Access-Control-Max-Age", "7200") // Chromium's cap
	w.WriteHeader(http.StatusNoContent)
}

// refusal is the body of every answer that is none.
type refusal struct {
	Error struct {
		Code    string `json:"code"`
		Field   string `json:"field,omitempty"`
		Message string `json:"message"`
	} `json:"error"`
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	refuseField(w, status, code, "", message)
}

func refuseField(w http.ResponseWriter, status int, code, field, message string) {
	var body refusal
	body.Error.Code, body.Error.Field, body.Error.Message = code, field, message
	answer(w, status, body)
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}
