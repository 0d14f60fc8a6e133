package schemes

import (
	"crypto/subtle"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What schemes that use the Authorization header share (RFC 9110, section 11.6.2), and how any of
// them compares and refuses.

// realm is the protection space that the lab names in its challenges (RFC 9110, section 11.5).
const realm = "authpad lab"

// setAuthorization adds the header. A request that already names one is refused, as in aiohttp:
// sending either silently would hide the other.
//
//go:noinline
func setAuthorization(req *core.Request, value string) error {
	if req.Header.Has("Authorization") {
		return &core.FieldError{Field: "headers", Code: "authorization.conflict", Ref: rfc("RFC 9110", "11.6.2"),
			Message: "the headers already have an Authorization line; remove it or choose the scheme “none”"}
	}
	req.Header.Add("Authorization", value)
	return nil
}

// authorization returns the value of the request's only Authorization header.
func authorization(req *core.Request) (string, error) {
	switch lines := req.Header.Values("Authorization"); len(lines) {
	case 0:
		return "", &core.Rejection{Code: "authorization.missing", Step: "authorization", Ref: rfc("RFC 9110", "11.6.2"),
			Message: "the request has no Authorization header"}
	case 1:
		return syntax.TrimSpace(lines[0]), nil
	}
	return "", &core.Rejection{Code: "authorization.repeated", Step: "authorization", Ref: rfc("RFC 9110", "11.6.2"),
		Message: "the request has more than one Authorization header"}
}

// credentials returns what follows the scheme's name in the request's only Authorization header.
func credentials(req *core.Request, scheme string) (string, error) {
	line, err := authorization(req)
	if err != nil {
		return "", err
	}
	rest, ok := cutScheme(line, scheme)
	if !ok {
		return "", &core.Rejection{Code: "authorization.scheme", Step: "authorization", Ref: rfc("RFC 9110", "11.4"),
			Want: scheme, Got: knownScheme(line), Message: "the Authorization header is for another scheme than " + scheme}
	}
	return rest, nil
}

// knownScheme is the scheme that a line names; empty: none that is known, so that its first word may be a secret.
func knownScheme(line string) string {
	first, _, _ := strings.Cut(line, " ")
	if listed(" basic bearer digest dpop gnap hawk hoba jwt negotiate ntlm oauth token apikey wsse vapid signature "+
		"aws4-hmac-sha256 aws4-ecdsa-p256-sha256 eg1-hmac-sha256 ", strings.ToLower(first)) {
		return first
	}
	return ""
}

// cutScheme returns what follows the name of the scheme and one or more spaces (RFC 9110, section
// 11.4). The name matches without regard to case, section 11.1.
func cutScheme(line, scheme string) (rest string, ok bool) {
	if len(line) < len(scheme) || !strings.EqualFold(line[:len(scheme)], scheme) {
		return "", false
	}
	rest = line[len(scheme):]
	return strings.TrimLeft(rest, " "), rest == "" || rest[0] == ' '
}

// sameSecret compares in a time that depends on the lengths only.
func sameSecret(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// differing turns the first step at which the two sides part into a Rejection. The outputs are
// named only where the step is not secret: a rejection travels to whoever sent the request.
func differing(code, message string, mine, theirs *core.Trace) *core.Rejection {
	r := &core.Rejection{Code: code, Message: message}
	if pair, found := core.Difference(mine, theirs); found {
		r.Step, r.Ref = pair.Mine.ID, pair.Mine.Ref
		if !pair.Mine.Secret {
			r.Want, r.Got = pair.Mine.Out, pair.Theirs.Out
		}
	}
	return r
}
