package syntax

import (
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
