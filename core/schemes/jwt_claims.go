package schemes

import (
	"cmp"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/syntax"
)

// Header and claims as a person types them, and what is filled in (RFC 7519, sections 4 and 5).

// jwtPlan is one side's work: what it is given, and what its fields say.
type jwtPlan struct {
	in core.Input
	*jwtFields
}

// jwtFields is what the fields say. It is kept on its own: a clock in what is kept as any value would keep all
// that package time can write in the page, 20 kB.
type jwtFields struct {
	place, name, prefix string
	key                 jwsKey
	algorithm           string // that signs, or that Verify expects first
	headerText          string // empty: the usual one
	claimsText          string
	header, claims      object // of the texts; nil where the claims are no JSON
	fills               bool
	lifetime            int64
	first               []core.Step // of who signs with a plan that is kept: see firstSteps
}

func planJWT(in core.Input, signs bool) (*jwtPlan, error) {
	v := in.Values
	p := &jwtPlan{in, &jwtFields{place: v["in"], name: v["name"], prefix: strings.Trim(v["prefix"], " \t"),
		headerText: strings.TrimSpace(v["header"]), claimsText: v["claims"], fills: v["autoClaims"] == "true"}}
	if err := cmp.Or(p.readPlace(), p.readHeader(), p.readClaims(), p.readLifetime()); err != nil {
		return p, err
	}
	algorithm := v["algorithm"]
	if typed := p.header["alg"].text; signs && algorithm == algorithmAuto && typed != "" {
		algorithm = typed
	}
	var err error
	if p.key, err = readJWSKey(in.Env, "key", v["key"], v["keyEncoding"], algorithm, signs); err != nil {
		return p, err
	}
	p.algorithm = algorithmNone
	if len(p.key.algorithms) > 0 {
		p.algorithm = p.key.algorithms[0]
	}
	return p, nil
}

// keptPlan is planJWT for who signs, made once while the values stay the same.
func keptPlan(in core.Input) (*jwtPlan, error) {
	if in.Plan == nil {
		return planJWT(in, true)
	}
	if fields, kept := (*in.Plan).(*jwtFields); kept {
		return &jwtPlan{in, fields}, nil
	}
	p, err := planJWT(in, true)
	if err == nil {
		*in.Plan = p.jwtFields
	}
	return p, err
}

func wrongJWT(field, code, message string, ref core.Ref) error {
	return &core.FieldError{Field: field, Code: "jwt." + code, Message: message, Ref: ref}
}

// readHeader checks the typed header; alg may be left out, but not be another one.
func (p *jwtPlan) readHeader() error {
	if p.headerText == "" {
		return nil
	}
	var err error
	if p.header, err = parseObject(p.headerText); err != nil {
		return wrongObject("jwt", "header", p.in.Values["header"], err)
	}
	typed, given := p.header["alg"]
	chosen := p.in.Values["algorithm"]
	switch {
	case p.header["b64"].text == "false":
		return wrongJWT("header", "b64", "a payload that is not encoded (b64 false) does not go into a token of three parts; take b64 out", rfc("RFC 7797", "5.2"))
	case !given:
	case typed.kind != json.String:
		return wrongJWT("header", "alg-type", "alg in the header is not a string", rfc("RFC 7515", "4.1.1"))
	case chosen == algorithmAuto && !isKeyed(typed.text):
		return wrongJWT("header", "alg-unknown", "alg in the header is no algorithm that is known here; choose one from the list", rfc("RFC 7515", "4.1.1"))
	case chosen != algorithmAuto && typed.text != chosen:
		return wrongJWT("header", "alg-differs", "alg in the header is not the algorithm that is chosen, "+chosen+"; change one of them, or take alg out: it is added", rfc("RFC 7515", "4.1.1"))
	}
	return nil
}

func isKeyed(algorithm string) bool {
	for _, known := range keyedAlgorithms {
		if algorithm == known && algorithm != algorithmAuto {
			return true
		}
	}
	return false
}

// readClaims takes any other text than JSON for a payload to be signed as it is, if nothing is to be
// filled in: RFC 7515's and RFC 8037's examples sign sentences.
func (p *jwtPlan) readClaims() error {
	text := strings.TrimSpace(p.claimsText)
	if text == "" {
		text = "{}"
	}
	if !p.fills && text[0] != '{' {
		return nil
	}
	p.claimsText = text
	var err error
	if p.claims, err = parseObject(text); err != nil {
		return wrongObject("jwt", "claims", p.in.Values["claims"], err)
	}
	return nil
}

func wrongObject(scheme, field, typed string, err error) error {
	wrong := &core.FieldError{Field: field, Code: scheme + "." + field, Ref: rfc("RFC 8259", "4"),
		Message: "this is no JSON object, such as {\"sub\": \"alice\"}: " + faultOfJSON(typed)}
	if err == errRepeated {
		wrong.Code, wrong.Ref = scheme+".repeated-member", rfc("RFC 8725", "2.4")
		wrong.Message = "a member of the " + field + " is there twice; servers take the first or the last"
	}
	return wrong
}

// readLifetime: ten years are more than any server takes, and no date beyond the year 9999 comes of it.
func (p *jwtPlan) readLifetime() (err error) {
	if !p.fills {
		return nil
	}
	const tenYears = 10 * 366 * 24 * 60 * 60
	p.lifetime, err = strconv.ParseInt(strings.TrimSpace(p.in.Values["lifetime"]), 10, 64)
	if err != nil || p.lifetime < 1 || p.lifetime > tenYears {
		return wrongJWT("lifetime", "lifetime", "the lifetime is not a whole number of seconds from 1 up to ten years", rfc("RFC 7519", "4.1.4"))
	}
	return nil
}

