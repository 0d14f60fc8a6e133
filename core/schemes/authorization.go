package schemes

import (
	"strings"

	"authpad/core"
)

// What schemes that use the Authorization header share (RFC 9110, section 11.6.2).

var authorizationRef = core.Ref{Doc: "RFC 9110", Section: "11.6.2"}

// setAuthorization adds the header. A request that already names one is refused, as in aiohttp:
// sending either silently would hide the other.
func setAuthorization(req *core.Request, value string) error {
	if req.Header.Has("Authorization") {
		return &core.FieldError{Field: "headers", Code: "authorization.conflict", Ref: authorizationRef,
			Message: "the headers already have an Authorization line; remove it or choose the scheme “none”"}
	}
	req.Header.Add("Authorization", value)
	return nil
}

// credentials returns what follows the scheme's name in the request's only Authorization header.
// The name matches without regard to case (RFC 9110, section 11.1).
func credentials(req *core.Request, scheme string) (string, error) {
	lines := req.Header.Values("Authorization")
	if len(lines) == 0 {
		return "", &core.Rejection{Code: "authorization.missing", Step: "authorization", Ref: authorizationRef,
			Message: "the request has no Authorization header"}
	}
	if len(lines) > 1 {
		return "", &core.Rejection{Code: "authorization.repeated", Step: "authorization", Ref: authorizationRef,
			Message: "the request has more than one Authorization header"}
	}
	name, rest, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(name, scheme) {
		return "", &core.Rejection{Code: "authorization.scheme", Step: "authorization", Ref: authorizationRef,
			Want: scheme, Message: "the Authorization header is for another scheme than " + scheme}
	}
	return strings.TrimLeft(rest, " "), nil
}

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
