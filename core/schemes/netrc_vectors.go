//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	netrc.Vectors = []core.Vector{
		{ID: "curl-755", Name: "The entry of the host", Source: curlTest("755"),
			Values:     core.Values{"netrc": "machine foo.host login foo password alone-in-the-dark"},
			URL:        "http://foo.host/755",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic Zm9vOmFsb25lLWluLXRoZS1kYXJr"}},
			WantSteps:  map[string]string{"entry": "line 1: machine foo.host", "username": "foo"}},
		{ID: "curl-683", Name: "The entry of a login", Source: curlTest("683"),
			Values:     core.Values{"netrc": "machine 127.0.0.1 login user1 password passwd1\nmachine 127.0.0.1 login user2 password passwd2\n", "login": "user2"},
			URL:        "http://127.0.0.1:8990/683",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic dXNlcjI6cGFzc3dkMg=="}},
			WantSteps:  map[string]string{"entry": "line 2: machine 127.0.0.1", "username": "user2", "password": "passwd2"}},
		{ID: "curl-685", Name: "An entry for every login", Source: curlTest("685"),
			Values: core.Values{"login": "user", "netrc": "machine 127.0.0.1 password firstthis login unknown\n" +
				"machine 127.0.0.1 password 5up3r53cr37\nmachine 127.0.0.1 password d1ff3r3nt login anotherone\n"},
			URL:        "http://127.0.0.1:8990/685",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic dXNlcjo1dXAzcjUzY3IzNw=="}},
			WantSteps:  map[string]string{"entry": "line 2: machine 127.0.0.1", "username": "user"}},
	}
}
