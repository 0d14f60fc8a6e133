package schemes

import (
	"strings"

	"authpad/core"
)

// What proxies change between a client that signs a request and the server that checks it.

// asSent are requests that this one may have been when it was signed: proxies take TLS off, change hosts and ports
// and write paths anew, and frameworks answer HEAD as GET. Each differs in one thing only.
func asSent(req *core.Request) (sent []*core.Request) {
	add := func(edit func(*core.Request)) {
		other := *req
		if edit(&other); other.URL != req.URL || other.Method != req.Method {
			sent = append(sent, &other)
		}
	}
	typed, _ := req.Header.Get("Host")
	forwarded, _ := req.Header.Get("X-Forwarded-Host")
	for _, authority := range [...]string{req.URL.Authority(), typed, forwarded} {
		name := withoutPort(strings.TrimSpace(authority))
		port := strings.TrimPrefix(strings.TrimSpace(authority)[len(name):], ":")
		for _, origin := range [...][2]string{{"https", port}, {"http", port}, {"https", ""}, {"https", "443"}, {"http", ""}, {"http", "80"}} {
			if name != "" {
				add(func(r *core.Request) { r.URL.Host, r.URL.Scheme, r.URL.Port = name, origin[0], origin[1] })
			}
		}
	}
	for _, path := range [...]string{strings.TrimSuffix(req.URL.Path, "/"), req.URL.Path + "/"} {
		add(func(r *core.Request) { r.URL.Path = path })
	}
	for _, method := range [...]string{"GET", "HEAD", "POST", "PUT", strings.ToLower(req.Method)} {
		add(func(r *core.Request) { r.Method = method })
	}
	add(func(r *core.Request) { r.URL.Query = "" })
	return sent
}

// signedElsewhere says in what a request of asSent differs from the one that arrived.
func signedElsewhere(sent, arrived *core.Request) string {
	what := "the path " + either(strings.HasSuffix(sent.URL.Path, "/"), "with", "without") + " a slash at its end"
	switch {
	case sent.Method != arrived.Method:
		what = "the method " + visible(sent.Method) + " where " + visible(arrived.Method) + " arrived"
	case sent.URL.Origin() != arrived.URL.Origin():
		what = visible(sent.URL.Origin()) + " where the request came to " + visible(arrived.URL.Origin())
	case sent.URL.Query != arrived.URL.Query:
		what = "no query where one arrived"
	}
	return "the client signed " + what + ": a proxy changed it on the way, or the client signs another thing than it sends"
}
