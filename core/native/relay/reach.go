package relay

import (
	"net/netip"
	"slices"
	"strings"

	"authpad/core"
)

// What the relay does not connect to, wherever a name, a redirect or a proxy leads.

// Reach says which addresses one order may be sent to.
type Reach struct {
	Own   netip.AddrPort // the relay's
	Named string         // the host of the URL that the person typed
}

// Allow is asked with the host of a request's URL before it is sent at all, and with each address that its name
// (or that of a proxy) led to, before it is connected to; at is the zero value where that is not known yet.
//
// A person may well ask a machine's metadata service something, by typing its address. What a redirect or the
// answer of a name server says is somebody else's wish.
func (r Reach) Allow(host string, at netip.AddrPort) error {
	switch {
	case r.isOwn(at):
		return &core.Failure{Code: "relay.itself", Message: "this is the relay itself, which sends nothing to itself: " + at.String()}
	case host != r.Named && (isMetadataName(host) || isMetadata(literal(host))), isMetadata(at.Addr()) && !r.named(at.Addr()):
		return &core.Failure{Code: "relay.metadata", Message: "a redirect or a name led to an address where machines keep their own credentials (link-local or cloud metadata), and nobody named it: " +
			"to send there, type that address itself"}
	}
	return nil
}

func (r Reach) named(at netip.Addr) bool {
	return isMetadataName(r.Named) || literal(r.Named) == plainAddr(at)
}

// isOwn takes every way to write loopback, and "any address", which leads there too.
func (r Reach) isOwn(at netip.AddrPort) bool {
	to := plainAddr(at.Addr())
	return at.Port() == r.Own.Port() && (to == r.Own.Addr() || to.IsLoopback() || to.IsUnspecified())
}

// metadata are addresses at which clouds tell a machine its secrets: link-local ones (RFC 3927; RFC 4291,
// section 2.5.6), and those that some chose elsewhere.
var metadata = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fd00:ec2::254/128"),  // AWS over IPv6
	netip.MustParsePrefix("fd20:ce::254/128"),   // Google Cloud over IPv6
	netip.MustParsePrefix("100.100.100.200/32"), // Alibaba Cloud
	netip.MustParsePrefix("168.63.129.16/32"),   // Azure
}

func isMetadata(at netip.Addr) bool {
	at = plainAddr(at)
	return slices.ContainsFunc(metadata, func(p netip.Prefix) bool { return p.Contains(at) })
}

// isMetadataName knows the names that lead to them where they are known at all.
func isMetadataName(host string) bool {
	switch strings.ToLower(strings.TrimSuffix(host, ".")) {
	case "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal":
		return true
	}
	return false
}

// literal is the address that host itself is; the zero value where it is a name.
func literal(host string) netip.Addr {
	at, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return plainAddr(at)
}

var nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052, section 2.1

// plainAddr is at without zone, and as IPv4 where it is one in other clothes.
func plainAddr(at netip.Addr) netip.Addr {
	at = at.WithZone("").Unmap()
	if nat64.Contains(at) {
		octets := at.As16()
		return netip.AddrFrom4([4]byte(octets[12:]))
	}
	return at
}
