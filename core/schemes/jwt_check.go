package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/syntax"
)

// What a token's place cannot carry, and what its sender may not have meant (RFC 7519, RFC 8725).

// readPlace fills in the name and refuses what cannot be sent there.
func (p *jwtPlan) readPlace() error {
	switch {
	case p.name == "" && p.place == inQuery:
		p.name = "access_token" // RFC 6750, section 2.3
	case p.name == "":
		p.name = "Authorization"
	case p.place == inHeader && !syntax.IsToken(p.name):
		return wrongJWT("name", "name", "the name of a header consists of letters, digits and !#$%&'*+-.^_`|~ only", rfc("RFC 9110", "5.6.2"))
	}
	return unsendable("jwt", "prefix", "prefix", p.prefix)
}

// note says what a person may not have meant.
func (p *jwtPlan) note(req *core.Request, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, message, fix string, ref core.Ref) {
		tr.Note(core.Note{Code: "jwt." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: ref})
	}
	notePlainHTTP("jwt", "the token", req, tr)
	if p.algorithm == algorithmNone {
		note("none", core.Warn, "algorithm", "the token is not signed: anybody can make one, and every proper server refuses it",
			"choose another algorithm, unless you test that a server refuses this one", rfc("RFC 8725", "3.2"))
	} else {
		noteJWSKey("jwt", "key", p.in.Values["key"], p.key, p.algorithm, tr)
	}
	if p.place == inQuery {
		note("in-query", core.Warn, "in", "the token becomes part of the address, which ends up in logs, histories and Referer headers",
			"send it in a header, if the server takes it there", rfc("RFC 6750", "5.3"))
	}
	if _, given := p.header["crit"]; given {
		note("crit", core.Warn, "header", "a server that does not know a member that crit lists must refuse the token, and most know none", "take crit out", rfc("RFC 7515", "4.1.11"))
	}
	for _, name := range [...]string{"typ", "cty", "kid"} {
		if value, given := p.header[name]; given && value.kind != json.String {
			note("header-type", core.Warn, "header", name+" is not a string; servers refuse it", "put it in quotes", rfc("RFC 7515", "4.1"))
		}
	}
	if p.claims == nil {
		note("not-claims", core.Warn, "claims", "the claims are no JSON object; they are signed as they are, but as a JSON Web Token servers refuse them", "", rfc("RFC 7519", "7.2"))
		return
	}
	noteClaims(p.claims, p.in.Env, note)
}

// noteClaims looks for values of a type that servers do not read, and for times that they refuse.
func noteClaims(claims object, env core.Env, note func(code string, severity core.Severity, field, message, fix string, ref core.Ref)) {
	for _, name := range [...]string{"exp", "nbf", "iat"} {
		value, given := claims[name]
		if !given {
			continue
		}
		at, isDate := value.date()
		now := env.Now()
		switch ref := claimRef(name); {
		case value.kind != json.Number:
			note("date-type", core.Warn, "claims", name+" is not a number; servers refuse it or ignore it", "write the seconds since 1970 without quotes", ref)
		case !isDate && value.text[0] == '-':
			note("before-1970", core.Warn, "claims", name+" "+value.notDate()+"; servers refuse it or ignore it", "write the seconds since 1970", ref)
		case !isDate:
			note("milliseconds", core.Warn, "claims", name+" "+value.notDate(), "write seconds: divide it by 1000", ref)
		case name == "exp" && !now.Before(at):
			note("expired", core.Warn, "claims", "the token has expired before it is sent, "+ago(now, at), "choose a later exp, or leave it out to have it filled in", ref)
		case name != "exp" && now.Before(at):
			note("early", core.Warn, "claims", name+" lies in the future, "+ago(now, at), "compare your clock with the server’s", ref)
		}
	}
	for _, name := range [...]string{"iss", "sub", "jti"} {
		if value, given := claims[name]; given && value.kind != json.String {
			note("claim-type", core.Warn, "claims", name+" is not a string; servers refuse it", "put it in quotes", claimRef(name))
		}
	}
	if value, given := claims["aud"]; given {
		if list, ok := value.strings(); !ok || len(list) == 0 {
			note("audience", core.Warn, "claims", "aud is neither a string nor a list of strings", `write "aud": "name" or "aud": ["name", "other"]`, claimRef("aud"))
		}
	}
}

func claimRef(name string) core.Ref {
	return rfc("RFC 7519", "4.1."+string(rune('1'+strings.Index("iss sub aud exp nbf iat jti", name)/4)))
}
