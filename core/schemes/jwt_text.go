package schemes

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"authpad/core/json"
	"authpad/core/syntax"
)

// The text of JSON Web Tokens: base64url, JSON objects, the compact form (RFC 7515, sections 2 and 7.1).

// base64url writes octets without padding (RFC 7515, section 2).
func base64url(octets []byte) string { return base64.RawURLEncoding.EncodeToString(octets) }

// decodeBase64url reads nothing else than what base64url writes: no padding, no "+" or "/", no white space,
// no bits left over. What is signed is the text, so that two texts must not mean the same.
func decodeBase64url(text string) ([]byte, error) {
	if strings.ContainsAny(text, "\r\n") { // the decoder skips them
		return nil, errBase64url
	}
	return base64.RawURLEncoding.Strict().DecodeString(text)
}

var (
	errBase64url = errors.New("not base64url")
	errRepeated  = errors.New("a member is there twice")
)

// object is a JSON object as far as tokens need it: its members by name.
type object map[string]member

// member is a value: of a string its text, of a number, a list or a truth value the text as written.
type member struct {
	text string
	kind json.Kind
}

// decodeJSON reads one part of a JWT: base64url of an object.
func decodeJSON(part string) (object, error) {
	text, err := decodeBase64url(part)
	if err != nil {
		return nil, err
	}
	return parseObject(string(text))
}

// parseObject reads a JSON object. A member that is there twice is refused: of two one reader takes the
// first, another the last (RFC 7515, section 4; RFC 8725, section 2.4).
func parseObject(text string) (object, error) {
	if !utf8.ValidString(text) {
		return nil, json.ErrSyntax
	}
	o := object{}
	r := json.NewReader([]byte(text))
	err := r.Object(func(name []byte) (err error) {
		if _, twice := o[string(name)]; twice {
			return errRepeated
		}
		o[string(name)], err = decodeMember(r)
		return err
	})
	if err == nil && !r.Ended() {
		err = json.ErrSyntax
	}
	return o, err
}

// faultOfJSON says where a text stops being an object.
func faultOfJSON(text string) string {
	r := json.NewReader([]byte(text))
	err := r.Object(func([]byte) error { return r.Skip() })
	before := text[:r.At()]
	switch ended := r.Ended(); {
	case err == json.ErrDepth:
		return "it is nested too deeply"
	case err == nil: // something follows the space that Ended skipped
		before = text[:r.At()]
	case ended:
		return "it ends too early; look for a missing quote or brace"
	}
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return "something else stands at line " + strconv.Itoa(strings.Count(before, "\n")+1) + ", character " + strconv.Itoa(column) +
		"; look for a missing quote, comma or brace there"
}

func decodeMember(r *json.Reader) (m member, err error) {
	m.kind = r.Next()
	switch m.kind {
	case json.String:
		m.text, err = r.Str()
	case json.Number:
		m.text, err = r.Number()
	case json.Array, json.Bool:
		m.text, err = r.Raw()
	default:
		err = r.Skip()
	}
	return m, err
}

// strings are the elements of a list of strings, or the one string; ok is false for anything else.
func (m member) strings() (list []string, ok bool) {
	switch m.kind {
	case json.String:
		return []string{m.text}, true
	case json.Array:
		r := json.NewReader([]byte(m.text))
		err := r.Array(func() error {
			one, err := r.Str()
			list = append(list, one)
			return err
		})
		return list, err == nil
	}
	return nil, false
}

// date is a NumericDate (RFC 7519, section 2), up to the year 9999, its fraction cut off.
func (m member) date() (time.Time, bool) {
	if m.kind != json.Number {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(wholePart(m.text), 10, 64)
	if err != nil || seconds < 0 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.Unix(seconds, 0), true
}

// notDate says what a claim is that is no NumericDate.
func (m member) notDate() string {
	switch {
	case m.kind != json.Number:
		return "is not a number"
	case m.text[0] == '-':
		return "lies before 1970"
	}
	return "lies beyond the year 9999: it may be in milliseconds" // as today's time in them does
}

// wholePart moves the point of a JSON number as its exponent says, and cuts there: reading floating-point
// numbers is 5 kB of the page. Empty: there is nothing that a date could be.
func wholePart(number string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	by, err := 0, error(nil)
	if exponent != "" {
		by, err = strconv.Atoi(exponent)
	}
	switch {
	case err != nil || by > 12 || by < 0 && whole[0] == '-':
		return ""
	case by < 0:
		return "0" + whole[:max(0, len(whole)+by)]
	}
	fraction += "000000000000"
	return whole + fraction[:by]
}

// pairs are the members of these names as "name value", each cut to what fits a line.
func (o object) pairs(names ...string) []string {
	var pairs []string
	for _, name := range names {
		if m, given := o[name]; given && m.text != "" {
			pairs = append(pairs, name+" "+visible(m.text))
		}
	}
	return pairs
}

func (o object) list(names ...string) string { return strings.Join(o.pairs(names...), ", ") }

// quoteJSON writes text as a JSON string.
func quoteJSON(text string) string {
	w := json.NewWriter(len(text) + 2)
	w.Str(text)
	return string(w.Bytes())
}

// addMember writes one more member into an object, first or last, and leaves the others as they are typed.
func addMember(text, name, value string, first bool) string {
	written := quoteJSON(name) + ":" + value
	inner := strings.TrimRight(text[1:len(text)-1], " \t\r\n")
	switch {
	case strings.TrimLeft(inner, " \t\r\n") == "":
		return "{" + written + "}"
	case first:
		return "{" + written + "," + text[1:]
	}
	return "{" + inner + "," + written + text[1+len(inner):]
}

// addMembers writes what was filled in behind the members of an object, which stay as they are typed.
func addMembers(text string, filled []filledClaim) string {
	inner := strings.TrimRight(text[1:len(text)-1], " \t\r\n")
	end := text[1+len(inner):]
	if strings.TrimLeft(inner, " \t\r\n") == "" {
		inner, end = "", "}"
	}
	w := json.NewWriter(len(text) + 48*len(filled))
	w.Raw("{" + inner)
	for _, c := range filled {
		if c.isText {
			w.Text(c.name, c.value)
			continue
		}
		w.Member(c.name)
		w.Raw(c.value)
	}
	return string(append(w.Bytes(), end...))
}

// visible is text from a stranger, harmless to read.
//
//go:noinline
func visible(text string) string { return syntax.Visible(text) }
