package json_test

import (
	stdjson "encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core/json"
)

// FuzzWriterText: any text is written so that encoding/json reads it back, with U+FFFD for what is
// no UTF-8.
func FuzzWriterText(f *testing.F) {
	f.Add("")
	f.Add("plain text of more than eight bytes")
	f.Add("12345678\"12345678\\12345678\n12345678\x1f12345678\x7f12345678é한💩12345678\xff12345678\xed\xa0\x80")
	f.Add("\u2028\ufffd\x00")
	f.Fuzz(func(t *testing.T, text string) {
		var w json.Writer
		w.Str(text)
		require.True(t, utf8.Valid(w.Bytes()))
		var read string
		require.NoError(t, stdjson.Unmarshal(w.Bytes(), &read), "%q", w.Bytes())
		require.Equal(t, string([]rune(text)), read)

		ascii := json.Writer{ASCII: true}
		ascii.Str(text)
		require.NotContains(t, strings.Map(onlyForeign, string(ascii.Bytes())), "?", "%q", ascii.Bytes())
		require.NoError(t, stdjson.Unmarshal(ascii.Bytes(), &read), "%q", ascii.Bytes())
		require.Equal(t, string([]rune(text)), read)
	})
}

// onlyForeign leaves a question mark for each character above ASCII.
func onlyForeign(r rune) rune {
	if r >= utf8.RuneSelf {
		return '?'
	}
	return -1
}

func TestWriterEscapesEveryByteAtEveryPlace(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			text := strings.Repeat("x", at) + string([]byte{byte(c)}) + "yyyyyyyyy"
			var w json.Writer
			w.Str(text)
			var read string
			require.NoError(t, stdjson.Unmarshal(w.Bytes(), &read), "%q", w.Bytes())
			require.Equal(t, string([]rune(text)), read)
		}
	}
}
