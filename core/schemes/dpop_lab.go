package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
)

// What a server says that asks for DPoP: the nonces it gives out (RFC 9449, section 8) and its challenge
// (section 7.1).

const dpopNonceLifetime = 5 * time.Minute

// newDPoPNonce is time "." MAC, so that nothing has to be remembered.
func newDPoPNonce(in core.Input) string {
	made := strconv.FormatInt(in.Env.Now().Unix(), 10)
	return made + "." + dpopNonceMAC(made, in.Values)
}

// dpopNonceMAC is keyed with the access token: the lab has no other secret. A server that has several
// clients takes a key of its own.
func dpopNonceMAC(made string, v core.Values) string {
	return base64url(mac("SHA-256", []byte(v["accessToken"]), []byte("dpop nonce "+made))[:12])
}

// dpopNonceAge reads a nonce; ours is false where newDPoPNonce did not make it.
func dpopNonceAge(nonce string, in core.Input) (age time.Duration, ours bool) {
	made, code, _ := strings.Cut(nonce, ".")
	at, ok := unixTime(made)
	if !ok || !sameSecret(code, dpopNonceMAC(made, in.Values)) {
		return 0, false
	}
	return in.Env.Now().Sub(at), true
}

// tellDPoP gives a nonce with every answer, so that the next request has it.
func tellDPoP(in core.Input, _ *core.Request, answer *core.Response, _ *core.Trace) error {
	if in.Values["requireNonce"] == "true" {
		answer.Header.Add("DPoP-Nonce", newDPoPNonce(in))
	}
	return nil
}

// challengeDPoP says what was wrong only to a client that sent something.
func challengeDPoP(in core.Input) []core.Challenge {
	c := core.Challenge{Scheme: "DPoP", Params: []core.Param{{Name: "realm", Value: realm}}}
	if reason := dpopError(in.Refused); reason != "" {
		c.Params = append(c.Params, core.Param{Name: "error", Value: reason}, core.Param{Name: "error_description", Value: describing(in.Refused.Message)})
	}
	names := make([]string, len(dpopAlgorithms))
	for i, o := range dpopAlgorithms {
		names[i] = o.Value
	}
	c.Params = append(c.Params, core.Param{Name: "algs", Value: strings.Join(names, " ")})
	return []core.Challenge{c}
}

// describing writes a message for an error_description: ASCII without double quotes and backslashes (RFC 6750, section 3).
func describing(message string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("“”’\"", r):
			return '\''
		case r < ' ' || r > '~' || r == '\\':
			return '?'
		}
		return r
	}, message)
}

// dpopError is of RFC 9449, sections 7.1 and 9, and RFC 6750, section 3.1.
func dpopError(refused *core.Rejection) string {
	if refused == nil {
		return ""
	}
	switch refused.Code {
	case "dpop.missing", "authorization.missing", "authorization.scheme":
		return ""
	case "dpop.use-nonce", "dpop.other-nonce", "dpop.stale":
		return "use_dpop_nonce"
	case "dpop.wrong-token", "dpop.wrong-key":
		return "invalid_token"
	}
	return "invalid_dpop_proof"
}
