package schemes

import (
	"strings"
	"time"

	"authpad/core"
)

// The server's side of OAuth 1.0 (RFC 5849, section 3.2).

// oauthWindow is how far a request's time may be from the server's, either way.
const oauthWindow = 5 * time.Minute

// verifyOAuth1 builds what the client should have built: the server's own keys and secrets, with the time,
// nonce and further parameters of the request. Then it looks where the request differs.
func verifyOAuth1(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if err := checkOAuth1Values(v); err != nil {
		return err
	}
	key, err := oauthKey(in, false)
	if err != nil {
		return err
	}
	r := readOAuth1(req)
	s := oauthSide{in: in, req: req, tr: tr, key: key, theirs: append([]core.Param{}, r.params...)}
	s.nameParties()
	s.makeUnique()
	if _, sent := paramOf(s.theirs, "oauth_body_hash"); sent || sendsBodyHash(v, req) {
		if err := s.hashBody(); err != nil {
			return err
		}
	}
	expected := s.expectedParams()
	s.collect(expected)
	signature, err := s.sign(s.composeBase())
	if err != nil {
		return err
	}
	if r.place == inHeader && signature != "" {
		s.place(inHeader, expected, signature)
	}
	return s.judge(r, expected, signature)
}

// expectedParams are the request's, in its order, with what the server knows better in its own words; what
// is missing comes last.
func (s oauthSide) expectedParams() []core.Param {
	own := s.ownParams()
	var expected []core.Param
	for _, p := range s.theirs {
		if _, twice := paramOf(expected, p.Name); twice || p.Name == "oauth_signature" {
			continue
		}
		if value, known := s.known(p.Name); known {
			p.Value = value
		}
		expected = append(expected, p)
	}
	for _, p := range own {
		if _, there := paramOf(expected, p.Name); !there && isRequired(p.Name) {
			expected = append(expected, p)
		}
	}
	return expected
}

// known is the value that the server's own values decide.
func (s oauthSide) known(name string) (value string, known bool) {
	switch name {
	case "oauth_version":
		return "1.0", true
	case "oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_body_hash":
		if step := s.tr.Step(stepOf(name)); step != nil {
			return step.Out, true
		}
	}
	return "", false
}

// isRequired: the version, a callback and a verifier are the client's to send or not.
func isRequired(name string) bool {
	switch name {
	case "oauth_version", "oauth_callback", "oauth_verifier":
		return false
	}
	return true
}

// stepOf is where a parameter of this name comes from.
func stepOf(name string) string {
	switch name {
	case "oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce", "oauth_body_hash":
		return strings.ReplaceAll(strings.TrimPrefix(name, "oauth_"), "_", "-")
	}
	return "protocol-parameters"
}

// judge names the earliest step at which the request parts from what was expected.
func (s oauthSide) judge(r received, expected []core.Param, signature string) error {
	if r.wrong != nil {
		return r.wrong
	}
	if err := s.judgeNames(); err != nil {
		return err
	}
	if err := s.judgeTime(); err != nil {
		return err
	}
	sent, _ := paramOf(s.theirs, "oauth_signature")
	if signature == "" || !sameSecret(sent, signature) {
		return s.explain(expected, sent)
	}
	if r.place == inHeader && s.in.Values["realm"] != "" && r.realm != s.in.Values["realm"] {
		return &core.Rejection{Code: "oauth1.realm", Step: "authorization", Ref: rfc("RFC 5849", "3.5.1"),
			Message: "the realm is not this server’s; the signature is right, since it does not cover the realm"}
	}
	return s.judgeNonce()
}

// judgeNames looks at each parameter by itself.
func (s oauthSide) judgeNames() error {
	seen := map[string]bool{}
	for _, p := range s.theirs {
		if seen[p.Name] && isOAuthName(p.Name) {
			return s.refuse("repeated", p.Name, visible(p.Name)+" is there more than once; each may be sent once only", "3.2")
		}
		seen[p.Name] = true
	}
	for _, p := range append(s.ownParams(), core.Param{Name: "oauth_signature"}) {
		if !seen[p.Name] && isRequired(p.Name) {
			return s.refuse("missing-parameter", p.Name, p.Name+" is missing", "3.1")
		}
	}
	for _, c := range []struct{ name, code, message, section string }{
		{"oauth_version", "version", "oauth_version is something else than 1.0, which is all there is", "3.1"},
		{"oauth_consumer_key", "wrong-consumer-key", "the server knows no such consumer key", "3.2"},
		{"oauth_token", "wrong-token", "the server knows no such token", "3.2"},
		{"oauth_signature_method", "method", "the signature method is not the one that this server takes", "3.2"},
		{"oauth_body_hash", "body-hash", "the body’s hash differs: the body arrived changed, or another hash was taken", "3.2"},
	} {
		sent, given := paramOf(s.theirs, c.name)
		if value, known := s.known(c.name); given && known && sent != value {
			return s.refuse(c.code, c.name, c.message, c.section)
		}
	}
	return nil
}

//go:noinline
func (s oauthSide) refuse(code, name, message, section string) error {
	r := &core.Rejection{Code: "oauth1." + code, Step: stepOf(name), Message: message, Ref: rfc("RFC 5849", section)}
	if step := s.tr.Step(r.Step); step == nil {
		r.Step = "protocol-parameters"
	} else if sent, given := paramOf(s.theirs, name); given && code != "repeated" && r.Step != "protocol-parameters" {
		r.Want, r.Got = step.Out, sent
	}
	if code == "body-hash" {
		r.Ref = bodyHashRef
	}
	return r
}

// judgeTime leaves PLAINTEXT alone, whose time and nonce anyone could change.
func (s oauthSide) judgeTime() error {
	if s.in.Values["signatureMethod"] == plaintext {
		return nil
	}
	sent, _ := paramOf(s.theirs, "oauth_timestamp")
	at, ok := unixTime(sent)
	if !ok {
		return &core.Rejection{Code: "oauth1.timestamp", Step: "timestamp", Got: visible(sent), Ref: rfc("RFC 5849", "3.3"),
			Message: "the timestamp is not a number of seconds since 1970; it may be in milliseconds"}
	}
	return refuseTime("oauth1.clock", "timestamp", s.in.Env.Now(), at, oauthWindow, rfc("RFC 5849", "3.3"))
}

// judgeNonce remembers what was accepted, for as long as its timestamp would be.
func (s oauthSide) judgeNonce() error {
	if s.in.Env.Seen == nil || s.in.Values["signatureMethod"] == plaintext {
		return nil
	}
	parts := []string{"oauth1"}
	for _, id := range []string{"consumer-key", "token", "timestamp", "nonce"} {
		parts = append(parts, percent(s.tr.Step(id).Out))
	}
	if s.in.Env.Seen(strings.Join(parts, " "), 2*oauthWindow+time.Minute) {
		return &core.Rejection{Code: "oauth1.nonce-used", Step: "nonce", Ref: rfc("RFC 5849", "3.3"),
			Message: "this nonce was used already with this timestamp; each request needs a new one"}
	}
	return nil
}
