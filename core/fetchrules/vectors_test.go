package fetchrules

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

// TestCORSVectors holds the rules to the web platform tests.
func TestCORSVectors(t *testing.T) {
	vectors.Load(t, "cors").Run(t, map[string]func(*testing.T, vectors.Case){
		"cors_safelisted_request_header": func(t *testing.T, c vectors.Case) {
			var v struct {
				Name, Value string
				Safelisted  bool
			}
			c.Decode(t, &v)
			require.Equal(t, v.Safelisted, Safelisted(v.Name, v.Value))
			// Chromium, and so Predict, lets some client hints pass that the standard does not.
			preflight := Predict(get(core.HeaderField{Name: v.Name, Value: v.Value}), crossOrigin).Preflight
			require.Equal(t, v.Safelisted || passesInChromium[c.ID], preflight == nil)
		},
		"forbidden_request_header": func(t *testing.T, c vectors.Case) {
			var v struct {
				Name, Value string
				Forbidden   bool
			}
			c.Decode(t, &v)
			reason, isForbidden := ForbiddenHeader(v.Name, v.Value)
			require.Equal(t, v.Forbidden, isForbidden)
			require.Equal(t, v.Forbidden, reason != "")
			// allowed-07: the standard lets scripts set User-Agent, and so do Firefox and Safari.
			// Chromium 156 drops it; Predict says so, under a code of its own.
			dropped := Predict(get(core.HeaderField{Name: v.Name, Value: v.Value}), crossOrigin).Dropped
			require.Equal(t, v.Forbidden || c.ID == "allowed-07", len(dropped) == 1)
			if c.ID == "allowed-07" {
				require.Equal(t, "fetch.user-agent", dropped[0].Code)
			}
		},
		"forbidden_method": func(t *testing.T, c vectors.Case) {
			var v struct {
				Method    string
				Forbidden bool
			}
			c.Decode(t, &v)
			require.Equal(t, v.Forbidden, ForbiddenMethod(v.Method))
			blocked := Predict(&core.Request{Method: v.Method, URL: target}, crossOrigin).Blocked
			require.Equal(t, v.Forbidden, blocked != nil)
		},
		"normalize_method": func(t *testing.T, c vectors.Case) {
			var v struct{ Method, Expect string }
			c.Decode(t, &v)
			require.Equal(t, v.Expect, NormalizeMethod(v.Method))
		},
		"cors_safelisted_method": func(t *testing.T, c vectors.Case) {
			var v struct {
				Method     string
				Safelisted bool
			}
			c.Decode(t, &v)
			require.Equal(t, v.Safelisted, SafelistedMethod(v.Method))
			require.Equal(t, v.Safelisted, Predict(&core.Request{Method: v.Method, URL: target}, crossOrigin).Preflight == nil)
		},
		"allow_headers_wildcard": func(t *testing.T, c vectors.Case) {
			var v struct {
				Name              string
				CoveredByAsterisk bool `json:"covered_by_asterisk"`
			}
			c.Decode(t, &v)
			require.Equal(t, v.CoveredByAsterisk, coveredByWildcard(v.Name))
		},
	})
}

// passesInChromium are cases of the standard's safelist that Chromium 156 is seen to send without a
// preflight: "dpr: 2" and "width: 100".
var passesInChromium = map[string]bool{"not-safelisted-11": true, "not-safelisted-17": true}

var (
	target      = core.URL{Scheme: "http", Host: "127.0.0.1", Port: "9000", Path: "/x", Query: "?a=1"}
	crossOrigin = core.Fetch{Origin: "http://localhost:8000"}
	sameAsPage  = core.Fetch{Origin: "http://127.0.0.1:9000"}
)

func get(header ...core.HeaderField) *core.Request {
	return &core.Request{Method: "GET", URL: target, Header: header}
}

func codes(notes []core.Note) []string {
	list := make([]string, len(notes))
	for i := range notes {
		list[i] = notes[i].Code
	}
	return list
}
