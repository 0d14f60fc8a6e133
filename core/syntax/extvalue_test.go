package syntax_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

func TestExtValue(t *testing.T) {
	require.Equal(t, "UTF-8''J%C3%A4s%C3%B8n%20Doe", syntax.EncodeExt("Jäsøn Doe")) // RFC 7616, section 3.9.2
	for value, want := range map[string]string{
		"UTF-8''%c2%a3%20and%20%e2%82%ac%20rates": "£ and € rates", // RFC 8187, section 3.2.3
		"utf-8'en'a%25b": "a%b",
		"UTF-8''":        "",
	} {
		text, ok := syntax.DecodeExt(value)
		require.True(t, ok, value)
		require.Equal(t, want, text)
	}
	for _, value := range []string{"", "abc", "UTF-8'abc", "iso-8859-1'en'%A3%20rates", "UTF-8''a b", "UTF-8''%zz", "UTF-8''%4", "UTF-8''%ff", "UTF-8''a'b", "UTF-8''ä"} {
		_, ok := syntax.DecodeExt(value)
		require.False(t, ok, value)
	}
}

func FuzzExtValue(f *testing.F) {
	f.Add("Jäsøn Doe")
	f.Add("UTF-8''%c2%a3")
	f.Add("a'%b\xff")
	f.Fuzz(func(t *testing.T, text string) {
		back, ok := syntax.DecodeExt(syntax.EncodeExt(text))
		require.Equal(t, utf8.ValidString(text), ok)
		if ok {
			require.Equal(t, text, back)
		}
		if decoded, ok := syntax.DecodeExt(text); ok {
			again, ok := syntax.DecodeExt(syntax.EncodeExt(decoded))
			require.True(t, ok)
			require.Equal(t, decoded, again)
		}
	})
}
