package syntax

import (
	"strings"
	"unicode/utf8"
)

// EncodeExt writes text as an ext-value in UTF-8 (RFC 8187, section 3.2.1): what the value of a
// parameter whose name ends in "*" is, such as username*. The result is ASCII.
func EncodeExt(text string) string { return "UTF-8''" + PercentEncode(text, isAttrChar) }

// DecodeExt undoes EncodeExt; a language between the quotes is skipped. ok is false where the value is
// not written so, or in another charset than UTF-8, the only one that recipients must know.
func DecodeExt(value string) (text string, ok bool) {
	charset, rest, found := strings.Cut(value, "'")
	_, encoded, foundToo := strings.Cut(rest, "'")
	if !found || !foundToo || !strings.EqualFold(charset, "UTF-8") {
		return "", false
	}
	text = PercentDecode(encoded)
	escapes := strings.Count(encoded, "%")
	plain := consistsOf(encoded, func(b byte) bool { return isAttrChar(b) || b == '%' })
	return text, plain && len(text) == len(encoded)-2*escapes && utf8.ValidString(text)
}

// isAttrChar is attr-char of RFC 8187, section 3.2.1.
func isAttrChar(b byte) bool { return isAlphanumeric(b) || strings.IndexByte("!#$&+-.^_`|~", b) >= 0 }
