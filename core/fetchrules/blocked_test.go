package fetchrules

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestPredictBlocks(t *testing.T) {
	const secret = "swordfish"
	for _, row := range []struct {
		name string
		edit func(*core.Request, *core.Fetch)
		code string
	}{
		{"a user name in the address", func(r *core.Request, _ *core.Fetch) { r.URL.Username = secret }, "fetch.url-credentials"},
		{"a password in the address", func(r *core.Request, _ *core.Fetch) { r.URL.Password = secret }, "fetch.url-credentials"},
		{"ftp", func(r *core.Request, _ *core.Fetch) { r.URL.Scheme = "ftp" }, "fetch.scheme"},
		{"CONNECT", func(r *core.Request, _ *core.Fetch) { r.Method = "CONNECT" }, "fetch.method-forbidden"},
		{"trace", func(r *core.Request, _ *core.Fetch) { r.Method = "trace" }, "fetch.method-forbidden"},
		{"Track", func(r *core.Request, _ *core.Fetch) { r.Method = "Track" }, "fetch.method-forbidden"},
		{"a method of two words", func(r *core.Request, _ *core.Fetch) { r.Method = "foo bar" }, "fetch.method-invalid"},
		{"no method", func(r *core.Request, _ *core.Fetch) { r.Method = "" }, "fetch.method-invalid"},
		{"GET with a body", func(r *core.Request, _ *core.Fetch) { r.Body = []byte(secret) }, "fetch.body-not-allowed"},
		{"HEAD with a body", func(r *core.Request, _ *core.Fetch) { r.Method, r.Body = "head", []byte(secret) }, "fetch.body-not-allowed"},
		{"DELETE with a body", func(r *core.Request, _ *core.Fetch) { r.Method, r.Body = "DELETE", []byte(secret) }, ""},
		{"OPTIONS with a body", func(r *core.Request, _ *core.Fetch) { r.Method, r.Body = "OPTIONS", []byte(secret) }, ""},
		{"a space in a name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a "+secret, "x") }, "fetch.header-name"},
		{"a colon in a name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a:"+secret, "x") }, "fetch.header-name"},
		{"a letter beyond ASCII in a name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("Ü", secret) }, "fetch.header-name"},
		{"an empty name", func(r *core.Request, _ *core.Fetch) { r.Header.Add("", secret) }, "fetch.header-name"},
		{"a line feed in a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", secret+"\nb") }, "fetch.header-value"},
		{"a carriage return in a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", secret+"\rb") }, "fetch.header-value"},
		{"NUL in a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", secret+"\x00b") }, "fetch.header-value"},
		{"a line break behind a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", "\t 1 \r\n") }, ""},
		{"other control characters in a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", "\x01\x7f") }, ""},
		{"Latin-1 in a value", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", "café") }, ""},
		{"a character beyond Latin-1", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", secret+"€") }, "fetch.header-latin1"},
		{"what is not UTF-8", func(r *core.Request, _ *core.Fetch) { r.Header.Add("a", secret+"\xff") }, "fetch.header-latin1"},
		{"a fault in a header that is dropped", func(r *core.Request, _ *core.Fetch) { r.Header.Add("Cookie", secret+"€") }, "fetch.header-latin1"},
		{"port 22", func(r *core.Request, _ *core.Fetch) { r.URL.Port = "22" }, "fetch.bad-port"},
		{"port 10080", func(r *core.Request, _ *core.Fetch) { r.URL.Port = "10080" }, "fetch.bad-port"},
		{"port 0", func(r *core.Request, _ *core.Fetch) { r.URL.Port = "0" }, "fetch.bad-port"},
		{"port 8080", func(r *core.Request, _ *core.Fetch) { r.URL.Port = "8080" }, ""},
		{"port 65535", func(r *core.Request, _ *core.Fetch) { r.URL.Port = "65535" }, ""},
		{"mixed content", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "api.example", "https://page.example" }, "fetch.mixed-content"},
		{"mixed content, private address", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "192.168.0.1", "https://page.example" }, "fetch.mixed-content"},
		{"loopback name from https", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "a.localhost", "https://page.example" }, ""},
		{"loopback address from https", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "127.8.0.1", "https://page.example" }, ""},
		{"loopback IPv6 from https", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "[::1]", "https://page.example" }, ""},
		{"a name that begins like loopback", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "127.example", "https://page.example" }, "fetch.mixed-content"},
		{"http from http", func(r *core.Request, f *core.Fetch) { r.URL.Host, f.Origin = "api.example", "http://page.example" }, ""},
		{"mode same-origin elsewhere", func(_ *core.Request, f *core.Fetch) { f.Mode = "same-origin" }, "fetch.same-origin-mode"},
		{"mode no-cors with PUT", func(r *core.Request, f *core.Fetch) { r.Method, f.Mode = "PUT", "no-cors" }, "fetch.no-cors-method"},
		{"mode navigate", func(_ *core.Request, f *core.Fetch) { f.Mode = "navigate" }, "fetch.navigate-mode"},
		{"only-if-cached", func(_ *core.Request, f *core.Fetch) { f.Cache = "only-if-cached" }, "fetch.only-if-cached"},
	} {
		t.Run(row.name, func(t *testing.T) {
			req, f := get(), crossOrigin
			row.edit(req, &f)
			got := Predict(req, f)
			if row.code == "" {
				require.Nil(t, got.Blocked)
				require.NotEmpty(t, got.Added)
				return
			}
			require.NotNil(t, got.Blocked)
			require.Equal(t, row.code, got.Blocked.Code)
			require.Equal(t, core.Error, got.Blocked.Severity)
			require.NotEmpty(t, got.Blocked.Ref.Link())
			require.NotContains(t, got.Blocked.Message+got.Blocked.Fix, secret)
			require.Empty(t, got.Added, "nothing is sent")
			require.Nil(t, got.Preflight, "nothing is sent")
			require.Nil(t, Native(req).Blocked, "not without a browser")
		})
	}
}

func TestBadPorts(t *testing.T) {
	bad := 0
	for port := range 65536 {
		if isBadPort(strconv.Itoa(port)) {
			bad++
		}
	}
	require.Equal(t, 83, bad, "as many as the standard lists")
	require.False(t, isBadPort(strings.Repeat("9", 40)))
}
