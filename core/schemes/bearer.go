package schemes

import (
	"cmp"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Bearer token: whoever has it may enter (RFC 6750). Issued by OAuth 2.0 servers, CI systems, most APIs.
var bearer = core.Scheme{
	ID: "bearer", Name: "Bearer token",
	Summary: "Sends a token as it is; whoever holds the token may enter.",
	Refs:    []core.Ref{rfc("RFC 6750", "")},
	Fields: []core.Field{
		{ID: "token", Label: "Token", Kind: core.SecretField, Secret: true,
			Help: "The token alone, without “Bearer”. A JWT is decoded in the notes."},
		{ID: "prefix", Label: "Prefix", Kind: core.TextField, Default: "Bearer",
			Help: "The word in front of the token. Some servers want another one, such as “token”, or none."},
	},
	Answers: []string{"bearer"},
	Sign:    signBearer, Verify: verifyBearer, Challenge: challengeBearer,
	Example: core.Example{
		Values: core.Values{"token": "mF_9.B5f-4.1JqM"},
		Wrong:  core.Values{"token": "mF_9.B5f-4.1JqN"},
		Step:   "token",
	},
}

func signBearer(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if err := checkBearer(v); err != nil {
		return err
	}
	notePlainHTTP("bearer", "the token", req, tr)
	noteToken(v, tr)
	noteJWT(tokenAlone(v), in.Env, tr)
	return setAuthorization(req, bearerSteps(v, tr))
}

// bearerSteps is the one formula of both sides: "Bearer" 1*SP b64token, RFC 6750, section 2.1.
func bearerSteps(v core.Values, tr *core.Trace) string {
	prefix := tr.Add(core.Step{ID: "prefix", Title: "Take the prefix", Op: "trim", Ref: rfc("RFC 9110", "11.1"),
		Why: "It names the scheme; a server that expects another word does not look at the token.",
		In:  []core.Part{{Name: "prefix", Value: v["prefix"], From: "field:prefix"}},
		Out: trimmed("bearer", "prefix", "prefix", v["prefix"], tr)})
	token := tr.Add(core.Step{ID: "token", Title: "Take the token", Op: "trim", Ref: rfc("RFC 6750", "2.1"), Secret: true,
		Why: "It is the whole proof: nothing ties it to this request or to you.",
		In:  []core.Part{{Name: "token", Value: v["token"], From: "field:token", Secret: true}},
		Out: trimmed("bearer", "token", "token", v["token"], tr)})
	return tr.Add(core.Step{ID: "authorization", Title: "Join both with a space", Op: "join", Ref: rfc("RFC 6750", "2.1"), Secret: true,
		Why: "The server splits at the space; without it the prefix is taken for part of the token.",
		In: []core.Part{{Name: "prefix", Value: prefix, From: "step:prefix"},
			{Name: "token", Value: token, From: "step:token", Secret: true}},
		Out: syntax.TrimSpace(prefix + " " + token)}) // either may be empty
}

func verifyBearer(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkBearer(in.Values); err != nil {
		return err
	}
	bearerSteps(in.Values, tr)
	line, err := authorization(req)
	if err != nil {
		return err
	}
	prefix, token := tr.Step("prefix").Out, tr.Step("token").Out
	got, ok := line, true
	if prefix != "" {
		got, ok = cutScheme(line, prefix)
	}
	if !ok {
		return &core.Rejection{Code: "bearer.prefix", Step: "prefix", Want: prefix, Ref: rfc("RFC 9110", "11.1"),
			Message: "the Authorization header does not begin with “" + prefix + "” and a space"}
	}
	if sameSecret(got, token) {
		return nil
	}
	rejection := &core.Rejection{Code: "bearer.wrong-token", Step: "token", Ref: rfc("RFC 6750", "3.1"),
		Message: "the token is not the one this server knows"}
	if rest, twice := cutScheme(got, "Bearer"); twice && sameSecret(rest, token) {
		rejection.Code, rejection.Message = "bearer.prefix-twice", "the word Bearer stands in front of the token twice"
	}
	return rejection
}

// challengeBearer says invalid_token only to a client that sent a token (RFC 6750, section 3.1).
func challengeBearer(in core.Input) []core.Challenge {
	c := core.Challenge{Scheme: "Bearer", Params: []core.Param{{Name: "realm", Value: realm}}}
	if prefix := in.Values["prefix"]; syntax.IsToken(prefix) {
		c.Scheme = prefix
	}
	if in.Refused != nil && in.Refused.Step == "token" {
		c.Params = append(c.Params, core.Param{Name: "error", Value: "invalid_token"})
	}
	return []core.Challenge{c}
}

// checkBearer refuses only what no header can carry.
func checkBearer(v core.Values) error {
	return cmp.Or(unsendable("bearer", "prefix", "prefix", v["prefix"]), unsendable("bearer", "token", "token", v["token"]))
}

// noteToken says what a strict server would not take.
func noteToken(v core.Values, tr *core.Trace) {
	switch token := syntax.TrimSpace(v["token"]); {
	case token == "":
		tr.Note(core.Note{Code: "bearer.empty-token", Severity: core.Warn, Field: "token", Ref: rfc("RFC 6750", "2.1"),
			Message: "the token is empty: the server sees no credentials"})
	case pastedPrefix(v):
		tr.Note(core.Note{Code: "bearer.pasted-prefix", Severity: core.Warn, Field: "token", Ref: rfc("RFC 6750", "2.1"),
			Message: "the token field begins with a prefix of its own; it is sent as typed, with both",
			Fix:     "leave only the token in this field"})
	case !syntax.IsB64Token(tokenAlone(v)):
		tr.Note(core.Note{Code: "bearer.not-b64token", Severity: core.Warn, Field: "token", Ref: rfc("RFC 6750", "2.1"),
			Message: "the token has other characters than letters, digits, - . _ ~ + / and = at its end; strict servers refuse it",
			Fix:     "look for quotes, spaces or a part that was copied along"})
	}
}

// pastedPrefix reports whether something stands in front of the token that does not belong there.
// Without a prefix, "Bearer abc" is how one says it in full.
func pastedPrefix(v core.Values) bool {
	token := syntax.TrimSpace(v["token"])
	if syntax.TrimSpace(v["prefix"]) == "" {
		return withoutName(token) != token
	}
	return tokenAlone(v) != token
}

// tokenAlone is the token without what is often pasted in front of it: the name of the header,
// "Bearer ", the chosen prefix.
func tokenAlone(v core.Values) string {
	token := withoutName(syntax.TrimSpace(v["token"]))
	for _, word := range []string{syntax.TrimSpace(v["prefix"]), "Bearer"} {
		if rest, ok := cutScheme(token, word); ok && rest != "" {
			return rest
		}
	}
	return token
}

func withoutName(token string) string {
	const name = "Authorization:"
	if len(token) > len(name) && strings.EqualFold(token[:len(name)], name) {
		return syntax.TrimSpace(token[len(name):])
	}
	return token
}
