package schemes

import (
	"cmp"
	"slices"
	"time"

	"authpad/core"
	"authpad/core/json"
)

// The server’s side of ASAP (https://s2sauth.bitbucket.io/spec/#access-token-verification).

// verifyASAP builds the token again from what came, with the names and the key that the server expects.
func verifyASAP(in core.Input, req *core.Request, tr *core.Trace) error {
	p, err := planASAP(in, false)
	if err != nil {
		return err
	}
	names := p.nameSteps(tr)
	text, missing := bearerToken(req)
	t := readJWS(text)
	if missing != nil {
		t.wrong = missing
	}
	j := &jws{in: in, tr: tr, field: "privateKey", key: p.key, algorithm: p.algorithm, theirs: t}
	if slices.Contains(p.key.algorithms, t.header["alg"].text) {
		j.algorithm = t.header["alg"].text
	}
	if err := p.keySteps(j); err != nil {
		return err
	}
	if t.wrongHeader == nil {
		p.headerText = t.headerText
	}
	if t.wrongClaims == nil {
		p.claimsText, names = t.claimsText, nil
	}
	input := j.encode(p.headerStep(j), p.claimsStep(names, tr))
	signature, valid, err := j.sign(input)
	if err != nil {
		return err
	}
	if signature != "" {
		j.join(input, signature)
	}
	return p.judge(t, valid)
}

// bearerToken is the token of the Authorization header. Why there is none is said at a step that every
// trace of ASAP has.
func bearerToken(req *core.Request) (token string, missing *core.Rejection) {
	text, err := credentials(req, "Bearer")
	if err != nil {
		rejection := *err.(*core.Rejection)
		rejection.Step = "header"
		return "", &rejection
	}
	return text, nil
}

// judge follows the order of the specification: form, key, signature, claims.
func (p *asapPlan) judge(t *jwsToken, valid bool) error {
	if t.wrong != nil {
		return t.wrong
	}
	if err := p.judgeHeader(t); err != nil {
		return err
	}
	if err := p.judgeKeyID(t); err != nil {
		return err
	}
	if !valid {
		return cmp.Or(p.key.refuseDER(p.in.Env, "jwt", t), error(p.refuse("wrong-signature", "key",
			"the signature does not fit: the key is not the one of this key ID, or header or claims were changed after signing")))
	}
	if t.wrongClaims != nil {
		return p.refuse("claims", "claims", "the claims are no JSON object whose members are there once each")
	}
	if err := p.judgeNames(t.claims); err != nil {
		return err
	}
	if err := p.judgeLifetime(t.claims); err != nil {
		return err
	}
	return p.judgeID(t.claims)
}

func (p *asapPlan) refuse(code, step, message string) *core.Rejection {
	return &core.Rejection{Code: "asap." + code, Step: step, Message: message, Ref: asapRef("access-token-verification")}
}

// judgeKeyID holds the key ID against the token’s own issuer first: it is what protects one issuer from another.
func (p *asapPlan) judgeKeyID(t *jwsToken) error {
	kid, expected := t.header["kid"], p.in.Values["keyId"]
	issuer := t.claims["iss"].text
	if kid.kind != json.String {
		return p.refuse("no-key-id", "kid", "the token’s header has no kid that is a string")
	}
	if fault := faultOfKeyID(kid.text, issuer); fault != "" && t.wrongClaims == nil {
		return p.refuse("key-id", "kid", "the token’s key ID "+fault)
	}
	if kid.text != expected {
		r := p.refuse("other-key-id", "kid", "the token’s key ID is not the one of the key that this server has")
		r.Want, r.Got = expected, visible(kid.text)
		return r
	}
	return nil
}

// judgeNames: a token without a subject speaks for its issuer.
func (p *asapPlan) judgeNames(claims object) error {
	text := func(value string) member { return member{value, json.String} }
	audience, typed := p.claims["aud"]
	if !typed {
		audience = text(p.audience)
	}
	for _, c := range []struct {
		name     string
		expected member
	}{{"iss", text(p.issuer)}, {"sub", text(p.in.Values["subject"])}, {"aud", audience}} {
		said := claims[c.name]
		if c.name == "sub" && (c.expected.text == "" || said.kind == json.Invalid && c.expected.text == p.issuer) {
			continue
		}
		if !said.answers(c.name, c.expected) {
			r := p.refuse("wrong-"+c.name, c.name, c.name+" is not the one that this server expects; the signature is right")
			r.Want, r.Got = c.expected.text, visible(said.text)
			return r
		}
	}
	return nil
}

// judgeLifetime: exp and iat are both needed, and at most an hour apart.
func (p *asapPlan) judgeLifetime(claims object) error {
	issued, ok := claims["iat"].date()
	if !ok {
		return p.refuse("no-iat", "claims", "iat is missing or is no number of seconds since 1970")
	}
	expires, ok := claims["exp"].date()
	switch {
	case !ok:
		return p.refuse("no-exp", "claims", "exp is missing or is no number of seconds since 1970")
	case !issued.Before(expires):
		return p.refuse("times", "claims", "exp is not after iat")
	case expires.Sub(issued) > asapHour*time.Second:
		return p.refuse("lifetime", "claims", "the token is good for more than an hour, the most that ASAP allows")
	}
	now := p.in.Env.Now()
	if now.Before(issued.Add(-jwtLeeway)) {
		return p.refuse("early", "claims", "iat lies in the future, "+ago(now, issued)+", by this server’s clock")
	}
	return judgeTimes(claims, now)
}

// judgeID takes each token once.
func (p *asapPlan) judgeID(claims object) error {
	id := claims["jti"]
	if id.kind != json.String || id.text == "" {
		return p.refuse("no-jti", "claims", "jti is missing or is no string")
	}
	if seen := p.in.Env.Seen; seen != nil && seen("asap "+percent(claims["iss"].text)+" "+percent(id.text), asapHour*time.Second+2*jwtLeeway) {
		return p.refuse("jti-used", "claims", "a token of this ID (jti) was used already; make a new one for each request")
	}
	return nil
}
