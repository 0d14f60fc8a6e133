package schemes

import (
	"strings"

	"authpad/core"
)

// HTTP Digest: a hash over the password, the request and a nonce that the server gave (RFC 7616).
// RFC 7615 is the server's proof, RFC 2617 and 2069 are what older servers keep to.
//
// digest_offer.go reads what the server asks for, digest_steps.go has the formula of both sides,
// digest_text.go the header line, digest_verify.go, digest_mistakes.go and digest_lab.go the server, digest_confirm.go
// what a client makes of the server's own proof.
var digest = core.Scheme{
	ID: "digest", Name: "HTTP Digest",
	Summary: "Proves that you know the password without sending it: by a hash of it and of a value that the server sends first, its nonce.",
	Refs:    []core.Ref{rfc("RFC 7616", ""), rfc("RFC 7615", ""), rfc("RFC 2617", "3"), rfc("RFC 2069", "")},
	Fields: []core.Field{
		{ID: "username", Label: "User name", Kind: core.TextField, Help: "As the server knows it."},
		{ID: "password", Label: "Password", Kind: core.SecretField, Secret: true, Help: "It is hashed, never sent."},
		{ID: "algorithm", Label: "Algorithm", Kind: core.ChoiceField, Default: automatic, Advanced: true, Free: true,
			Help: "How to hash. Automatic takes the strongest that the server offers.", Options: digestAlgorithmOptions},
		{ID: "qop", Label: "Protection", Kind: core.ChoiceField, Default: automatic, Advanced: true, Free: true,
			Help: "What the hash covers, called qop. Automatic takes auth where the server offers it.",
			Options: []core.Option{{Value: automatic, Label: "Automatic"}, {Value: qopAuth, Label: "auth: method and address"},
				{Value: qopAuthInt, Label: "auth-int: the body, too"}, {Value: qopNone, Label: "none: as before 1999, without counting"}}},
	},
	Answers: []string{"digest"},
	Sign:    signDigest, Verify: verifyDigest, Challenge: challengeDigest, Tell: tellDigest, Confirm: confirmDigest,
	Example: core.Example{
		Values: core.Values{"username": "Mufasa", "password": "Circle of Life"},
		Wrong:  core.Values{"password": "Circle Of Life"}, // RFC 2617 has this one, RFC 7616 the other
		Step:   "ha1",
	},
}

const (
	automatic  = "auto"
	qopAuth    = "auth"
	qopAuthInt = "auth-int"
	qopNone    = "none" // the form of RFC 2069; a server says so by naming no qop

	digestExample      = `Digest realm="http-auth@example.org", qop="auth, auth-int", `
	digestExampleNonce = `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
)

// signDigest leaves the request as it is where nobody asked yet: without the server's nonce there is
// nothing to hash.
func signDigest(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkDigest(in.Values); err != nil {
		return err
	}
	if req.Header.Has("Authorization") {
		return setAuthorization(req, "") // says that this is a conflict
	}
	offers := digestOffers(in.Challenges, tr)
	offer, err := chooseOffer(offers, in.Values)
	if err != nil {
		return err
	}
	noteDigestFields(in.Values, req, tr)
	if len(offers) == 0 {
		noteUnasked(in.Challenges, tr)
		return nil
	}
	qop := offer.chooseQop(in.Values["qop"])
	if qop == qopAuthInt {
		if err := req.BringBody(); err != nil {
			return err
		}
	}
	a := digestAnswer{offer: offer, offered: offers, username: in.Values["username"], password: in.Values["password"],
		qop: qop, method: req.Method, uri: req.URL.Target(), body: req.Body, env: in.Env}
	if a.cnonce, a.nc, err = a.nonces(in.Env); err != nil {
		return err
	}
	noteDigestAnswer(a, tr)
	line, err := a.steps(tr)
	if err != nil {
		return err
	}
	return setAuthorization(req, line)
}

// nonces asks for the sender's own: cnonce is any text, nc how often the server's nonce is used now, in
// hex (RFC 7616, section 3.4). Both are there to be pinned; whoever counts says more than "once".
func (a digestAnswer) nonces(env core.Env) (cnonce, nc string, err error) {
	if a.usesCnonce() {
		cnonce = env.Nonce("cnonce", 16)
	}
	if strings.ContainsFunc(cnonce, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", "", &core.FieldError{Field: "nonces", Code: "digest.cnonce", Ref: rfc("RFC 7616", "3.4"),
			Message: "cnonce has a character outside printable ASCII; pin another text, such as 0a4f113b"}
	}
	if a.qop == "" {
		return cnonce, "", nil
	}
	nc = strings.ToLower(env.Nonce("nc", 0)) // no bytes of chance: empty unless pinned or counted
	if nc == "" {
		nc = "1"
	}
	if len(nc) < 8 {
		nc = "00000000"[len(nc):] + nc
	}
	if !isNonceCount(nc) {
		return "", "", &core.FieldError{Field: "nonces", Code: "digest.nc", Ref: rfc("RFC 7616", "3.4"),
			Message: "nc is a count in at most eight hexadecimal digits, such as 00000001"}
	}
	return cnonce, nc, nil
}

// isNonceCount is 8LHEX of RFC 7616, section 3.4.
func isNonceCount(nc string) bool { return len(nc) == 8 && strings.Trim(nc, "0123456789abcdef") == "" }
