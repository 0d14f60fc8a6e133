package schemes

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/syntax"
)

// The server’s side of JSON Web Tokens (RFC 7519, section 7.2; RFC 8725).

// jwtLeeway is what clocks may differ (RFC 7519, section 4.1.4: "no more than a few minutes").
const jwtLeeway = time.Minute

// verifyJWT builds the token again from what came, with the server’s own key and algorithm; of what cannot be
// read, from the server’s own values. Then it looks where the two part.
func verifyJWT(in core.Input, req *core.Request, tr *core.Trace) error {
	p, err := planJWT(in, false)
	if err != nil {
		return err
	}
	p.placeSteps(tr)
	text, missing := p.find(req)
	t := readJWS(text)
	if missing != nil {
		t.wrong = missing
	}
	return p.verifyToken(t, "key", tr)
}

// verifyToken is what every scheme does with a token that it found.
func (p *jwtPlan) verifyToken(t *jwsToken, field string, tr *core.Trace) error {
	j := &jws{in: p.in, tr: tr, field: field, key: p.key, algorithm: p.algorithm, theirs: t}
	if slices.Contains(p.key.algorithms, t.header["alg"].text) {
		j.algorithm = t.header["alg"].text
	}
	p.algorithmStep(j)
	if err := j.keyStep(); err != nil {
		return err
	}
	differs := p.differingIdentity(t)
	said := p.receive(t)
	header, claims := p.headerStep(j), p.claimsStep(nil, tr)
	p.identityStep(claims, said, differs, tr)
	input := j.encode(header, claims)
	signature, valid, err := j.sign(input)
	if err != nil {
		return err
	}
	if signature != "" {
		j.join(input, signature)
	}
	return p.judge(t, valid, differs)
}

// receive takes over the texts of header and claims where they can be read, and returns what those claims say.
func (p *jwtPlan) receive(t *jwsToken) (said object) {
	if t.wrongHeader == nil && t.headerText != "" {
		p.headerText, p.header = t.headerText, t.header
	}
	if t.claimsText != "" && (t.wrongClaims == nil || p.in.Values["claimsCheck"] == "false") {
		p.claimsText = t.claimsText
		return t.claims
	}
	return p.claims
}

// find returns the token, or why there is none.
func (p *jwtPlan) find(req *core.Request) (string, *core.Rejection) {
	refuse := func(code, step, message string) (string, *core.Rejection) {
		return "", &core.Rejection{Code: "jwt." + code, Step: step, Message: message, Ref: rfc("RFC 6750", "2")}
	}
	values := p.valuesIn(p.place, p.name, req)
	switch {
	case len(values) > 1:
		return refuse("repeated", "name", "the token is there more than once; it is not plain which one counts")
	case len(values) == 1 && p.place == inHeader && p.prefix != "":
		token, ok := cutScheme(values[0], p.prefix)
		if !ok || token == "" {
			return refuse("prefix", "prefix", "the header does not begin with “"+p.prefix+"”, a space and the token")
		}
		return token, nil
	case len(values) == 1:
		return values[0], nil
	case p.place == inHeader && len(p.valuesIn(inQuery, "access_token", req)) > 0:
		return refuse("place", "place", "the token is in the query, this server looks in the header "+p.name)
	case p.place == inQuery && len(p.valuesIn(inHeader, "Authorization", req)) > 0:
		return refuse("place", "place", "the token is in a header, this server looks in the query")
	}
	return refuse("missing", "name", "there is no token under the name “"+p.name+"” in the "+p.place)
}

func (p *jwtPlan) valuesIn(place, name string, req *core.Request) []string {
	if place == inQuery {
		return syntax.Parameters(req.URL.Query, name)
	}
	values := req.Header.Values(name)
	for i := range values {
		values[i] = syntax.TrimSpace(values[i])
	}
	return values
}

// judge names the earliest step at which the token parts from what was expected.
func (p *jwtPlan) judge(t *jwsToken, valid bool, differs object) error {
	if t.wrong != nil {
		return t.wrong
	}
	if err := p.judgeHeader(t); err != nil {
		return err
	}
	if !valid {
		return cmp.Or(p.key.refuseDER(p.in.Env, "jwt", t), p.wrongSignature(t))
	}
	if p.in.Values["claimsCheck"] == "false" {
		return nil
	}
	if t.wrongClaims != nil {
		return &core.Rejection{Code: "jwt.claims", Step: "claims", Ref: rfc("RFC 7519", "7.2"),
			Message: "the claims are no JSON object whose members are there once each"}
	}
	for _, name := range []string{"iss", "sub", "aud"} {
		if expected, wrong := differs[name]; wrong {
			return &core.Rejection{Code: "jwt." + name, Step: "identity", Want: expected.text, Got: visible(t.claims[name].text), Ref: claimRef(name),
				Message: name + " is not the one that this server expects; the signature is right"}
		}
	}
	return judgeTimes(t.claims, p.in.Env.Now())
}

