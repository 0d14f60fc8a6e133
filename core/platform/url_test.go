package platform_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

// TestURLVectors holds both builds to the userinfo cases of the web platform tests. The results of
// the setters are parsed too: what a browser writes must be read back unchanged.
func TestURLVectors(t *testing.T) {
	vectors.Load(t, "url_userinfo").Run(t, map[string]func(*testing.T, vectors.Case){
		"parse": checkParsed, "set_username": checkSetter, "set_password": checkSetter,
	})
}

// members of a URL object, https://url.spec.whatwg.org/#url-class.
type members struct {
	Href, Protocol, Username, Password, Host, Hostname, Port, Pathname, Search, Hash string
	Error                                                                            bool
}

func checkParsed(t *testing.T, c vectors.Case) {
	var v struct {
		Input, Base string
		Expect      members
	}
	c.Decode(t, &v)
	got, err := platform.ParseURL(v.Input, v.Base)
	if v.Expect.Error {
		requireField(t, err, v.Input)
		return
	}
	// core.URL is for addresses with a host; "tag:x" has none, and says so.
	if !strings.HasPrefix(v.Expect.Href, v.Expect.Protocol+"//") {
		requireField(t, err, v.Input)
		return
	}
	require.NoError(t, err)
	want := v.Expect
	for _, member := range []*string{&want.Href, &want.Username, &want.Password, &want.Pathname, &want.Search} {
		*member = inThisEngine(c.ID, *member)
	}
	require.Equal(t, want, membersOf(got))
}

// inThisEngine is the expected text where the engine is known to differ from the standard.
func inThisEngine(id, want string) string {
	if d, differs := deviations[id]; differs {
		return strings.ReplaceAll(want, d.old, d.new)
	}
	return want
}

// checkSetter parses the address before and after the setter; the parts it names must be as given.
func checkSetter(t *testing.T, c vectors.Case) {
	var v struct {
		Href, Value string
		Expect      struct {
			Href               string
			Username, Password *string
		}
	}
	c.Decode(t, &v)
	got, err := platform.ParseURL(v.Expect.Href, "")
	if !strings.Contains(v.Expect.Href, "://") {
		requireField(t, err, v.Expect.Href)
		return
	}
	require.NoError(t, err)
	require.Equal(t, inThisEngine(c.ID, v.Expect.Href), got.String())
	if v.Expect.Username != nil {
		require.Equal(t, inThisEngine(c.ID, *v.Expect.Username), got.Username)
	}
	if v.Expect.Password != nil {
		require.Equal(t, inThisEngine(c.ID, *v.Expect.Password), got.Password)
	}
}

func membersOf(u core.URL) members {
	m := members{Href: u.String(), Protocol: u.Scheme + ":", Username: u.Username, Password: u.Password,
		Host: u.Authority(), Hostname: u.Host, Port: u.Port, Pathname: u.Path, Search: u.Query, Hash: u.Fragment}
	if m.Search == "?" {
		m.Search = ""
	}
	if m.Hash == "#" {
		m.Hash = ""
	}
	return m
}

// requireField wants an error for the field "url" that quotes none of the address.
func requireField(t *testing.T, err error, raw string) {
	t.Helper()
	var field *core.FieldError
	require.ErrorAs(t, err, &field)
	require.Equal(t, "url", field.Field)
	require.NotEmpty(t, field.Ref.URL)
	if len(raw) > 6 {
		require.NotContains(t, err.Error(), raw)
	}
}

