package lab

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Bodies of any size, made while they are read: each reader holds one block of about 64 KiB.

const maxBody = 10 << 30

// MaxRequestBody is how many bytes of a request's body a host hands to the lab, which checks bodies
// whole. It answers a longer one with TooLarge.
const MaxRequestBody = 64 << 20

// TooLarge is the answer to a request with a body longer than MaxRequestBody.
func TooLarge() *Response {
	r := refuse(413, "lab.body", "the lab reads bodies of at most 64 MiB", nil)
	r.Header = append(r.Header, fixedHeader...)
	return r
}

// BrokenBody is the answer to a request whose body could not be read to its end.
func BrokenBody() *Response {
	r := refuse(400, "lab.broken-body", "the body of the request ended early, or its chunks are not what RFC 9112, section 7.1, says", nil)
	r.Header = append(r.Header, fixedHeader...)
	return r
}

func (l *Lab) bytes(arg string, req *core.Request) *Response {
	n, ok := number(arg, maxBody)
	if !ok {
		return refuseSize()
	}
	return body(req, "application/octet-stream", &repeated{block: noise(), left: n}, n)
}

func (l *Lab) stream(arg string, req *core.Request) *Response {
	n, ok := number(arg, maxBody)
	if !ok {
		return refuseSize()
	}
	return body(req, "text/plain;charset=utf-8", newLines(textLine, n), -1)
}

// json is a document that must be parsed whole: what a viewer does with 200 MB of it shows its limits.
func (l *Lab) json(arg string, req *core.Request) *Response {
	n, ok := number(arg, maxBody)
	if !ok {
		return refuseSize()
	}
	const head, tail = "[\n", "\"\"]\n"
	if n < int64(len(head+tail)) {
		return refuse(400, "lab.size", "the shortest of these documents has 6 bytes", nil)
	}
	inside := n - int64(len(head+tail))
	padding := strings.Repeat(" ", int(inside%lineSize))
	return body(req, "application/json", io.MultiReader(strings.NewReader(head),
		newLines(jsonLine, inside-inside%lineSize), strings.NewReader(`"`+padding+"\"]\n")), n)
}

// say sends what the asker wants to see, and is as harmless as any other answer: see fixedHeader.
func (l *Lab) say(_ string, req *core.Request) *Response {
	text := []byte(question(req, "text", ""))
	if len(req.Body) > 0 {
		text = req.Body
	}
	return body(req, "text/plain;charset=utf-8", bytes.NewReader(text), int64(len(text)))
}

// body is an answer of the media type that the query asks for, or else of the usual one.
func body(req *core.Request, usual string, content io.Reader, size int64) *Response {
	mediaType := question(req, "type", usual)
	if !syntax.ValidFieldValue(mediaType) {
		return refuse(400, "lab.type", "a media type cannot contain line breaks or characters outside Latin-1", nil)
	}
	return &Response{Status: 200, Header: core.Header{{Name: "Content-Type", Value: mediaType}}, Body: content, Size: size}
}

func refuseSize() *Response {
	return refuse(400, "lab.size", "a size is a number of bytes from 0 to 10737418240", nil)
}

// repeated is a block over and over, left bytes in all.
type repeated struct {
	block []byte
	at    int
	left  int64
}

func (r *repeated) Read(p []byte) (n int, err error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), r.left)]
	for n < len(p) {
		copied := copy(p[n:], r.block[r.at:])
		r.at = (r.at + copied) % len(r.block)
		n += copied
	}
	r.left -= int64(n)
	return n, nil
}

// noise is a block of a prime number of bytes, so that a piece that gets lost or doubled on the way
// shows whatever its size; from splitmix64 (Steele, Lea, Flood 2014), seeded with 0.
func noise() []byte {
	block := make([]byte, 0, 65521+8)
	var state uint64
	for len(block) < 65521 {
		state += 0x9e3779b97f4a7c15
		z := (state ^ state>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		block = binary.LittleEndian.AppendUint64(block, z^z>>31)
	}
	return block[:65521]
}

const (
	lineSize      = 64
	linesPerBlock = 1000 // a block's lines differ from the last block's in their first nine digits
	textLine      = "............ Each line of the lab is numbered and has 64 bytes.\n"
	jsonLine      = "\"............ A line of the lab is numbered and has 64 bytes.\",\n"
)

// lines is numbered lines of text, left bytes in all; the last one is cut where the bytes end.
type lines struct {
	block     []byte
	number    int // where a line's number begins
	index, at int
	left      int64
}

func newLines(line string, size int64) *lines {
	l := &lines{block: []byte(strings.Repeat(line, linesPerBlock)), number: strings.IndexByte(line, '.'), left: size}
	for i := range linesPerBlock {
		copy(l.block[i*lineSize+l.number+9:], digits(i, 3))
	}
	l.renumber()
	return l
}

// renumber writes the block's own nine digits into its lines. Mostly one of them changes, and one
// byte a line is what keeps this fast in WebAssembly.
func (l *lines) renumber() {
	for k, digit := range digits(l.index, 9) {
		if l.block[l.number+k] == digit {
			continue
		}
		for i := l.number + k; i < len(l.block); i += lineSize {
			l.block[i] = digit
		}
	}
}

// digits is n in decimal, filled up with zeros.
func digits(n, width int) []byte {
	text := make([]byte, width)
	for i := width - 1; i >= 0; i-- {
		text[i] = byte('0' + n%10)
		n /= 10
	}
	return text
}

func (l *lines) Read(p []byte) (n int, err error) {
	if l.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), l.left)]
	for n < len(p) {
		if l.at == len(l.block) {
			l.index, l.at = l.index+1, 0
			l.renumber()
		}
		copied := copy(p[n:], l.block[l.at:])
		l.at += copied
		n += copied
	}
	l.left -= int64(n)
	return n, nil
}
