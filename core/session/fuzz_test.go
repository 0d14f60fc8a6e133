package session_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/session"
)

// FuzzCredentialsInURL: whatever is typed, no credentials stay in the address, and what they become
// is what the same person would get by typing them, decoded, into the fields of Basic.
func FuzzCredentialsInURL(f *testing.F) {
	for _, seed := range []string{"http://user:pass@foo:21/bar;par?b#c", "https://:@test", "http://::@c@d:2", "http://:b@www.example.com",
		"http://user@/www.example.com", "http://foo:💩@example.com/bar", "http://a:@www.example.com", "https://%C3%A9:%ff%zz@h/", "https://a%3Ab:c@h",
		"HTTP:\\\\u:p@h\\..\\x", "user:password@example.com", "http:u:p@h", "https://u:p@[::1]:1/%0a?@#@"} {
		f.Add(seed)
	}
	basic, _ := schemes.ByID("basic")
	f.Fuzz(func(t *testing.T, address string) {
		built, err := session.Build(job(address, "none", nil))
		if err != nil {
			var wrong *core.FieldError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, "url", wrong.Field)
			return
		}
		sent := built.Request.URL
		require.Empty(t, sent.Username)
		require.Empty(t, sent.Password)
		authority, _, _ := strings.Cut(strings.SplitN(sent.String(), "/", 4)[2], "/")
		require.NotContains(t, authority, "@")
		require.Equal(t, authority, sent.Authority())
		lifted := built.Trace.Step("url-username")
		require.Equal(t, lifted != nil, built.Request.Header.Has("Authorization"))
		if lifted == nil {
			return
		}
		password := built.Trace.Step("url-password")
		decoded, err := url.PathUnescape(lifted.In[0].Value)
		if err == nil { // net/url refuses what browsers leave as it is
			require.Equal(t, decoded, lifted.Out)
		}
		again, err := session.Build(job(sent.String(), basic.ID, core.Values{"username": lifted.Out, "password": password.Out}))
		require.NoError(t, err)
		require.Equal(t, built.Request, again.Request)
	})
}

// FuzzHeader: a header line either is refused with its row named, or goes out so that no other line
// and no other value can be read from it.
func FuzzHeader(f *testing.F) {
	f.Add("X-A", "1")
	f.Add(" X-A ", "\tcaf\u00e9 ")
	f.Add("X-A:", "1")
	f.Add("", "x")
	f.Add("X-A\r\nX-B", "1\r\nX-C: 2")
	f.Add("X\x00", "\xff")
	f.Fuzz(func(t *testing.T, name, value string) {
		j := job("https://a.test/", "", nil)
		j.Request.Header = core.Header{{Name: "X-First", Value: "1"}, {Name: name, Value: value}, {Name: "X-Last", Value: "2"}}
		built, err := session.Build(j)
		if err != nil {
			requireRow(t, err)
			return
		}
		lines := strings.Split(strings.TrimSuffix(built.Request.Head(), "\n\n"), "\n")[2:]
		require.Len(t, lines, len(built.Request.Header))
		if len(lines) == 2 {
			require.Empty(t, strings.Trim(name+value, " \t\r\n"))
			return
		}
		readName, readValue, _ := strings.Cut(lines[1], ": ")
		require.Equal(t, strings.Trim(name, " \t\r\n"), readName)
		require.Equal(t, strings.Trim(value, " \t\r\n"), readValue)
	})
}

func requireRow(t *testing.T, err error) {
	t.Helper()
	var wrong *core.FieldError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, "headers.1", wrong.Field)
	require.NotEmpty(t, wrong.Code)
}
