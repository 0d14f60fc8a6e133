package platform_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"http://user:pass@foo:21/bar;par?b#c", "https://:@test", "sc://te@s:t@/", "tag:joe@example.org",
		"wss:// !\"$%&'()*+,-.;<=>@[]^_`{|}~@host/", "foo://host/ !\"$%&'()*+,-./:;<=>@[\\]^_`{|}~", "http:\\\\a\\b:c\\d@foo.com\\",
		"http://[::1%25]:80/?#", "file:///C|/x", "http://ex\u00adample\u3002com", "web+x:/.//p", "\x00http://a", "http://a/\xff"} {
		f.Add(seed, "")
		f.Add(seed, "http://base.example/a/b?c#d")
	}
	for _, c := range vectors.Load(f, "url_userinfo").Cases {
		var v struct{ Input, Base, Href, Value, Expect any }
		c.Decode(f, &v)
		if input, isParse := v.Input.(string); isParse {
			base, _ := v.Base.(string)
			f.Add(input, base)
		}
	}
	f.Fuzz(func(t *testing.T, raw, base string) {
		u, err := platform.ParseURL(raw, base)
		if err != nil {
			requireField(t, err, raw)
			return
		}
		again, err := platform.ParseURL(u.String(), "")
		require.NoError(t, err)
		require.Equal(t, u, again)
		require.True(t, utf8.ValidString(u.String()))
	})
}

func BenchmarkParseURL(b *testing.B) {
	for b.Loop() {
		_, _ = platform.ParseURL("https://user:pass@api.example.com:8443/v1/items?page=2#top", "")
	}
}

// BenchmarkParseURLTyping parses another text each time, as while someone types.
func BenchmarkParseURLTyping(b *testing.B) {
	address := "https://api.example.com/v1/" + strings.Repeat("a", 64)
	for i := 0; b.Loop(); i++ {
		_, _ = platform.ParseURL(address[:27+i%64], "")
	}
}
