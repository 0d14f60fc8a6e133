package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Hawk: a MAC over time, nonce, method, address and body, in a header or, for links, in the address
// itself (https://github.com/mozilla/hawk). hawk_steps.go has the formula of both sides, hawk_text.go the
// header line, hawk_bewit.go the links, hawk_verify.go the server, hawk_confirm.go its proof and its clock.
var hawk = core.Scheme{
	ID: "hawk", Name: "Hawk",
	Summary: "Signs time, method, address and body with a shared key; the server can prove that it has the key, too.",
	Refs:    []core.Ref{hawkExampleRef, hawkBewitRef},
	Fields: []core.Field{
		{ID: "id", Label: "Key ID", Kind: core.TextField, Placeholder: "dh37fgj492je", Help: "The name of the key; it is sent."},
		{ID: "key", Label: "Key", Kind: core.SecretField, Secret: true, Help: "Its text is the key, also where it looks like base64 or hexadecimal digits. It is never sent."},
		{ID: "algorithm", Label: "Algorithm", Kind: core.ChoiceField, Default: "sha256", Help: "The one that the server keeps with the key.",
			Options: []core.Option{{Value: "sha256", Label: "SHA-256"}, {Value: "sha1", Label: "SHA-1"}}},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader, Free: true,
			Help:    "A bewit is a signed link: whoever has it may GET this one address until it expires.",
			Options: []core.Option{{Value: inHeader, Label: "Header"}, {Value: inBewit, Label: "Address (a bewit)"}}},
		{ID: "expires", Label: "Valid for", Kind: core.NumberField, Default: "300", Free: true, When: core.When{Field: "in", Values: []string{inBewit}},
			Help: "In seconds, counted from now."},
		{ID: "payloadHash", Label: "Sign the body", Kind: core.ToggleField, Default: "true", When: withHawkHeader,
			Help: "By its hash, with its content type.", ToVerify: "Demands it."},
		{ID: "ext", Label: "Application data", Kind: core.TextField, Advanced: true, Free: true, Placeholder: "some-app-ext-data",
			Help: "Called ext: sent and signed, and up to the application what it means. Usually empty."},
		{ID: "app", Label: "Application ID", Kind: core.TextField, Advanced: true, Optional: true, When: withHawkHeader,
			Help: "Called app: only with Oz, which names the application a ticket was given to."},
		{ID: "dlg", Label: "Delegated by", Kind: core.TextField, Advanced: true, Optional: true, When: withHawkHeader,
			Help: "Called dlg: only with Oz and an application ID."},
	},
	Answers: []string{"hawk"},
	Sign:    signHawk, Verify: verifyHawk, Challenge: challengeHawk, Tell: tellHawk, Confirm: confirmHawk,
	Example: core.Example{
		Values: core.Values{"id": "dh37fgj492je", "key": hawkKey},
		Wrong:  core.Values{"key": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxm"},
		Step:   "mac",
	},
}

const (
	inBewit = "bewit"
	hawkKey = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn" // of Hawk's own examples
)

var withHawkHeader = core.When{Field: "in", Values: []string{inHeader}}

// hawkRef is a part of Hawk's own description, by its anchor.
func hawkRef(anchor string) core.Ref {
	return core.Ref{Doc: "Hawk", Section: strings.ReplaceAll(anchor, "-", " "), URL: "https://github.com/mozilla/hawk/blob/main/API.md#" + anchor}
}

// The parts that steps name; put together once.
var (
	hawkExampleRef = hawkRef("protocol-example")
	hawkReplayRef  = hawkRef("replay-protection")
	hawkPayloadRef = hawkRef("payload-validation")
	hawkBewitRef   = hawkRef("single-uri-authorization")
)

func signHawk(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkHawk(in.Values); err != nil {
		return err
	}
	if err := hawkConflict(in.Values, req); err != nil {
		return err
	}
	s := hawkSide{v: in.Values, env: in.Env, req: req, tr: tr}
	s.fromFields()
	noteHawk(in.Values, req, tr)
	s.id()
	s.takeTime(in.Challenges)
	if in.Values["in"] == inBewit {
		query, err := s.signBewit()
		if err == nil {
			req.URL.Query = query
		}
		return err
	}
	s.nonce = core.Part{Name: "nonce", Value: in.Env.Nonce("nonce", 8), From: "env:nonce"}
	if !isHawkValue(s.nonce.Value) {
		return &core.FieldError{Field: "nonces", Code: "hawk.nonce", Ref: hawkExampleRef,
			Message: "the nonce is empty or has a quote, a backslash or a character outside printable ASCII; pin another text, such as j4h3g2"}
	}
	line, err := s.header()
	if err != nil {
		return err
	}
	if len(line) > hawkLimit {
		noteHawkLimit("header line", "headers", tr)
	}
	return setAuthorization(req, line)
}

// hawkConflict refuses what would be signed twice.
func hawkConflict(v core.Values, req *core.Request) error {
	wrong := func(field, code, message string) error {
		return &core.FieldError{Field: field, Code: "hawk." + code, Message: message, Ref: hawkBewitRef}
	}
	linked := len(syntax.Parameters(req.URL.Query, "bewit")) > 0
	switch {
	case v["in"] != inBewit && req.Header.Has("Authorization"):
		return setAuthorization(req, "") // says that this is a conflict
	case v["in"] != inBewit && linked:
		return wrong("url", "bewit-authorization", "the address has a bewit, and servers refuse one beside an Authorization header; remove it from the address")
	case v["in"] != inBewit:
		return nil
	case req.Method != "GET" && req.Method != "HEAD":
		return wrong("method", "bewit-method", "a bewit is for GET and HEAD only; put the credentials into the header")
	case req.Header.Has("Authorization"):
		return wrong("headers", "bewit-authorization", "servers refuse a bewit beside an Authorization header; remove one of the two")
	case linked:
		return wrong("url", "bewit-twice", "the address already has a bewit; remove it")
	}
	return nil
}

// challengeHawk gives its time to who has the key and a wrong clock (section “replay protection”).
func challengeHawk(in core.Input) []core.Challenge {
	c := core.Challenge{Scheme: "Hawk"}
	if in.Refused != nil && in.Refused.Code == "hawk.stale" {
		ts := unixText(in.Env.Now())
		c.Params = []core.Param{{Name: "ts", Value: ts}, {Name: "tsm", Value: hawkTimeMAC(in.Values, ts)}, {Name: "error", Value: "Stale timestamp"}}
	}
	return []core.Challenge{c}
}
