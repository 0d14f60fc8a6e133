package syntax

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The values of structured fields, as structured_parse.go finds them (RFC 9651, sections 4.2.3.1 to 4.2.10).

func (s *structure) bare() (Bare, error) {
	switch c := s.next(); {
	case c == '-' || isDigit(c):
		return s.number()
	case c == '"':
		return s.str()
	case isTokenStart(c):
		return Bare{Kind: TokenItem, Text: s.while(isTokenItemByte)}, nil
	case c == ':':
		return s.bytes()
	case c == '?':
		return s.boolean()
	case c == '@':
		return s.date()
	case c == '%':
		return s.display()
	}
	return Bare{}, s.wrong("a value is missing")
}

// number reads an integer of at most 15 digits, or a decimal of at most 12 and 3 (RFC 9651, section 4.2.4).
func (s *structure) number() (Bare, error) {
	start := s.at
	negative := s.take('-')
	whole, fraction, kind := s.while(isDigit), "", IntegerItem
	if len(whole) > 0 && s.take('.') {
		fraction, kind = s.while(isDigit), DecimalItem
	}
	if whole == "" || len(whole) > 15 || kind == DecimalItem && (len(whole) > 12 || fraction == "" || len(fraction) > 3) {
		s.at = start
		return Bare{}, s.wrong("this is no number: an integer has at most 15 digits, a decimal at most 12 and 3")
	}
	if kind == DecimalItem {
		whole += (fraction + "00")[:3]
	}
	n, _ := strconv.ParseInt(whole, 10, 64) // nothing but digits, and not too many
	if negative {
		n = -n
	}
	return Bare{Kind: kind, Number: n}, nil
}

func (s *structure) date() (Bare, error) {
	s.take('@')
	start := s.at
	b, err := s.number()
	if err == nil && b.Kind != IntegerItem {
		s.at = start
		err = s.wrong("a date is an integer")
	}
	b.Kind = DateItem
	return b, err
}

func (s *structure) boolean() (Bare, error) {
	s.take('?')
	b := Bare{Kind: BooleanItem}
	switch {
	case s.take('1'):
		b.Number = 1
	case !s.take('0'):
		return b, s.wrong("a Boolean is ?1 or ?0")
	}
	return b, nil
}

func (s *structure) str() (Bare, error) {
	opened := s.at
	s.take('"')
	var b strings.Builder
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			return Bare{Kind: StringItem, Text: b.String()}, nil
		case !isPrintable(c):
			return Bare{}, s.wrong("a string has only printable ASCII characters")
		case c == '\\':
			s.at++
			if c = s.next(); c != '"' && c != '\\' {
				return Bare{}, s.wrong("a backslash stands only in front of a quote or a backslash")
			}
		}
		b.WriteByte(c)
		s.at++
	}
	s.at = opened
	return Bare{}, s.wrong("the quote is not closed")
}

// bytes reads base64 with its padding, and without bits that say nothing. RFC 9651, section 4.2.7 would
// rather have both overlooked; but then one signature had several texts, and a changed one would pass.
func (s *structure) bytes() (Bare, error) {
	opened := s.at
	s.take(':')
	encoded := s.while(func(b byte) bool { return isAlphanumeric(b) || strings.IndexByte("+/=-_", b) >= 0 })
	octets, err := base64.StdEncoding.Strict().DecodeString(encoded)
	switch {
	case !s.take(':'):
		return Bare{}, s.wrong("“:” is missing behind the base64")
	case strings.ContainsAny(encoded, "-_"):
		s.at = opened
		return Bare{}, s.wrong("what stands between the colons is base64url; base64 has “+” and “/” in the place of “-” and “_”")
	case err != nil:
		s.at = opened
		return Bare{}, s.wrong("what stands between the colons is not base64 with its padding")
	}
	return Bare{Kind: BytesItem, Text: string(octets)}, nil
}

// display reads percent-encoded UTF-8 (RFC 9651, section 4.2.10).
func (s *structure) display() (Bare, error) {
	opened := s.at
	s.take('%')
	if !s.take('"') {
		return Bare{}, s.wrong("a quote is missing behind “%”")
	}
	var b strings.Builder
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"' && utf8.ValidString(b.String()):
			s.at++
			return Bare{Kind: DisplayItem, Text: b.String()}, nil
		case c == '"':
			return Bare{}, s.wrong("the text is not UTF-8")
		case !isPrintable(c):
			return Bare{}, s.wrong("a character outside ASCII is percent-encoded here")
		case c == '%':
			if s.at+2 >= len(s.text) || !isLowerHex(s.text[s.at+1]) || !isLowerHex(s.text[s.at+2]) {
				return Bare{}, s.wrong("two hexadecimal digits in lower case are missing behind “%”")
			}
			c = hexDigit(s.text[s.at+1])<<4 | hexDigit(s.text[s.at+2])
			s.at += 2
		}
		b.WriteByte(c)
		s.at++
	}
	s.at = opened
	return Bare{}, s.wrong("the quote is not closed")
}

func isLowerHex(b byte) bool { return isDigit(b) || b >= 'a' && b <= 'f' }
