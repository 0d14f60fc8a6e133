package json

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Strings as they are read (RFC 8259, section 7).

// Str reads a string. Half a surrogate pair becomes U+FFFD, as in a browser's TextEncoder.
func (r *Reader) Str() (string, error) {
	text, err := r.text()
	return string(text), err
}

// text is a string's bytes: part of what is read, or a copy where it has escapes.
func (r *Reader) text() ([]byte, error) {
	if !r.take('"') {
		return nil, ErrSyntax
	}
	for start := r.at; r.at < len(r.b); r.at++ {
		switch c := r.b[r.at]; {
		case c == '"':
			r.at++
			return r.b[start : r.at-1], nil
		case c == '\\':
			return r.escaped(append([]byte(nil), r.b[start:r.at]...))
		case c < ' ':
			return nil, ErrSyntax
		}
	}
	return nil, ErrSyntax
}

// escaped reads on from the first escape.
func (r *Reader) escaped(text []byte) ([]byte, error) {
	for r.at < len(r.b) {
		c := r.b[r.at]
		r.at++
		switch {
		case c == '"':
			return text, nil
		case c < ' ':
			return nil, ErrSyntax
		case c != '\\':
			text = append(text, c)
		case r.optional("u"):
			char, ok := r.character()
			if !ok {
				return nil, ErrSyntax
			}
			text = utf8.AppendRune(text, char)
		default:
			plain, ok := r.escape()
			if !ok {
				return nil, ErrSyntax
			}
			text = append(text, plain)
		}
	}
	return nil, ErrSyntax
}

// escape reads what follows a backslash, but for "u" (RFC 8259, section 7).
func (r *Reader) escape() (byte, bool) {
	const names, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := range len(names) {
		if r.optional(names[i : i+1]) {
			return meanings[i], true
		}
	}
	return 0, false
}

// character reads what follows "\u"; two escapes may make one character.
func (r *Reader) character() (rune, bool) {
	first, ok := r.hex()
	if !ok || !utf16.IsSurrogate(first) {
		return first, ok
	}
	behind := r.at
	if r.optional(`\`) && r.optional("u") {
		second, ok := r.hex()
		if char := utf16.DecodeRune(first, second); !ok || char != utf8.RuneError {
			return char, ok
		}
	}
	r.at = behind // what follows stands for itself
	return utf8.RuneError, true
}

func (r *Reader) hex() (char rune, ok bool) {
	if len(r.b)-r.at < 4 {
		return 0, false
	}
	for _, c := range r.b[r.at : r.at+4] {
		switch {
		case isDigit(c):
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = (c | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		char = char<<4 | rune(c)
	}
	r.at += 4
	return char, true
}
