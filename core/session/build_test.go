package session_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
	"authpad/core/schemes"
	"authpad/core/session"
	"authpad/core/syntax"
)

// pinned is a world in which nothing changes.
func pinned() core.Env {
	return core.Env{
		Now:   func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
		Nonce: nonceByName,
		Keys:  platform.Keys(),
	}
}

// nonceByName has one for each name, as if it were drawn.
func nonceByName(name string, bytes int) string {
	if bytes == 0 {
		return ""
	}
	return name + "-nonce"
}

func job(address, scheme string, values core.Values) session.Job {
	return session.Job{Request: session.Spec{URL: address}, Scheme: scheme, Values: values, Env: pinned(), Native: true}
}

func requireFieldError(t *testing.T, err error, field, code string) {
	t.Helper()
	var wrong *core.FieldError
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, code, wrong.Code)
	require.Equal(t, field, wrong.Field)
}

func codes(notes []core.Note) []string {
	list := []string{}
	for _, n := range notes {
		list = append(list, n.Code)
	}
	return list
}

func TestBuildAddress(t *testing.T) {
	cases := []struct{ name, typed, base, want string }{
		{"trims", "  https://example.com/a\n", "", "https://example.com/a"},
		{"writes what a browser sends", "HTTPS://EXAMPLE.com:443/a/../b c", "", "https://example.com/b%20c"},
		{"resolves a relative address", "lab/echo", "http://localhost:8765/x/index.html", "http://localhost:8765/x/lab/echo"},
		{"resolves an absolute path", "/lab/echo.json", "https://a.test/x/", "https://a.test/lab/echo.json"},
		{"resolves dots", "../a.b", "https://a.test/x/y/", "https://a.test/x/a.b"},
		{"keeps the fragment for the reader", "https://a.test/#top", "", "https://a.test/#top"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j := job(c.typed, "", nil)
			j.Request.Base = c.base
			built, err := session.Build(j)
			require.NoError(t, err)
			require.Equal(t, c.want, built.Request.URL.String())
		})
	}
}

