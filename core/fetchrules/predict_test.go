package fetchrules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// The tables hold what was measured with Chromium 156: lists of headers sent by a script, and what
// arrived at a server that prints bytes.

func TestPredictDrops(t *testing.T) {
	for _, row := range []struct {
		code  string
		value string
		names string
	}{
		{"fetch.forbidden-header", "x", "Accept-Charset Access-Control-Request-Headers Access-Control-Request-Method Cookie Cookie2 " +
			"Date DNT Expect Keep-Alive Set-Cookie TE Trailer Transfer-Encoding Upgrade Via " +
			"Accept-Encoding Connection Content-Length Host Origin Referer"},
		{"fetch.forbidden-prefix", "x", "Proxy-Authorization Proxy-Connection Proxy-Foo Sec-Fetch-Site Sec-GPC Sec-WebSocket-Key Sec-CH-UA Sec-Foo"},
		{"fetch.user-agent", "x", "User-Agent user-agent"},
		{"fetch.forbidden-override", "TRACE", "X-HTTP-Method X-HTTP-Method-Override X-Method-Override"},
		{"fetch.forbidden-override", "GET, CONNECT", "X-HTTP-Method X-HTTP-Method-Override X-Method-Override"},
		{"fetch.forbidden-override", "POST,track", "X-HTTP-Method X-HTTP-Method-Override X-Method-Override"},
		{"", "PATCH", "X-HTTP-Method X-HTTP-Method-Override X-Method-Override"},
		{"", "delete", "X-HTTP-Method X-HTTP-Method-Override X-Method-Override"},
		{"", "x", "Authorization X-Date X-Amz-Date X-Amz-Content-Sha256 Content-MD5 Content-Digest Digest Signature Signature-Input DPoP " +
			"X-Api-Key Idempotency-Key X-Forwarded-For X-Forwarded-Host Forwarded Content-Encoding If-None-Match If-Modified-Since " +
			"Cache-Control Pragma Priority Purpose Max-Forwards Warning From Save-Data HTTP2-Settings Alt-Used WWW-Authenticate " +
			"Location Access-Control-Request-Private-Network"},
	} {
		for _, name := range strings.Fields(row.names) {
			t.Run(name+" "+row.value, func(t *testing.T) {
				got := Predict(get(core.HeaderField{Name: name, Value: row.value}), crossOrigin)
				if row.code == "" {
					require.Empty(t, got.Dropped)
					require.NotNil(t, got.Preflight, "each of these needs a preflight")
					require.Equal(t, []string{strings.ToLower(name)}, requested(got))
					return
				}
				require.Len(t, got.Dropped, 1)
				require.Equal(t, row.code, got.Dropped[0].Code)
				require.Equal(t, name, got.Dropped[0].Name)
				require.NotEmpty(t, got.Dropped[0].Ref.Link())
				require.Nil(t, got.Preflight, "what is dropped needs no preflight")
				require.Len(t, Predict(get(core.HeaderField{Name: name, Value: row.value}), sameAsPage).Dropped, 1, "for the page's own origin too")
				require.Len(t, Predict(get(core.HeaderField{Name: name, Value: row.value}), core.Fetch{}).Dropped, 1, "for any other page")
				require.Empty(t, Native(get(core.HeaderField{Name: name, Value: row.value})).Dropped, "not without a browser")
			})
		}
	}
}

// TestMethodOverride: commas inside quotes separate nothing. Each row was tried in Chromium 156.
func TestMethodOverride(t *testing.T) {
	for value, want := range map[string]bool{
		`"a,TRACE,b"`: false, `"a\",TRACE,"`: false, `"a\",TRACE`: false, `TRACE"`: false,
		`a,"b",TRACE`: true, `"a" ,TRACE`: true, `a\,TRACE`: true,
	} {
		_, isForbidden := ForbiddenHeader("X-HTTP-Method", value)
		require.Equal(t, want, isForbidden, value)
	}
}

