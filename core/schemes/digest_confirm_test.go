package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

func TestDigestChallenge(t *testing.T) {
	asked := func(values core.Values, refused string) []string {
		in := input(t, digestScheme(t), core.Vector{Challenges: []string{"x"}}, values)
		if refused != "" {
			in.Refused = &core.Rejection{Code: refused}
		}
		var lines []string
		for _, c := range digestScheme(t).Challenge(in) {
			lines = append(lines, syntax.FormatChallenge(c))
		}
		return lines
	}
	lines := asked(nil, "authorization.missing")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], `Digest realm="authpad lab", qop="auth, auth-int", algorithm=SHA-256, nonce="`)
	require.Contains(t, lines[1], `Digest realm="authpad lab", qop="auth, auth-int", algorithm=MD5, nonce="`)
	require.NotContains(t, lines[0], "stale")
	for _, refused := range []string{"digest.stale", "digest.replay"} {
		require.Contains(t, asked(nil, refused)[0], `, stale=true`)
	}
	require.NotContains(t, asked(nil, "digest.wrong-password")[0], "stale")
	only := asked(core.Values{"algorithm": "SHA-512-256", "qop": "none"}, "")
	require.Len(t, only, 1)
	require.Contains(t, only[0], "algorithm=SHA-512-256")
	require.NotContains(t, only[0], "qop")
}

func TestDigestConfirm(t *testing.T) {
	const line = `Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth,auth-int"`
	const right = "376602cfd2f4e8e5e78b948a85263e85" // digest.json, rspauth-md5-auth
	values := core.Values{"username": "Mufasa", "password": "Circle Of Life"}
	confirm := func(t *testing.T, values core.Values, answer *core.Response) *core.Trace {
		in := input(t, digestScheme(t), core.Vector{Nonces: map[string]string{"cnonce": "0a4f113b", "nc": ""}}, values)
		in.Challenges = syntax.ParseChallenges([]string{line})
		signed, tr, err := sign(digestScheme(t), in, &core.Request{Method: "GET", URL: core.URL{Path: "/dir/index.html"}})
		require.NoError(t, err)
		tr.Notes = nil
		digestScheme(t).Confirm(in, signed, answer, tr)
		return tr
	}
	for name, c := range map[string]struct {
		info string
		want []string
	}{
		"a proof":                  {`rspauth="` + right + `", qop=auth, cnonce="0a4f113b", nc=00000001`, []string{"digest.rspauth"}},
		"a proof in upper case":    {`rspauth="` + strings.ToUpper(right) + `"`, []string{"digest.rspauth"}},
		"a wrong proof":            {`rspauth="6629fae49393a05397450978507c4ef1"`, []string{"digest.rspauth-wrong"}},
		"a proof for another nc":   {`rspauth="` + right + `", nc=00000002`, []string{"digest.rspauth-other"}},
		"a proof of another qop":   {`rspauth="` + right + `", qop=auth-int`, []string{"digest.rspauth-other"}},
		"a nonce for next time":    {`nextnonce="x"`, []string{"digest.nextnonce"}},
		"both":                     {`nextnonce="x", rspauth="` + right + `"`, []string{"digest.nextnonce", "digest.rspauth"}},
		"nothing that can be read": {`x y`, []string{"digest.info-problem"}},
		"nothing":                  {``, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, codesOf(confirm(t, values, answerSaying(c.info))))
		})
	}
	t.Run("a body that was cut", func(t *testing.T) {
		answer := answerSaying(`rspauth="262697ce088a99ce041280135b681a71"`) // digest.json, rspauth-md5-auth-int
		answer.Body, answer.BodySize = []byte("hello world\n"), 12
		withBody := merged(values, core.Values{"qop": "auth-int"})
		require.Equal(t, []string{"digest.rspauth"}, codesOf(confirm(t, withBody, answer)))
		answer.BodySize = 13
		require.Equal(t, []string{"digest.rspauth-body"}, codesOf(confirm(t, withBody, answer)))
		answer.BodySize, answer.Header = 12, append(answer.Header, core.HeaderField{Name: "Content-Encoding", Value: "gzip"})
		require.Equal(t, []string{"digest.rspauth-body"}, codesOf(confirm(t, withBody, answer)))
	})
	t.Run("an answer to an unsigned request", func(t *testing.T) {
		tr := &core.Trace{}
		digestScheme(t).Confirm(core.Input{}, &core.Request{}, answerSaying(`rspauth="x"`), tr)
		require.Empty(t, tr.Notes)
	})
}
