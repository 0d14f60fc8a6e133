package schemes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

// curl's own tests, as requests: core/syntax has them as look-ups.
func TestNetrcVectors(t *testing.T) {
	vectors.Load(t, "netrc").Run(t, map[string]func(*testing.T, vectors.Case){
		"parse":                  func(*testing.T, vectors.Case) {}, // of Python and Go: core/syntax
		"parse_complete_entries": func(*testing.T, vectors.Case) {},
		"lookup": func(t *testing.T, c vectors.Case) {
			var v struct {
				Content, Host, User, Options, Dialect string
				Expect                                struct {
					Login, Password string
					Error           bool
					Match           *bool
				}
			}
			c.Decode(t, &v)
			values := core.Values{"netrc": v.Content, "login": v.User}
			req, tr, err := buildAt(t, "netrc", values, "https://"+v.Host+"/")
			switch {
			case v.Expect.Error:
				require.Equal(t, "netrc.syntax", fieldError(t, err).Code)
				return
			case v.Expect.Match != nil:
				require.Contains(t, []string{"netrc.no-entry", "netrc.no-login"}, fieldError(t, err).Code)
				return
			}
			require.NoError(t, err)
			require.Equal(t, v.Expect.Login, tr.Step("username").Out)
			require.Equal(t, v.Expect.Password, tr.Step("password").Out)
			require.NoError(t, verifyRequest(t, "netrc", values, req))
			server := core.Values{"username": v.Expect.Login, "password": v.Expect.Password}
			if v.Expect.Password != "second\r" && v.Expect.Login != "user one" { // Basic itself refuses controls
				require.NoError(t, verifyRequest(t, "basic", server, req), "an ordinary server of Basic takes it")
			}
		},
	})
}

// curl's test 679 has a line break in a password; this is the header that it expects.
func TestNetrcSendsEscapes(t *testing.T) {
	req, _, err := build(t, "netrc", core.Values{"netrc": `machine example.com login "user one" password "with spaces and \"\n\r\t\a"`}, core.Request{})
	require.NoError(t, err)
	require.Equal(t, core.Header{{Name: "Authorization", Value: "Basic dXNlciBvbmU6d2l0aCBzcGFjZXMgYW5kICIKDQlh"}}, req.Header)
}

func TestNetrcErrors(t *testing.T) {
	for name, c := range map[string]struct {
		file, login string
		field, code string
	}{
		"no file":                {" \n", "", "netrc", "netrc.empty"},
		"no entry of the host":   {"machine other.example login a password sesame", "", "netrc", "netrc.no-entry"},
		"an entry of no use":     {"machine example.com\nmachine x login a password sesame", "", "netrc", "netrc.no-entry"},
		"no entry of the login":  {"machine example.com login a password sesame", "b", "login", "netrc.no-login"},
		"an open quote":          {"machine example.com login a password \"sesame", "", "netrc", "netrc.syntax"},
		"a colon in the login":   {"machine example.com login a:b password sesame", "", "netrc", "netrc.not-sendable"},
		"a colon in the wanted":  {"machine example.com password sesame", "a:b", "login", "netrc.not-sendable"},
		"bytes that are no text": {"machine example.com login a password sesame\xff", "", "netrc", "netrc.not-sendable"},
	} {
		t.Run(name, func(t *testing.T) {
			values := core.Values{"netrc": c.file, "login": c.login}
			_, _, err := build(t, "netrc", values, core.Request{})
			wrong := fieldError(t, err)
			require.Equal(t, []string{c.field, c.code}, []string{wrong.Field, wrong.Code})
			require.NotContains(t, wrong.Message, "sesame")
			require.Equal(t, wrong, fieldError(t, verifyRequest(t, "netrc", values, &core.Request{URL: core.URL{Scheme: "https", Host: "example.com"}})))
		})
	}
	t.Run("says the line", func(t *testing.T) {
		_, _, err := build(t, "netrc", core.Values{"netrc": "# mine\nmachine example.com\nlogin a password \"sesame"}, core.Request{})
		require.Contains(t, fieldError(t, err).Message, "line 3: ")
	})
	t.Run("an Authorization line already there", func(t *testing.T) { // aiohttp 3.9.5 sends netrc's instead (peers.md)
		_, _, err := build(t, "netrc", core.Values{"netrc": "default login a password p"}, core.Request{Header: core.Header{{Name: "authorization", Value: "x"}}})
		require.Equal(t, "authorization.conflict", fieldError(t, err).Code)
	})
}

