package session_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

func TestParseChallenges(t *testing.T) {
	for _, line := range []string{`Basic realm="a: b"`, `WWW-Authenticate: Basic realm="a: b"`, `proxy-authenticate:Basic realm="a: b"`} {
		list := session.ParseChallenges([]string{line})
		require.Len(t, list, 1, line)
		require.Equal(t, "Basic", list[0].Scheme)
		require.Equal(t, "a: b", list[0].Params[0].Value)
		require.Empty(t, list[0].Problems)
	}
	require.Empty(t, session.ParseChallenges(nil))
}

// People paste what “curl -i” and “curl -v” print, whole.
func TestChallengesOfAWholeAnswer(t *testing.T) {
	const digest = `Digest realm="a: b", nonce="n"`
	for name, lines := range map[string][]string{
		"curl -i":                {"HTTP/1.1 401 Unauthorized", "Date: Mon, 30 Nov 2026 12:00:00 GMT", "WWW-Authenticate: " + digest, "Content-Length: 0", ""},
		"curl -v":                {"> GET / HTTP/1.1", "> Authorization: Basic hunter2", "* Mark bundle as not supporting multiuse", "< HTTP/2 401 ", "< www-authenticate: " + digest, "< "},
		"one text":               {"HTTP/1.1 401 Unauthorized\r\nServer: x\r\nWWW-Authenticate: " + digest + "\r\n\r\n<p>No"},
		"folded lines":           {"WWW-Authenticate: Digest realm=\"a: b\",\r\n\tnonce=\"n\""},
		"a folded line, cut off": {"WWW-Authenticate: Digest realm=\"a: b\",", "  nonce=\"n\""},
		"indented lines":         {"  Server: x", "  WWW-Authenticate: " + digest},
	} {
		t.Run(name, func(t *testing.T) {
			list := session.ParseChallenges(lines)
			require.Len(t, list, 1)
			require.Equal(t, core.Challenge{Scheme: "Digest", Params: []core.Param{{Name: "realm", Value: "a: b"}, {Name: "nonce", Value: "n"}}}, list[0])
		})
	}
}

// What a server writes may be long, or turn the direction of what stands beside it.
func TestNotesShowAServersTextHarmlessly(t *testing.T) {
	odd := "\u202e" + strings.Repeat("x", 1000)
	for _, line := range []string{
		`Digest realm="` + odd + `", nonce=n, Digest realm="r", nonce=n`,
		`Digest realm="r", nonce=n, error="` + odd + `"`,
		`Digest realm="r", nonce=n, algorithm="` + odd + `"`,
		`Digest realm="r", nonce=n, qop="auth ` + odd + `"`,
		"Digest realm=r, nonce=n, (" + odd,
		`Digest realm="r"` + odd + ", nonce=n",
		"Digest (" + odd,
		`Digest realm="r", nonce=n, ` + odd[3:] + `=1, ` + odd[3:] + `="`,
		`Digest realm="r" ` + odd[3:] + `=(`,
		"Digest " + odd[3:] + ", a=1",
		odd[3:] + " a=1 " + odd[3:],
	} {
		j := job("https://a.test/", "digest", core.Values{"username": "u", "password": "p"})
		j.Challenge = []string{line}
		built, err := session.Build(j)
		require.NoError(t, err)
		require.NotEmpty(t, built.Trace.Notes)
		for _, n := range built.Trace.Notes {
			require.NotContains(t, n.Message, "\u202e", n.Code)
			require.Less(t, len(n.Message), 500, n.Code)
		}
	}
}

// A realm that was copied from a terminal goes back as the bytes it came in, as if fetch had shown it.
func TestChallengesInUnicode(t *testing.T) {
	values := core.Values{"username": "u", "password": "p"}
	var sent []core.Header
	for _, line := range []string{"Digest realm=\"한글\", nonce=\"n\"", "Digest realm=\"\u00ed\u0095\u009c\u00ea\u00b8\u0080\", nonce=\"n\""} {
		j := job("https://a.test/", "digest", values)
		j.Challenge = []string{line}
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Nil(t, built.Browser.Blocked)
		require.Equal(t, "the server asks for Digest for the realm “한글”, which HTTP Digest answers", built.Trace.Notes[0].Message)
		sent = append(sent, built.Request.Header)
	}
	require.Equal(t, sent[1], sent[0])
	require.Equal(t, "한글", session.ParseChallenges([]string{"Digest realm=\"한글\""})[0].Params[0].Value, "a reader gets what was typed")
}

