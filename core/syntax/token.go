// Package syntax reads and writes the small grammars of HTTP: tokens, quoted strings, field values,
// percent-encoding, challenges, bodies. Each function names the rule it follows.
package syntax

import (
	"strconv"
	"strings"
)

// IsToken reports whether s is a token (RFC 9110, section 5.6.2): what names of header fields,
// cookies and authentication schemes are made of.
func IsToken(s string) bool { return s != "" && consistsOf(s, isTokenByte) }

// IsB64Token reports whether s is a b64token (RFC 6750, section 2.1), which RFC 9110, section 11.2
// calls token68: letters, digits and "-._~+/", then any number of "=".
func IsB64Token(s string) bool {
	s = strings.TrimRight(s, "=")
	return s != "" && consistsOf(s, func(b byte) bool { return Unreserved(b) || b == '+' || b == '/' })
}

// ValidFieldValue reports whether s can be the value of a header line (RFC 9110, section 5.5): no
// line break, NUL or other control character but the tab, and no character above U+00FF, since each
// character is sent as one byte, as in fetch. Space around the value is valid, but not sent.
func ValidFieldValue(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\t' || r == 0x7f || r > 0xff { // invalid UTF-8 reads as U+FFFD
			return false
		}
	}
	return true
}

// FieldValueFault names the first thing that keeps s from being such a value, and where it stands, but no
// visible character, since s may be a secret; empty: nothing does.
func FieldValueFault(s string) string {
	at := 0
	for _, r := range s {
		at++
		what := ""
		switch {
		case r == '\n' || r == '\r':
			what = "a line break ("
		case r < ' ' && r != '\t' || r == 0x7f:
			what = "a control character (" + codePoint(r) + ", "
		case r > 0xff && !strconv.IsGraphic(r):
			what = "an invisible character (" + codePoint(r) + ", "
		case r > 0xff:
			what = "a character above U+00FF ("
		default:
			continue
		}
		return what + "character " + strconv.Itoa(at) + ")"
	}
	return ""
}

func codePoint(r rune) string {
	digits := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	return "U+" + "0000"[min(len(digits), 4):] + digits
}

// TrimSpace removes the optional whitespace around a field value (RFC 9110, section 5.6.3), which
// senders may drop and recipients do.
func TrimSpace(s string) string { return strings.Trim(s, " \t") }

// IsCookieValue reports whether s consists of cookie-octets (RFC 6265, section 4.1.1).
func IsCookieValue(s string) bool {
	return consistsOf(s, func(b byte) bool {
		return b > ' ' && b < 0x7f && b != '"' && b != ',' && b != ';' && b != '\\'
	})
}

// Quote writes s, a valid field value, as a quoted-string (RFC 9110, section 5.6.4).
func Quote(s string) string {
	if !strings.ContainsAny(s, `"\`) {
		return `"` + s + `"`
	}
	return `"` + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), `"`, `\"`) + `"`
}

func consistsOf(s string, allowed Set) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isTokenByte(b byte) bool {
	return isAlphanumeric(b) || strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}
