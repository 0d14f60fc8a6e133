package core

import "strings"

// Request is one HTTP request, ready to be signed or sent. Headers that the sender adds by itself
// (Host, Content-Length, a browser's Origin …) are not in Header.
type Request struct {
	Method string
	URL    URL
	Header Header
	Body   []byte
	Far    Far // instead of Body; nil: the body is in there, or there is none
}

// Clone returns a copy whose header may be changed; the body's bytes are shared and never written.
func (r *Request) Clone() *Request {
	c := *r
	c.Header = r.Header.Clone()
	return &c
}

// Head is the request's start in HTTP/1.1 form (RFC 9112, sections 3 and 5): request line, Host,
// the header lines, and the empty line. Lines end in LF here: it is text to read.
func (r *Request) Head() string {
	var b strings.Builder
	b.WriteString(r.Method + " " + r.URL.Target() + " HTTP/1.1\n")
	b.WriteString("Host: " + r.URL.Authority() + "\n")
	for _, f := range r.Header {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	b.WriteString("\n")
	return b.String()
}
