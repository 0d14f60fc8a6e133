// Package lab is the server of the playground: it checks credentials for every scheme and says at
// which step a refused request differs from what it expected.
//
// It knows nothing of sockets. A host hands it a received request and sends what it returns: in the
// page a service worker does, natively core/native. So one lab answers offline and over a network.
package lab

import (
	"io"
	"strconv"
	"time"

	"authpad/core"
)

// Lab answers requests. It may be used by several goroutines at once if its Env may.
type Lab struct{ env core.Env }

// New returns a lab that takes time, nonces and replay memory from env.
func New(env core.Env) *Lab { return &Lab{env: env} }

// In is the same lab in another world, with whatever it remembers.
func (l *Lab) In(env core.Env) *Lab {
	other := *l
	other.env = env
	return &other
}

// Response is what the host of the lab sends.
type Response struct {
	Status int
	Header core.Header
	Body   io.Reader     // nil: none; made while it is read, so its size costs no memory
	Size   int64         // bytes of the body, also of one that HEAD leaves out; -1: not declared beforehand
	Delay  time.Duration // to wait before answering; the lab itself has no clock to wait by
}

// Handle answers one request. route is what follows ".../lab/" in the path, as on the wire and
// without the query: "auth/basic". The method and the query are those of req.
func (l *Lab) Handle(route string, req *core.Request) *Response {
	r := l.find(route, req)
	r.Header = append(r.Header, fixedHeader...)
	if req.Method == "HEAD" {
		r.Body = nil
	}
	return r
}

// fixedHeader goes out with every answer. The lab sends back text that others chose, on the page's
// own origin: as a document, none of it may run or be guessed to be something else.
var fixedHeader = core.Header{
	{Name: "Cache-Control", Value: "no-store"},
	{Name: "Content-Security-Policy", Value: "sandbox; default-src 'none'"},
	{Name: "X-Content-Type-Options", Value: "nosniff"},
}

// maxLines is how many header lines are looked at: a signature over each of them takes time by their square.
const maxLines = 1000

func (l *Lab) find(path string, req *core.Request) *Response {
	if len(req.Header) > maxLines {
		return refuse(431, "lab.header-lines", "the lab reads no more than "+strconv.Itoa(maxLines)+" header lines", nil)
	}
	for _, r := range table() {
		if arg, found := r.match(path); found {
			return r.answer(l, arg, req)
		}
	}
	return unknownRoute(path)
}
