package core

import "strings"

// HeaderField is one header line: a name as written and its value (RFC 9110, section 5).
type HeaderField struct{ Name, Value string }

// Header is an ordered list of header lines. Case, order and repeats are kept, because a second
// WWW-Authenticate line matters and a person compares what is shown with what they typed.
// Names match without regard to case.
type Header []HeaderField

// Get returns the first value of name, and whether there is one.
func (h Header) Get(name string) (string, bool) {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value, true
		}
	}
	return "", false
}

// Has reports whether any line has this name.
func (h Header) Has(name string) bool {
	_, found := h.Get(name)
	return found
}

// Values returns every value of name in order; nil if there is none.
func (h Header) Values(name string) []string {
	var values []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Add appends a line. Its callers are many, and each copy of it would be code to load.
//
//go:noinline
func (h *Header) Add(name, value string) { *h = append(*h, HeaderField{name, value}) }

// Set gives the first line of this name the value and removes the others; without one it adds a line.
func (h *Header) Set(name, value string) {
	kept, done := (*h)[:0:0], false
	for _, f := range *h {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		} else if !done {
			kept, done = append(kept, HeaderField{f.Name, value}), true
		}
	}
	if !done {
		kept = append(kept, HeaderField{name, value})
	}
	*h = kept
}

// Del removes every line of this name.
func (h *Header) Del(name string) {
	kept := (*h)[:0:0]
	for _, f := range *h {
		if !strings.EqualFold(f.Name, name) {
			kept = append(kept, f)
		}
	}
	*h = kept
}

// Clone returns a copy that shares nothing with h.
func (h Header) Clone() Header { return append(Header(nil), h...) }
