package platform

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPlainURLs writes addresses at random, most of them nearly plain: where plainHref answers, the parser of this
// engine says the same, whatever the base.
func TestPlainURLs(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 6))
	pieces := strings.Split("a b z 0 1 9 A . .. - -- _ ~ ! $ & ' ( ) * + , ; = : @ / // ? # % %2e %2E %41 [ ] | ^ ` { } < > \" \\ é \x00 \t 0x 1.2 .1 :80 :443 :8443 :8 :080 :09 :99999 xn-- localhost example.com", " ")
	one := func() string { return pieces[chance.IntN(len(pieces))] }
	some := func(most int) (text string) {
		for range chance.IntN(most + 1) {
			text += one()
		}
		return text
	}
	plain := 0
	for range 30_000 {
		raw := []string{"https://", "http://", "https://", "http:/", "HTTP://"}[chance.IntN(5)] +
			[]string{"example.com", "localhost", "a", "", "1", "127.1"}[chance.IntN(6)] + some(2) + []string{"/", "", "/a"}[chance.IntN(3)] + some(3)
		href, isPlain := plainHref(raw)
		if !isPlain {
			continue
		}
		plain++
		for _, base := range []string{"", "https://base.example/a?b#c"} {
			want, ok := parseHref(raw, base)
			require.True(t, ok, "%q", raw)
			require.Equal(t, want, href, "%q", raw)
		}
	}
	require.Greater(t, plain, 2000)
}

// TestEveryByteInPlainURLs puts each byte into each part.
func TestEveryByteInPlainURLs(t *testing.T) {
	for c := range 256 {
		for _, raw := range []string{"https://a" + string(rune(c)) + "b/", "https://a/b" + string(rune(c)) + "c", "https://a/" + string(rune(c)),
			"https://a/?b" + string(rune(c)), "https://a" + string(rune(c)), "https://" + string(rune(c)) + "a/", "https://a:8" + string(rune(c)) + "/"} {
			if href, isPlain := plainHref(raw); isPlain {
				want, ok := parseHref(raw, "")
				require.True(t, ok, "%q", raw)
				require.Equal(t, want, href, "%q", raw)
			}
		}
	}
}
