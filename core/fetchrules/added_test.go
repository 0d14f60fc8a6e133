package fetchrules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// TestPredictAdds holds the lines and their order as Chromium 156 sent them to a server that prints
// bytes, from a page with the referrer policy "no-referrer".
func TestPredictAdds(t *testing.T) {
	const metadata = "|Sec-Fetch-Mode: cors|Sec-Fetch-Dest: empty|Accept-Encoding: gzip, deflate, br, zstd|Accept-Language: OWN"
	const start = "Host: 127.0.0.1:9000|Connection: keep-alive"
	const fresh = "|Pragma: no-cache|Cache-Control: no-cache"
	const client = "|sec-ch-ua-platform: OWN|User-Agent: OWN|sec-ch-ua: OWN|sec-ch-ua-mobile: OWN"
	crossEnd := "|Origin: http://localhost:8000|Sec-Fetch-Site: cross-site" + metadata
	sameEnd := "|Sec-Fetch-Site: same-origin" + metadata
	with := func(f core.Fetch, change func(*core.Fetch)) core.Fetch {
		change(&f)
		return f
	}
	for _, row := range []struct {
		name string
		req  core.Request
		f    core.Fetch
		want string
	}{
		{"GET to the page's origin", core.Request{Method: "GET"}, sameAsPage, start + fresh + client + "|Accept: */*" + sameEnd},
		{"POST with a body to the page's origin", core.Request{Method: "POST", Body: []byte("xy")}, sameAsPage,
			start + "|Content-Length: 2" + fresh + client + "|Accept: */*|Origin: http://127.0.0.1:9000" + sameEnd},
		{"POST without a body", core.Request{Method: "POST"}, sameAsPage,
			start + "|Content-Length: 0" + fresh + client + "|Accept: */*|Origin: http://127.0.0.1:9000" + sameEnd},
		{"PUT without a body", core.Request{Method: "PUT"}, sameAsPage,
			start + "|Content-Length: 0" + fresh + client + "|Accept: */*|Origin: http://127.0.0.1:9000" + sameEnd},
		{"DELETE without a body", core.Request{Method: "DELETE"}, sameAsPage,
			start + fresh + client + "|Accept: */*|Origin: http://127.0.0.1:9000" + sameEnd},
		{"GET to another origin", core.Request{Method: "GET"}, crossOrigin, start + fresh + client + "|Accept: */*" + crossEnd},
		{"with own Accept and languages", core.Request{Method: "GET", Header: core.Header{{Name: "accept", Value: ""}, {Name: "Accept-Language", Value: "de"}}},
			crossOrigin, start + fresh + client + strings.TrimSuffix(crossEnd, "|Accept-Language: OWN")},
		{"with an own Cache-Control", core.Request{Method: "GET", Header: core.Header{{Name: "Cache-Control", Value: "max-age=5"}}},
			crossOrigin, start + "|Pragma: no-cache" + client + "|Accept: */*" + crossEnd},
		{"with a Range", core.Request{Method: "GET", Header: core.Header{{Name: "range", Value: "bytes=0-5"}}},
			crossOrigin, start + fresh + client + "|Accept: */*" + strings.Replace(crossEnd, "gzip, deflate, br, zstd", "identity", 1)},
		{"cache mode no-cache", core.Request{Method: "GET"}, with(crossOrigin, func(f *core.Fetch) { f.Cache = "no-cache" }),
			start + "|Cache-Control: max-age=0" + client + "|Accept: */*" + crossEnd},
		{"cache mode default", core.Request{Method: "GET"}, with(crossOrigin, func(f *core.Fetch) { f.Cache = "default" }),
			start + client + "|Accept: */*" + crossEnd},
		{"cache mode default with a condition", core.Request{Method: "GET", Header: core.Header{{Name: "If-None-Match", Value: `"a"`}}},
			with(crossOrigin, func(f *core.Fetch) { f.Cache = "default" }), start + "|Cache-Control: max-age=0" + client + "|Accept: */*" + crossEnd},
		{"mode no-cors", core.Request{Method: "GET"}, with(crossOrigin, func(f *core.Fetch) { f.Mode = "no-cors" }),
			start + fresh + client + "|Accept: */*|Sec-Fetch-Site: cross-site" + strings.Replace(metadata, "cors", "no-cors", 1)},
		{"cookies of the page's origin", core.Request{Method: "GET"}, with(sameAsPage, func(f *core.Fetch) { f.Credentials = "same-origin" }),
			start + fresh + client + "|Accept: */*" + sameEnd + "|Cookie: (the cookies the browser holds, if any)"},
		{"cookies of another site", core.Request{Method: "GET"}, with(crossOrigin, func(f *core.Fetch) { f.Credentials = "include" }),
			start + fresh + client + "|Accept: */*" + strings.Replace(crossEnd, "empty", "empty|Sec-Fetch-Storage-Access: OWN", 1) +
				"|Cookie: (the cookies the browser holds, if any)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.req.URL = target
			var lines []string
			for _, f := range Predict(&row.req, row.f).Added {
				lines = append(lines, f.Name+": "+strings.ReplaceAll(f.Value, Own, "OWN"))
			}
			require.Equal(t, strings.Split(row.want, "|"), lines)
		})
	}
}

func TestNativeAddsWhatHTTPWants(t *testing.T) {
	require.Equal(t, core.Header{{Name: "Host", Value: "127.0.0.1:9000"}, {Name: "Content-Length", Value: "0"}},
		Native(&core.Request{Method: "POST", URL: target}).Added)
	require.Equal(t, core.Header{{Name: "Content-Length", Value: "0"}},
		Native(&core.Request{Method: "POST", URL: target, Header: core.Header{{Name: "host", Value: "x"}}}).Added)
}

func TestPredictAddsLessOverPlainHTTP(t *testing.T) {
	req := get()
	req.URL.Host = "other.example"
	require.Equal(t, core.Header{
		{Name: "Host", Value: "other.example:9000"}, {Name: "Connection", Value: "keep-alive"},
		{Name: "Pragma", Value: "no-cache"}, {Name: "Cache-Control", Value: "no-cache"}, {Name: "User-Agent", Value: Own},
		{Name: "Accept", Value: "*/*"}, {Name: "Origin", Value: "http://localhost:8000"},
		{Name: "Accept-Encoding", Value: "gzip, deflate"}, {Name: "Accept-Language", Value: Own},
	}, Predict(req, crossOrigin).Added)
}

func TestSecFetchSite(t *testing.T) {
	for _, row := range []struct{ origin, scheme, host, want string }{
		{"http://localhost:8000", "http", "localhost", "same-site"},
		{"http://localhost:9000", "http", "localhost", "same-origin"},
		{"http://localhost:8000", "http", "127.0.0.1", "cross-site"},
		{"http://127.0.0.1:8000", "http", "127.0.0.1", "same-site"},
		{"http://127.0.0.1:8000", "http", "127.1.0.1", "cross-site"},
		{"https://app.example.com", "https", "api.example.com", "(same-site or cross-site)"},
		{"https://example.com", "https", "api.example.com", "(same-site or cross-site)"},
		{"https://a.example", "https", "b.example", "cross-site"},
		{"http://example.com", "https", "example.com", "cross-site"},
		{"null", "https", "example.com", "cross-site"},
	} {
		t.Run(row.origin+" to "+row.host, func(t *testing.T) {
			req := get()
			req.URL.Scheme, req.URL.Host = row.scheme, row.host
			got, _ := Predict(req, core.Fetch{Origin: row.origin}).Added.Get("Sec-Fetch-Site")
			require.Equal(t, row.want, got)
		})
	}
}
