package syntax

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Structured Fields (RFC 9651): what the values of newer header fields are written in, such as those of
// Signature-Input and Content-Digest. structured_parse.go reads them.

// BareKind is the type of a Bare (RFC 9651, section 3.3).
type BareKind byte

// The kinds. The zero value is none of them.
const (
	IntegerItem BareKind = iota + 1
	DecimalItem
	StringItem
	TokenItem
	BytesItem
	BooleanItem
	DateItem    // seconds since 1970
	DisplayItem // a Display String: any Unicode
)

// Bare is a value without parameters. Two are the same where "==" says so.
type Bare struct {
	Kind   BareKind
	Number int64  // of an integer or a date; of a decimal in thousandths; of a Boolean 1 or 0
	Text   string // of the other kinds; of a byte sequence its bytes
}

// Item is a value, or an inner list of values, with parameters.
type Item struct {
	Bare
	IsList bool
	Inner  []Item // of an inner list; these are no lists themselves
	Params []ItemParam
}

// ItemParam is a parameter of an Item. Keys are lower case and occur once.
type ItemParam struct {
	Key   string
	Value Bare
}

// Member is an entry of a dictionary. Keys are lower case and occur once.
type Member struct {
	Key string
	Item
}

// maxInteger is the largest integer, date, and number of thousandths of a decimal: 15 digits.
const maxInteger = 999_999_999_999_999

// Valid reports whether the value can be written: whether it is in range, and its text of the
// characters that its kind has.
func (b Bare) Valid() bool {
	switch b.Kind {
	case IntegerItem, DecimalItem, DateItem:
		return b.Number >= -maxInteger && b.Number <= maxInteger
	case BooleanItem:
		return b.Number == 0 || b.Number == 1
	case StringItem:
		return consistsOf(b.Text, isPrintable)
	case TokenItem:
		return b.Text != "" && isTokenStart(b.Text[0]) && consistsOf(b.Text, isTokenItemByte)
	case DisplayItem:
		return utf8.ValidString(b.Text)
	}
	return b.Kind == BytesItem
}

// String writes a value that is Valid (RFC 9651, section 4.1.3.1).
func (b Bare) String() string { return string(b.append(nil)) }

func (b Bare) append(to []byte) []byte {
	switch b.Kind {
	case IntegerItem:
		return strconv.AppendInt(to, b.Number, 10)
	case DecimalItem:
		return append(to, formatDecimal(b.Number)...)
	case DateItem:
		return strconv.AppendInt(append(to, '@'), b.Number, 10)
	case BooleanItem:
		return strconv.AppendInt(append(to, '?'), b.Number, 10)
	case StringItem:
		return append(to, Quote(b.Text)...)
	case BytesItem:
		return append(base64.StdEncoding.AppendEncode(append(to, ':'), []byte(b.Text)), ':')
	case DisplayItem:
		return append(to, formatDisplay(b.Text)...)
	}
	return append(to, b.Text...)
}

// formatDecimal writes at least one digit behind the point, and no zeros that say nothing.
func formatDecimal(thousandths int64) string {
	sign := ""
	if thousandths < 0 {
		sign, thousandths = "-", -thousandths
	}
	fraction := strings.TrimRight(strconv.FormatInt(thousandths%1000+1000, 10)[1:], "0")
	if fraction == "" {
		fraction = "0"
	}
	return sign + strconv.FormatInt(thousandths/1000, 10) + "." + fraction
}

// formatDisplay is percent-encoding in lower case (RFC 9651, section 4.1.11).
func formatDisplay(text string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.WriteString(`%"`)
	for i := range len(text) {
		if c := text[i]; isPrintable(c) && c != '%' && c != '"' {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + digits[c>>4:c>>4+1] + digits[c&15:c&15+1])
		}
	}
	return b.String() + `"`
}

// String writes a value or an inner list and its parameters (RFC 9651, sections 4.1.1.1 and 4.1.3).
func (i Item) String() string {
	var usual [128]byte
	return string(i.append(usual[:0]))
}

func (i Item) append(to []byte) []byte {
	if !i.IsList {
		return appendItemParams(i.Bare.append(to), i.Params)
	}
	to = append(to, '(')
	for at, item := range i.Inner {
		if at > 0 {
			to = append(to, ' ')
		}
		to = item.append(to)
	}
	return appendItemParams(append(to, ')'), i.Params)
}

func appendItemParams(to []byte, params []ItemParam) []byte {
	for _, p := range params {
		to = append(append(to, ';'), p.Key...)
		if p.Value != yes {
			to = p.Value.append(append(to, '='))
		}
	}
	return to
}

// yes is what a key without a value means.
var yes = Bare{Kind: BooleanItem, Number: 1}

// Param returns the value of the parameter, and whether there is one.
func (i Item) Param(key string) (value Bare, found bool) {
	for _, p := range i.Params {
		if p.Key == key {
			return p.Value, true
		}
	}
	return Bare{}, false
}

// String writes a member as a dictionary has it (RFC 9651, section 4.1.2).
func (m Member) String() string {
	if !m.IsList && m.Bare == yes {
		return m.Key + string(appendItemParams(nil, m.Params))
	}
	return m.Key + "=" + m.Item.String()
}

// FormatList and FormatDictionary write a whole field value. An empty one is a field that is not there.
func FormatList(list []Item) string {
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = item.String()
	}
	return strings.Join(texts, ", ")
}

// FormatDictionary is described at FormatList.
func FormatDictionary(members []Member) string {
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = m.String()
	}
	return strings.Join(texts, ", ")
}

func isPrintable(b byte) bool { return b >= ' ' && b < 0x7f }

func isTokenStart(b byte) bool { return b == '*' || isAlpha(b) }

func isAlpha(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' }

func isTokenItemByte(b byte) bool { return isTokenByte(b) || b == ':' || b == '/' }
