//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	apikey.Vectors = []core.Vector{
		{ID: "openapi-header", Name: "In a header", Source: openAPIRef,
			Values:     core.Values{"name": "X-API-Key", "value": "abcdef12345"},
			URL:        "https://api.example.com/v1",
			WantHeader: core.Header{{Name: "X-API-Key", Value: "abcdef12345"}},
			WantSteps:  map[string]string{"place": "header", "name": "X-API-Key", "line": "abcdef12345"}},
		{ID: "openapi-query", Name: "In the query, encoded once", Source: openAPIRef,
			Values:    core.Values{"name": "api_key", "value": "a b&c=d/é", "in": inQuery},
			URL:       "https://api.example.com/v1?x=1%2F#top",
			WantURL:   "https://api.example.com/v1?x=1%2F&api_key=a%20b%26c%3Dd%2F%C3%A9#top",
			WantSteps: map[string]string{"encoded": "a%20b%26c%3Dd%2F%C3%A9", "query": "?x=1%2F&api_key=a%20b%26c%3Dd%2F%C3%A9"}},
		{ID: "openapi-cookie", Name: "In a cookie, after another one", Source: openAPIRef,
			Values:     core.Values{"name": "session", "value": "abc123", "in": inCookie},
			URL:        "https://api.example.com/v1",
			Header:     core.Header{{Name: "Cookie", Value: "a=1"}},
			WantHeader: core.Header{{Name: "Cookie", Value: "a=1; session=abc123"}},
			WantSteps:  map[string]string{"cookie": "a=1; session=abc123"}},
	}
}