// requested are the names in the preflight's Access-Control-Request-Headers.
func requested(p Prediction) []string {
	_, rest, found := strings.Cut(p.Preflight.Request, "\nAccess-Control-Request-Headers: ")
	if !found {
		return nil
	}
	names, _, _ := strings.Cut(rest, "\n")
	return strings.Split(names, ",")
}

func TestPredictPreflight(t *testing.T) {
	long := strings.Repeat("s", 128)
	for _, row := range []struct {
		name, method, header, value string
		why                         string // the code of the only reason; empty: no preflight
	}{
		{"GET", "GET", "", "", ""},
		{"HEAD", "HEAD", "", "", ""},
		{"POST", "POST", "", "", ""},
		{"post", "post", "", "", ""},
		{"PUT", "PUT", "", "", "cors.method"},
		{"DELETE", "DELETE", "", "", "cors.method"},
		{"PATCH", "PATCH", "", "", "cors.method"},
		{"OPTIONS", "OPTIONS", "", "", "cors.method"},
		{"another method", "QUERY", "", "", "cors.method"},
		{"Authorization", "GET", "Authorization", "Basic eA==", "cors.header"},
		{"a header of one's own", "GET", "X-Api-Key", "x", "cors.header"},
		{"an empty header of one's own", "GET", "X-Empty", "", "cors.header"},
		{"text", "POST", "Content-Type", "text/plain", ""},
		{"text with a charset", "POST", "Content-Type", "text/plain;charset=UTF-8", ""},
		{"text in capitals", "POST", "Content-Type", "TEXT/PLAIN", ""},
		{"text with a parameter", "POST", "Content-Type", "text/plain; x=a", ""},
		{"a form", "POST", "Content-Type", "application/x-www-form-urlencoded", ""},
		{"a form with parts", "POST", "Content-Type", "multipart/form-data; boundary=x", ""},
		{"JSON", "POST", "Content-Type", "application/json", "cors.header-value"},
		{"HTML", "POST", "Content-Type", "text/html", "cors.header-value"},
		{"an empty Content-Type", "POST", "Content-Type", "", "cors.header-value"},
		{"no Content-Type at all", "POST", "Content-Type", "garbage", "cors.header-value"},
		{"a quote in a parameter", "POST", "Content-Type", `application/x-www-form-urlencoded; a="b"`, "cors.header-value"},
		{"Accept of 128 bytes", "GET", "Accept", long, ""},
		{"Accept of 129 bytes", "GET", "Accept", long + "s", "cors.header-value"},
		{"Accept of 128 characters, one byte each", "GET", "Accept", strings.Repeat("é", 128), ""},
		{"an empty Accept", "GET", "Accept", "", ""},
		{"Accept with what types have", "GET", "Accept", "\ta/b;q=0.1,\té", ""},
		{"Accept with DEL", "GET", "Accept", "a\x7f", "cors.header-value"},
		{"Accept with a control character", "GET", "Accept", "a\x01", "cors.header-value"},
		{"Accept with a quote", "GET", "Accept", `a"b`, "cors.header-value"},
		{"an underscore in a language", "GET", "Accept-Language", "en_US", "cors.header-value"},
		{"a slash in a language", "GET", "Content-Language", "a/b", "cors.header-value"},
		{"a language", "GET", "Accept-Language", "en-US, de;q=0.5", ""},
		{"a range", "GET", "Range", "bytes=0-10", ""},
		{"an open range", "GET", "Range", "bytes=5-", ""},
		{"the last bytes", "GET", "Range", "bytes=-5", "cors.header-value"},
		{"two ranges", "GET", "Range", "bytes=0-1,3-4", "cors.header-value"},
		{"a range from behind", "GET", "Range", "bytes=5-1", "cors.header-value"},
		{"a range beyond all numbers", "GET", "Range", "bytes=0-99999999999999999999999", "cors.header-value"},
		{"DPR", "GET", "DPR", "1", ""},
		{"DPR that is no number", "GET", "DPR", "abc", "cors.header-value"},
		{"Width", "GET", "Width", "1", ""},
		{"Viewport-Width", "GET", "Viewport-Width", "1", ""},
		{"Device-Memory", "GET", "Device-Memory", "1", ""},
		{"Downlink", "GET", "Downlink", "1", ""},
		{"negative Downlink", "GET", "Downlink", "-1.0", "cors.header-value"},
		{"RTT", "GET", "RTT", "1", ""},
		{"RTT with a fraction", "GET", "RTT", "1.0", "cors.header-value"},
		{"ECT", "GET", "ECT", "4g", ""},
		{"unknown ECT", "GET", "ECT", "6g", "cors.header-value"},
		{"Save-Data on", "GET", "Save-Data", "on", ""},
		{"Save-Data otherwise", "GET", "Save-Data", "1", "cors.header-value"},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := &core.Request{Method: row.method, URL: target}
			if row.header != "" {
				req.Header.Add(row.header, row.value)
			}
			got := Predict(req, crossOrigin)
			require.Nil(t, got.Blocked)
			require.Nil(t, Predict(req, sameAsPage).Preflight, "never for the page's own origin")
			if row.why == "" {
				require.Nil(t, got.Preflight)
				return
			}
			require.NotNil(t, got.Preflight)
			require.Equal(t, []string{row.why}, codes(got.Preflight.Causes))
			require.Equal(t, []string{got.Preflight.Causes[0].Message}, got.Preflight.Reasons)
		})
	}
}

