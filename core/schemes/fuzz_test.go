package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
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
					require.Equal(t, canonical(line.Value), canonical(req.Header[i].Value), s.ID)
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

// canonical is a value without what HTTP leaves free: space around it, the case of the scheme's
// name, the number of spaces behind it.
func canonical(value string) string {
	name, rest, found := strings.Cut(strings.Trim(value, " \t"), " ")
	if !found {
		return name
	}
	return strings.ToLower(name) + " " + strings.TrimLeft(rest, " ")
}
