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
	} {
		require.Equal(t, want, syntax.FormatChallenge(c))
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
	})
}
