package syntax_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

// The Unicode standard's own examples of "substitution of maximal subparts" (version 15, tables 3-8 to
// 3-11), which the Encoding standard's decoder follows.
func TestReplaceInvalidUTF8(t *testing.T) {
	for text, want := range map[string]string{
		"a\xf1\x80\x80\xe1\x80\xc2b\x80c\x80\xbfd": "a\ufffd\ufffd\ufffdb\ufffdc\ufffd\ufffdd",
		"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82A":        "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA",
		"\xed\xa0\x80\xed\xbf\xbf\xed\xafA":        "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA",
		"\xf4\x91\x92\x93\xffA\x80\xbfB":           "\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB",
		"\xe1\x80\xe2\xf0\x91\x92\xf1\xbfA":        "\ufffd\ufffd\ufffd\ufffdA",
		"é":                                        "é",
		"\ufffd\xe2\x82":                           "\ufffd\ufffd",
	} {
		require.Equal(t, want, syntax.ReplaceInvalidUTF8(text), "%q", text)
	}
}

func TestFieldTextAndOctets(t *testing.T) {
	for text, octets := range map[string]string{"": "", "a b": "a b", "한": "\u00ed\u0095\u009c", "é글": "\u00c3\u00a9\u00ea\u00b8\u0080"} {
		require.Equal(t, octets, syntax.FieldOctets(text))
		require.Equal(t, text, syntax.FieldText(octets))
	}
	require.Equal(t, "caf\u00e9", syntax.FieldOctets("caf\u00e9"), "one byte, as in ISO-8859-1")
	require.Equal(t, "caf\u00e9", syntax.FieldText("caf\u00e9"))
	require.Equal(t, "한", syntax.FieldText("한"))
}
