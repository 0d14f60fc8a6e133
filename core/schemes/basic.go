package schemes

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/platform"
)

// HTTP Basic: user name and password, base64 (RFC 7617).
var basic = core.Scheme{
	ID: "basic", Name: "HTTP Basic",
	Summary: "Sends the user name and the password, readable by anyone who sees the request.",
	Refs:    []core.Ref{{Doc: "RFC 7617"}},
	Fields: []core.Field{
		{ID: "username", Label: "User name", Kind: core.TextField, Help: "Any text without a colon."},
		{ID: "password", Label: "Password", Kind: core.SecretField, Secret: true},
		{ID: "charset", Label: "Charset", Kind: core.ChoiceField, Default: utf8Charset,
			Help: "How characters outside ASCII become bytes.",
			Options: []core.Option{{Value: utf8Charset, Label: "UTF-8"},
				{Value: latin1Charset, Label: "ISO-8859-1 (aiohttp before 3.13)"}}},
	},
	Answers: []string{"basic"},
	Sign:    signBasic, Verify: verifyBasic, Challenge: challengeBasic,
	Vectors: []core.Vector{
		{ID: "rfc7617-aladdin", Name: "ASCII", Source: core.Ref{Doc: "RFC 7617", Section: "2"},
			Values:     core.Values{"username": "Aladdin", "password": "open sesame"},
			URL:        "http://example.com/",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},
			WantSteps:  map[string]string{"user-pass": "Aladdin:open sesame", "token": "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},
		{ID: "rfc7617-utf8", Name: "UTF-8", Source: core.Ref{Doc: "RFC 7617", Section: "2.1"},
			Values:     core.Values{"username": "test", "password": "123£"},
			URL:        "http://example.com/",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic dGVzdDoxMjPCow=="}},
			WantSteps:  map[string]string{"octets": "746573743a313233c2a3"}},
	},
	Example: core.Example{
		Values: core.Values{"username": "Aladdin", "password": "open sesame"},
		Wrong:  core.Values{"password": "close sesame"},
		Step:   "password",
	},
}

const (
	utf8Charset   = "utf-8"
	latin1Charset = "iso-8859-1"
)

func signBasic(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	header, err := basicSteps(v["username"], v["password"], v["charset"], tr)
	if err != nil {
		return err
	}
	noteBasic(v, req, tr)
	return setAuthorization(req, header)
}

// basicSteps is the one formula of both sides:
// "Basic " base64( charset( user-id ":" password ) ), RFC 7617, section 2.
func basicSteps(user, password, charset string, tr *core.Trace) (string, error) {
	if err := checkBasic(user, password, charset); err != nil {
		return "", err
	}
	section2 := core.Ref{Doc: "RFC 7617", Section: "2"}
	user = tr.Add(core.Step{ID: "username", Title: "Take the user name", Op: "copy", Ref: section2,
		Why: "The server looks the account up by it; a colon would end it early.",
		In:  []core.Part{{Name: "user name", Value: user, From: "field:username"}}, Out: user})
	password = tr.Add(core.Step{ID: "password", Title: "Take the password", Op: "copy", Ref: section2, Secret: true,
		Why: "It is sent as it is: only the encoding below hides it from a glance.",
		In:  []core.Part{{Name: "password", Value: password, From: "field:password", Secret: true}}, Out: password})
	userPass := tr.Add(core.Step{ID: "user-pass", Title: "Join both with a colon", Op: "join", Ref: section2, Secret: true,
		Why: "The server splits at the first colon, so the password may contain more of them.",
		In: []core.Part{{Name: "user name", Value: user, From: "step:username"},
			{Name: "password", Value: password, From: "step:password", Secret: true}},
		Out: user + ":" + password})
	octets, _ := encodeCharset(userPass, charset) // checked above, in both parts
	octetsHex := tr.Add(core.Step{ID: "octets", Title: "Encode the text as bytes", Op: "encode " + charset,
		Ref: core.Ref{Doc: "RFC 7617", Section: "2.1"}, Secret: true,
		Why: "Base64 works on bytes; with another charset on the server, names like “Zoë” are refused.",
		In: []core.Part{{Name: "text", Value: userPass, From: "step:user-pass", Secret: true},
			{Name: "charset", Value: charset, From: "field:charset"}},
		Out: hex.EncodeToString(octets)})
	token := tr.Add(core.Step{ID: "token", Title: "Write the bytes in base64", Op: "base64",
		Ref: core.Ref{Doc: "RFC 4648", Section: "4"}, Secret: true,
		Why: "A header cannot carry every byte. This is not encryption: anyone can undo it.",
		In:  []core.Part{{Name: "bytes, hex", Value: octetsHex, From: "step:octets", Secret: true}},
		Out: base64.StdEncoding.EncodeToString(octets)})
	return tr.Add(core.Step{ID: "authorization", Title: "Name the scheme in front", Op: "join", Ref: section2, Secret: true,
		Why: "The server chooses how to read the rest by this word.",
		In:  []core.Part{{Name: "token", Value: token, From: "step:token", Secret: true}},
		Out: "Basic " + token}), nil
}

// checkBasic refuses what RFC 7617, section 2 forbids, with the field named.
func checkBasic(user, password, charset string) error {
	section2 := core.Ref{Doc: "RFC 7617", Section: "2"}
	if strings.Contains(user, ":") {
		return &core.FieldError{Field: "username", Code: "basic.colon", Ref: section2,
			Message: "a user name cannot contain a colon: the server would take what follows as the password"}
	}
	for _, f := range []struct{ id, label, text string }{{"username", "user name", user}, {"password", "password", password}} {
		if strings.ContainsFunc(f.text, isControl) {
			return &core.FieldError{Field: f.id, Code: "basic.control", Ref: section2,
				Message: "the " + f.label + " contains a control character, such as a line break; remove it"}
		}
		if bad, ok := encodeCharset(f.text, charset); !ok {
			return &core.FieldError{Field: f.id, Code: "basic.charset", Ref: core.Ref{Doc: "RFC 7617", Section: "2.1"},
				Message: "the " + f.label + " has a character that " + charset + " cannot write; choose UTF-8" + string(bad[:0])}
		}
	}
	return nil
}

// isControl is CTL of RFC 5234, appendix B.1, and the C1 controls.
func isControl(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }

// encodeCharset returns the text's bytes; ok is false where a character does not exist in charset.
func encodeCharset(text, charset string) (octets []byte, ok bool) {
	if charset != latin1Charset {
		return []byte(text), utf8.ValidString(text)
	}
	octets = make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return nil, false
		}
		octets = append(octets, byte(r))
	}
	return octets, true
}

// decodeCharset is encodeCharset's inverse; ok is false where the bytes are no UTF-8.
func decodeCharset(octets []byte, charset string) (text string, ok bool) {
	if charset != latin1Charset {
		return string(octets), utf8.Valid(octets)
	}
	runes := make([]rune, len(octets))
	for i, b := range octets {
		runes[i] = rune(b)
	}
	return string(runes), true
}

func noteBasic(v core.Values, req *core.Request, tr *core.Trace) {
	for _, f := range []struct{ id, label string }{{"username", "user name"}, {"password", "password"}} {
		text := v[f.id]
		if text == "" {
			tr.Note(core.Note{Code: "basic.empty-" + f.id, Severity: core.Info, Field: f.id,
				Message: "the " + f.label + " is empty; it is sent as empty", Ref: core.Ref{Doc: "RFC 7617", Section: "2"}})
		}
		if nfc := platform.NFC(text); nfc != text {
			noteDecomposed(f.id, f.label, text, nfc, tr)
		}
	}
}
