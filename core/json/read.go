package json

import (
	"errors"
	"strconv"
)

// ErrSyntax is the error of text that is not JSON. Where it is wrong is not told: nobody types JSON
// by hand here, and the place may be in a secret.
var ErrSyntax = errors.New("not JSON")

// ErrDepth is the error of arrays and objects that are deeper in each other than Reader.MaxDepth.
var ErrDepth = errors.New("nested too deeply")

// Kind is the type of a value.
type Kind byte

// The kinds. Invalid is no value at all.
const (
	Invalid Kind = iota
	String
	Number
	Bool
	Null
	Array
	Object
)

// Reader reads one value after the other out of a text, which must not change meanwhile. After an
// error it is of no use any more.
type Reader struct {
	b     []byte
	at    int
	depth int

	MaxDepth int // how deep arrays and objects may be in each other
}

// NewReader returns a reader at the first value of text.
func NewReader(text []byte) *Reader { return &Reader{b: text, MaxDepth: 256} }

// At is how far it has read, in bytes.
func (r *Reader) At() int { return r.at }

// Since is what was read since At was this, with the space in front. It is good as long as the text is.
func (r *Reader) Since(at int) []byte { return r.b[at:r.at] }

// Same takes a value if it is written like this one, which must be a whole object or array without space in front.
func (r *Reader) Same(value []byte) bool {
	r.peek()
	if len(value) == 0 || len(r.b)-r.at < len(value) || string(r.b[r.at:r.at+len(value)]) != string(value) {
		return false
	}
	r.at += len(value)
	return true
}

// Next is the kind of the next value, by its first byte.
func (r *Reader) Next() Kind {
	switch c := r.peek(); {
	case c == '"':
		return String
	case c == '{':
		return Object
	case c == '[':
		return Array
	case c == 'n':
		return Null
	case c == 't' || c == 'f':
		return Bool
	case c == '-' || isDigit(c):
		return Number
	}
	return Invalid
}

// peek skips space and returns the byte behind it without taking it; 0 at the end.
func (r *Reader) peek() byte {
	for ; r.at < len(r.b); r.at++ {
		switch c := r.b[r.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take takes the next byte behind space if it is this one.
func (r *Reader) take(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

func (r *Reader) word(word string) bool {
	r.peek()
	if len(r.b)-r.at < len(word) || string(r.b[r.at:r.at+len(word)]) != word {
		return false
	}
	r.at += len(word)
	return true
}

// Null reads null.
func (r *Reader) Null() error {
	if !r.word("null") {
		return ErrSyntax
	}
	return nil
}

// Bool reads true or false.
func (r *Reader) Bool() (bool, error) {
	if r.word("true") {
		return true, nil
	}
	if r.word("false") {
		return false, nil
	}
	return false, ErrSyntax
}

// Number reads a number and returns it as it is written.
func (r *Reader) Number() (string, error) {
	r.peek()
	start := r.at
	r.optional("-")
	if !r.optional("0") && !r.digits() ||
		r.optional(".") && !r.digits() {
		return "", ErrSyntax
	}
	if r.optional("eE") {
		r.optional("+-")
		if !r.digits() {
			return "", ErrSyntax
		}
	}
	return string(r.b[start:r.at]), nil
}

// Int reads a whole number.
func (r *Reader) Int() (int64, error) {
	number, err := r.Number()
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(number, 10, 64)
}

// optional takes one byte if it is one of these.
func (r *Reader) optional(set string) bool {
	for i := range len(set) {
		if r.at < len(r.b) && r.b[r.at] == set[i] {
			r.at++
			return true
		}
	}
	return false
}

func (r *Reader) digits() bool {
	start := r.at
	for r.at < len(r.b) && isDigit(r.b[r.at]) {
		r.at++
	}
	return r.at > start
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// Object reads an object. member is called for each, and must read or skip its value; name is only
// good until then.
func (r *Reader) Object(member func(name []byte) error) error {
	return r.each('{', '}', func() error {
		name, err := r.text()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return ErrSyntax
		}
		return member(name)
	})
}

// Array reads an array. element is called for each, and must read or skip it.
func (r *Reader) Array(element func() error) error { return r.each('[', ']', element) }

// each reads what stands between two brackets, separated by commas.
func (r *Reader) each(left, right byte, one func() error) error {
	if !r.take(left) {
		return ErrSyntax
	}
	if r.depth == r.MaxDepth {
		return ErrDepth
	}
	r.depth++
	for first := true; !r.take(right); first = false {
		if !first && !r.take(',') {
			return ErrSyntax
		}
		if err := one(); err != nil {
			return err
		}
	}
	r.depth--
	return nil
}

// Skip reads a value of any kind and forgets it.
func (r *Reader) Skip() (err error) {
	switch r.Next() {
	case String:
		_, err = r.text()
	case Number:
		_, err = r.Number()
	case Bool:
		_, err = r.Bool()
	case Null:
		err = r.Null()
	case Object:
		err = r.Object(func([]byte) error { return r.Skip() })
	case Array:
		err = r.Array(r.Skip)
	default:
		err = ErrSyntax
	}
	return err
}

// Raw skips a value and returns it as it is written.
func (r *Reader) Raw() (string, error) {
	r.peek()
	start := r.at
	err := r.Skip()
	return string(r.b[start:r.at]), err
}

// Ended reports whether nothing but space is left.
func (r *Reader) Ended() bool { return r.peek() == 0 && r.at == len(r.b) }
