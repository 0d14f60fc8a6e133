package schemes

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// What ASAP lets issuers, key IDs, lifetimes and keys be.

const asapHour = 60 * 60

// asapPlan is what the fields say. Its claims are the further ones.
type asapPlan struct {
	jwtPlan
	issuer, subject, audience string
}

func planASAP(in core.Input, signs bool) (asapPlan, error) {
	v := in.Values
	p := asapPlan{jwtPlan{in, &jwtFields{claimsText: strings.TrimSpace(v["claims"])}}, v["issuer"], v["subject"], v["audience"]}
	if p.claimsText == "" {
		p.claimsText = "{}"
	}
	var err error
	if p.claims, err = parseObject(p.claimsText); err != nil {
		return p, wrongObject("asap", "claims", v["claims"], err)
	}
	if typed := p.claims["iss"].text; typed != "" {
		p.issuer = typed
	}
	if p.subject == "" {
		p.subject = p.issuer
	}
	if err := p.check(); err != nil {
		return p, err
	}
	return p, p.readKey(signs)
}

func (p *asapPlan) check() error {
	v := p.in.Values
	wrong := func(field, code, message string) error {
		return &core.FieldError{Field: field, Code: "asap." + code, Message: message, Ref: asapRef("access-token-generation")}
	}
	var err error
	p.lifetime, err = strconv.ParseInt(strings.TrimSpace(v["lifetime"]), 10, 64)
	_, audienceTyped := p.claims["aud"]
	switch {
	case p.issuer == "":
		return wrong("issuer", "no-issuer", "the token needs an issuer: the name of the service that sends")
	case v["issuer"] != "" && p.issuer != v["issuer"]:
		return wrong("claims", "other-issuer", "iss in the claims is another issuer than the one above; leave one of them out")
	case v["audience"] == "" && !audienceTyped:
		return wrong("audience", "no-audience", "the token needs an audience: the name of the service that is called")
	case err != nil || p.lifetime < 1 || p.lifetime > asapHour:
		return wrong("lifetime", "lifetime", "the lifetime is not a whole number of seconds from 1 to 3600; servers refuse longer ones")
	}
	if fault := faultOfKeyID(v["keyId"], p.issuer); fault != "" {
		return wrong("keyId", "key-id", "the key ID "+fault)
	}
	return nil
}

// faultOfClaims says what every server refuses in the typed ones, together with what is filled in.
func (p *asapPlan) faultOfClaims() (code, message string) {
	now := time.Unix(p.in.Env.Now().Unix(), 0)
	issued, known := p.dateOr("iat", now)
	expires, knownToo := p.dateOr("exp", now.Add(time.Duration(p.lifetime)*time.Second))
	id := p.claims["jti"]
	switch {
	case !known || !knownToo: // said already
	case !issued.Before(expires):
		return "times", "exp is not after iat"
	case expires.Sub(issued) > asapHour*time.Second:
		return "lifetime", "the token is good for more than an hour, the most that ASAP allows"
	case id.kind == json.String && id.text == "":
		return "no-jti", "jti is empty"
	}
	return "", ""
}

// dateOr is the typed time of this name, or what is filled in.
func (p *asapPlan) dateOr(name string, filled time.Time) (at time.Time, known bool) {
	if typed, given := p.claims[name]; given {
		return typed.date()
	}
	return filled, true
}

// faultOfKeyID says what is wrong with a key ID; empty: nothing. It becomes part of the address that the
// public key is fetched from, so that it must not lead to another issuer's.
func faultOfKeyID(id, issuer string) string {
	rest, ok := strings.CutPrefix(id, issuer+"/")
	switch {
	case id == "":
		return "is missing; it is the issuer, a slash and the name of the key"
	case !ok:
		return "does not begin with the issuer and a slash"
	case rest == "":
		return "has no name of a key behind the issuer and the slash"
	}
	for _, segment := range strings.Split(id, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return "has an empty part, “.” or “..” between its slashes, which would lead elsewhere"
		}
		if strings.ContainsFunc(segment, func(r rune) bool { return r > 0x7f || !syntax.Unreserved(byte(r)) && r != '+' || r == '~' }) {
			return "has other characters than letters, digits and . _ - + /"
		}
	}
	return ""
}

// readKey takes keys of RSA and ECDSA only.
func (p *asapPlan) readKey(signs bool) error {
	text, err := asapKeyText(p.in.Values["privateKey"], p.in.Values["keyId"])
	if err != nil {
		return err
	}
	if p.key, err = readAsymmetric(p.in.Env, "privateKey", text, algorithmAuto, signs); err != nil {
		return keys.At("privateKey", err)
	}
	p.key.algorithms = slices.DeleteFunc(p.key.algorithms, func(a string) bool { return a == "EdDSA" })
	if len(p.key.algorithms) == 0 {
		return &core.FieldError{Field: "privateKey", Code: "asap.key-kind", Ref: asapRef("overview"),
			Message: "the key is " + keys.Describe(p.key.asymmetric) + "; ASAP takes keys of RSA and ECDSA"}
	}
	p.algorithm = p.key.algorithms[0]
	return nil
}

// asapKeyText unwraps "data:application/pkcs8;kid=…;base64,…", percent-encoded or not, as Atlassian's tools
// hand keys out; any other text stays.
func asapKeyText(text, keyID string) (string, error) {
	uri := syntax.PercentDecode(strings.TrimSpace(text))
	rest, isURI := strings.CutPrefix(uri, "data:application/pkcs8;kid=")
	if !isURI {
		return text, nil
	}
	id, der, found := strings.Cut(rest, ";base64,")
	if !found || id != keyID {
		return "", &core.FieldError{Field: "privateKey", Code: "asap.data-uri", Ref: asapRef("key-discovery"),
			Message: "the data: address of the key is cut off, or its kid is not the key ID; copy it again, or take its kid for the key ID"}
	}
	return der, nil
}
