package schemes

import (
	"encoding/base64"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Bewits: signed links (Hawk's section “single URI authorization”).
// bewit = base64url( id "\" exp "\" mac "\" ext ), the MAC over the address without it.

// signBewit returns the query with the bewit in it.
func (s *hawkSide) signBewit() (string, error) {
	seconds, err := strconv.ParseUint(strings.TrimSpace(s.v["expires"]), 10, 32)
	if err != nil || seconds == 0 {
		return "", &core.FieldError{Field: "expires", Code: "hawk.expires", Ref: hawkBewitRef,
			Message: "how long the link is valid is a number of seconds from 1 on, such as 300"}
	}
	now, _ := unixTime(s.ts)
	s.ts = strconv.FormatInt(now.Unix()+int64(seconds), 10)
	query, bewit := s.bewit(core.Part{Name: "valid for", Value: s.v["expires"], From: "field:expires"})
	if len(s.target)+len("?bewit=")+len(bewit) > hawkLimit {
		noteHawkLimit("address", "url", s.tr)
	}
	return query, nil
}

// bewit are the steps of both sides; lifetime is where the end of the link comes from, besides s.time.
func (s *hawkSide) bewit(lifetime ...core.Part) (query, bewit string) {
	exp := s.tr.Add(core.Step{ID: "expires", Title: "Choose when the link expires", Op: "unix time, add", Ref: hawkBewitRef,
		Why: "A link cannot have a nonce, as it may be opened more than once; only its end protects it.",
		In:  append([]core.Part{s.time}, lifetime...), Out: s.ts})
	s.time = core.Part{Name: "end", Value: exp, From: "step:expires"}
	s.nonce, s.app, s.dlg = core.Part{}, core.Part{}, core.Part{}
	signature := s.sign(inBewit, "")
	in := []core.Part{{Name: "key ID", Value: s.v["id"], From: "step:id"}, s.time, {Name: "mac", Value: signature, From: "step:mac"}}
	if s.ext.Value != "" {
		in = append(in, s.ext)
	}
	text := s.tr.Add(core.Step{ID: "bewit-text", Title: "Join all with backslashes", Op: "join", Ref: hawkBewitRef,
		Why: "The server needs the same values; a backslash can be in none of them.",
		In:  in, Out: s.v["id"] + `\` + exp + `\` + signature + `\` + s.ext.Value})
	octets, _ := encodeCharset(text, latin1Charset) // checkHawk lets nothing else in
	bewit = s.tr.Add(core.Step{ID: "bewit", Title: "Write it in base64url", Op: "base64url", Ref: rfc("RFC 4648", "5"),
		Why: "An address can carry it without further encoding. Anyone can read it: the key is not in it.",
		In:  []core.Part{{Name: "text", Value: text, From: "step:bewit-text"}}, Out: base64.RawURLEncoding.EncodeToString(octets)})
	_, own, _ := strings.Cut(s.target, "?")
	query = "?bewit=" + bewit
	if strings.Contains(s.target, "?") {
		query = "?" + own + "&bewit=" + bewit
	}
	return s.tr.Add(core.Step{ID: "query", Title: "Put the bewit into the query", Op: "append", Ref: hawkBewitRef,
		Why: "The server takes it out again; what remains has to be the address that was signed.",
		In:  []core.Part{{Name: "address", Value: s.target, From: "request:url"}, {Name: "bewit", Value: bewit, From: "step:bewit"}}, Out: query}), bewit
}

// hawkBewit is what a link says.
type hawkBewit struct{ id, exp, mac, ext string }

// cutBewit takes the last bewit out of a target, as Hawk's server does; found is false without one.
func cutBewit(target string) (rest, bewit string, found bool) {
	start := max(strings.LastIndex(target, "?bewit="), strings.LastIndex(target, "&bewit="))
	if start < 0 {
		return target, "", false
	}
	bewit, behind, more := strings.Cut(target[start+len("?bewit="):], "&")
	rest = target[:start]
	if more {
		rest += target[start:start+1] + behind
	}
	return rest, bewit, true
}

// readBewit decodes strictly: another text of the same bytes is another link.
func readBewit(text string) (b hawkBewit, refused *core.Rejection) {
	refuse := func(step, message string) (hawkBewit, *core.Rejection) {
		return hawkBewit{}, &core.Rejection{Code: "hawk.bewit", Step: step, Message: message, Ref: hawkBewitRef}
	}
	octets, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || text == "" || strings.ContainsAny(text, "\r\n") {
		return refuse("bewit", "the bewit is empty or not base64url without padding")
	}
	decoded, _ := decodeCharset(octets, latin1Charset)
	parts := strings.Split(decoded, `\`)
	if len(parts) != 4 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return refuse("bewit-text", "the bewit does not stand for key ID, end, MAC and application data with backslashes between them")
	}
	return hawkBewit{parts[0], parts[1], parts[2], parts[3]}, nil
}

// verifyBewit checks a link; there is no nonce to remember.
func (s *hawkSide) verifyBewit(text string) error {
	theirs, unreadable := readBewit(text)
	s.ts, s.time = theirs.exp, core.Part{Name: "end in the bewit", Value: theirs.exp, From: "request:url"}
	s.ext = core.Part{Name: "ext", Value: theirs.ext, From: "request:url"}
	end, isTime := unixTime(theirs.exp)
	if unreadable != nil {
		s.ts = unixText(s.env.Now())
		s.time = core.Part{Name: "now", Value: syntax.FormatTime(s.env.Now()), From: "env:now"}
	}
	s.id()
	s.bewit()
	refuse := func(code, step, message string) error {
		return &core.Rejection{Code: "hawk." + code, Step: step, Message: message, Ref: hawkBewitRef}
	}
	switch {
	case unreadable != nil:
		return unreadable
	case s.req.Method != "GET" && s.req.Method != "HEAD":
		return refuse("bewit-method", "normalized", "a bewit is for GET and HEAD only")
	case theirs.id != s.v["id"]:
		return s.wrongID(theirs.id)
	case !isTime:
		return refuse("expires", "expires", "the end of the link is not a number of seconds since 1970")
	case !sameSecret(theirs.mac, s.tr.Step("mac").Out):
		return s.wrongMAC(inBewit, theirs.mac)
	case !s.env.Now().Before(end):
		return refuse("expired", "expires", "the link is right, but it expired "+ago(s.env.Now(), end))
	}
	return nil
}