func TestNetrcHosts(t *testing.T) {
	file := "machine [::1] login wrong password p\nmachine ::1 login six password p\nmachine XN--bcher-kva.example login idn password p\nmachine example.com login dot password p"
	for url, want := range map[string]string{
		"https://[::1]:8443/":     "six",
		"https://bücher.example/": "idn",
		"https://EXAMPLE.com:81/": "dot",
	} {
		_, tr, err := buildAt(t, "netrc", core.Values{"netrc": file}, url)
		require.NoError(t, err, url)
		require.Equal(t, want, tr.Step("username").Out, url)
	}
}

func TestNetrcNotes(t *testing.T) {
	for name, c := range map[string]struct {
		file, url string
		want      []string
	}{
		"nothing to say":           {"machine example.com login a password p", "https://example.com/", nil},
		"plain http":               {"machine example.com login a password p", "http://example.com/", []string{"basic.plain-http"}},
		"no password at the end":   {"machine example.com login a", "https://example.com/", []string{"basic.empty-password", "netrc.go-differs"}},
		"two entries":              {"machine example.com login a password p\nmachine example.com login b password q", "https://example.com/", []string{"netrc.python-differs"}},
		"default in front":         {"default login a password p\nmachine example.com login b password q", "https://example.com/", []string{"netrc.python-differs", "netrc.go-differs"}},
		"default":                  {"default login a password p", "https://example.com/", []string{"netrc.go-differs"}},
		"quotes":                   {"machine example.com login a password \"p q\"", "https://example.com/", []string{"netrc.go-differs"}},
		"a line break in quotes":   {"machine example.com login a password \"p\\nq\"", "https://example.com/", []string{"netrc.control", "netrc.python-differs", "netrc.go-differs"}},
		"a backslash":              {"machine example.com login a password p\\q", "https://example.com/", []string{"netrc.python-differs"}},
		"a comment in front":       {"# machine example.com login x password y\n#\nmachine example.com login a password p", "https://example.com/", nil},
		"a macro in front":         {"macdef init\ncd /\n\nmachine example.com login a password p", "https://example.com/", nil},
		"a line for each word":     {"machine\nexample.com\nlogin\na\npassword\np", "https://example.com/", []string{"netrc.go-differs"}},
		"a comment within":         {"machine example.com # mine\nlogin a password p", "https://example.com/", nil},
		"a word Python refuses":    {"machine example.com login a password p port 8080", "https://example.com/", []string{"netrc.python-differs"}},
		"the host in upper case":   {"machine EXAMPLE.com login a password p", "https://example.com/", []string{"netrc.python-differs", "netrc.go-differs"}},
		"a login typed decomposed": {"machine example.com login e\u0301 password p", "https://example.com/", []string{"basic.decomposed"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := buildAt(t, "netrc", core.Values{"netrc": c.file}, c.url)
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
			for _, n := range tr.Notes {
				require.NotContains(t, n.Message, "p\nq")
				require.Contains(t, []string{"netrc", "url"}, n.Field)
			}
		})
	}
}

func TestNetrcNamesWhatDiffers(t *testing.T) {
	client := func(file, login string) *core.Request {
		req, _, err := build(t, "netrc", core.Values{"netrc": file, "login": login}, core.Request{})
		require.NoError(t, err)
		return req
	}
	const file = "machine example.com login a password p\nmachine example.com login b password q"
	for name, c := range map[string]struct {
		req        *core.Request
		code, step string
	}{
		"another password": {client("default login a password x", ""), "basic.wrong-password", "password"},
		"another login":    {client(file, "b"), "basic.wrong-username", "username"},
		"no credentials":   {&core.Request{}, "authorization.missing", "authorization"},
	} {
		t.Run(name, func(t *testing.T) {
			c.req.URL, _ = platform.ParseURL("https://example.com/", "")
			rejection := asRejection(t, verifyRequest(t, "netrc", core.Values{"netrc": file}, c.req))
			require.Equal(t, []string{c.code, c.step}, []string{rejection.Code, rejection.Step})
		})
	}
}