func TestPredictPreflightForLongSums(t *testing.T) {
	text := strings.Repeat("1", 128)
	req := &core.Request{Method: "POST", URL: target, Header: core.Header{
		{Name: "accept", Value: text}, {Name: "accept-language", Value: text}, {Name: "content-language", Value: text},
		{Name: "content-type", Value: "text/plain;" + strings.Repeat("s", 117)}, {Name: "device-memory", Value: text},
		{Name: "dpr", Value: text}, {Name: "width", Value: text}, {Name: "viewport-width", Value: text}}}
	require.Nil(t, Predict(req, crossOrigin).Preflight, "1,024 bytes together")
	req.Header.Add("downlink", "1")
	got := Predict(req, crossOrigin)
	require.Equal(t, "accept,accept-language,content-language,content-type,device-memory,downlink,dpr,viewport-width,width",
		strings.Join(requested(got), ","))
	require.Contains(t, codes(got.Preflight.Causes), "cors.header-sum")
}

func TestPredictJoinsRepeats(t *testing.T) {
	half := strings.Repeat("s", 100)
	got := Predict(get(core.HeaderField{Name: "Accept", Value: half}, core.HeaderField{Name: "accept", Value: half}), crossOrigin)
	require.NotNil(t, got.Preflight, "200 bytes in one line")
	require.Contains(t, codes(got.Notes), "fetch.header-merged")
}

func TestPreflightOnTheWire(t *testing.T) {
	req := get(core.HeaderField{Name: "X-CaSe", Value: "1"}, core.HeaderField{Name: "Authorization", Value: "Basic abc"},
		core.HeaderField{Name: "x-case", Value: "2"}, core.HeaderField{Name: "Date", Value: "now"})
	req.Method = "PUT"
	got := Predict(req, crossOrigin).Preflight
	require.Equal(t, `OPTIONS /x?a=1 HTTP/1.1
Host: 127.0.0.1:9000
Connection: keep-alive
Pragma: no-cache
Cache-Control: no-cache
Accept: */*
Access-Control-Request-Method: PUT
Access-Control-Request-Headers: authorization,x-case
Origin: http://localhost:8000
User-Agent: (the browser's own)
Sec-Fetch-Mode: cors
Sec-Fetch-Site: cross-site
Sec-Fetch-Dest: empty
Accept-Encoding: gzip, deflate, br, zstd
Accept-Language: (the browser's own)

`, got.Request)
	require.Equal(t, core.Header{
		{Name: "Access-Control-Allow-Origin", Value: "http://localhost:8000"},
		{Name: "Access-Control-Allow-Methods", Value: "PUT"},
		{Name: "Access-Control-Allow-Headers", Value: "authorization, x-case"},
	}, got.Needs)
}