// judgeHeader holds alg against the key, never the other way round (RFC 8725, section 3.1).
func (p *jwtPlan) judgeHeader(t *jwsToken) error {
	alg := t.header["alg"]
	refuse := func(code, message string) error {
		return &core.Rejection{Code: "jwt." + code, Step: "algorithm", Want: strings.Join(p.key.algorithms, " or "), Got: visible(alg.text),
			Ref: rfc("RFC 8725", "3.1"), Message: message}
	}
	switch _, critical := t.header["crit"]; {
	case alg.kind != json.String:
		return refuse("no-algorithm", "the token’s header has no alg that is a string")
	case strings.EqualFold(alg.text, algorithmNone), p.algorithm == algorithmNone:
		return refuse("none", "a token that is not signed proves nothing, and is never accepted")
	case isHMAC(alg.text) && p.key.secret == nil:
		return refuse("confusion", "the token is for a shared secret, but this server has a key of two halves; its public half is no secret")
	case !slices.Contains(p.key.algorithms, alg.text):
		return refuse("algorithm", "the token’s algorithm is not the one that this server’s key is for")
	case critical || t.header["b64"].kind != json.Invalid:
		return &core.Rejection{Code: "jwt.crit", Step: "header", Ref: rfc("RFC 7515", "4.1.11"),
			Message: "the header has crit or b64; what they ask for is not known here, so the token must be refused"}
	}
	return nil
}

// wrongSignature tries whether the client read the same secret otherwise.
func (p *jwtPlan) wrongSignature(t *jwsToken) error {
	r := &core.Rejection{Code: "jwt.wrong-signature", Step: "key", Ref: rfc("RFC 7515", "5.2"),
		Message: "the signature does not fit: the key is not this server’s, or header or claims were changed after signing"}
	if p.key.secret == nil || p.key.encoding == "jwk" {
		return r
	}
	for _, encoding := range []string{"text", "base64", "hex"} {
		secret, err := decodeSecret("key", p.in.Values["key"], encoding)
		if err != nil {
			continue
		}
		if valid, _ := (jwsKey{secret: secret}).verify(p.in.Env, t.header["alg"].text, t.input(), t.signature); valid {
			r.Code, r.Message = "jwt.key-encoding", "the secret is right, but the client reads it as "+encoding+" and this server as "+p.key.encoding
		}
	}
	return r
}

// differingIdentity are the claims of the account that the token does not have so.
func (p *jwtPlan) differingIdentity(t *jwsToken) object {
	differs := object{}
	for _, name := range []string{"iss", "sub", "aud"} {
		if expected, given := p.claims[name]; given && !t.claims[name].answers(name, expected) {
			differs[name] = expected
		}
	}
	return differs
}

// answers reports whether the token’s claim is one that a server expects. Only aud may be a list: a token with two
// issuers would be checked with the key of one and speak for the other (RFC 7519, sections 4.1.1 to 4.1.3).
func (m member) answers(name string, expected member) bool {
	ones, areTexts := expected.strings()
	said, _ := m.strings()
	switch {
	case !areTexts: // such as a number, which has to be the same
		return m == expected && m.text != ""
	case m.kind == json.Array && name != "aud":
		return false
	}
	return slices.ContainsFunc(ones, func(one string) bool { return slices.Contains(said, one) })
}

// judgeTimes reads exp and nbf (RFC 7519, sections 4.1.4 and 4.1.5).
func judgeTimes(claims object, now time.Time) error {
	for _, name := range []string{"exp", "nbf"} {
		value, given := claims[name]
		at, isDate := value.date()
		r := &core.Rejection{Step: "claims", Ref: claimRef(name)}
		switch {
		case !given:
			continue
		case !isDate:
			r.Code, r.Message = "jwt.date", name+" is no number of seconds since 1970: it "+value.notDate()
			return r
		case name == "exp" && !now.Before(at.Add(jwtLeeway)):
			r.Code, r.Message = "jwt.expired", "the token expired "+ago(now, at)+", by this server’s clock"
			return r
		case name == "nbf" && now.Before(at.Add(-jwtLeeway)):
			r.Code, r.Message = "jwt.early", "the token is not good yet: its nbf lies in the future, "+ago(now, at)+", by this server’s clock"
			return r
		}
	}
	return nil
}
