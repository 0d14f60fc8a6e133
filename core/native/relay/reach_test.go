package relay

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestReach(t *testing.T) {
	own := netip.MustParseAddrPort("127.0.0.1:8767")
	cases := []struct {
		name, named, host, at string
		want                  string
	}{
		{"a server", "a.example", "a.example", "192.0.2.1:443", ""},
		{"this machine, another port", "localhost", "localhost", "127.0.0.1:8765", ""},
		{"another machine, the same port", "a.example", "a.example", "192.0.2.1:8767", ""},
		{"a private network", "nas", "nas", "192.168.1.2:80", ""},
		{"the relay", "a.example", "a.example", "127.0.0.1:8767", "relay.itself"},
		{"the relay, typed", "127.0.0.1", "127.0.0.1", "127.0.0.1:8767", "relay.itself"},
		{"metadata, typed", "169.254.169.254", "169.254.169.254", "169.254.169.254:80", ""},
		{"metadata, typed, and a redirect to the same host", "169.254.169.254", "169.254.169.254", "169.254.169.254:8080", ""},
		{"metadata, typed as IPv6", "fe80::1", "fe80::1", "[fe80::1%eth0]:80", ""},
		{"metadata, by its well-known name", "metadata.google.internal", "metadata.google.internal", "169.254.169.254:80", ""},
		{"metadata, by a name", "a.example", "a.example", "169.254.169.254:80", "relay.metadata"},
		{"metadata, by a redirect", "a.example", "169.254.169.254", "169.254.169.254:80", "relay.metadata"},
		{"metadata, another one than was typed", "169.254.169.254", "169.254.170.2", "169.254.170.2:80", "relay.metadata"},
		{"from metadata that was typed, a name that leads there", "169.254.169.254", "a.example", "169.254.170.2:80", "relay.metadata"},
		{"link-local with a zone", "a.example", "a.example", "[fe80::1%eth0]:80", "relay.metadata"},
		{"a name, before its address is known", "a.example", "metadata.google.internal", "", "relay.metadata"},
		{"with a dot behind it", "a.example", "METADATA.google.internal.", "", "relay.metadata"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var at netip.AddrPort
			if c.at != "" {
				at = netip.MustParseAddrPort(c.at)
			}
			err := Reach{Own: own, Named: c.named}.Allow(c.host, at)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			var failure *core.Failure
			require.True(t, errors.As(err, &failure))
			require.Equal(t, c.want, failure.Code)
		})
	}
}
