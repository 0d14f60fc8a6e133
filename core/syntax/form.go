package syntax

import (
	"strings"

	"authpad/core"
)

// FormEncode writes fields as application/x-www-form-urlencoded, as a browser's URLSearchParams does
// (https://url.spec.whatwg.org/#urlencoded-serializing): space becomes "+", ASCII letters, digits
// and *-._ stay, every other byte is percent-encoded in upper case.
func FormEncode(fields []core.Param) string {
	var b strings.Builder
	b.Grow(formSize(fields))
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('&')
		}
		formText(&b, f.Name)
		b.WriteByte('=')
		formText(&b, f.Value)
	}
	return b.String()
}

func formSize(fields []core.Param) int {
	n := 0
	for _, f := range fields {
		n += len(f.Name) + len(f.Value) + 2
	}
	return n
}

func formText(b *strings.Builder, text string) {
	const upperHex = "0123456789ABCDEF"
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == ' ':
			b.WriteByte('+')
		case formSafe(c):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
}

func formSafe(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '*' || c == '-' || c == '.' || c == '_'
}
