package json

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Strings as they are written (RFC 8259, section 7).

// plainPrefix is how many bytes go out as they are, rounded down to eight: printable ASCII without
// quote and backslash. The formulas are those of "has a zero byte" and "has a byte less than n"
// (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord).
func plainPrefix(s string) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		v := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		quote, backslash := v^(ones*'"'), v^(ones*'\\')
		if (v|(v-ones*0x20)|(quote-ones)|(backslash-ones))&highs != 0 {
			return i
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return i &^ 7
		}
	}
	return i
}

// appendEscaped goes byte by byte up to each escape, and behind it in eights again.
func (w *Writer) appendEscaped(s string) {
	b := w.b
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			if w.ASCII {
				b = appendUnicode(b, r)
			} else {
				b = utf8.AppendRune(b, r) // U+FFFD for a byte that is none
			}
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < 0x20:
			b = appendUnit(b, rune(c))
		default:
			b = append(b, c)
			i++
			continue
		}
		i += size
		n := plainPrefix(s[i:])
		b = append(b, s[i:i+n]...)
		i += n
	}
	w.b = b
}

// appendUnicode writes the UTF-16 code units of r (RFC 8259, section 7).
func appendUnicode(b []byte, r rune) []byte {
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return appendUnit(appendUnit(b, high), low)
	}
	return appendUnit(b, r)
}

func appendUnit(b []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
