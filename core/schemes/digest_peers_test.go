package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// Seen in peers: what their users report, and what their sources get wrong.
func TestDigestPeers(t *testing.T) {
	values := core.Values{"username": "u", "password": "p"}
	header := func(t *testing.T, lines ...string) string {
		_, signed := answerChallenge(t, values, lines...)
		require.NotEmpty(t, signed.Header)
		return signed.Header[0].Value
	}
	t.Run("bruno 5346 and 7286: SHA-256", func(t *testing.T) {
		require.Contains(t, header(t, `Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`), "algorithm=SHA-256,")
	})
	t.Run("bruno 5378: no qop where the server offers none", func(t *testing.T) {
		line := header(t, `Digest realm="Printer API", nonce="n"`)
		for _, name := range []string{"qop", "nc=", "cnonce"} {
			require.NotContains(t, line, name)
		}
	})
	t.Run("bruno 5509: a comma in the realm", func(t *testing.T) {
		require.Contains(t, header(t, `Digest realm="a, b=c", nonce="n"`), `realm="a, b=c"`)
	})
	t.Run("bruno 4513, hoppscotch: an equals sign in the nonce", func(t *testing.T) {
		require.Contains(t, header(t, `Digest realm="r", nonce="bm9uY2U=="`), `nonce="bm9uY2U=="`)
	})
	t.Run("bruno 5743, hoppscotch: no quotes round nc, qop, algorithm", func(t *testing.T) {
		line := header(t, `Digest realm="r", nonce="n", qop="auth", algorithm="MD5"`)
		for _, quoted := range []string{` nc="`, `qop="`, `algorithm="`} {
			require.NotContains(t, line, quoted)
		}
	})
	t.Run("bruno 5743: and a server that names them", func(t *testing.T) {
		server := digestServer(t, nil)
		right := digestRequest(t, server, nil)
		right.Header[0].Value = strings.Replace(right.Header[0].Value, "qop=auth", `qop="auth"`, 1)
		var tr core.Trace
		require.NoError(t, digestScheme(t).Verify(server, right, &tr))
		require.Contains(t, noteOf(t, &tr, "digest.quoted").Message, "qop")
	})
	t.Run("bruno 5258, aiohttp 12436: the query, as it is sent", func(t *testing.T) {
		in := input(t, digestScheme(t), core.Vector{URL: "https://example.com/ü b?q=a b&c=%2F#top", Challenges: []string{`Digest realm="r", nonce="n"`}}, values)
		signed, _, err := sign(digestScheme(t), in, request(t, core.Vector{URL: "https://example.com/ü b?q=a b&c=%2F#top"}))
		require.NoError(t, err)
		require.Contains(t, signed.Header[0].Value, `uri="/%C3%BC%20b?q=a%20b&c=%2F"`)
	})
	t.Run("curl 7553: auth-int with the body of a POST", func(t *testing.T) {
		in := input(t, digestScheme(t), core.Vector{Challenges: []string{`Digest realm="r", nonce="n", qop="auth-int"`}}, values)
		_, tr, err := sign(digestScheme(t), in, &core.Request{Method: "POST", Body: []byte("a=1")})
		require.NoError(t, err)
		require.Equal(t, "3872c9ae3f427af0be0ead09d07ae2cf", tr.Step("body-hash").Out) // printf a=1 | md5sum
	})
	t.Run("hoppscotch: parameters without quotes", func(t *testing.T) {
		line := header(t, `Digest realm=r, nonce=n, qop=auth, algorithm=SHA-256`)
		require.Contains(t, line, "qop=auth")
		require.Contains(t, line, "algorithm=SHA-256")
	})
	t.Run("bruno, aiohttp: Digest need not come first", func(t *testing.T) {
		require.Contains(t, header(t, `Negotiate`, `Basic realm="x", Digest realm="r", nonce="n"`), `realm="r"`)
	})
	t.Run("bruno: auth-int alone is not the form without qop", func(t *testing.T) {
		require.Contains(t, header(t, `Digest realm="r", nonce="n", qop="auth-int"`), "qop=auth-int")
	})
	t.Run("hoppscotch, bruno: escapes in the user name", func(t *testing.T) {
		_, signed := answerChallenge(t, core.Values{"username": `a"b\c`}, `Digest realm="r", nonce="n"`)
		require.Contains(t, signed.Header[0].Value, `username="a\"b\\c"`)
	})
	t.Run("aiohttp: SHA-512-256, userhash and charset", func(t *testing.T) {
		require.Contains(t, header(t, `Digest realm="r", nonce="n", algorithm=SHA-512-256, userhash=true, charset=UTF-8`), "userhash=true")
	})
}
