package schemes

import (
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// What text HTTP Basic can carry, and as which bytes (RFC 7617, sections 2 and 2.1).

const (
	utf8Charset   = "utf-8"
	latin1Charset = "iso-8859-1"
)

// checkBasic refuses what RFC 7617, section 2 forbids, with the field named.
func checkBasic(v core.Values) error {
	if strings.Contains(v["username"], ":") {
		return &core.FieldError{Field: "username", Code: "basic.colon", Ref: rfc("RFC 7617", "2"),
			Message: "a user name cannot contain a colon: the server would take what follows for the password"}
	}
	for _, f := range basicTexts {
		text := v[f.ID]
		if strings.ContainsFunc(text, isControl) {
			return &core.FieldError{Field: f.ID, Code: "basic.control", Ref: rfc("RFC 7617", "2"),
				Message: "the " + f.Label + " contains a control character, such as a line break; remove it"}
		}
		if _, ok := encodeCharset(text, v["charset"]); !ok {
			return &core.FieldError{Field: f.ID, Code: "basic.charset", Ref: rfc("RFC 7617", "2.1"),
				Message: "the " + f.Label + " " + faultOfCharset(text, v["charset"])}
		}
	}
	return nil
}

func faultOfCharset(text, charset string) string {
	_, fits := encodeCharset(platform.NFC(text), charset)
	switch {
	case charset != latin1Charset:
		return "is not UTF-8 text; type it again"
	case fits:
		return "is typed in decomposed characters (NFD), which " + charset + " does not have; type or paste it in composed ones (NFC), or choose UTF-8"
	}
	return "has a character that " + charset + " does not have; choose UTF-8 or another text"
}

var basicTexts = []core.Field{{ID: "username", Label: "user name"}, {ID: "password", Label: "password"}}

// noteBasic says what a person may not have meant.
func noteBasic(v core.Values, req *core.Request, tr *core.Trace) {
	notePlainHTTP("basic", "the password", req, tr)
	for _, f := range basicTexts {
		if v[f.ID] == "" {
			tr.Note(core.Note{Code: "basic.empty-" + f.ID, Severity: core.Info, Field: f.ID, Ref: rfc("RFC 7617", "2"),
				Message: "the " + f.Label + " is empty, and sent so"})
		}
		noteSpaceAround("basic", f, v[f.ID], rfc("RFC 7617", "2"), tr)
		noteDecomposed("basic", f, v[f.ID], rfc("RFC 7617", "2.1"), tr)
	}
}

// noteSpaceAround tells of what often comes along with a copy, and no-one sees.
func noteSpaceAround(scheme string, f core.Field, text string, ref core.Ref, tr *core.Trace) {
	if strings.TrimSpace(text) != text {
		tr.Note(core.Note{Code: scheme + ".space", Severity: core.Info, Field: f.ID, Ref: ref,
			Message: "the " + f.Label + " begins or ends with a space or line break, which counts", Fix: "remove it, unless it belongs there"})
	}
}

// trimEach is both without the space around them, to be compared.
func trimEach(user, password string) string {
	return strings.TrimSpace(user) + ":" + strings.TrimSpace(password)
}

// noteDecomposed warns of a user name or password that looks like another one.
func noteDecomposed(scheme string, f core.Field, text string, ref core.Ref, tr *core.Trace) {
	if parts := composed(f.ID, text, f.ID == "password"); parts != nil {
		tr.Note(core.Note{Code: scheme + ".decomposed", Severity: core.Warn, Field: f.ID, Ref: ref,
			Message: "the " + f.Label + " is typed in decomposed characters (NFD), as macOS gives them; most servers compare with composed ones (NFC) and see another text" + besides(parts),
			Fix:     "type or paste it in composed characters (NFC)"})
	}
}

// noteBasicChallenge compares the charset with the one the server asked for: it knows but one.
func noteBasicChallenge(in core.Input, tr *core.Trace) {
	for _, c := range in.Challenges {
		if !strings.EqualFold(c.Scheme, "Basic") || in.Values["charset"] != latin1Charset {
			continue
		}
		if charset, _ := c.Param("charset"); strings.EqualFold(charset, utf8Charset) {
			tr.Note(core.Note{Code: "basic.challenge-charset", Severity: core.Warn, Field: "charset", Ref: rfc("RFC 7617", "2.1"),
				Message: "the server asks for UTF-8, but ISO-8859-1 is chosen: it reads other characters than ASCII as others",
				Fix:     "choose UTF-8"})
			return
		}
	}
}

// composed is text as it stands and in NFC, both as bytes, where the two differ; else nil.
func composed(field, text string, secret bool) []core.Part {
	nfc := platform.NFC(text)
	if nfc == text {
		return nil
	}
	return []core.Part{
		{Name: "its bytes, hex", Value: syntax.Hex([]byte(text)), From: "field:" + field, Secret: secret},
		{Name: "its bytes in NFC, hex", Value: syntax.Hex([]byte(nfc)), From: "field:" + field, Secret: secret},
	}
}

// besides names the bytes of a note, unless they are secret: then the step shows them, masked.
func besides(parts []core.Part) string {
	if parts[0].Secret {
		return ""
	}
	return ": " + parts[0].Value + " instead of " + parts[1].Value
}

// otherForm is text composed where it is not, and decomposed where it is.
func otherForm(text string) string {
	if nfc := platform.NFC(text); nfc != text {
		return nfc
	}
	return platform.NFD(text)
}

func sameComposed(a, b string) bool { return sameSecret(platform.NFC(a), platform.NFC(b)) }

// otherCharset reports whether the bytes are the right text in the charset that was not chosen.
func otherCharset(octets []byte, v core.Values) bool {
	other := latin1Charset
	if v["charset"] == latin1Charset {
		other = utf8Charset
	}
	expected, ok := encodeCharset(v["username"]+":"+v["password"], other)
	return ok && sameSecret(string(octets), string(expected))
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
	for i, octet := range octets {
		runes[i] = rune(octet) // ISO-8859-1 is the first 256 code points
	}
	return string(runes), true
}