func (p *jwtPlan) algorithmStep(j *jws) {
	j.tr.Add(core.Step{ID: "algorithm", Title: "Choose the algorithm", Op: "choose", Ref: rfc("RFC 7518", "3.1"),
		Why: "The server takes only what its key is for, whatever the token says; else anybody could choose a weaker one.",
		In:  []core.Part{{Name: "algorithm", Value: j.in.Values["algorithm"], From: "field:algorithm"}}, Out: j.algorithm})
}

// headerStep adds alg to what is typed, and leaves that as it is.
func (p *jwtPlan) headerStep(j *jws) string {
	header := p.headerText
	switch {
	case header == "" && p.key.id == "":
		header = `{"alg":"` + j.algorithm + `","typ":"JWT"}` // a name that is known here needs no escapes
	case header == "":
		header = `{"alg":"` + j.algorithm + `","typ":"JWT","kid":` + quoteJSON(p.key.id) + `}`
	case p.header["alg"].text == "":
		header = addMember(header, "alg", quoteJSON(j.algorithm), true)
	}
	return j.tr.Add(core.Step{ID: "header", Title: "Write the header", Op: "json", Ref: rfc("RFC 7515", "4"),
		Why: "It tells the server how the token is signed, and by kid with which of several keys.",
		In: []core.Part{{Name: "header", Value: j.in.Values["header"], From: "field:header"},
			{Name: "algorithm", Value: j.algorithm, From: "step:algorithm"}}, Out: header})
}

// filledClaim is a claim that is not typed: the step of its name made it.
type filledClaim struct {
	name, value, from string
	isText            bool
}

// autoClaims in the order in which they are written.
var autoClaims = []struct{ name, from, title, why, section string }{
	{"iat", "step:iat", "Note when the token is made", "Servers refuse tokens that are too old by their own measure.", "4.1.6"},
	{"nbf", "step:nbf", "Note from when on it counts", "Servers refuse a token before this time; their clocks may be behind yours.", "4.1.5"},
	{"exp", "step:exp", "Note when it ends", "A stolen token is of no use after this time.", "4.1.4"},
	{"jti", "step:jti", "Give the token an ID", "A server that remembers it can refuse a copy.", "4.1.7"},
}

// fillClaims adds a step for each of these claims that is missing, and returns those.
func (p *jwtPlan) fillClaims(names string, tr *core.Trace) []filledClaim {
	now := p.in.Env.Now()
	seconds, written := strconv.FormatInt(now.Unix(), 10), core.Part{Name: "now", Value: syntax.FormatTime(now), From: "env:now"}
	filled := make([]filledClaim, 0, len(autoClaims))
	for i := range autoClaims {
		c := &autoClaims[i]
		if _, typed := p.claims[c.name]; typed || !strings.Contains(names, c.name) {
			continue
		}
		step := core.Step{ID: c.name, Title: c.title, Why: c.why, Op: "unix time", Ref: rfc("RFC 7519", c.section)}
		switch c.name {
		case "exp":
			step.Op, step.Out = "add", strconv.FormatInt(now.Unix()+p.lifetime, 10)
			step.In = []core.Part{written, {Name: "lifetime", Value: p.in.Values["lifetime"], From: "field:lifetime"}}
		case "jti":
			step.Op, step.Out = "random", p.in.Env.Nonce("jti", 16)
			step.In = []core.Part{{Name: "ID", Value: step.Out, From: "env:jti"}}
		default:
			step.Out, step.In = seconds, []core.Part{written}
		}
		filled = append(filled, filledClaim{c.name, tr.Add(step), c.from, c.name == "jti"})
	}
	return filled
}

// claimsStep puts what was filled in behind what was typed.
func (p *jwtPlan) claimsStep(filled []filledClaim, tr *core.Trace) string {
	claims := p.claimsText
	if len(filled) > 0 {
		claims = addMembers(claims, filled)
	}
	parts := append(make([]core.Part, 0, 1+len(filled)), core.Part{Name: "claims", Value: p.in.Values["claims"], From: "field:claims"})
	for _, c := range filled {
		parts = append(parts, core.Part{Name: c.name, Value: c.value, From: c.from})
	}
	return tr.Add(core.Step{ID: "claims", Title: "Write the claims", Op: "json", Ref: rfc("RFC 7519", "4"),
		Why: "They are all that the server learns from the token. Anyone can read them.", In: parts, Out: claims})
}

// identityStep lists what servers compare of claims, which said are read. expected has what they found wanting,
// in place of the token's.
func (p *jwtPlan) identityStep(claims string, said, expected object, tr *core.Trace) {
	lines := ""
	for _, name := range [...]string{"iss", "sub", "aud"} {
		value, given := said[name]
		if better, differs := expected[name]; differs {
			value, given = better, true
		}
		if given && lines != "" {
			lines += "\n"
		}
		if given {
			lines += name + " " + value.text
		}
	}
	tr.Add(core.Step{ID: "identity", Title: "Pick issuer, subject and audience", Op: "pick", Ref: rfc("RFC 7519", "4.1"),
		Why: "A server that expects others refuses the token, though its signature is right.",
		In:  []core.Part{{Name: "claims", Value: claims, From: "step:claims"}}, Out: lines})
}
