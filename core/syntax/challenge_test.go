package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

type challengeVector struct {
	Headers          []string
	Expect           []expectedChallenge
	ExpectBasicRealm *string `json:"expect_basic_realm"`
	Lenient          bool
	Disputed         bool
	Error            any
	Bytes            string
}

type expectedChallenge struct {
	Scheme  string
	Params  map[string]string
	Token68 string
}

func TestChallengeVectors(t *testing.T) {
	reads := func(t *testing.T, c vectors.Case) {
		var v challengeVector
		c.Decode(t, &v)
		got := syntax.ParseChallenges(v.Headers)
		if v.Disputed || v.Error != nil || v.Lenient {
			require.NotEmpty(t, problemsOf(got), "nothing said about %q", v.Headers)
		}
		if v.Disputed || v.Error != nil {
			return // read as one can; sources differ
		}
		for i := range v.Expect { // Chromium's cases have the names in lower case
			v.Expect[i].Scheme = strings.ToLower(v.Expect[i].Scheme)
		}
		require.Equal(t, v.Expect, comparable(got))
		if !v.Lenient {
			require.Empty(t, problemsOf(got))
			requirePrintedAgain(t, got)
		}
	}
	vectors.Load(t, "challenges").Run(t, map[string]func(*testing.T, vectors.Case){
		"parse":         reads,
		"browser_realm": reads,
		"basic_realm": func(t *testing.T, c vectors.Case) {
			var v struct {
				Headers []string
				Expect  struct {
					OK    bool
					Realm string
				}
				Disputed bool
			}
			c.Decode(t, &v)
			got := syntax.ParseChallenges(v.Headers)
			require.Equal(t, v.Expect.OK, strings.EqualFold(got[0].Scheme, "Basic"))
			if v.Disputed {
				require.NotEmpty(t, problemsOf(got))
				return
			}
			require.Equal(t, v.Expect.Realm, comparable(got)[0].Params["realm"])
		},
	})
}

func comparable(list []core.Challenge) []expectedChallenge {
	all := []expectedChallenge{}
	for _, c := range list {
		e := expectedChallenge{Scheme: strings.ToLower(c.Scheme), Token68: c.Token68}
		if c.Token68 == "" {
			e.Params = map[string]string{}
		}
		for _, p := range c.Params {
			e.Params[strings.ToLower(p.Name)] = p.Value
		}
		all = append(all, e)
	}
	return all
}

func problemsOf(list []core.Challenge) []string {
	var all []string
	for _, c := range list {
		all = append(all, c.Problems...)
	}
	return all
}

func requirePrintedAgain(t *testing.T, list []core.Challenge) {
	t.Helper()
	for _, c := range list {
		require.Equal(t, []core.Challenge{c}, syntax.ParseChallenges([]string{syntax.FormatChallenge(c)}))
	}
}

func TestFormatChallenge(t *testing.T) {
	for want, c := range map[string]core.Challenge{
		`Negotiate`:             {Scheme: "Negotiate"},
		`Negotiate YWJj`:        {Scheme: "Negotiate", Token68: "YWJj"},
		`Basic realm="a \"b\""`: {Scheme: "Basic", Params: []core.Param{{Name: "realm", Value: `a "b"`}}},
		`Basic realm="x", charset="UTF-8"`: {Scheme: "Basic",
			Params: []core.Param{{Name: "realm", Value: "x"}, {Name: "charset", Value: "UTF-8"}}},
		`Digest realm="x", qop="auth, auth-int", algorithm=SHA-256, stale=true, charset="not a token"`: {Scheme: "Digest",
			Params: []core.Param{{Name: "realm", Value: "x"}, {Name: "qop", Value: "auth, auth-int"}, {Name: "algorithm", Value: "SHA-256"},
				{Name: "stale", Value: "true"}, {Name: "charset", Value: "not a token"}}},
	} {
		require.Equal(t, want, syntax.FormatChallenge(c))
	}
}

func TestChallengeWithoutQuotesRoundQop(t *testing.T) {
	got := syntax.ParseChallenges([]string{`Digest realm="x", qop=auth,auth-int, nonce="n", Basic realm="y"`})
	require.Len(t, got, 2)
	require.Equal(t, []core.Param{{Name: "realm", Value: "x"}, {Name: "qop", Value: "auth,auth-int"}, {Name: "nonce", Value: "n"}}, got[0].Params)
	require.Equal(t, []string{"the list of qop needs quotes"}, got[0].Problems)
	require.Equal(t, "Basic", got[1].Scheme)
}

func TestParseParams(t *testing.T) {
	for value, want := range map[string][]core.Param{
		"":                              nil,
		`nextnonce="a=b, c", nc=1`:      {{Name: "nextnonce", Value: "a=b, c"}, {Name: "nc", Value: "1"}},
		`  rspauth="x" ,, cnonce="\"" `: {{Name: "rspauth", Value: "x"}, {Name: "cnonce", Value: `"`}},
	} {
		params, problems := syntax.ParseParams(value)
		require.Equal(t, want, params)
		require.Empty(t, problems, value)
	}
	for _, value := range []string{"abc", "abc=", `a="b", c`, `a="b`, "a b=c"} {
		_, problems := syntax.ParseParams(value)
		require.NotEmpty(t, problems, value)
	}
}

// Whatever a server sends: reading ends, and what was read without a problem is printed and read
// again as the same.
func FuzzChallenges(f *testing.F) {
	for _, c := range vectors.Load(f, "challenges").Cases {
		var v struct{ Headers []string }
		c.DecodeSome(f, &v)
		f.Add(strings.Join(v.Headers, ", "))
	}
	f.Fuzz(func(t *testing.T, line string) {
		got := syntax.ParseChallenges([]string{line})
		if len(problemsOf(got)) == 0 {
			requirePrintedAgain(t, got)
		}
		params, problems := syntax.ParseParams(line)
		for _, p := range params {
			require.True(t, len(problems) > 0 || syntax.IsToken(p.Name), line)
		}
	})
}

// A server may send what it likes: 60,000 repeats of one parameter, in a line that browsers take, once made two
// thousand million problems.
func TestChallengesAreReadWithinLimits(t *testing.T) {
	for name, line := range map[string]string{
		"one parameter, over and over": "Digest " + strings.Repeat("a=1,", 60000),
		"nothing that can be read":     "Digest " + strings.Repeat("(,", 120000),
		"missing commas":               "Digest " + strings.Repeat("a=1 b=1 ", 30000),
		"schemes":                      strings.Repeat("a,", 120000),
		"nothing but commas":           strings.Repeat(",", 240000),
	} {
		t.Run(name, func(t *testing.T) {
			list := syntax.ParseChallenges([]string{line, `Basic realm="x"`})
			params, problems := 0, 0
			for _, c := range list {
				params, problems = params+len(c.Params), problems+len(c.Problems)
			}
			require.LessOrEqual(t, len(list)+params+problems, 2000)
			require.Equal(t, core.Challenge{Scheme: "Basic", Params: []core.Param{{Name: "realm", Value: "x"}}}, list[len(list)-1])
			if len(list) > 1 {
				require.Contains(t, list[len(list)-2].Problems, "the line goes on for longer than any challenge; its rest is left out")
			}
		})
	}
}