// TestPreflightRevalidates: to cache mode "default" and a condition Chromium adds a line, and to the preflight likewise.
func TestPreflightRevalidates(t *testing.T) {
	f := crossOrigin
	f.Cache = "default"
	const line = "Connection: keep-alive\nCache-Control: max-age=0\nAccept: */*\n"
	require.Contains(t, Predict(get(core.HeaderField{Name: "If-None-Match", Value: `"a"`}), f).Preflight.Request, line)
	require.NotContains(t, Predict(get(core.HeaderField{Name: "X-A", Value: "1"}), f).Preflight.Request, "Cache-Control")
}

func TestPreflightNeedsCredentials(t *testing.T) {
	f := crossOrigin
	f.Credentials = "include"
	got := Predict(get(core.HeaderField{Name: "X-A", Value: "1"}), f)
	require.Equal(t, core.Header{
		{Name: "Access-Control-Allow-Origin", Value: "http://localhost:8000"},
		{Name: "Access-Control-Allow-Credentials", Value: "true"},
		{Name: "Access-Control-Allow-Headers", Value: "x-a"},
	}, got.Preflight.Needs)
	require.Contains(t, codes(got.Notes), "cors.credentials")
}

// TestPredictForAnUnknownPage: who names no page learns what a page of any other origin would meet.
func TestPredictForAnUnknownPage(t *testing.T) {
	req := get(core.HeaderField{Name: "X-A", Value: "1"}, core.HeaderField{Name: "Cookie", Value: "a=1"}, core.HeaderField{Name: "User-Agent", Value: "x"})
	got := Predict(req, core.Fetch{})
	require.Len(t, got.Dropped, 2)
	origin, _ := got.Added.Get("Origin")
	require.Equal(t, "(the page's origin)", origin)
	site, _ := got.Added.Get("Sec-Fetch-Site")
	require.Equal(t, "(same-site or cross-site)", site)
	require.Equal(t, []string{"x-a"}, requested(got))
	require.Contains(t, got.Preflight.Request, "\nOrigin: (the page's origin)\n")
	require.Contains(t, got.Preflight.Needs, core.HeaderField{Name: "Access-Control-Allow-Origin", Value: "(the page's origin)"})
	require.Equal(t, "fetch.origin-unknown", got.Notes[0].Code)
	require.Equal(t, core.Info, got.Notes[0].Severity)
	require.NotEmpty(t, got.Notes[0].Ref.Link())
	require.NotContains(t, codes(Predict(req, crossOrigin).Notes), "fetch.origin-unknown")
	t.Run("in mode same-origin it is of the server's origin", func(t *testing.T) {
		got := Predict(req, core.Fetch{Mode: "same-origin"})
		require.Nil(t, got.Blocked)
		require.Nil(t, got.Preflight)
	})
	t.Run("blocked is what no page can send", func(t *testing.T) {
		got := Predict(&core.Request{Method: "TRACE", URL: target}, core.Fetch{})
		require.Equal(t, "fetch.method-forbidden", got.Blocked.Code)
		require.Equal(t, []string{"fetch.origin-unknown"}, codes(got.Notes))
	})
}

func TestPreflightPlainHTTP(t *testing.T) {
	req := get(core.HeaderField{Name: "X-A", Value: "1"})
	req.URL.Host = "other.example"
	got := Predict(req, crossOrigin).Preflight
	require.NotContains(t, got.Request, "Sec-Fetch-Site")
	require.Contains(t, got.Request, "Sec-Fetch-Mode: cors\nAccept-Encoding: gzip, deflate\n")
}
