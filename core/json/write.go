// Package json reads and writes JSON (RFC 8259) a value at a time, without reflection: what comes in
// and goes out at each keystroke is thousands of bytes of text, and the page pays for each kB of code.
package json

import (
	"slices"
	"strconv"
)

// Writer writes JSON into one buffer. It looks at eight bytes of text at a time and keeps no state
// about commas. What it writes is valid whatever the texts are, if its callers close what they open.
// The zero value is ready.
type Writer struct {
	b      []byte
	level  int
	Indent bool // a line for each member and element, for a person to read; may change on the way
	ASCII  bool // other characters are escaped: browsers read a text of ASCII alone several times as fast
}

// NewWriter returns a writer with room for this many bytes before it has to grow.
func NewWriter(room int) Writer { return Writer{b: make([]byte, 0, room)} }

// WriteInto returns a writer that appends to room, an empty slice, before it has to make its own.
func WriteInto(room []byte) Writer { return Writer{b: room} }

// Bytes is what was written.
func (w *Writer) Bytes() []byte { return w.b }

// Len is how many bytes were written.
func (w *Writer) Len() int { return len(w.b) }

// Cut takes back what was written since Len was this, if all that was opened since is closed.
func (w *Writer) Cut(to int) { w.b = w.b[:to] }

// Again writes a value once more that lies between two lengths, as it was indented there.
func (w *Writer) Again(from, to int) {
	w.next()
	w.b = append(w.b, w.b[from:to]...)
}

// Raw writes JSON that somebody else made: a value, or members.
func (w *Writer) Raw(made string) {
	w.next()
	w.b = append(w.b, made...)
}

// Copy writes once more what Since returned, or what followed a part of it, with a comma in front.
func (w *Writer) Copy(made []byte) {
	if made[0] != ',' {
		w.next()
	}
	w.b = append(w.b, made...)
}

// Since is what was written since Len was this, without the comma in front. It is good until more is written.
func (w *Writer) Since(at int) []byte {
	if at < len(w.b) && w.b[at] == ',' {
		at++
	}
	return w.b[at:]
}

// The methods below are called at hundreds of places: compiled into each of them, as Go would have
// it, they are a tenth of the page.

// next puts the comma where the last thing written was a value.
//
//go:noinline
func (w *Writer) next() {
	if len(w.b) == 0 {
		return
	}
	switch w.b[len(w.b)-1] {
	case '{', '[':
		w.line()
	case ':':
		if w.Indent {
			w.b = append(w.b, ' ')
		}
	default: // the end of a value: a text ends in a quote
		w.b = append(w.b, ',')
		w.line()
	}
}

func (w *Writer) line() {
	if w.Indent {
		w.b = append(w.b, '\n')
		for range w.level {
			w.b = append(w.b, "  "...)
		}
	}
}

//go:noinline
func (w *Writer) open(bracket byte) {
	w.next()
	w.b = append(w.b, bracket)
	w.level++
}

//go:noinline
func (w *Writer) close(bracket byte) {
	w.level--
	if w.b[len(w.b)-1] != bracket-2 { // in ASCII that is its counterpart
		w.line()
	}
	w.b = append(w.b, bracket)
}

// Object starts an object, which EndObject ends.
func (w *Writer) Object()    { w.open('{') }
func (w *Writer) EndObject() { w.close('}') }

// Array starts an array, which EndArray ends.
func (w *Writer) Array()    { w.open('[') }
func (w *Writer) EndArray() { w.close(']') }

// Member starts a member, whose name needs no escapes; its value comes next.
//
//go:noinline
func (w *Writer) Member(name string) {
	w.next()
	w.b = append(append(append(w.b, '"'), name...), '"', ':')
}

//go:noinline
func (w *Writer) Null() {
	w.next()
	w.b = append(w.b, "null"...)
}

//go:noinline
func (w *Writer) Bool(value bool) {
	w.next()
	w.b = strconv.AppendBool(w.b, value)
}

//go:noinline
func (w *Writer) Int(value int64) {
	w.next()
	w.b = strconv.AppendInt(w.b, value, 10)
}

// Float writes a number that must be finite.
func (w *Writer) Float(value float64) {
	w.next()
	w.b = strconv.AppendFloat(w.b, value, 'f', -1, 64)
}

// Str writes U+FFFD for bytes that are no UTF-8, which JSON cannot hold (RFC 8259, section 8.1).
//
//go:noinline
func (w *Writer) Str(value string) {
	w.next()
	w.b = append(w.b, '"')
	w.appendText(value)
	w.b = append(w.b, '"')
}

func (w *Writer) appendText(value string) {
	n := plainPrefix(value)
	w.b = append(w.b, value[:n]...)
	if n < len(value) {
		w.appendEscaped(value[n:])
	}
}

// Text writes a member. Three quarters of an answer are members like this, and most need no escapes:
// those are written in one go.
//
//go:noinline
func (w *Writer) Text(name, value string) {
	at := len(w.b)
	if w.Indent || at == 0 || plainPrefix(value) < len(value) {
		w.Member(name)
		w.Str(value)
		return
	}
	b := slices.Grow(w.b, len(name)+len(value)+len(`,"":""`))
	b = b[:cap(b)]
	if b[at-1] != '{' {
		b[at] = ','
		at++
	}
	b[at] = '"'
	at += 1 + copy(b[at+1:], name)
	at += copy(b[at:], `":"`)
	at += copy(b[at:], value)
	b[at] = '"'
	w.b = b[:at+1]
}

// Joined writes a member whose value comes in pieces, each of them whole UTF-8.
func (w *Writer) Joined(name string, pieces ...string) {
	w.Member(name)
	w.b = append(w.b, '"')
	for _, piece := range pieces {
		w.appendText(piece)
	}
	w.b = append(w.b, '"')
}

// Optional leaves the member out where there is nothing to say.
//
//go:noinline
func (w *Writer) Optional(name, value string) {
	if value != "" {
		w.Text(name, value)
	}
}

// Number writes a member.
//
//go:noinline
func (w *Writer) Number(name string, value int64) {
	w.Member(name)
	w.Int(value)
}

// Flag writes a member.
//
//go:noinline
func (w *Writer) Flag(name string, value bool) {
	w.Member(name)
	w.Bool(value)
}

// List writes a member.
//
//go:noinline
func (w *Writer) List(name string, values []string) {
	w.Member(name)
	w.Array()
	for _, v := range values {
		w.Str(v)
	}
	w.EndArray()
}
