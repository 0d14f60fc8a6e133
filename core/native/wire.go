package native

import (
	"bytes"
	"net"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"authpad/core"
)

// wireConn is an HTTP/1.1 connection on which both heads are what they are. net/http sorts the
// request's lines by name and hands the response's back in a map; people compare what they typed
// with what went out, and look for the line a server repeated.
type wireConn struct {
	net.Conn
	head    []byte // goes out instead of net/http's own; nil once it did
	pending []byte // of net/http's own head

	mu    sync.Mutex
	seen  []byte // what came in until responseHead was called: the head, and at most a buffer more
	done  bool
	size  int64 // of all that came in for this request
	start int64 // of size: the answer's head, and interim ones
	rests bool  // between two requests
	ended bool
}

// begin has head go out as the next request's, and listens for the head of its answer.
func (c *wireConn) begin(head []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.head, c.seen, c.done, c.size, c.rests = head, nil, false, 0, false
}

// rest reports whether the answer's head and body, of this size, are all that came: more would be taken for the answer
// to the next request. What comes from now on ends the connection.
func (c *wireConn) rest(body int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rests = true
	return !c.ended && c.size == c.start+body
}

func (c *wireConn) Close() error {
	c.mu.Lock()
	c.ended = true
	c.mu.Unlock()
	return c.Conn.Close()
}

// closed reports whether this end was closed, as net/http does when the other was, or is of no more use.
func (c *wireConn) closed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

func (c *wireConn) Write(p []byte) (int, error) {
	if c.head == nil {
		return c.Conn.Write(p)
	}
	c.pending = append(c.pending, p...)
	_, body, ended := bytes.Cut(c.pending, []byte("\r\n\r\n"))
	if !ended {
		return len(p), nil
	}
	out := append(c.head, body...)
	c.head, c.pending = nil, nil
	if _, err := c.Conn.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *wireConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(n)
	c.ended = c.ended || c.rests && n > 0
	if !c.done {
		c.seen = append(c.seen, p[:n]...)
	}
	return n, err
}

// beginning is that of what came in.
func (c *wireConn) beginning() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.seen[:min(len(c.seen), 8)])
}

// responseHead returns reason phrase and header lines of the answer that net/http just accepted.
func (c *wireConn) responseHead() (string, core.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = true
	head := string(c.seen)
	c.seen, c.start = nil, int64(len(head))
	for {
		statusLine, rest := cutLine(head)
		header, rest := cutHeader(rest)
		_, status, _ := strings.Cut(statusLine, " ")
		code, reason, _ := strings.Cut(status, " ")
		// Interim answers come before the real one (RFC 9110, section 15.2); 101 is final.
		if !strings.HasPrefix(code, "1") || code == "101" || rest == "" {
			c.start -= int64(len(rest))
			return readable(reason), header
		}
		head = rest
	}
}

func cutLine(text string) (line, rest string) {
	line, rest, _ = strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}

// cutHeader reads header lines up to the empty one. A line that begins with a blank goes on with the
// value before it (obs-fold; RFC 9112, section 5.2).
func cutHeader(text string) (header core.Header, rest string) {
	for text != "" {
		line, after := cutLine(text)
		text = after
		if line == "" {
			break
		}
		if last := len(header) - 1; last >= 0 && (line[0] == ' ' || line[0] == '\t') {
			header[last].Value = strings.Trim(header[last].Value+" "+readable(strings.Trim(line, " \t")), " ")
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		header.Add(name, readable(strings.Trim(value, " \t")))
	}
	return header, text
}

// readable is a header value as text: as it is where it is UTF-8, else each byte as the character
// of that number, which is what a browser shows (isomorphic decode).
func readable(value string) string {
	if utf8.ValidString(value) {
		return value
	}
	runes := make([]rune, len(value))
	for i := range len(value) {
		runes[i] = rune(value[i])
	}
	return string(runes)
}

// requestHead is the request's head as it goes out over HTTP/1.1 (RFC 9112, sections 3 and 5), straight to
// the server or, where via is not nil, to a proxy that passes it on.
func requestHead(req *core.Request, size int64, via *proxy) []byte {
	var b bytes.Buffer
	target := req.URL.Target()
	if via != nil {
		target = req.URL.Origin() + target // absolute-form: RFC 9112, section 3.2.2
	}
	b.WriteString(req.Method + " " + target + " HTTP/1.1\r\n")
	if !req.Header.Has("Host") {
		b.WriteString("Host: " + req.URL.Authority() + "\r\n")
	}
	for _, f := range req.Header {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	if via != nil && !req.Header.Has("Proxy-Authorization") {
		b.WriteString(via.authorization())
	}
	switch {
	case req.Header.Has("Content-Length") || chunked(req):
	case size < 0:
		b.WriteString("Transfer-Encoding: chunked\r\n")
	case wantsLength(req.Method, size):
		b.WriteString("Content-Length: " + strconv.FormatInt(size, 10) + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// wantsLength: a body has a length, and an empty one has where the method expects a body, as in
// fetch (HTTP-network-or-cache fetch, steps 8.3 to 8.5).
func wantsLength(method string, size int64) bool {
	return size > 0 || method == "POST" || method == "PUT"
}

func chunked(req *core.Request) bool {
	coding, _ := req.Header.Get("Transfer-Encoding")
	return strings.EqualFold(coding, "chunked")
}

// sendable refuses what would break the framing of the request, or hang it. The body has size bytes; -1: nobody
// knows yet.
func sendable(req *core.Request, size int64) *core.Failure {
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &core.Failure{Code: "request.scheme", Message: "only http and https addresses can be sent to, not " + req.URL.Scheme + ":"}
	}
	for _, f := range req.Header {
		if f.Name == "" || strings.ContainsAny(f.Name, ": \t\r\n\x00") || strings.ContainsAny(f.Value, "\r\n\x00") {
			return &core.Failure{Code: "request.header", Message: "a header line holds a character that would end or break it"}
		}
	}
	coding, given := req.Header.Get("Transfer-Encoding")
	if given && !chunked(req) {
		return &core.Failure{Code: "request.transfer-encoding", Message: "the only Transfer-Encoding that is sent is chunked, not " + coding}
	}
	if given && req.Header.Has("Content-Length") {
		// Where one server on the way believes the one line and the next the other, the rest of this
		// body becomes somebody's request (RFC 9112, section 11.2).
		return &core.Failure{Code: "request.framing",
			Message: "Content-Length and Transfer-Encoding contradict each other, and together they can smuggle a request past a server: remove one of the two lines"}
	}
	for _, length := range req.Header.Values("Content-Length") {
		said, err := strconv.ParseUint(length, 10, 63)
		if err != nil || size >= 0 && length != strconv.FormatInt(size, 10) || size < 0 && length != strconv.FormatUint(said, 10) {
			return &core.Failure{Code: "request.content-length",
				Message: "Content-Length says " + length + ", the body has " + sizeText(size) + " bytes: correct or remove the line"}
		}
	}
	return nil
}

func sizeText(size int64) string {
	if size < 0 {
		return "an unknown number of"
	}
	return strconv.FormatInt(size, 10)
}
