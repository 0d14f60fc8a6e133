package schemes

import (
	"strings"

	"authpad/core"
)

// What proxies change between a client that signs a request and the server that checks it.

// explained is how many bytes of a request are signed anew to explain its signature, and each of them some forty times:
// whoever sends a wrong one on purpose can make it as long as a server takes.
const explained = 16 << 10

// isExplained reports whether the signature of this request is worth it, with so many bytes of its body.
func isExplained(req *core.Request, body int) bool {
	const lines = 100
	size := len(req.URL.Path) + len(req.URL.Query) + body
	for _, f := range req.Header {
		size += len(f.Name) + len(f.Value)
	}
	return size <= explained && len(req.Header) <= lines
}

// sentRequests are requests that one may have been when it was signed.
type sentRequests struct {
	arrived *core.Request
	list    []*core.Request
}

//go:noinline
func (s *sentRequests) add(method string, u core.URL) {
	if other := *s.arrived; u != other.URL || method != other.Method {
		other.Method, other.URL = method, u
		s.list = append(s.list, &other)
	}
}

// asSent are requests that this one may have been when it was signed: proxies take TLS off, change hosts and ports
// and write paths anew, and frameworks answer HEAD as GET. Each differs in one thing only.
func asSent(req *core.Request) []*core.Request {
	s := sentRequests{arrived: req}
	if !isExplained(req, 0) {
		return nil
	}
	typed, _ := req.Header.Get("Host")
	forwarded, _ := req.Header.Get("X-Forwarded-Host")
	for _, authority := range [...]string{req.URL.Authority(), typed, forwarded} {
		u := req.URL
		authority = strings.TrimSpace(authority)
		u.Host = withoutPort(authority)
		if u.Host == "" {
			continue
		}
		port := strings.TrimPrefix(authority[len(u.Host):], ":")
		for _, origin := range [...]string{"https " + port, "http " + port, "https ", "https 443", "http ", "http 80"} {
			u.Scheme, u.Port, _ = strings.Cut(origin, " ")
			s.add(req.Method, u)
		}
	}
	for _, method := range [...]string{"GET", "HEAD", "POST", "PUT", strings.ToLower(req.Method)} {
		s.add(method, req.URL)
	}
	u := req.URL
	u.Path += "/"
	s.add(req.Method, u)
	u.Path = strings.TrimSuffix(req.URL.Path, "/")
	s.add(req.Method, u)
	u = req.URL
	u.Query = ""
	s.add(req.Method, u)
	return s.list
}

// signedElsewhere says in what a request of asSent differs from the one that arrived.
func signedElsewhere(sent, arrived *core.Request) string {
	what, was, is := "path", ending(sent.URL.Path), ending(arrived.URL.Path)
	switch {
	case sent.Method != arrived.Method:
		what, was, is = "method", sent.Method, arrived.Method
	case sent.URL.Origin() != arrived.URL.Origin():
		what, was, is = "origin", sent.URL.Origin(), arrived.URL.Origin()
	case sent.URL.Query != arrived.URL.Query:
		what, was, is = "query", sent.URL.Query, arrived.URL.Query
	}
	return "the client signed the " + what + " “" + visible(was) + "” where “" + visible(is) + "” arrived: a proxy changed it, or the client signs another thing than it sends"
}

// ending is the end of a path, where paths of asSent differ.
func ending(path string) string {
	const most = 60
	if len(path) > most {
		return "…" + path[len(path)-most:]
	}
	return path
}
