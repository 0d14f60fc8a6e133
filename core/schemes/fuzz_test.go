package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// Every scheme, whatever stands in the header line that carries its credential: Verify does not
// panic, says no with a Rejection, and yes only to the credential itself.
func FuzzTampering(f *testing.F) {
	f.Add(0, 0, "")
	f.Add(6, 1, "   ")
	f.Add(0, 6, "bEARER")
	f.Add(10, 2, "==")
	f.Add(3, 200, "\r\n\x00\xff%zz")
	f.Fuzz(func(t *testing.T, at, cut int, insert string) {
		for _, s := range schemes.All() {
			if s.Sign == nil {
				continue
			}
			c := newCase(t, s, exampleOf(s))
			for i, line := range c.signed.Header {
				req := c.signed.Clone()
				req.Header[i].Value = spliced(line.Value, at, cut, insert)
				if err := s.Verify(c.in, req, &core.Trace{}); err != nil {
					requireNoSecret(t, c.secrets(), []string{asRejection(t, err).Error()})
				} else {
					requireSameCredentials(t, s.ID, line.Value, req.Header[i].Value)
				}
			}
		}
	})
}

// spliced replaces cut bytes of text by insert; any numbers will do.
func spliced(text string, at, cut int, insert string) string {
	at = min(max(at, 0), len(text))
	cut = min(max(cut, 0), len(text)-at)
	return text[:at] + insert + text[at+cut:]
}

// requireSameCredentials leaves a list of parameters what RFC 9110, section 11.4 leaves it: order, space,
// quotes, the case of names, and parameters that nobody knows.
func requireSameCredentials(t *testing.T, scheme, signed, accepted string) {
	t.Helper()
	if members, err := syntax.ParseDictionary(signed); scheme == "httpsig" && err == nil { // others may sign beside
		more, err := syntax.ParseDictionary(accepted)
		require.NoError(t, err)
		require.Contains(t, more, members[0])
		return
	}
	mine, theirs := syntax.ParseChallenges([]string{signed}), syntax.ParseChallenges([]string{accepted})
	if len(mine) != 1 || len(mine[0].Params) == 0 || len(mine[0].Problems) > 0 {
		require.Equal(t, canonical(signed), canonical(accepted), scheme)
		return
	}
	require.Len(t, theirs, 1, scheme)
	require.Empty(t, theirs[0].Problems, scheme)
	for _, p := range mine[0].Params {
		value, _ := theirs[0].Param(p.Name)
		require.Equal(t, p.Value, value, "%s: %s", scheme, p.Name)
	}
}

// canonical is a value without what HTTP leaves free: space around it, the case of the scheme's
// name, the number of spaces behind it and behind commas.
func canonical(value string) string {
	name, rest, found := strings.Cut(strings.Trim(value, " \t"), " ")
	if !found {
		return name
	}
	rest = strings.TrimLeft(rest, " ")
	for strings.Contains(rest, ", ") {
		rest = strings.ReplaceAll(rest, ", ", ",")
	}
	return strings.ToLower(name) + " " + rest
}
