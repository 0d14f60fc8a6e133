package schemes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

// Whatever a server asks: what is signed is what the server, which knows what it asked, accepts.
func FuzzDigestAnswers(f *testing.F) {
	for _, c := range vectors.Load(f, "digest").Cases {
		var v struct{ Challenge, Username string }
		c.DecodeSome(f, &v)
		f.Add(v.Challenge, v.Username)
	}
	f.Add(`Digest realm="é\"", nonce=",=", qop="auth-int,x", opaque="", Digest algorithm=SHA-256-sess, nonce=n, userhash=true`, "Zoë")
	f.Add("Digest realm=\"\t\", nonce=0", "0")
	f.Fuzz(func(t *testing.T, line, username string) {
		for _, qop := range []string{"auto", "auth-int", "none"} {
			in := input(t, digestScheme(t), core.Vector{Nonces: map[string]string{"nc": ""}}, core.Values{"username": username, "password": "p", "qop": qop})
			in.Challenges = syntax.ParseChallenges([]string{line})
			signed, _, err := sign(digestScheme(t), in, &core.Request{Method: "POST", URL: core.URL{Path: "/a", Query: "?b"}, Body: []byte(line)})
			if err != nil {
				fieldError(t, err)
				continue
			}
			if len(signed.Header) == 0 || !syntax.ValidFieldValue(signed.Header[0].Value) {
				continue // not asked, or by a text that no header line can hold
			}
			require.NoError(t, digestScheme(t).Verify(in, signed, &core.Trace{}), signed.Head())
			wrong := in
			wrong.Values = merged(in.Values, core.Values{"password": "q"})
			require.Error(t, digestScheme(t).Verify(wrong, signed, &core.Trace{}))
		}
	})
}

// Whatever a server says of itself: reading it ends, and nothing wrong is called a proof.
func FuzzDigestConfirm(f *testing.F) {
	f.Add(`rspauth="376602cfd2f4e8e5e78b948a85263e85", qop=auth, cnonce="0a4f113b", nc=00000001, nextnonce="x"`)
	f.Add(`nextnonce=,=, rspauth`)
	f.Fuzz(func(t *testing.T, info string) {
		in := input(t, digestScheme(t), core.Vector{Challenges: []string{`Digest realm="r", nonce="n", qop=auth`}}, core.Values{"username": "u", "password": "p"})
		signed, tr, err := sign(digestScheme(t), in, &core.Request{Method: "GET"})
		require.NoError(t, err)
		digestScheme(t).Confirm(in, signed, answerSaying(info), tr)
		require.NotContains(t, codesOf(tr), "digest.rspauth")
	})
}
