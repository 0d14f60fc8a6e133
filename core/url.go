package core

import "strings"

// URL is an absolute URL in the parts of its WHATWG serialisation (https://url.spec.whatwg.org/).
// core/platform makes them: the browser's own URL in the page, a library natively. What is in here
// is what a browser sends, not what a person typed.
type URL struct {
	Scheme   string // "https", lower case, without the colon
	Username string // percent-encoded
	Password string // percent-encoded
	Host     string // "example.com", "[::1]"; punycode, lower case
	Port     string // empty where it is the scheme's default
	Path     string // "/a%20b"
	Query    string // "?x=1", or empty; "?" alone is kept, since it is sent
	Fragment string // "#top", or empty; never sent
}

// String is the serialised URL, credentials and fragment included.
func (u URL) String() string {
	userinfo := u.Username
	if u.Password != "" {
		userinfo += ":" + u.Password
	}
	if userinfo != "" {
		userinfo += "@"
	}
	return u.Scheme + "://" + userinfo + u.Authority() + u.Path + u.Query + u.Fragment
}

// Target is the request target in origin form (RFC 9112, section 3.2.1): path and query.
func (u URL) Target() string {
	if u.Path == "" {
		return "/" + u.Query
	}
	return u.Path + u.Query
}

// Authority is host and port as the Host header has them (RFC 9110, section 7.2).
func (u URL) Authority() string {
	if u.Port == "" {
		return u.Host
	}
	return u.Host + ":" + u.Port
}

// Origin is scheme, host and port, as in an Origin header (RFC 6454, section 6.1).
func (u URL) Origin() string { return u.Scheme + "://" + u.Authority() }

// Loopback reports whether the host is this machine itself, as browsers take it: names under localhost
// (RFC 6761, section 6.3), 127.0.0.0/8 and ::1, as the URL standard writes them
// (https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy).
func (u URL) Loopback() bool {
	host := strings.TrimSuffix(u.Host, ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "[::1]" ||
		strings.HasPrefix(host, "127.") && strings.Trim(host, "0123456789.") == ""
}
