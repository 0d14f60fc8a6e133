package native

import (
	"bufio"
	"bytes"
	"context"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"authpad/core"
)

// By the time a handler runs, net/http has lost the order of a request's header lines and the case of
// their names; it has taken Host, Transfer-Encoding and Trailer out, and put a Cache-Control in beside a
// Pragma. A person compares what was typed with what arrived, so a connection keeps each head as it came.
//
// What is kept is used where net/http reads it to the very request that it served, and not elsewhere.

// recordHeads lets s, which is to serve what this returns, keep heads for arrivedHeader.
func recordHeads(s *http.Server, l net.Listener) net.Listener {
	s.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if recorded, ok := c.(*headConn); ok {
			return context.WithValue(ctx, headsKey{}, &recorded.heads)
		}
		return ctx
	}
	next := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kept := headsOf(r); kept != nil {
			kept.begin(r)
		}
		next.ServeHTTP(w, r)
	})
	return headListener{l}
}

type headsKey struct{}

func headsOf(r *http.Request) *heads {
	kept, _ := r.Context().Value(headsKey{}).(*heads)
	return kept
}

// arrivedHeader returns the header lines of the request that is being served, in the order and spelling
// in which they came; not ok where that is not known.
func arrivedHeader(r *http.Request) (header core.Header, ok bool) {
	kept := headsOf(r)
	if kept == nil {
		return nil, false
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	return kept.current.header, kept.current.request != nil
}

type headListener struct{ net.Listener }

func (l headListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &headConn{TCPConn: tcp}, err
	}
	return conn, err
}

// headConn has all of a TCPConn: net/http asks for more than a net.Conn where it says goodbye.
type headConn struct {
	*net.TCPConn
	heads heads
}

func (c *headConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	c.heads.read(p[:n])
	return n, err
}

// heads reads along on a connection of HTTP/1.x. It parts the bytes into heads and bodies by what
// net/http's own parser says of each head, and keeps the heads until their requests are served:
// net/http reads up to 4 KiB ahead.
type heads struct {
	mu      sync.Mutex
	in      part   // where in the stream of bytes; nil: in a head
	text    []byte // of the head, or of the line, that has not ended yet
	left    int64  // bytes to come before then
	then    part
	waiting []arrival
	current arrival // whose request is being served
}

// arrival is a head that came. Its request is nil where none is known.
type arrival struct {
	request *http.Request
	header  core.Header
}

// part reads the start of p and returns the rest.
type part func(h *heads, p []byte) (rest []byte)

func (h *heads) read(p []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(p) > 0 {
		if h.in == nil {
			h.in = inHead
		}
		p = h.in(h, p)
	}
}

// begin makes the head of r the current one. One that is not r's is of a request that net/http answered
// itself, such as OPTIONS *.
func (h *heads) begin(r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.current = arrival{}
	for len(h.waiting) > 0 && h.current.request == nil {
		if first := h.waiting[0]; sameRequest(first.request, r) {
			h.current = first
		}
		h.waiting = h.waiting[1:]
	}
}

func sameRequest(a, b *http.Request) bool {
	return a.Method == b.Method && a.RequestURI == b.RequestURI && a.Proto == b.Proto && a.Host == b.Host &&
		a.ContentLength == b.ContentLength && slices.Equal(a.TransferEncoding, b.TransferEncoding) &&
		maps.EqualFunc(a.Header, b.Header, slices.Equal[[]string])
}

// line moves p up to its first line feed into text; ended reports whether there was one.
func (h *heads) line(p []byte) (rest []byte, ended bool) {
	end := bytes.IndexByte(p, '\n') + 1
	if end == 0 {
		end = len(p)
	}
	h.text = append(h.text, p[:end]...)
	return p[end:], bytes.HasSuffix(h.text, []byte("\n"))
}

// inHead: lines may end in LF alone (RFC 9112, section 2.2), and empty ones before a head are skipped, as
// net/http does behind a POST.
func inHead(h *heads, p []byte) []byte {
	rest, ended := h.line(p)
	switch {
	case ended && len(bytes.TrimLeft(h.text, "\r\n")) == 0:
		h.text = nil
	case ended && (bytes.HasSuffix(h.text, []byte("\n\n")) || bytes.HasSuffix(h.text, []byte("\n\r\n"))):
		head := bytes.TrimLeft(h.text, "\r\n")
		h.text = nil
		h.arrived(head)
	}
	return rest
}

// arrived keeps a head and goes on to the body it announces.
func (h *heads) arrived(head []byte) {
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(head)))
	if err != nil {
		h.in = lost // net/http refuses it likewise, and hangs up
		return
	}
	_, lines := cutLine(string(head))
	header, _ := cutHeader(lines)
	h.waiting = append(h.waiting, arrival{request, header})
	if len(request.TransferEncoding) > 0 {
		h.in = inChunkSize
		return
	}
	h.pass(request.ContentLength, inHead)
}

// pass skips n bytes.
func (h *heads) pass(n int64, then part) {
	h.in, h.left, h.then = inBytes, n, then
	if n == 0 {
		h.in = then
	}
}

func inBytes(h *heads, p []byte) []byte {
	n := min(h.left, int64(len(p)))
	h.pass(h.left-n, h.then)
	return p[n:]
}

// inChunkSize reads the line before a chunk (RFC 9112, section 7.1), whose data a line end follows.
func inChunkSize(h *heads, p []byte) []byte {
	rest, ended := h.line(p)
	if !ended {
		return rest
	}
	digits, _, _ := strings.Cut(strings.TrimRight(string(h.text), " \t\r\n"), ";")
	h.text = nil
	size, err := strconv.ParseUint(digits, 16, 62)
	switch {
	case err != nil:
		h.in = lost
	case size == 0:
		h.in = inTrailer
	default:
		h.pass(int64(size)+int64(len("\r\n")), inChunkSize)
	}
	return rest
}

// inTrailer ends with an empty line (RFC 9112, section 7.1.2).
func inTrailer(h *heads, p []byte) []byte {
	rest, ended := h.line(p)
	if !ended {
		return rest
	}
	if text := string(h.text); text == "\r\n" || text == "\n" {
		h.in = inHead
	}
	h.text = nil
	return rest
}

func lost(h *heads, p []byte) []byte { return nil }