// DPoP's nonce stands in a line of its own (RFC 9449, section 8).
func TestPastedLinesBesideTheChallenge(t *testing.T) {
	j := job("https://a.test/", "dpop", core.Values{"accessToken": "t"})
	j.Challenge = []string{"HTTP/1.1 401", "DPoP-Nonce: eyJ7S", `WWW-Authenticate: DPoP error="use_dpop_nonce"`}
	built, err := session.Build(j)
	require.NoError(t, err)
	require.Equal(t, "eyJ7S", built.Trace.Step("nonce").Out)
	require.NotContains(t, codes(built.Trace.Notes), "dpop.nonce-hidden")
}

func TestBuildNotesChallenges(t *testing.T) {
	basic := core.Values{"username": "u", "password": "p"}
	latin := core.Values{"username": "u", "password": "p", "charset": "iso-8859-1"}
	const utf8Basic = `WWW-Authenticate: Basic realm="a b", charset="utf-8"`
	for name, c := range map[string]struct {
		scheme       string
		values       core.Values
		lines        []string
		want         []string
		message, fix string // of the first note
	}{
		"nothing asked":              {"basic", basic, nil, []string{}, "", ""},
		"answered":                   {"basic", basic, []string{"Digest realm=x", utf8Basic}, []string{"challenge.answered"}, "asks for Basic for the realm “a b”, which HTTP Basic answers", ""},
		"refused before":             {"bearer", core.Values{"token": "t"}, []string{"bearer error=invalid_token"}, []string{"challenge.answered"}, "(error “invalid_token”)", ""},
		"another charset":            {"basic", latin, []string{utf8Basic}, []string{"challenge.answered", "basic.challenge-charset"}, "", ""},
		"no charset asked for":       {"basic", latin, []string{"Basic realm=x"}, []string{"challenge.answered"}, "", ""},
		"no scheme here":             {"basic", basic, []string{"Negotiate"}, []string{"challenge.other-scheme"}, "Negotiate, which no scheme here can answer", ""},
		"another scheme":             {"bearer", core.Values{"token": "t"}, []string{"Negotiate, Basic realm=x"}, []string{"challenge.other-scheme"}, "asks for Negotiate or Basic; Bearer token cannot answer it", "choose HTTP Basic"},
		"no scheme chosen":           {"none", nil, []string{"Basic realm=x", "Bearer"}, []string{"challenge.other-scheme"}, "no authentication is chosen", " or Bearer token or JSON Web Token or ASAP (Atlassian)"},
		"nothing offered":            {"basic", basic, []string{" "}, []string{"challenge.none-offered"}, "", ""},
		"odd lines":                  {"basic", basic, []string{"Basic realm=x charset=UTF-8"}, []string{"challenge.problem", "challenge.answered"}, "a comma is missing in front of charset", ""},
		"an answer without any":      {"basic", basic, []string{"HTTP/1.1 401 Unauthorized", "Server: x"}, []string{"challenge.none-offered"}, "", "WWW-Authenticate"},
		"a client's line by mistake": {"none", nil, []string{"authorization : Basic hunter2"}, []string{"challenge.credentials", "challenge.none-offered"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			j := job("https://a.test/", c.scheme, c.values)
			j.Challenge = c.lines
			built, err := session.Build(j)
			require.NoError(t, err)
			require.Equal(t, c.want, codes(built.Trace.Notes))
			if len(c.want) > 0 {
				require.Contains(t, built.Trace.Notes[0].Message, c.message)
				require.Contains(t, built.Trace.Notes[0].Fix, c.fix)
			}
			for _, n := range built.Trace.Notes {
				require.NotContains(t, n.Message, "hunter2")
			}
		})
	}
}
