package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
)

// Atlassian's service-to-service authentication: a JWT of a minute, signed with the service's private key,
// whose public half every server finds by the key ID (https://s2sauth.bitbucket.io/spec/).
var asap = core.Scheme{
	ID: "asap", Name: "ASAP (Atlassian)",
	Summary: "Signs a short-lived token with a service’s private key, for one audience.",
	Refs:    []core.Ref{asapRef(""), rfc("RFC 7519", "")},
	Fields: []core.Field{
		{ID: "issuer", Label: "Issuer", Kind: core.TextField, Placeholder: "my-service",
			Help: "The name of the service that sends, as it is registered."},
		{ID: "audience", Label: "Audience", Kind: core.TextField, Placeholder: "their-service",
			Help: "The name of the service that is called. It refuses tokens for others."},
		{ID: "keyId", Label: "Key ID", Kind: core.TextField, Placeholder: "my-service/key-1",
			Help: "The issuer, a slash and the name of the key: servers fetch the public key from this path."},
		{ID: "privateKey", Label: "Private key", Kind: core.MultilineField, Secret: true, Placeholder: "-----BEGIN PRIVATE KEY-----",
			Help: "RSA or ECDSA, as PEM, JWK or the data: address of Atlassian’s tools.", ToVerify: "The public key will do."},
		{ID: "lifetime", Label: "Lifetime, seconds", Kind: core.NumberField, Default: "60", Advanced: true, Free: true,
			Help: "At most 3600. A new token is made for each request, so a minute is enough."},
		{ID: "subject", Label: "Subject", Kind: core.TextField, Advanced: true, Optional: true, Placeholder: "my-service",
			Help: "On whose behalf the service acts. Empty: its own."},
		{ID: "claims", Label: "Further claims", Kind: core.MultilineField, Advanced: true, Free: true, Placeholder: `{"scope": "read"}`,
			Help: "As JSON. What is in here already, such as aud as a list, is not filled in."},
	},
	Answers: []string{"bearer"},
	Sign:    signASAP, Verify: verifyASAP, Challenge: challengeJWT,
	Example: core.Example{
		Values: core.Values{"issuer": "alice-service", "audience": "authpad-lab", "keyId": "alice-service/key-1", "privateKey": asapKey},
		Wrong:  core.Values{"privateKey": asapWrongKey},
		Step:   "key",
	},
}

// The private keys of RFC 7515, appendix A.3, and of RFC 7517, appendix A.2.
const (
	asapKey      = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
	asapWrongKey = `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}`
)

func asapRef(section string) core.Ref {
	ref := core.Ref{Doc: "ASAP specification", Section: section, URL: "https://s2sauth.bitbucket.io/spec/"}
	if section != "" {
		ref.URL += "#" + section
	}
	return ref
}

func signASAP(in core.Input, req *core.Request, tr *core.Trace) error {
	p, err := planASAP(in, true)
	if err != nil {
		return err
	}
	p.note(req, tr)
	j := &jws{in: in, tr: tr, field: "privateKey", key: p.key, algorithm: p.algorithm}
	names := p.nameSteps(tr)
	if err := p.keySteps(j); err != nil {
		return err
	}
	header := p.headerStep(j)
	claims := p.claimsStep(append(names, p.fillClaims("iat exp jti", tr)...), tr)
	input := j.encode(header, claims)
	signature, _, err := j.sign(input)
	if err != nil {
		return err
	}
	token := j.join(input, signature)
	return setAuthorization(req, tr.Add(core.Step{ID: "line", Title: "Name the scheme in front", Op: "join", Ref: asapRef("access-token-transportation"), Secret: true,
		Why: "The token is a bearer token: whoever has it may use it, until it expires.",
		In:  []core.Part{{Name: "token", Value: token, From: "step:token", Secret: true}}, Out: "Bearer " + token}))
}

