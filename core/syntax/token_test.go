package syntax_test

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(string) bool
		yes   []string
		no    []string
	}{
		{"token", syntax.IsToken, []string{"a", "X-Api_Key", "!#$%&'*+-.^_`|~09AZaz"},
			[]string{"", "a b", "a:b", `a"b`, "a/b", "a=b", "é", "a\x00", "(a)", "a\x7f"}},
		{"b64token", syntax.IsB64Token, []string{"a", "aZ09-._~+/", "a=", "a=="}, []string{"", "=", "a=b", "a b", "é", "a,"}},
		{"field value", syntax.ValidFieldValue, []string{"", "a\tb", " a ", "café", "ÿ"},
			[]string{"a\nb", "a\rb", "\x00", "\x01", "\x7f", "Ā", "한", "\xff"}},
		{"cookie value", syntax.IsCookieValue, []string{"", "a=b", "!~"}, []string{" ", `"`, ",", ";", `\`, "é", "\x7f", "\t"}},
	} {
		for want, texts := range map[bool][]string{true: c.yes, false: c.no} {
			for _, text := range texts {
				t.Run(c.name+" "+strconv.QuoteToASCII(text), func(t *testing.T) { require.Equal(t, want, c.check(text)) })
			}
		}
	}
}

func TestFieldValueFault(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "caf\u00e9\t": "", "a\r\nb": "a line break (character 2)", "\n": "a line break (character 1)",
		"é\x00": "a control character (U+0000, character 2)", "\x7f": "a control character (U+007F, character 1)",
		"abc\u200b": "an invisible character (U+200B, character 4)", "\ufeffabc": "an invisible character (U+FEFF, character 1)",
		"“abc”": "a character above U+00FF (character 1)", "한": "a character above U+00FF (character 1)", "a\xff": "a character above U+00FF (character 2)",
		"ab\U000e0001": "an invisible character (U+E0001, character 3)",
	} {
		require.Equal(t, want, syntax.FieldValueFault(text), "%q", text)
		require.Equal(t, want == "", syntax.ValidFieldValue(text), "%q", text)
	}
}

func TestQuote(t *testing.T) {
	require.Equal(t, `"a\\b\"c"`, syntax.Quote(`a\b"c`))
}

func TestParameters(t *testing.T) {
	for query, want := range map[string][]string{
		"": nil, "?": nil, "?k": {""}, "?k=": {""}, "?k=a+b%2B": {"a b+"}, "?%6b=1&k=2&K=3": {"1", "2"}, "?k=%zz%": {"%zz%"}, "?k=a=b": {"a=b"},
	} {
		t.Run(query, func(t *testing.T) { require.Equal(t, want, syntax.Parameters(query, "k")) })
	}
}

// The judge is net/url, which was not written by us: it decodes what we encode, and what both take
// for percent-encoding they decode alike.
func FuzzPercentEncoding(f *testing.F) {
	for _, seed := range []string{"", "a b&c=d/é", "%41%zz%", "\x00\xff", "~-._"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoded := syntax.PercentEncode(text, syntax.Unreserved)
		require.Equal(t, text, syntax.PercentDecode(encoded))
		decoded, err := url.PathUnescape(encoded)
		require.NoError(t, err)
		require.Equal(t, text, decoded)
		if decoded, err := url.PathUnescape(text); err == nil {
			require.Equal(t, decoded, syntax.PercentDecode(text))
		}
	})
}
