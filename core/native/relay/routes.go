package relay

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// pair exchanges a code for a token.
func (r *Relay) pair(w http.ResponseWriter, req *http.Request, s *session) {
	var typed struct{ Code string }
	if json.NewDecoder(io.LimitReader(req.Body, 1<<10)).Decode(&typed) != nil {
		refuse(w, http.StatusBadRequest, "relay.order", `pairing takes {"code": "…"}`)
		return
	}
	token, outcome := r.pairing.pair(s.origin, typed.Code)
	switch outcome {
	case paired:
		fmt.Fprintf(r.options.Log, "relay          paired with %s; code for the next page: %s\n", s.origin, r.pairing.code())
		answer(w, http.StatusOK, map[string]string{"token": token, "version": r.options.Version})
		return
	case tooMany:
		w.Header().Set("Retry-After", "60")
		refuse(w, http.StatusTooManyRequests, "relay.pairing-limit", "there were too many wrong codes: wait a minute, then use the code that the terminal shows")
		return
	case newCode:
		fmt.Fprintf(r.options.Log, "relay          %d wrong codes; the new one: %s\n", triesPerCode, r.pairing.code())
	}
	refuse(w, http.StatusUnauthorized, "relay.code", "this is not the code: the terminal shows the one that holds, and it changes after use and after wrong tries")
}

func (r *Relay) status(w http.ResponseWriter, req *http.Request, s *session) {
	answer(w, http.StatusOK, map[string]string{"version": r.options.Version, "origin": s.origin})
}

func (r *Relay) forget(w http.ResponseWriter, req *http.Request, s *session) {
	r.pairing.forget(s)
	fmt.Fprintf(r.options.Log, "relay          forgot %s; code for the next page: %s\n", s.origin, r.pairing.code())
	w.WriteHeader(http.StatusNoContent)
}

// Close ends every pairing, and what is being sent for it.
func (r *Relay) Close() { r.pairing.close() }
