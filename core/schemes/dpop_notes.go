package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// What a person who sends a DPoP proof should know.

func (p *dpopProof) note(tr *core.Trace) {
	v, note := p.in.Values, func(code string, severity core.Severity, field, section, message, fix string) {
		tr.Note(core.Note{Code: "dpop." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: rfc("RFC 9449", section)})
	}
	if strings.TrimSpace(v["key"]) == "" {
		note("generated", core.Info, "key", "2", "a key was made for this page: nobody can copy it, and it is gone when the page is closed. Its fingerprint (jkt) is "+keys.Thumbprint(p.key)+
			"; the access token has to be issued for it", "give your own private key, if your token is bound to that one")
	}
	noteRSA("dpop", "key", p.key, tr)
	if v["tokenScheme"] == "Bearer" && p.token != "" {
		note("bearer", core.Warn, "tokenScheme", "7.2", "a bound token that is sent as Bearer is refused by servers that know DPoP", "choose DPoP, if the server takes it")
	}
	p.noteToken(note)
	p.noteAsked(note)
}

func (p *dpopProof) noteToken(note func(code string, severity core.Severity, field, section, message, fix string)) {
	typed, bound := p.in.Values["accessToken"], boundTo(p.token)
	word, _, _ := strings.Cut(p.token, " ")
	switch {
	case p.token == "":
		note("no-token", core.Info, "accessToken", "5", "there is no access token: the request has the proof alone, as one to a token endpoint", "")
	case strings.EqualFold(word, "DPoP") || strings.EqualFold(word, "Bearer") || strings.HasSuffix(word, ":"):
		note("pasted-prefix", core.Warn, "accessToken", "7.1", "the token field begins with a prefix of its own; it is sent as typed, with both", "leave only the token in this field")
	case !syntax.IsB64Token(p.token):
		note("not-b64token", core.Warn, "accessToken", "7.1", "the token has other characters than letters, digits, - . _ ~ + / and = at its end; strict servers refuse it",
			"look for quotes, spaces or a part that was copied along")
	case bound != "" && bound != keys.Thumbprint(p.key):
		note("other-key", core.Warn, "key", "6.1", "the token is bound to another key: its cnf.jkt is "+visible(bound)+", and the fingerprint of this one is "+keys.Thumbprint(p.key),
			"give the key that the token was issued for, or get a token for this one")
	case bound == "" && splitJWT(p.token) != nil:
		note("not-bound", core.Warn, "accessToken", "6.1", "the token is a JWT that is bound to no key (no cnf.jkt); the server may take it for a Bearer token, which the proof does not protect",
			"get a token with a DPoP proof")
	}
	if typed != p.token {
		note("space", core.Info, "accessToken", "7.1", "the space around the token is left out: a header value loses it on the way", "remove it")
	}
}

// noteAsked looks at what the server asked for: its algorithms, and a nonce that a page may not see.
func (p *dpopProof) noteAsked(note func(code string, severity core.Severity, field, section, message, fix string)) {
	for _, c := range p.in.Challenges {
		if !strings.EqualFold(c.Scheme, "DPoP") {
			continue
		}
		if algs, given := c.Param("algs"); given && !strings.Contains(" "+algs+" ", " "+p.algorithm+" ") {
			note("algs", core.Warn, "algorithm", "7.1", "the server takes "+visible(algs)+", not "+p.algorithm, "choose one of these")
		}
		if reason, _ := c.Param("error"); reason == "use_dpop_nonce" && p.nonce == "" {
			note("nonce-hidden", core.Warn, "challenge", "8", "the server wants its nonce in the proof, but its DPoP-Nonce line is not to be seen here",
				"let the server send Access-Control-Expose-Headers: DPoP-Nonce, WWW-Authenticate")
		}
	}
}
