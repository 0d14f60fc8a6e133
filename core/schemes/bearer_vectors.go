//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	bearer.Vectors = []core.Vector{
		{ID: "rfc6750-header", Name: "Token in the header", Source: rfc("RFC 6750", "2.1"),
			Values:     core.Values{"token": "mF_9.B5f-4.1JqM"},
			URL:        "https://server.example.com/resource",
			WantHeader: core.Header{{Name: "Authorization", Value: "Bearer mF_9.B5f-4.1JqM"}},
			WantSteps:  map[string]string{"prefix": "Bearer", "token": "mF_9.B5f-4.1JqM", "authorization": "Bearer mF_9.B5f-4.1JqM"}},
	}
}
