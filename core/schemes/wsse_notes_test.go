package schemes_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

func TestWSSERefusesWhatItCannotSay(t *testing.T) {
	own := core.Request{Header: core.Header{{Name: "x-wsse", Value: "a"}}}
	_, _, err := build(t, "wsse", wsseBob, own)
	require.Equal(t, "wsse.conflict", fieldError(t, err).Code)
	_, _, err = build(t, "wsse", wsseBob, core.Request{Header: core.Header{{Name: "Authorization", Value: "a"}}})
	require.Equal(t, "authorization.conflict", fieldError(t, err).Code)
	for _, name := range []string{"a\nb", "한글", "a\x00"} {
		_, _, err = build(t, "wsse", core.Values{"username": name}, core.Request{})
		require.Equal(t, "wsse.not-sendable", fieldError(t, err).Code)
	}
	for _, nonce := range []string{"\n", "€"} {
		scheme, in := inputFor(t, "wsse", wsseBob, core.Vector{Nonces: map[string]string{"nonce": nonce}})
		err = scheme.Sign(in, plainRequest(t), &core.Trace{})
		require.Equal(t, "wsse.nonce", fieldError(t, err).Code)
	}
}

func TestWSSEQuotes(t *testing.T) {
	values := core.Values{"username": `a"b\c`, "password": "x"}
	req, _, err := build(t, "wsse", values, core.Request{})
	require.NoError(t, err)
	require.Contains(t, req.Header[1].Value, `Username="a\"b\\c"`)
	require.NoError(t, verifyRequest(t, "wsse", values, req))
}

func TestWSSENotes(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		want   []string
	}{
		"always which bytes are hashed": {wsseBob, []string{"wsse.nonce-text", "wsse.sha-1"}},
		"decoded":                       {merged(wsseBob, core.Values{"nonceForm": "base64"}), []string{"wsse.nonce-decoded", "wsse.sha-1"}},
		"a name in Latin-1":             {merged(wsseBob, core.Values{"username": "jäger"}), []string{"wsse.latin-1", "wsse.nonce-text", "wsse.sha-1"}},
		"stray space":                   {merged(wsseBob, core.Values{"password": "x "}), []string{"wsse.space", "wsse.nonce-text", "wsse.sha-1"}},
		"empty":                         {nil, []string{"wsse.empty-username", "wsse.empty-password", "wsse.nonce-text", "wsse.sha-1"}},
		"NFD":                           {merged(wsseBob, core.Values{"password": "e\u0301"}), []string{"wsse.decomposed", "wsse.nonce-text", "wsse.sha-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "wsse", c.values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

// Whatever stands in X-WSSE: Verify says no with a code, or yes to the same four values.
func FuzzWSSE(f *testing.F) {
	for _, c := range vectors.Load(f, "wsse").Cases {
		var v struct {
			Expect struct {
				XWSSE string `json:"x_wsse"`
			}
		}
		c.DecodeSome(f, &v)
		f.Add(v.Expect.XWSSE)
	}
	f.Add(`UsernameToken Username=bob, PasswordDigest="=", Nonce="\"", Created=2003-12-15T14:43:07+24:00`)
	f.Fuzz(func(t *testing.T, line string) {
		req := plainRequest(t)
		req.Header = core.Header{wsseLine, {Name: "X-WSSE", Value: line}}
		at := time.Date(2003, 12, 15, 14, 43, 7, 0, time.UTC)
		if err := verifyPinned(t, "wsse", wsseBob, core.Vector{Now: at}, req); err != nil {
			require.NotEmpty(t, asRejection(t, err).Code)
			return
		}
		said := syntax.ParseChallenges([]string{line})
		require.Len(t, said, 1)
		name, _ := said[0].Param("username")
		require.Equal(t, "bob", name)
	})
}
