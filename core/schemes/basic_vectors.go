//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	basic.Vectors = []core.Vector{
		{ID: "rfc7617-aladdin", Name: "ASCII", Source: rfc("RFC 7617", "2"),
			Values:     core.Values{"username": "Aladdin", "password": "open sesame"},
			URL:        "http://example.com/",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},
			WantSteps:  map[string]string{"user-pass": "Aladdin:open sesame", "token": "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},
		{ID: "rfc7617-utf8", Name: "UTF-8", Source: rfc("RFC 7617", "2.1"),
			Values:     core.Values{"username": "test", "password": "123£"},
			URL:        "http://example.com/",
			WantHeader: core.Header{{Name: "Authorization", Value: "Basic dGVzdDoxMjPCow=="}},
			WantSteps:  map[string]string{"octets": "746573743a313233c2a3"}},
	}
}