// TestParseURLSerialises holds the normalisation that was measured in Chromium 156.
func TestParseURLSerialises(t *testing.T) {
	for _, row := range []struct{ name, typed, want string }{
		{"double dots", "/a/../b", "/b"},
		{"encoded double dots", "/a/%2e%2e/b", "/b"},
		{"single dot", "/a/./b", "/a/b"},
		{"encoded single dot", "/a/%2E/b", "/a/b"},
		{"a dot inside a segment", "/a%2eb", "/a%2eb"},
		{"double slash", "/a//b", "/a//b"},
		{"double slash after the host", "//a", "//a"},
		{"encoded slash keeps its case", "/a%2fb%2Fc", "/a%2fb%2Fc"},
		{"encoded UTF-8 keeps its case", "/%c3%a9%41", "/%c3%a9%41"},
		{"stray percent signs", "/%/%zz", "/%/%zz"},
		{"backslash", `/a\b`, "/a/b"},
		{"Latin letter", "/é", "/%C3%A9"},
		{"Chinese letter", "/中", "/%E4%B8%AD"},
		{"emoji", "/😀", "/%F0%9F%98%80"},
		{"encoded in a path", "/a \"<>`{}^b", "/a%20%22%3C%3E%60%7B%7D%5Eb"},
		{"vertical bar in a path", "/a|b", "/a" + verticalBarInPath + "b"},
		{"raw in a path", "/[]~*+&=;,@:'$!()...", "/[]~*+&=;,@:'$!()..."},
		{"tab and line feed inside, space behind", "/a\tb\nc ", "/abc"},
		{"space in a query", "/?b c", "/?b%20c"},
		{"raw in a query", "/?b+c&%20&%2f&/", "/?b+c&%20&%2f&/"},
		{"quotes in a query", `/?"x"`, "/?%22x%22"},
		{"angle brackets in a query", "/?<x>", "/?%3Cx%3E"},
		{"apostrophes in a query", "/?'x'", "/?%27x%27"},
		{"brackets and more in a query", "/?a|b {b} [b] \\ ` ^ \\ ~*!() :@,;$", "/?a|b%20{b}%20[b]%20\\%20`%20^%20\\%20~*!()%20:@,;$"},
		{"letters in a query", "/?é=ü&中&😀", "/?%C3%A9=%C3%BC&%E4%B8%AD&%F0%9F%98%80"},
		{"stray percent signs in a query", "/?%zz&%", "/?%zz&%"},
		{"question mark alone", "/?", "/?"},
		{"empty pairs in a query", "/?&&b&a&a&b=", "/?&&b&a&a&b="},
		{"lone surrogate, as it reaches Go", "/?\ufffd", "/?%EF%BF%BD"},
		{"byte that is no UTF-8", "/?\xff", "/?%EF%BF%BD"},
	} {
		t.Run(row.name, func(t *testing.T) {
			u, err := platform.ParseURL("http://h"+row.typed, "")
			require.NoError(t, err)
			require.Equal(t, row.want, u.Target())
		})
	}
}

func TestParseURLAuthority(t *testing.T) {
	for _, row := range []struct{ name, typed, want string }{
		{"lower case", "http://EXAMPLE.com/", "example.com"},
		{"international name", "http://bücher.example/", "xn--bcher-kva.example"},
		{"default port of http", "http://h:80/", "h"},
		{"default port of https", "https://h:443/", "h"},
		{"other port", "https://h:80/", "h:80"},
		{"leading zeros", "http://h:09001/", "h:9001"},
		{"short IPv4", "http://127.1/", "127.0.0.1"},
		{"hexadecimal IPv4", "http://0x7f.1/", "127.0.0.1"},
		{"IPv4 as one number", "http://2130706433/", "127.0.0.1"},
		{"trailing dot", "http://localhost./", "localhost."},
		{"IPv6", "http://[::1]/", "[::1]"},
		{"IPv6 with a port", "http://[2001:DB8:0::1]:8080/", "[2001:db8::1]:8080"},
	} {
		t.Run(row.name, func(t *testing.T) {
			u, err := platform.ParseURL(row.typed, "")
			require.NoError(t, err)
			require.Equal(t, row.want, u.Authority())
		})
	}
}

func TestParseURLRefuses(t *testing.T) {
	for _, row := range []struct{ name, raw, base, code string }{
		{"nothing", "", "", "url.empty"},
		{"white space", " \t", "", "url.empty"},
		{"a host without a scheme", "example.com/a", "", "url.relative"},
		{"a path without a base", "lab/echo", "", "url.relative"},
		{"a half-typed address", "https://", "", "url.invalid"},
		{"a port that is none", "https://user:swordfish@h:99999/", "", "url.invalid"},
		{"an open bracket", "https://user:swordfish@[::1/", "", "url.invalid"},
		{"an address without a host", "mailto:swordfish@example.com", "", "url.opaque"},
		{"a path of a scheme without a host", "unix:/run/swordfish", "", "url.opaque"},
		{"a base that is none", "lab/echo", "swordfish", "url.invalid"},
		{"a byte order mark in front", "\ufeffhttps://swordfish/", "", "url.relative"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := platform.ParseURL(row.raw, row.base)
			var field *core.FieldError
			require.ErrorAs(t, err, &field)
			require.Equal(t, row.code, field.Code)
			require.Equal(t, "url", field.Field)
			require.NotContains(t, err.Error(), "swordfish")
		})
	}
}

func TestParseURLIsRelativeToItsBase(t *testing.T) {
	u, err := platform.ParseURL("lab/echo?x#top", "http://127.0.0.1:8765/sub/index.html#share")
	require.NoError(t, err)
	require.Equal(t, core.URL{Scheme: "http", Host: "127.0.0.1", Port: "8765", Path: "/sub/lab/echo", Query: "?x", Fragment: "#top"}, u)
}

// TestParseURLRemembers asks often enough to push answers out of the browser build's memory.
func TestParseURLRemembers(t *testing.T) {
	for range 3 {
		for _, letter := range "abcdefghijklmnop" {
			u, err := platform.ParseURL("http://"+string(letter)+"/", "")
			require.NoError(t, err)
			require.Equal(t, string(letter), u.Host)
			u, err = platform.ParseURL("x", "http://"+string(letter)+"/")
			require.NoError(t, err)
			require.Equal(t, "http://"+string(letter)+"/x", u.String())
		}
	}
}
