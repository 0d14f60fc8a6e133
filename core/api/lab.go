package api

import (
	"io"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
)

// The lab inside the page: a service worker brings a request, and takes the answer's body in pieces.

const (
	firstChunk = 64 << 10  // comes with the answer: most bodies end there
	nextChunk  = 256 << 10 // comes with each lab-read
	maxStreams = 64        // bodies that nobody reads to their end nor closes
)

// labStream is the rest of a body. Each piece is read into the same room: a gigabyte of pieces would
// make the collector run all the time, and WebAssembly's memory never shrinks.
type labStream struct {
	body  io.Reader
	chunk []byte
}

// received is a request of the lab, as the service worker saw it.
type received struct {
	req        core.Request
	route, url string
	stream     int
}

func (c *call) lab() error {
	in, err := c.received()
	if err != nil {
		return err
	}
	if in.req.URL, err = platform.ParseURL(in.url, c.api.host.PageURL); err != nil {
		return err
	}
	in.req.Body = c.body
	answer := lab.TooLarge()
	if len(c.body) <= lab.MaxRequestBody {
		answer = c.api.lab.In(c.env).Handle(in.route, &in.req)
	}
	first, stream, err := c.api.open(answer)
	if err != nil {
		return err
	}
	c.outBody = first
	c.out.labAnswer(answer, stream)
	return nil
}

func (w *writer) labAnswer(answer *lab.Response, stream int) {
	w.Object()
	w.Number("status", int64(answer.Status))
	w.Text("statusText", reasons[answer.Status])
	w.header("headers", answer.Header)
	w.Number("delayMs", answer.Delay.Milliseconds())
	w.Number("size", answer.Size)
	w.Number("stream", int64(stream))
	w.EndObject()
}

// reasons are the phrases of RFC 9110, section 15, of the answers one meets; HTTP/2 has none at all.
var reasons = map[int]string{200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
	301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
	408: "Request Timeout", 409: "Conflict", 410: "Gone", 413: "Content Too Large", 415: "Unsupported Media Type",
	422: "Unprocessable Content", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
	501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}

func (c *call) received() (in received, err error) {
	err = c.read(func(r reader, name []byte) error {
		switch string(name) {
		case "method":
			return r.text(&in.req.Method)
		case "url":
			return r.text(&in.url)
		case "headers":
			return r.header(&in.req.Header)
		case "route":
			return r.text(&in.route)
		case "stream":
			return r.count(&in.stream)
		}
		return r.Skip()
	})
	return in, err
}

// open reads the start of the body. stream is the number to read on by, or 0 at its end.
func (a *API) open(answer *lab.Response) (first []byte, stream int, err error) {
	if answer.Body == nil {
		return nil, 0, nil
	}
	first, done := readChunk(answer.Body, make([]byte, firstChunk))
	if done || answer.Size == int64(len(first)) {
		return first, 0, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.streams) >= maxStreams {
		return nil, 0, &core.FieldError{Code: "lab.streams", Message: "too many answers of the lab are open; read or close them"}
	}
	a.stream++
	a.streams[a.stream] = &labStream{answer.Body, make([]byte, nextChunk)}
	return first, a.stream, nil
}

// labRead answers with the next piece, which is good until the next call. A stream that ended or was
// closed is done.
func (c *call) labRead() error {
	in, err := c.received()
	if err != nil {
		return err
	}
	c.api.mu.Lock()
	stream := c.api.streams[in.stream]
	c.api.mu.Unlock()
	done := true
	if stream != nil {
		if c.outBody, done = readChunk(stream.body, stream.chunk); done {
			c.api.closeStream(in.stream)
		}
	}
	c.out.Object()
	c.out.Flag("done", done)
	c.out.EndObject()
	return nil
}

func (c *call) labClose() error {
	in, err := c.received()
	if err != nil {
		return err
	}
	c.api.closeStream(in.stream)
	c.out.Object()
	c.out.EndObject()
	return nil
}

func (a *API) closeStream(stream int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if open := a.streams[stream]; open != nil {
		if closer, ok := open.body.(io.Closer); ok {
			closer.Close()
		}
		delete(a.streams, stream)
	}
}

// readChunk fills the room; done is true at the end of the body. The lab makes its bodies itself, so
// that any other error is an end as well.
func readChunk(body io.Reader, room []byte) (chunk []byte, done bool) {
	n, err := io.ReadFull(body, room)
	return room[:n], err != nil
}