func TestBuildRefusesAddress(t *testing.T) {
	page := "https://pages.test/authpad/"
	cases := []struct{ name, typed, base, code, message string }{
		{"empty", " \n", page, "url.empty", ""},
		{"relative without a page", "lab/echo", "", "url.relative", ""},
		{"host and path without a scheme", "example.com/a?secret", page, "url.relative", "“https://example.com/…”"},
		{"host and port without a scheme", "localhost:8080", page, "url.relative", "“http://localhost:8080”"},
		{"a short name and port without a scheme", "printer:8080/x", page, "url.relative", "“https://printer:8080/…”"},
		{"localhost without a scheme", "localhost/x", page, "url.relative", "“http://localhost/…”"},
		{"a name under localhost", "API.localhost:99/x", page, "url.relative", "“http://API.localhost:99/…”"},
		{"a name like it", "localhost.example.com", page, "url.relative", "“https://localhost.example.com”"},
		{"an address in figures", "127.0.0.1:80/x", "", "url.relative", "“http://127.0.0.1:80/…”"},
		{"userinfo without a scheme", "u:hunter2@example.com", page, "url.relative", "“https://example.com”"},
		{"another scheme", "ftp://u:hunter2@example.com/", "", "url.scheme", ""},
		{"an unknown scheme", "x-y://u:hunter2@h/", page, "url.scheme", ""},
		{"no authority", "mailto:hunter2@example.com", page, "url.opaque", ""},
		{"a bad port", "https://u:hunter2@example.com:99999/", "", "url.invalid", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j := job(c.typed, "", nil)
			j.Request.Base = c.base
			_, err := session.Build(j)
			requireFieldError(t, err, "url", c.code)
			require.Contains(t, err.Error(), c.message)
			require.NotContains(t, err.Error(), "hunter2")
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestBuildMethod(t *testing.T) {
	for typed, want := range map[string]string{"": "GET", " post ": "POST", "Delete": "DELETE", "PATCH": "PATCH", "patch": "patch", "QUERY": "QUERY"} {
		j := job("https://a.test/", "", nil)
		j.Request.Method = typed
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Equal(t, want, built.Request.Method)
	}
	j := job("https://a.test/", "", nil)
	j.Request.Method = "FOO BAR"
	_, err := session.Build(j)
	requireFieldError(t, err, "method", "method.invalid")
}

func TestBuildHeader(t *testing.T) {
	t.Run("keeps case, order and repeats and leaves out empty rows", func(t *testing.T) {
		j := job("https://a.test/", "", nil)
		j.Request.Header = core.Header{{Name: "X-b", Value: " 1 "}, {}, {Name: " x-A", Value: "caf\u00e9"}, {Name: "X-B", Value: ""}}
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Equal(t, core.Header{{Name: "X-b", Value: "1"}, {Name: "x-A", Value: "caf\u00e9"}, {Name: "X-B"}}, built.Request.Header)
	})
	for _, c := range []struct{ name, header, value, code string }{
		{"a name with a space", "X A", "1", "header.name"},
		{"a name with its colon", "X-A:", "1", "header.name"},
		{"a value without a name", "", "1", "header.name"},
		{"a line break in a value", "X-A", "1\r\nX-B: 2", "header.value"},
		{"a control character", "X-A", "1\x00", "header.value"},
		{"a character above U+00FF", "X-A", "한", "header.charset"},
	} {
		t.Run("refuses "+c.name, func(t *testing.T) {
			j := job("https://a.test/", "", nil)
			j.Request.Header = core.Header{{}, {Name: "ok", Value: "1"}, {Name: c.header, Value: c.value}}
			_, err := session.Build(j)
			requireFieldError(t, err, "headers.2", c.code)
		})
	}
}

func TestBuildBody(t *testing.T) {
	parts := []syntax.Part{{Name: "a", Value: []byte("1")}}
	cases := []struct {
		name      string
		method    string
		header    core.Header
		body      session.Body
		wantType  []string
		wantBody  string
		wantNotes []string
	}{
		{"none", "POST", nil, session.Body{}, nil, "", nil},
		{"text", "POST", nil, session.Body{Kind: "text", Text: "é"}, []string{"text/plain;charset=UTF-8"}, "é", nil},
		{"empty text of a GET is none", "GET", nil, session.Body{Kind: "text"}, nil, "", nil},
		{"empty text of a POST has a type", "POST", nil, session.Body{Kind: "text"}, []string{"text/plain;charset=UTF-8"}, "", nil},
		{"JSON as text", "POST", nil, session.Body{Kind: "text", Text: ` {"a":1} `}, []string{"text/plain;charset=UTF-8"}, ` {"a":1} `, []string{"body.json-as-text"}},
		{"a named type stays", "PUT", core.Header{{Name: "content-type", Value: "application/json"}}, session.Body{Kind: "text", Text: `{}`}, []string{"application/json"}, `{}`, nil},
		{"form", "POST", nil, session.Body{Kind: "form", Form: []core.Param{{Name: "a b", Value: "1&2"}}}, []string{"application/x-www-form-urlencoded"}, "a+b=1%262", nil},
		{"multipart", "POST", nil, session.Body{Kind: "multipart", Parts: parts}, []string{"multipart/form-data; boundary=boundary-nonce"},
			"--boundary-nonce\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--boundary-nonce--\r\n", nil},
		{"multipart with a boundary of the header", "POST", core.Header{{Name: "Content-Type", Value: `multipart/mixed; Boundary="a b"`}},
			session.Body{Kind: "multipart", Parts: parts}, []string{`multipart/mixed; Boundary="a b"`},
			"--a b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--a b--\r\n", nil},
		{"multipart with a header without one", "POST", core.Header{{Name: "Content-Type", Value: "multipart/form-data"}},
			session.Body{Kind: "multipart"}, []string{"multipart/form-data"}, "--boundary-nonce--\r\n", []string{"body.boundary-missing"}},
		{"bytes", "POST", nil, session.Body{Kind: "bytes", Bytes: []byte{0xff}}, nil, "\xff", nil},
		{"a body with GET", "GET", nil, session.Body{Kind: "bytes", Bytes: []byte("x")}, nil, "x", []string{"body.method"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j := job("https://a.test/", "", nil)
			j.Request.Method, j.Request.Header, j.Request.Body = c.method, c.header, c.body
			built, err := session.Build(j)
			require.NoError(t, err)
			require.Equal(t, c.wantType, built.Request.Header.Values("Content-Type"))
			require.Equal(t, c.wantBody, string(built.Request.Body))
			require.ElementsMatch(t, c.wantNotes, codes(built.Trace.Notes))
		})
	}
	t.Run("leaves a body with GET to the browser that refuses it", func(t *testing.T) {
		j := job("https://a.test/", "", nil)
		j.Request.Body, j.Fetch.Origin, j.Native = session.Body{Kind: "text", Text: "x"}, "https://a.test", false
		built, err := session.Build(j)
		require.NoError(t, err)
		require.NotNil(t, built.Browser.Blocked)
		require.NotContains(t, codes(built.Trace.Notes), "body.method")
	})
	t.Run("refuses a boundary that occurs in a part", func(t *testing.T) {
		j := job("https://a.test/", "", nil)
		j.Request.Body = session.Body{Kind: "multipart", Parts: []syntax.Part{{Value: []byte("x\r\n--boundary-nonce--")}}}
		_, err := session.Build(j)
		requireFieldError(t, err, "body", "body.boundary")
	})
	t.Run("refuses a header in the type of a part", func(t *testing.T) {
		j := job("https://a.test/", "", nil)
		j.Request.Body = session.Body{Kind: "multipart", Parts: []syntax.Part{{Type: "a/b\r\nX: y"}}}
		_, err := session.Build(j)
		requireFieldError(t, err, "body", "body.type")
	})
}

func TestBuildNotes(t *testing.T) {
	cases := []struct {
		name, address string
		header        core.Header
		want          string // empty: no note
	}{
		{"says that a fragment stays", "https://a.test/#x", nil, "url.fragment"},
		{"says that a path is rewritten", "https://a.test/a/../b", nil, "url.rewritten"},
		{"says that a query is rewritten", "https://a.test/?a b", nil, "url.rewritten"},
		{"accepts an address as it is", "https://a.test", nil, ""},
		{"warns of credentials over http", "http://a.test/", core.Header{{Name: "Authorization", Value: "x y"}}, "url.plain-http"},
		{"does not warn of this machine", "http://localhost:80/", core.Header{{Name: "Authorization", Value: "x y"}}, ""},
		{"does not warn of this machine in figures", "http://127.1:80/", core.Header{{Name: "Authorization", Value: "x y"}}, ""},
		{"warns of a name that looks like this machine", "http://127.example/", core.Header{{Name: "Cookie", Value: "x=y"}}, "url.plain-http"},
		{"does not warn without credentials", "http://a.test/", nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			j := job(c.address, "", nil)
			j.Request.Header = c.header
			built, err := session.Build(j)
			require.NoError(t, err)
			if c.want == "" {
				require.Empty(t, codes(built.Trace.Notes))
			} else {
				require.Equal(t, []string{c.want}, codes(built.Trace.Notes))
			}
		})
	}
	t.Run("leaves plain http to a scheme that speaks of it", func(t *testing.T) {
		for _, s := range schemes.All() {
			built, err := session.Build(job("http://a.test/", s.ID, s.Example.Values))
			require.NoError(t, err, s.ID)
			warnings := 0
			for _, n := range built.Trace.Notes {
				if strings.HasSuffix(n.Code, ".plain-http") { // netrc's is that of basic
					warnings++
				}
			}
			want := 1
			if s.ID == "none" {
				want = 0
			}
			require.Equal(t, want, warnings, "%s: %v", s.ID, codes(built.Trace.Notes))
		}
	})
}

func TestCredentialsInURL(t *testing.T) {
	const aladdin = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
	basic := core.Values{"username": "Aladdin", "password": "open sesame"}
	for _, scheme := range []string{"", "none", "basic"} {
		t.Run("become Basic with the scheme “"+scheme+"”", func(t *testing.T) {
			built, err := session.Build(job("https://Aladdin:open%20sesame@a.test/x", scheme, core.Values{"username": "", "password": ""}))
			require.NoError(t, err)
			value, _ := built.Request.Header.Get("Authorization")
			require.Equal(t, aladdin, value)
			require.Equal(t, "https://a.test/x", built.Request.URL.String())
			require.Contains(t, codes(built.Trace.Notes), "url.credentials-lifted")
			require.Equal(t, "open sesame", built.Trace.Step("url-password").Out)
			for _, step := range built.Trace.Steps {
				for _, part := range step.In {
					require.NotContains(t, []string{"field:username", "field:password"}, part.From)
				}
			}
		})
	}
	t.Run("keep the chosen charset", func(t *testing.T) {
		built, err := session.Build(job("https://%C3%A9:x@a.test/", "basic", core.Values{"charset": "iso-8859-1"}))
		require.NoError(t, err)
		value, _ := built.Request.Header.Get("Authorization")
		require.Equal(t, "Basic 6Tp4", value)
	})
	for name, j := range map[string]session.Job{
		"filled fields":  job("https://u:hunter2@a.test/", "basic", basic),
		"a user name":    job("https://u:hunter2@a.test/", "basic", core.Values{"username": "u"}),
		"another scheme": job("https://u:hunter2@a.test/", "bearer", nil),
	} {
		t.Run("are refused beside "+name, func(t *testing.T) {
			_, err := session.Build(j)
			requireFieldError(t, err, "url", "url.credentials")
			require.NotContains(t, err.Error(), "hunter2")
		})
	}
	t.Run("that Basic cannot write are a mistake in the address", func(t *testing.T) {
		_, err := session.Build(job("https://a%3Ab:hunter2@a.test/", "", nil))
		requireFieldError(t, err, "url", "basic.colon")
	})
	t.Run("conflict with an Authorization line", func(t *testing.T) {
		j := job("https://u:hunter2@a.test/", "", nil)
		j.Request.Header = core.Header{{Name: "authorization", Value: "x y"}}
		_, err := session.Build(j)
		requireFieldError(t, err, "headers", "authorization.conflict")
		require.Contains(t, err.Error(), "the address has credentials")
	})
}

func TestUnknownScheme(t *testing.T) {
	_, err := session.Build(job("https://a.test/", "hunter2", nil))
	requireFieldError(t, err, "scheme", "scheme.unknown")
	require.NotContains(t, err.Error(), "hunter2")
}

// TestUserinfoVectors holds Build to the credentials that browsers find in an address.
func TestUserinfoVectors(t *testing.T) {
	seen := 0
	vectors.Load(t, "url_userinfo").Run(t, map[string]func(*testing.T, vectors.Case){
		"parse": func(t *testing.T, c vectors.Case) {
			var in struct {
				Input, Base string
				Expect      struct {
					Error                                                                                    bool
					Href, Protocol, Username, Password, Host, Hostname, Port, Pathname, Search, Hash, Origin string
				}
			}
			c.Decode(t, &in)
			j := job(in.Input, "none", nil)
			j.Request.Base = in.Base
			built, err := session.Build(j)
			if in.Input == "" { // an empty address bar is not meant as the page itself
				requireFieldError(t, err, "url", "url.empty")
				return
			}
			web := in.Expect.Protocol == "http:" || in.Expect.Protocol == "https:"
			if in.Expect.Error || !web {
				var wrong *core.FieldError
				require.ErrorAs(t, err, &wrong)
				require.Equal(t, "url", wrong.Field)
				return
			}
			username, err1 := url.PathUnescape(in.Expect.Username)
			password, err2 := url.PathUnescape(in.Expect.Password)
			require.NoError(t, errors.Join(err1, err2))
			var wrong *core.FieldError
			if errors.As(err, &wrong) && wrong.Field == "url" && wrong.Code[:6] == "basic." {
				require.Regexp(t, "[:\\x00-\\x1f\\x7f-\\x{9f}]|\\xff", username+password)
				return
			}
			require.NoError(t, err)
			seen++
			require.Equal(t, in.Expect.Pathname+in.Expect.Search, built.Request.URL.Target())
			require.Equal(t, in.Expect.Host, built.Request.URL.Authority())
			value, signed := built.Request.Header.Get("Authorization")
			require.Equal(t, username+password != "", signed)
			if signed {
				want, err := session.Build(job("https://a.test/", "basic", core.Values{"username": username, "password": password}))
				require.NoError(t, err)
				wanted, _ := want.Request.Header.Get("Authorization")
				require.Equal(t, wanted, value)
			}
		},
		// Setters of URL objects: nothing that building a request does.
		"set_username": func(*testing.T, vectors.Case) {},
		"set_password": func(*testing.T, vectors.Case) {},
	})
	require.Greater(t, seen, 15, "cases that build")
}
