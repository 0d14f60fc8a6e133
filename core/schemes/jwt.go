package schemes

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// JSON Web Token: claims that the sender signs itself (RFC 7519, RFC 7515), for service accounts, GitHub
// apps, App Store Connect and everything that gives out a key instead of a token.
var jwt = core.Scheme{
	ID: "jwt", Name: "JSON Web Token",
	Summary: "Sends claims about who you are, signed with your own key.",
	Refs:    []core.Ref{rfc("RFC 7519", ""), rfc("RFC 7515", ""), rfc("RFC 7518", ""), rfc("RFC 8725", "")},
	Fields: []core.Field{
		{ID: "algorithm", Label: "Algorithm", Kind: core.ChoiceField, Default: "HS256", Options: jwtAlgorithms,
			Help: "HS uses a secret that both sides share. The others sign with a private key, and the server has the public one."},
		{ID: "key", Label: "Key", Kind: core.MultilineField, Secret: true, Placeholder: "-----BEGIN PRIVATE KEY-----",
			When: core.When{Field: "algorithm", Values: keyedAlgorithms},
			Help: "The secret itself, or a private key as PEM or JWK.", ToVerify: "A public key will do."},
		{ID: "keyEncoding", Label: "Secret is written as", Kind: core.ChoiceField, Default: "text",
			When:    core.When{Field: "algorithm", Values: append([]string{algorithmAuto}, hmacAlgorithms...)},
			Help:    "For a secret in base64 or hex, its bytes are the key, not its characters.",
			Options: []core.Option{{Value: "text", Label: "Text"}, {Value: "base64", Label: "Base64"}, {Value: "hex", Label: "Hex"}}},
		{ID: "claims", Label: "Claims", Kind: core.MultilineField, Optional: true, Placeholder: `{"iss": "my-app", "sub": "alice"}`,
			Help: "What the token says, as JSON.", ToVerify: "iss, sub and aud that are given here must be the token’s."},
		{ID: "autoClaims", Label: "Fill in times and ID", Kind: core.ToggleField, Default: "true", Free: true,
			Help: "Adds iat and nbf (now), exp (now plus the lifetime) and jti (a new ID) where the claims have none."},
		{ID: "lifetime", Label: "Lifetime, seconds", Kind: core.NumberField, Default: "300", Free: true,
			When: core.When{Field: "autoClaims", Values: []string{"true"}},
			Help: "How long the token is good for. Short is safe: whoever has it may use it until then."},
		{ID: "header", Label: "Header", Kind: core.MultilineField, Advanced: true, Free: true, Placeholder: `{"typ": "JWT", "kid": "key-1"}`,
			Help: "Further members, as JSON; alg is added. Empty: alg, typ, and kid if the key has an ID."},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader, Advanced: true,
			Help:    "The header is the usual place; an address ends up in logs.",
			Options: []core.Option{{Value: inHeader, Label: "Header"}, {Value: inQuery, Label: "Query"}}},
		{ID: "name", Label: "Name", Kind: core.TextField, Advanced: true, Placeholder: "Authorization",
			Help: "Of the header or the query parameter. Empty: Authorization, or access_token."},
		{ID: "prefix", Label: "Prefix", Kind: core.TextField, Default: "Bearer", Advanced: true,
			When: core.When{Field: "in", Values: []string{inHeader}}, Help: "The word in front of the token; some servers want JWT, or none."},
		{ID: "claimsCheck", Label: "Check the claims", Kind: core.ToggleField, Default: "true", Advanced: true,
			ToVerify: "Off, the signature alone decides, and a token may have expired."},
	},
	Answers: []string{"bearer"},
	Sign:    signJWT, Verify: verifyJWT, Challenge: challengeJWT,
	Example: core.Example{
		Values: core.Values{"algorithm": "HS256", "key": "correct horse battery staple, thrice", "claims": `{"iss": "alice", "aud": "authpad lab"}`},
		Wrong:  core.Values{"key": "correct horse battery stable, thrice"},
		Step:   "key",
	},
}

// The claims of RFC 7515's appendices.
const (
	joeClaims  = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
	joeEncoded = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
)

var keyedAlgorithms = []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
	"ES256", "ES384", "ES512", "EdDSA", algorithmAuto}

var jwtAlgorithms = []core.Option{
	{Value: "HS256", Label: "HS256 (HMAC, a shared secret)"}, {Value: "HS384", Label: "HS384"}, {Value: "HS512", Label: "HS512"},
	{Value: "RS256", Label: "RS256 (RSA)"}, {Value: "RS384", Label: "RS384"}, {Value: "RS512", Label: "RS512"},
	{Value: "PS256", Label: "PS256 (RSA-PSS)"}, {Value: "PS384", Label: "PS384"}, {Value: "PS512", Label: "PS512"},
	{Value: "ES256", Label: "ES256 (ECDSA, P-256)"}, {Value: "ES384", Label: "ES384 (P-384)"}, {Value: "ES512", Label: "ES512 (P-521)"},
	{Value: "EdDSA", Label: "EdDSA (Ed25519)"},
	{Value: algorithmAuto, Label: "What the key is for"}, {Value: algorithmNone, Label: "none (not signed)"}}

