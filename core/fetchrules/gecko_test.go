package fetchrules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// As Firefox 153 sent them from a page that a worker controls; core/e2e holds more of them against Firefox itself.
func TestPredictInFirefox(t *testing.T) {
	const start = "Host: 127.0.0.1:9000|User-Agent: OWN|Accept: */*|Accept-Language: OWN|Accept-Encoding: gzip, deflate, br, zstd"
	const end = "|Connection: keep-alive|Priority: u=4|Pragma: no-cache|Cache-Control: no-cache"
	const metadata = "|Sec-Fetch-Dest: empty|Sec-Fetch-Mode: cors|Sec-Fetch-Site: "
	cross, same := crossOrigin, sameAsPage
	cross.Gecko, same.Gecko = true, true
	conditional, opaque := cross, cross
	conditional.Cache, opaque.Mode = "default", "no-cors"
	for _, row := range []struct {
		name string
		req  core.Request
		f    core.Fetch
		want string
	}{
		{"GET to the page's origin", core.Request{Method: "GET"}, same, start + metadata + "same-origin" + end},
		{"POST with a body", core.Request{Method: "POST", Body: []byte("xy")}, cross, start + "|Content-Length: 2|Origin: http://localhost:8000" + metadata + "cross-site" + end},
		{"POST without a body", core.Request{Method: "POST"}, cross, start + "|Origin: http://localhost:8000" + metadata + "cross-site" + end + "|Content-Length: 0"},
		{"with own lines", core.Request{Method: "GET", Header: core.Header{{Name: "user-agent", Value: "me"}, {Name: "Priority", Value: "u=1"}}}, same,
			strings.Replace(start, "|User-Agent: OWN", "", 1) + metadata + "same-origin" + strings.Replace(end, "|Priority: u=4", "", 1)},
		{"with a condition", core.Request{Method: "GET", Header: core.Header{{Name: "If-None-Match", Value: "x"}}}, conditional, start + "|Origin: http://localhost:8000" + metadata + "cross-site" + end},
		{"mode no-cors", core.Request{Method: "POST", Body: []byte("x")}, opaque, start + "|Content-Length: 1|Origin: null" + strings.Replace(metadata, "cors", "no-cors", 1) + "cross-site" + end},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.req.URL = target
			p := Predict(&row.req, row.f)
			require.Empty(t, p.Dropped)
			var lines []string
			for _, line := range p.Added {
				lines = append(lines, line.Name+": "+strings.Replace(line.Value, Own, "OWN", 1))
			}
			require.Equal(t, row.want, strings.Join(lines, "|"))
		})
	}
	t.Run("asks for each line and hint", func(t *testing.T) {
		req := core.Request{Method: "GET", URL: target,
			Header: core.Header{{Name: "X-A", Value: "1"}, {Name: "DPR", Value: "1"}, {Name: "x-a", Value: "2"}}}
		require.Contains(t, Predict(&req, cross).Preflight.Request, "Access-Control-Request-Headers: dpr,x-a,x-a\nOrigin: ")
	})
}
