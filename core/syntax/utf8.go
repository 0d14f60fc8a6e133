package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReplaceInvalidUTF8 puts U+FFFD in the place of what is not UTF-8, as browsers do when they decode a
// query: one for each sequence that broke off, however long (Encoding standard, section 4.1.1).
func ReplaceInvalidUTF8(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			size = brokenOff(text[i:])
		}
		b.WriteRune(r)
		i += size
	}
	return b.String()
}

// brokenOff is how many bytes at the start of text could have begun a character.
func brokenOff(text string) int {
	n := 1
	for n < len(text) && n < utf8.UTFMax && !utf8.FullRuneInString(text[:n+1]) {
		n++
	}
	return n
}

// FieldText is what the characters of a header value stand for: where they are the bytes of UTF-8, as fetch
// shows them, that text. Other text is taken as it is.
func FieldText(value string) string {
	octets := make([]byte, 0, len(value))
	for _, r := range value {
		if r > 0xff {
			return value
		}
		octets = append(octets, byte(r))
	}
	if utf8.Valid(octets) {
		return string(octets)
	}
	return value
}

// FieldOctets is the value of a header line as fetch shows it, where it was copied from elsewhere: text with
// characters that no byte stands for was shown decoded, and becomes the bytes of its UTF-8.
func FieldOctets(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r > 0xff }) {
		return text
	}
	chars := make([]rune, len(text))
	for i := range len(text) {
		chars[i] = rune(text[i])
	}
	return string(chars)
}

// Visible makes text from a stranger harmless to read: no line breaks, no marks that turn its
// direction, at most 80 characters.
func Visible(text string) string {
	runes := []rune(text)
	if len(runes) > 80 {
		runes = append(runes[:79], '…')
	}
	for i, r := range runes {
		if !strconv.IsGraphic(r) {
			runes[i] = utf8.RuneError
		}
	}
	return string(runes)
}
