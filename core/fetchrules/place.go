package fetchrules

import (
	"strings"

	"authpad/core"
)

// place is where a page or a server is, as far as an address tells: a name may resolve to anything.
type place struct{ scheme, host string }

// placeOfOrigin takes an origin apart, as location.origin has it. "null", the origin of a file or a
// sandboxed frame, is a place without a name.
func placeOfOrigin(origin string) place {
	scheme, authority, found := strings.Cut(origin, "://")
	if !found {
		return place{}
	}
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		authority = authority[:colon]
	}
	return place{scheme, authority}
}

// isOrigin reports whether origin is that of u, without building the latter.
func isOrigin(origin string, u core.URL) bool {
	rest, sameScheme := strings.CutPrefix(origin, u.Scheme+"://")
	if !sameScheme {
		return false
	}
	port, sameHost := strings.CutPrefix(rest, u.Host)
	return sameHost && (port == "" && u.Port == "" || u.Port != "" && port == ":"+u.Port)
}

func (p place) loopback() bool { return core.URL{Host: p.host}.Loopback() }

// trustworthy reports whether what is sent there cannot be read on the way.
func (p place) trustworthy() bool { return p.scheme == "https" || p.loopback() }

// private reports whether the host is an address of a local network (RFC 1918, RFC 3927, RFC 4193).
func (p place) private() bool {
	if !p.isIPv4() {
		return strings.HasPrefix(p.host, "[fc") || strings.HasPrefix(p.host, "[fd") || strings.HasPrefix(p.host, "[fe80:")
	}
	if strings.HasPrefix(p.host, "10.") || strings.HasPrefix(p.host, "192.168.") || strings.HasPrefix(p.host, "169.254.") {
		return true
	}
	second, found := strings.CutPrefix(p.host, "172.")
	second, _, _ = strings.Cut(second, ".")
	return found && len(second) == 2 && second >= "16" && second <= "31"
}

// isIPv4: a serialised host whose last label is a number is an IPv4 address.
func (p place) isIPv4() bool {
	return isDigits(p.host[strings.LastIndexByte(p.host, '.')+1:])
}

// kinship is the value of Sec-Fetch-Site.
type kinship string

const (
	sameOrigin kinship = "same-origin"
	sameSite   kinship = "same-site"
	crossSite  kinship = "cross-site"
	// Two names under one parent are one site unless the parent is a public suffix such as "co.uk"
	// (https://publicsuffix.org/), a list too long for a page.
	perhapsSameSite kinship = "(same-site or cross-site)"
)

func (p *prediction) kinship() kinship {
	switch {
	case p.sameOrigin:
		return sameOrigin
	case p.unknownPage:
		return perhapsSameSite
	case p.page.scheme != p.target.scheme || p.page.host == "":
		return crossSite
	case p.page.host == p.target.host:
		return sameSite
	case p.page.isIPv4() || p.target.isIPv4() || parentDomain(p.page.host) != parentDomain(p.target.host):
		return crossSite
	}
	return perhapsSameSite
}

// parentDomain is the last two labels of a name. A site has at least two.
func parentDomain(host string) string {
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 {
		return host
	}
	return host[strings.LastIndexByte(host[:dot], '.')+1:]
}