// nameSteps are the claims that a server knows in advance, and returns those that are not typed as JSON.
func (p *asapPlan) nameSteps(tr *core.Trace) (filled []filledClaim) {
	for _, c := range []struct{ id, name, field, title, why, value string }{
		{"iss", "issuer", "issuer", "Name the service that sends", "The server looks its public key up by it.", p.issuer},
		{"sub", "subject", "subject", "Name on whose behalf", "It is the issuer itself, unless the service acts for somebody.", p.subject},
		{"aud", "audience", "audience", "Name the service that is called", "Another service that gets hold of the token cannot pass it on.", p.audience},
	} {
		parts := []core.Part{{Name: c.name, Value: p.in.Values[c.field], From: "field:" + c.field}}
		if typed, given := p.claims[c.id]; given {
			c.value, parts = typed.text, append(parts, core.Part{Name: "claims", Value: p.in.Values["claims"], From: "field:claims"})
		} else {
			filled = append(filled, filledClaim{c.id, c.value, "step:" + c.id, true})
		}
		tr.Add(core.Step{ID: c.id, Title: c.title, Why: c.why, Op: "copy", Ref: asapRef("access-token-generation"), In: parts, Out: c.value})
	}
	return filled
}

// keySteps are the key's ID and itself: ASAP leaves the algorithm to it.
func (p *asapPlan) keySteps(j *jws) error {
	id := p.in.Values["keyId"]
	j.tr.Add(core.Step{ID: "kid", Title: "Name the key", Op: "copy", Ref: asapRef("key-discovery"),
		Why: "It begins with the issuer, so that nobody can sign for another service with a key of their own.",
		In:  []core.Part{{Name: "key ID", Value: id, From: "field:keyId"}}, Out: id})
	if err := j.keyStep(); err != nil {
		return err
	}
	j.tr.Add(core.Step{ID: "algorithm", Title: "Take the key’s algorithm", Op: "choose", Ref: rfc("RFC 7518", "3.1"),
		Why: "It goes with the key. One with a shared secret is never right: every service could sign then.",
		In:  []core.Part{{Name: "key", Value: j.tr.Step("key").Out, From: "step:key"}}, Out: j.algorithm})
	return nil
}

func (p *asapPlan) headerStep(j *jws) string {
	id := j.tr.Step("kid").Out
	header := p.headerText
	if header == "" {
		header = `{"typ":"JWT","alg":` + quoteJSON(j.algorithm) + `,"kid":` + quoteJSON(id) + "}"
	}
	return j.tr.Add(core.Step{ID: "header", Title: "Write the header", Op: "json", Ref: asapRef("access-token-generation"),
		Why: "It tells the server how the token is signed, and with which of the service’s keys.",
		In:  []core.Part{{Name: "algorithm", Value: j.algorithm, From: "step:algorithm"}, {Name: "key ID", Value: id, From: "step:kid"}}, Out: header})
}

// note says what a person may not have meant.
func (p *asapPlan) note(req *core.Request, tr *core.Trace) {
	notePlainHTTP("asap", "the token", req, tr)
	noteJWSKey("asap", "privateKey", p.in.Values["privateKey"], p.key, p.algorithm, tr)
	noteClaims(p.claims, p.in.Env, func(code string, severity core.Severity, field, message, fix string, ref core.Ref) {
		tr.Note(core.Note{Code: "asap." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: ref})
	})
	if code, message := p.faultOfClaims(); code != "" {
		tr.Note(core.Note{Code: "asap." + code, Severity: core.Warn, Field: "claims", Ref: asapRef("access-token-verification"),
			Message: message + "; servers refuse it", Fix: "leave it out of the claims: it is filled in"})
	}
	if p.key.id != "" && p.key.id != p.in.Values["keyId"] && strings.Contains(p.key.id, "/") {
		tr.Note(core.Note{Code: "asap.key-id-differs", Severity: core.Warn, Field: "keyId", Ref: asapRef("key-discovery"),
			Message: keys.Describe(p.key.asymmetric) + " says itself that its ID is another one",
			Fix:     "take the ID that belongs to the key"})
	}
}
