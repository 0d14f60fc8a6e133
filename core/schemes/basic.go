package schemes

import (
	"encoding/base64"
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// HTTP Basic: user name and password, base64 (RFC 7617).
var basic = core.Scheme{
	ID: "basic", Name: "HTTP Basic",
	Summary: "Sends the user name and the password, readable by anyone who sees the request.",
	Refs:    []core.Ref{rfc("RFC 7617", "")},
	Fields: []core.Field{
		{ID: "username", Label: "User name", Kind: core.TextField, Help: "Any text without a colon."},
		{ID: "password", Label: "Password", Kind: core.SecretField, Secret: true,
			Help: "Some services want an API key or an access token here."},
		{ID: "charset", Label: "Charset", Kind: core.ChoiceField, Default: utf8Charset,
			Help: "How characters outside ASCII become bytes.",
			Options: []core.Option{{Value: utf8Charset, Label: "UTF-8"},
				{Value: latin1Charset, Label: "ISO-8859-1 (aiohttp up to 3.13)"}}},
	},
	Answers: []string{"basic"},
	Sign:    signBasic, Verify: verifyBasic, Challenge: challengeBasic,
	Example: core.Example{
		Values: core.Values{"username": "Aladdin", "password": "open sesame"},
		Wrong:  core.Values{"password": "close sesame"},
		Step:   "password",
	},
}

func signBasic(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if err := checkBasic(v); err != nil {
		return err
	}
	noteBasic(v, req, tr)
	noteBasicChallenge(in, tr)
	return setAuthorization(req, keptBasic(in, tr))
}

// keptBasic is basicSteps for who signs, made once while the values stay the same: nothing else is in them.
func keptBasic(in core.Input, tr *core.Trace) string {
	if in.Plan == nil {
		return basicSteps(in.Values, basicFields, tr)
	}
	steps, kept := (*in.Plan).([]core.Step)
	if kept {
		tr.Steps = append(tr.Steps, steps...)
		return steps[len(steps)-1].Out
	}
	before := len(tr.Steps)
	line := basicSteps(in.Values, basicFields, tr)
	*in.Plan = slices.Clone(tr.Steps[before:])
	return line
}

// basicOrigin names the fields that user name, password and charset come from, for schemes that send
// their own as Basic. An empty charset: it is no choice.
type basicOrigin struct {
	username, password, charset string
	hidden                      bool // the field of the user name is secret
}

var basicFields = basicOrigin{username: "username", password: "password", charset: "charset"}

// basicSteps is the one formula of both sides:
// "Basic " base64( charset( user-id ":" password ) ), RFC 7617, section 2.
func basicSteps(v core.Values, from basicOrigin, tr *core.Trace) string {
	user, password, charset := v["username"], v["password"], v["charset"]
	user = tr.Add(core.Step{ID: "username", Title: "Take the user name", Op: "copy", Ref: rfc("RFC 7617", "2"),
		Why: "The server looks the account up by it; a colon would end it early.",
		In: append([]core.Part{{Name: "user name", Value: user, From: "field:" + from.username, Secret: from.hidden}},
			composed(from.username, user, from.hidden)...),
		Out: user})
	password = tr.Add(core.Step{ID: "password", Title: "Take the password", Op: "copy", Ref: rfc("RFC 7617", "2"), Secret: true,
		Why: "It is sent as it is: only the encoding below hides it from a glance.",
		In: append([]core.Part{{Name: "password", Value: password, From: "field:" + from.password, Secret: true}},
			composed(from.password, password, true)...),
		Out: password})
	userPass := tr.Add(core.Step{ID: "user-pass", Title: "Join both with a colon", Op: "join", Ref: rfc("RFC 7617", "2"), Secret: true,
		Why: "The server splits at the first colon, so the password may contain more of them.",
		In: []core.Part{{Name: "user name", Value: user, From: "step:username"},
			{Name: "password", Value: password, From: "step:password", Secret: true}},
		Out: user + ":" + password})
	octets, _ := encodeCharset(userPass, charset) // checkBasic and decodeCharset let nothing else in
	octetsHex := tr.Add(core.Step{ID: "octets", Title: "Encode the text as bytes", Op: "encode " + charset, Secret: true,
		Why: "Base64 works on bytes; where the server has another charset, names like “Zoë” are refused.",
		In:  from.withCharset(core.Part{Name: "text", Value: userPass, From: "step:user-pass", Secret: true}, charset),
		Hex: true, Out: syntax.Hex(octets), Ref: rfc("RFC 7617", "2.1")})
	token := tr.Add(core.Step{ID: "token", Title: "Write the bytes in base64", Op: "base64", Secret: true,
		Why: "A header cannot carry every byte. This is not encryption: anyone can undo it.",
		In:  []core.Part{{Name: "bytes, hex", Value: octetsHex, From: "step:octets", Secret: true}},
		Out: base64.StdEncoding.EncodeToString(octets), Ref: rfc("RFC 4648", "4")})
	return tr.Add(core.Step{ID: "authorization", Title: "Name the scheme in front", Op: "join", Secret: true,
		Why: "The server chooses how to read the rest by this word.",
		In:  []core.Part{{Name: "token", Value: token, From: "step:token", Secret: true}},
		Out: "Basic " + token, Ref: rfc("RFC 7617", "2")})
}

func (from basicOrigin) withCharset(text core.Part, charset string) []core.Part {
	if from.charset == "" {
		return []core.Part{text}
	}
	return []core.Part{text, {Name: "charset", Value: charset, From: "field:" + from.charset}}
}

func verifyBasic(in core.Input, req *core.Request, tr *core.Trace) error {
	if err := checkBasic(in.Values); err != nil {
		return err
	}
	return judgeBasic(in.Values, basicFields, req, tr)
}

// judgeBasic undoes the steps from the last to the first, and computes them again from what came out.
func judgeBasic(v core.Values, from basicOrigin, req *core.Request, tr *core.Trace) error {
	expected := basicSteps(v, from, tr)
	token, err := credentials(req, "Basic")
	if err != nil {
		return err
	}
	if sameSecret("Basic "+token, expected) {
		return nil
	}
	octets, err := base64.StdEncoding.Strict().DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") { // the decoder skips line breaks
		return &core.Rejection{Code: "basic.base64", Step: "token", Ref: rfc("RFC 4648", "4"),
			Message: "what follows the word Basic is not base64 with its padding"}
	}
	if otherCharset(octets, v) {
		return &core.Rejection{Code: "basic.other-charset", Step: "octets", Ref: rfc("RFC 7617", "2.1"),
			Message: "user name and password are right, but their bytes are in another charset than " + v["charset"]}
	}
	text, ok := decodeCharset(octets, v["charset"])
	if !ok {
		return &core.Rejection{Code: "basic.not-utf-8", Step: "octets", Ref: rfc("RFC 7617", "2.1"),
			Message: "the bytes are not UTF-8; the client may use ISO-8859-1"}
	}
	user, password, colon := strings.Cut(text, ":") // the first one: the password may have more
	if !colon {
		return &core.Rejection{Code: "basic.no-colon", Step: "user-pass", Ref: rfc("RFC 7617", "2"),
			Message: "there is no colon between user name and password"}
	}
	var theirs core.Trace
	basicSteps(core.Values{"username": user, "password": password, "charset": v["charset"]}, from, &theirs)
	return wrongBasic(user, password, v, tr, &theirs)
}

func wrongBasic(user, password string, v core.Values, mine, theirs *core.Trace) error {
	switch {
	case sameComposed(user+":"+password, v["username"]+":"+v["password"]):
		return differing("basic.normalization", "the text is the same, but its characters are composed in another way: send NFC", mine, theirs)
	case sameSecret(trimEach(user, password), trimEach(v["username"], v["password"])):
		return differing("basic.space", "user name and password are right, but for a space or a line break around them, which counts; “echo” without “echo -n” adds one", mine, theirs)
	case user != v["username"]:
		return differing("basic.wrong-username", "there is no such user name", mine, theirs)
	}
	return differing("basic.wrong-password", "the password is not the one of this user name", mine, theirs)
}

// challengeBasic is RFC 7617, section 2; charset knows but one value, section 2.1.
func challengeBasic(in core.Input) []core.Challenge {
	params := []core.Param{{Name: "realm", Value: realm}}
	if in.Values["charset"] != latin1Charset {
		params = append(params, core.Param{Name: "charset", Value: "UTF-8"})
	}
	return []core.Challenge{{Scheme: "Basic", Params: params}}
}
