package schemes

import (
	"crypto/sha1"
	"encoding/base64"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// WSSE UsernameToken: a hash of the password with a nonce and the time, in a header of its own. Mark
// Pilgrim took it for Atom from the security headers of SOAP.
var wsse = core.Scheme{
	ID: "wsse", Name: "WSSE UsernameToken",
	Summary: "Sends a hash of the password with a nonce and the time, in the X-WSSE header.",
	Refs:    []core.Ref{atomRef, oasisRef("3.1")},
	Fields: []core.Field{
		{ID: "username", Label: "User name", Kind: core.TextField, Help: "As the server knows it; it is sent as it is."},
		{ID: "password", Label: "Password", Kind: core.SecretField, Secret: true,
			Help: "Or the API key or secret that the service gave you in its place. It is hashed, never sent."},
		{ID: "nonceForm", Label: "Nonce", Kind: core.ChoiceField, Default: nonceEither, Advanced: true, Free: true,
			Help: "Servers differ in what they hash of it. Automatic: hexadecimal digits as they are, base64 decoded.", ToVerify: "Automatic takes either.",
			Options: []core.Option{{Value: nonceEither, Label: "Automatic"}, {Value: nonceAsText, Label: "The text as it is sent (Atom article, Emarsys, Bruno)"},
				{Value: nonceDecoded, Label: "Sent in base64, hashed decoded (OASIS, Symfony, Hatena)"}}},
		{ID: "digestForm", Label: "Digest", Kind: core.ChoiceField, Default: digestOfBytes, Advanced: true,
			Help: "Base64 of the hash, or of its hexadecimal digits, as Emarsys wants it and Bruno sends it.",
			Options: []core.Option{{Value: digestOfBytes, Label: "Base64 of the 20 bytes"},
				{Value: digestOfHex, Label: "Base64 of the 40 hexadecimal digits"}}},
	},
	Answers: []string{"wsse"},
	Sign:    signWSSE, Verify: verifyWSSE, Challenge: challengeWSSE,
	Example: core.Example{
		Values: core.Values{"username": "bob", "password": "taadtaadpstcsm"},
		Wrong:  core.Values{"password": "taadtaadpstcsn"},
		Step:   "digest-input",
	},
}

const (
	nonceEither   = "auto"
	nonceAsText   = "text"
	nonceDecoded  = "base64"
	digestOfBytes = "bytes"
	digestOfHex   = "hex"
	wsseProfile   = `WSSE profile="UsernameToken"`
)

var atomRef = core.Ref{Doc: "Atom Authentication (Pilgrim, 2003)", URL: "https://www.xml.com/pub/a/2003/12/17/dive.html"}

func oasisRef(section string) core.Ref {
	return core.Ref{Doc: "OASIS WSS UsernameToken Profile 1.1.1", Section: section,
		URL: "https://docs.oasis-open.org/wss-m/wss/v1.1.1/os/wss-UsernameTokenProfile-v1.1.1-os.html"}
}

func signWSSE(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkWSSE(in.Values); err != nil {
		return err
	}
	if req.Header.Has("X-WSSE") {
		return &core.FieldError{Field: "headers", Code: "wsse.conflict", Ref: atomRef,
			Message: "the headers already have an X-WSSE line; remove it or choose the scheme “none”"}
	}
	own := in.Env.Nonce("nonce", 16)
	token := wsseToken{username: in.Values["username"], created: wsseTime(in.Env.Now()), nonce: writeNonce(own, in.Values["nonceForm"])}
	if token.nonce == "" || !syntax.ValidFieldValue(token.nonce) {
		return &core.FieldError{Field: "nonces", Code: "wsse.nonce", Ref: atomRef,
			Message: "the nonce is empty or has a character that a header cannot carry; pin another text, such as hexadecimal digits"}
	}
	s := wsseSide{token: token, values: in.Values, form: nonceFormOf(token.nonce, in.Values["nonceForm"]),
		nonce:   core.Part{Name: "nonce", Value: own, From: "env:nonce"},
		created: core.Part{Name: "now", Value: token.created, From: "env:now"}}
	noteWSSE(s, tr)
	line := s.steps(tr)
	if err := setAuthorization(req, tr.Step("authorization").Out); err != nil {
		return err
	}
	req.Header.Add("X-WSSE", line)
	return nil
}

// wsseSide is what one of the two sides brings to the steps.
type wsseSide struct {
	token          wsseToken
	values         core.Values
	form           string    // of the nonce: nonceAsText or nonceDecoded
	nonce, created core.Part // where they come from
}

// steps is the one formula of both sides:
// PasswordDigest = Base64( SHA-1( nonce + created + password ) ), OASIS UsernameToken Profile, section 3.1.
func (s wsseSide) steps(tr *core.Trace) string {
	tr.Add(core.Step{ID: "username", Title: "Take the user name", Op: "copy", Ref: atomRef,
		Why: "The server looks the password up by it.",
		In: append([]core.Part{{Name: "user name", Value: s.token.username, From: "field:username"}},
			composed("username", s.token.username, false)...),
		Out: s.token.username})
	nonce := tr.Add(core.Step{ID: "nonce", Title: "Draw a nonce", Op: "random", Ref: oasisRef("3.1"),
		Why: "The server takes each one once, so that nobody can send a copy of this request.",
		In:  []core.Part{s.nonce, {Name: "form", Value: s.values["nonceForm"], From: "field:nonceForm"}}, Out: s.token.nonce})
	octets := tr.Add(core.Step{ID: "nonce-octets", Title: "Take the bytes to hash", Op: s.octetsOp(), Ref: oasisRef("3.1"),
		Why: "Implementations differ: some hash the nonce as it is sent, others decode it from base64 first.",
		In:  []core.Part{{Name: "nonce", Value: nonce, From: "step:nonce"}}, Hex: true, Out: hexOf(s.octets())})
	created := tr.Add(core.Step{ID: "created", Title: "Write the time", Op: "date-time", Ref: oasisRef("3.1"),
		Why: "The server refuses a request from another time, so that it need not remember nonces for ever.",
		In:  []core.Part{s.created}, Out: s.token.created})
	text := string(s.octets()) + created + s.values["password"]
	input := tr.Add(core.Step{ID: "digest-input", Title: "Join nonce, time and password", Op: "join", Ref: oasisRef("3.1"), Secret: true,
		Why: "One behind the other, with nothing between them; the password as UTF-8.",
		In: []core.Part{{Name: "bytes of the nonce, hex", Value: octets, From: "step:nonce-octets"},
			{Name: "time", Value: created, From: "step:created"},
			{Name: "password", Value: s.values["password"], From: "field:password", Secret: true}},
		Hex: true, Out: hexOf([]byte(text))})
	digest := tr.Add(core.Step{ID: "password-digest", Title: "Hash it and write it in base64", Op: "sha-1, base64", Ref: oasisRef("3.1"),
		Why: "Only who knows the password can make it; the password cannot be read from it.",
		In: []core.Part{{Name: "bytes, hex", Value: input, From: "step:digest-input", Secret: true},
			{Name: "digest", Value: s.values["digestForm"], From: "field:digestForm"}},
		Out: wsseDigest(text, s.values["digestForm"])})
	tr.Add(core.Step{ID: "authorization", Title: "Name scheme and profile", Op: "header", Ref: atomRef,
		Why: "It says that the credentials are in X-WSSE; many servers look for it first.",
		In:  []core.Part{{Name: "profile", Value: "UsernameToken", From: "challenge:profile"}}, Out: wsseProfile})
	return tr.Add(core.Step{ID: "x-wsse", Title: "Write the X-WSSE header", Op: "header", Ref: atomRef,
		Why: "The server needs nonce and time as well: without them it cannot compute the same digest.",
		In: []core.Part{{Name: "user name", Value: s.token.username, From: "step:username"}, {Name: "digest", Value: digest, From: "step:password-digest"},
			{Name: "nonce", Value: nonce, From: "step:nonce"}, {Name: "time", Value: created, From: "step:created"}},
		Out: "UsernameToken Username=" + syntax.Quote(s.token.username) + `, PasswordDigest="` + digest + `", Nonce=` + syntax.Quote(nonce) +
			`, Created="` + created + `"`})
}

func (s wsseSide) octetsOp() string {
	if s.form == nonceDecoded {
		return "base64 decode"
	}
	return "encode utf-8"
}

func (s wsseSide) octets() []byte {
	if decoded, ok := decodeNonce(s.token.nonce); ok && s.form == nonceDecoded {
		return decoded
	}
	return []byte(s.token.nonce)
}

func wsseDigest(text, form string) string {
	sum := sha1.Sum([]byte(text))
	if form == digestOfHex {
		return base64.StdEncoding.EncodeToString([]byte(hexOf(sum[:])))
	}
	return base64.StdEncoding.EncodeToString(sum[:])
}

// challengeWSSE is what the Atom article has servers say, with the realm that every challenge may have.
func challengeWSSE(core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: "WSSE", Params: []core.Param{{Name: "realm", Value: realm}, {Name: "profile", Value: "UsernameToken"}}}}
}

// isWSSEProfile reads the Authorization line: the profile says that the credentials are in X-WSSE.
func isWSSEProfile(line string) bool {
	said := syntax.ParseChallenges([]string{line})
	if len(said) != 1 || len(said[0].Problems) > 0 || !strings.EqualFold(said[0].Scheme, "WSSE") {
		return false
	}
	profile, _ := said[0].Param("profile")
	return profile == "UsernameToken"
}
