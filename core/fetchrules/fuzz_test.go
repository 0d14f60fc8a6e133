package fetchrules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

// FuzzPredict holds for every request: no panic; what is dropped is not asked for; what is blocked
// is not sent; the request itself is left alone.
func FuzzPredict(f *testing.F) {
	for _, lines := range []string{"Date: x\nX-A: 1", "User-Agent: x", "X-HTTP-Method: \"a,b\\\",TRACE\nx-http-method: PATCH", "Accept: \x7f\naccept: b", "range: bytes=1-", ": "} {
		f.Add("GET", "http", "h", "9000", "http://localhost:8000", "", "", lines, "")
		f.Add("patch", "https", "[::1]", "", "https://a.example", "no-cors", "include", lines, "x")
	}
	for _, c := range vectors.Load(f, "cors").Cases {
		var v struct {
			Name, Value, Method, Expect, Safelisted, Forbidden any
			CoveredByAsterisk                                  any `json:"covered_by_asterisk"`
		}
		c.Decode(f, &v)
		if name, isHeader := v.Name.(string); isHeader {
			value, _ := v.Value.(string)
			f.Add("GET", "http", "h", "", "http://localhost:8000", "", "", name+": "+value, "")
		}
	}
	f.Fuzz(func(t *testing.T, method, scheme, host, port, origin, mode, credentials, lines, body string) {
		req := &core.Request{Method: method, URL: core.URL{Scheme: scheme, Host: host, Port: port, Path: "/"}, Body: []byte(body)}
		for line := range strings.SplitSeq(lines, "\n") {
			name, value, _ := strings.Cut(line, ":")
			req.Header.Add(name, value)
		}
		before := req.Clone()
		got := Predict(req, core.Fetch{Origin: origin, Mode: mode, Credentials: credentials})
		require.Equal(t, before, req)
		if got.Blocked != nil {
			require.Nil(t, got.Preflight)
			require.Empty(t, got.Added)
		}
		if got.Preflight == nil {
			return
		}
		require.NotEmpty(t, got.Preflight.Reasons)
		asked := requested(got)
		for _, d := range got.Dropped {
			if !keptToo(req, d.Name) {
				require.NotContains(t, asked, strings.ToLower(d.Name))
			}
		}
	})
}

// keptToo: a method override is judged by its value, so one line may go and another stay.
func keptToo(req *core.Request, name string) bool {
	for _, f := range req.Header {
		if _, isForbidden := ForbiddenHeader(f.Name, f.Value); !isForbidden && strings.EqualFold(f.Name, name) {
			return !strings.EqualFold(name, "User-Agent")
		}
	}
	return false
}

// BenchmarkPredict is what each keystroke costs: to another origin, with credentials and a body.
func BenchmarkPredict(b *testing.B) {
	req := &core.Request{Method: "POST", URL: core.URL{Scheme: "https", Host: "api.example.com", Path: "/v1/items", Query: "?page=2"},
		Header: core.Header{{Name: "Accept", Value: "application/json"}, {Name: "Content-Type", Value: "application/json"}, {Name: "Authorization", Value: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}},
		Body:   []byte(`{"a":1}`)}
	for _, page := range []struct{ name, origin string }{{"same-origin", "https://api.example.com"}, {"cross-origin", "https://pad.example"}} {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Predict(req, core.Fetch{Origin: page.origin})
			}
		})
	}
}