// jwtSteps is how many steps a token has.
const jwtSteps = 17

func signJWT(in core.Input, req *core.Request, tr *core.Trace) error {
	p, err := keptPlan(in)
	if err != nil {
		return err
	}
	tr.Steps = slices.Grow(tr.Steps, jwtSteps)
	p.note(req, tr)
	j := &jws{in: in, tr: tr, field: "key", key: p.key, algorithm: p.algorithm}
	header, err := p.firstSteps(j)
	if err != nil {
		return err
	}
	var filled []filledClaim
	if p.fills {
		filled = p.fillClaims("iat nbf exp jti", tr)
	}
	claims := p.claimsStep(filled, tr)
	p.identityStep(claims, p.claims, nil, tr)
	input := j.encode(header, claims)
	signature, _, err := j.sign(input)
	if err != nil {
		return err
	}
	return p.write(j.join(input, signature), req, tr)
}

// firstSteps are those that follow from the values alone. A plan that is kept has them already.
func (p *jwtPlan) firstSteps(j *jws) (header string, err error) {
	if last := len(p.first) - 1; last >= 0 {
		j.tr.Steps = append(j.tr.Steps, p.first...)
		return p.first[last].Out, nil
	}
	before := len(j.tr.Steps)
	p.placeSteps(j.tr)
	p.algorithmStep(j)
	if err := j.keyStep(); err != nil {
		return "", err
	}
	header = p.headerStep(j)
	if p.in.Plan != nil {
		p.first = slices.Clone(j.tr.Steps[before:])
	}
	return header, nil
}

// placeSteps say where the token goes.
func (p *jwtPlan) placeSteps(tr *core.Trace) {
	place := core.Part{Name: "where", Value: p.place, From: "step:place"}
	tr.Add(core.Step{ID: "place", Title: "Choose where the token goes", Op: "choose", Ref: rfc("RFC 6750", "2"),
		Why: "The server looks in one place only; in another one the token counts as missing.",
		In:  []core.Part{{Name: "where", Value: p.place, From: "field:in"}}, Out: p.place})
	tr.Add(core.Step{ID: "name", Title: "Take the name", Op: "default", Ref: rfc("RFC 6750", "2"),
		Why: "The server looks for the token under this name, and under no other.",
		In:  []core.Part{{Name: "name", Value: p.in.Values["name"], From: "field:name"}, place}, Out: p.name})
	if p.place == inHeader {
		tr.Add(core.Step{ID: "prefix", Title: "Take the prefix", Op: "trim", Ref: rfc("RFC 9110", "11.1"),
			Why: "It names the scheme; a server that expects another word does not look at the token.",
			In:  []core.Part{{Name: "prefix", Value: p.in.Values["prefix"], From: "field:prefix"}}, Out: p.prefix})
	}
}

// write puts the token into the request.
func (p *jwtPlan) write(token string, req *core.Request, tr *core.Trace) error {
	name := core.Part{Name: "name", Value: p.name, From: "step:name"}
	part := core.Part{Name: "token", Value: token, From: "step:token", Secret: true}
	if p.place == inQuery {
		req.URL.Query = tr.Add(core.Step{ID: "query", Title: "Put the token into the query", Op: "set", Ref: rfc("RFC 6750", "2.3"), Secret: true,
			Why: "Of two parameters with one name servers take the first, the last or both; one remains.",
			In:  []core.Part{{Name: "query", Value: req.URL.Query, From: "request:url", Secret: true}, name, part},
			Out: syntax.SetParameter(req.URL.Query, p.name, percent(p.name)+"="+token)})
		return nil
	}
	line := tr.Add(core.Step{ID: "line", Title: "Name the scheme in front", Op: "join", Ref: rfc("RFC 6750", "2.1"), Secret: true,
		Why: "The server chooses how to read the rest by this word.",
		In:  []core.Part{name, {Name: "prefix", Value: p.prefix, From: "step:prefix"}, part},
		Out: strings.TrimSpace(p.prefix + " " + token)})
	if strings.EqualFold(p.name, "Authorization") {
		return setAuthorization(req, line)
	}
	if req.Header.Has(p.name) {
		return &core.FieldError{Field: "headers", Code: "jwt.conflict", Ref: rfc("RFC 9110", "5.3"),
			Message: "the headers already have a line of the token’s name; remove it or choose the scheme “none”"}
	}
	req.Header.Add(p.name, line)
	return nil
}

// challengeJWT says invalid_token only to a client that sent one (RFC 6750, section 3.1).
func challengeJWT(in core.Input) []core.Challenge {
	c := core.Challenge{Scheme: "Bearer", Params: []core.Param{{Name: "realm", Value: realm}}}
	if in.Refused != nil && in.Refused.Code != "jwt.missing" && in.Refused.Code != "jwt.place" && in.Refused.Code != "jwt.prefix" {
		c.Params = append(c.Params, core.Param{Name: "error", Value: "invalid_token"})
	}
	return []core.Challenge{c}
}
