package api

import (
	"strconv"
	"unicode/utf8"
)

// writer writes JSON into one buffer. It is not jx's encoder, because an answer is thousands of
// bytes of text on every keystroke: here eight bytes are looked at at a time, and no state is kept
// about commas. What it writes is valid whatever the texts are.
type writer struct{ b []byte }

// next puts the comma where the last thing written was a value.
func (w *writer) next() {
	if len(w.b) == 0 {
		return
	}
	switch w.b[len(w.b)-1] {
	case '{', '[', ':':
	default: // the end of a value: a text ends in a quote
		w.b = append(w.b, ',')
	}
}

func (w *writer) object()    { w.next(); w.b = append(w.b, '{') }
func (w *writer) endObject() { w.b = append(w.b, '}') }
func (w *writer) array()     { w.next(); w.b = append(w.b, '[') }
func (w *writer) endArray()  { w.b = append(w.b, ']') }

// member starts a member, whose name needs no escapes; its value comes next.
func (w *writer) member(name string) {
	w.next()
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
}

func (w *writer) null() { w.next(); w.b = append(w.b, "null"...) }

func (w *writer) bool(value bool) { w.next(); w.b = strconv.AppendBool(w.b, value) }

func (w *writer) int(value int64) { w.next(); w.b = strconv.AppendInt(w.b, value, 10) }

// milliseconds are finite, so that they need no care.
func (w *writer) milliseconds(value float64) {
	w.next()
	w.b = strconv.AppendFloat(w.b, value, 'f', -1, 64)
}

// str writes U+FFFD for bytes that are no UTF-8, which JSON cannot hold (RFC 8259, section 8.1).
func (w *writer) str(value string) {
	w.next()
	w.b = append(w.b, '"')
	n := plainPrefix(value)
	w.b = append(w.b, value[:n]...)
	if n < len(value) {
		w.b = appendEscaped(w.b, value[n:])
	}
	w.b = append(w.b, '"')
}

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
func appendEscaped(b []byte, s string) []byte {
	const lowerHex = "0123456789abcdef"
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, size = utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r) // U+FFFD for a byte that is none
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
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
	return b
}
