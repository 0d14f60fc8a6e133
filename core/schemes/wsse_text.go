package schemes

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// The text of X-WSSE: how nonces and times are written and read, and what a person should know of them.

// wsseToken is what the header carries.
type wsseToken struct{ username, nonce, created, digest string }

// readWSSE reads the request's only X-WSSE header.
func readWSSE(req *core.Request) (wsseToken, *core.Rejection) {
	refuse := func(code, message string) (wsseToken, *core.Rejection) {
		return wsseToken{}, &core.Rejection{Code: "wsse." + code, Step: "x-wsse", Ref: atomRef, Message: message}
	}
	lines := req.Header.Values("X-WSSE")
	switch {
	case len(lines) == 0:
		return refuse("missing", "the request has no X-WSSE header")
	case len(lines) > 1:
		return refuse("repeated", "the request has more than one X-WSSE header")
	}
	said := syntax.ParseChallenges(lines)
	if len(said) != 1 || !strings.EqualFold(said[0].Scheme, "UsernameToken") || said[0].Token68 != "" {
		return refuse("format", "the X-WSSE header is not the word UsernameToken and its parameters")
	}
	if len(said[0].Problems) > 0 {
		return refuse("format", "the X-WSSE header cannot be read: a quote or a comma is missing, or a parameter is there twice")
	}
	var t wsseToken
	for _, p := range []struct {
		name string
		into *string
	}{{"Username", &t.username}, {"PasswordDigest", &t.digest}, {"Nonce", &t.nonce}, {"Created", &t.created}} {
		value, given := said[0].Param(p.name)
		if !given || value == "" && p.name != "Username" {
			return refuse("format", "the X-WSSE header lacks "+p.name)
		}
		*p.into = value
	}
	return t, nil
}

// wsseTime writes a time as XML Schema's dateTime, with milliseconds if it has any.
func wsseTime(at time.Time) string {
	text := syntax.FormatTime(at)
	if ms := at.Nanosecond() / 1e6; ms > 0 {
		text = text[:len(text)-1] + "." + strconv.Itoa(1000 + ms)[1:] + "Z"
	}
	return text
}

// writeNonce is the nonce as it is sent. Env gives hexadecimal digits unless it is pinned; what is pinned
// as base64 already stays.
func writeNonce(own, form string) string {
	if form != nonceDecoded {
		return own
	}
	octets, err := syntax.Unhex(own)
	if _, encoded := decodeNonce(own); encoded && err != nil {
		return own
	}
	if err != nil {
		octets = []byte(own)
	}
	return base64.StdEncoding.EncodeToString(octets)
}

// nonceFormOf says how to read a nonce. Sixteen bytes in hexadecimal digits are base64, too, but nobody
// means them so.
func nonceFormOf(nonce, chosen string) string {
	if chosen == nonceAsText || chosen == nonceDecoded {
		return chosen
	}
	if _, encoded := decodeNonce(nonce); encoded && strings.Trim(strings.ToLower(nonce), "0123456789abcdef") != "" {
		return nonceDecoded
	}
	return nonceAsText
}

// decodeNonce is strict: two texts of the same bytes would let a request be sent twice.
func decodeNonce(nonce string) ([]byte, bool) {
	octets, err := base64.StdEncoding.Strict().DecodeString(nonce)
	return octets, err == nil && !strings.ContainsAny(nonce, "\r\n")
}

// checkWSSE refuses a name that no header can carry. The password is only hashed.
func checkWSSE(v core.Values) error {
	return unsendable("wsse", "username", "user name", v["username"])
}

// noteWSSE says what a person may not have meant.
func noteWSSE(s wsseSide, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, message, fix string) {
		tr.Note(core.Note{Code: "wsse." + code, Severity: severity, Field: field, Ref: oasisRef("3.1"), Message: message, Fix: fix})
	}
	for _, f := range basicTexts {
		if s.values[f.ID] == "" {
			note("empty-"+f.ID, core.Info, f.ID, "the "+f.Label+" is empty, and sent or hashed so", "")
		}
		noteSpaceAround("wsse", f, s.values[f.ID], oasisRef("3.1"), tr)
		noteDecomposed("wsse", f, s.values[f.ID], oasisRef("3.1"), tr)
	}
	if strings.ContainsFunc(s.token.username, func(r rune) bool { return r > 0x7e }) {
		note("latin-1", core.Warn, "username", "the user name has characters outside ASCII; each goes out as one byte (ISO-8859-1), as browsers send headers: a server that reads UTF-8 sees another name",
			"use a name in ASCII, if the account has one")
	}
	if s.form == nonceAsText {
		note("nonce-text", core.Info, "nonceForm", "the nonce is hashed as the text that is sent; servers that decode it from base64 first, as OASIS and Symfony have it, refuse this",
			"where the server refuses, choose the other form of the nonce")
	} else {
		note("nonce-decoded", core.Info, "nonceForm", "the nonce is sent in base64 and its decoded bytes are hashed; servers that hash the text they see, as in the Atom article, refuse this",
			"where the server refuses, choose the other form of the nonce")
	}
	note("sha-1", core.Info, "password", "whoever records this request can try billions of passwords a second against its SHA-1, and nothing but user and time is covered: not the address, not the body",
		"use a long random secret, and https")
}
