package fetchrules

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// TestMemory types at random: what is remembered must never differ from what is predicted anew.
func TestMemory(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	one := func(choices ...string) string { return choices[chance.IntN(len(choices))] }
	req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "api.example.com", Path: "/"}, Header: core.Header{{Name: "Authorization", Value: "a"}}}
	f := core.Fetch{Origin: "https://pad.example"}
	var memory Memory
	remembered := 0
	for range 50_000 {
		typeOne(chance, one, req, &f)
		if memory.knows(req, f) {
			remembered++
		}
		require.Equal(t, Predict(req, f), memory.Predict(req, f), "%+v %+v", req, f)
	}
	require.Greater(t, remembered, 4_000, "and it is of use")
}

// typeOne changes one thing about a request, or nothing.
func typeOne(chance *rand.Rand, one func(...string) string, req *core.Request, f *core.Fetch) {
	switch chance.IntN(40) {
	case 0:
		req.Method = one("GET", "POST", "PATCH", "patch", "TRACE")
	case 1:
		req.URL.Host = one("api.example.com", "pad.example", "127.0.0.1", "10.0.0.1")
	case 2:
		req.URL.Scheme = one("http", "https", "https")
	case 3:
		req.URL.Port = one("", "8443", "22")
	case 4:
		*f = core.Fetch{Origin: one("https://pad.example", "https://api.example.com", "null", "")}
	case 5:
		f.Mode, f.Credentials, f.Cache = one("", "cors", "no-cors", "same-origin"), one("", "include", "same-origin"), one("", "default", "reload")
	case 6:
		req.Body = []byte(one("", "", "a", "ab"))
	case 7:
		name := one("Accept", "Range", "Content-Type", "DPR", "Save-Data", "X-HTTP-Method-Override", "X-Api-Key", "Cookie", "User-Agent", "authorization", "X-Odd name")
		req.Header = append(req.Header[:chance.IntN(len(req.Header)):len(req.Header)], core.HeaderField{Name: name, Value: "x"})
	case 8:
		req.Header = req.Header[:1]
	case 9:
		req.URL.Username = one("", "", "", "u")
	case 10, 11, 12, 13, 14, 15:
		req.URL.Path, req.URL.Query = one("/", "/a", "/b"), one("", "?a=1", "?b")
	default:
		line := &req.Header[chance.IntN(len(req.Header))]
		line.Value = one("a", "b", "text/plain", "application/json", "bytes=1-", "TRACE", "PUT", "1.5", "on", "two\nlines", "€", `a"b`)
	}
}
