package session_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/session"
)

// DPoP's nonces: asked for with a 401 or, by a token endpoint, with a 400; new with any answer; of one
// origin each (RFC 9449, sections 8 and 9).

func dpopJob(values core.Values) session.Job {
	j := job("https://a.test/x?y=z", "dpop", values)
	j.Env.Keys, j.Memory = platform.Keys(), &session.Memory{}
	return j
}

// nonces are those of the proofs that arrived.
func nonces(t *testing.T, got []*core.Request) (list []string) {
	for _, req := range got {
		proof, sent := req.Header.Get("DPoP")
		require.True(t, sent)
		octets, err := base64.RawURLEncoding.DecodeString(strings.Split(proof, ".")[1])
		require.NoError(t, err)
		var claims struct{ Nonce, JTI string }
		require.NoError(t, json.Unmarshal(octets, &claims))
		list = append(list, claims.Nonce)
	}
	return list
}

func dpopAsks(nonce string) *core.Response {
	answer := asking(`DPoP error="use_dpop_nonce", error_description="x"`)
	answer.Header.Add("DPoP-Nonce", nonce)
	return answer
}

func TestDPoPNonces(t *testing.T) {
	bound := core.Values{"accessToken": "abc"}
	ok := &core.Response{Status: 200}
	t.Run("a 401 is answered once", func(t *testing.T) {
		s := &server{answers: []*core.Response{dpopAsks("n1"), ok}}
		require.Equal(t, "first answer", whys(run(t, dpopJob(bound), s)))
		require.Equal(t, []string{"", "n1"}, nonces(t, s.got))
		s = &server{answers: []*core.Response{dpopAsks("n1"), dpopAsks("n2")}}
		require.Equal(t, "first answer", whys(run(t, dpopJob(bound), s)), "and not twice")
	})
	t.Run("what is refused for another reason is not sent again", func(t *testing.T) {
		refused := asking(`DPoP error="invalid_token"`)
		refused.Header.Add("DPoP-Nonce", "n1")
		require.Equal(t, "first", whys(run(t, dpopJob(bound), &server{answers: []*core.Response{refused}})))
		j := dpopJob(bound)
		s := &server{answers: []*core.Response{dpopAsks("n1"), ok, refused}}
		run(t, j, s)
		require.NotContains(t, codes(run(t, j, s).Exchanges[0].Notes), "answer.refused", "a nonce that is out of date is named as such, other than Digest's")
	})
	t.Run("a nonce that the browser hides cannot be answered", func(t *testing.T) {
		j := dpopJob(bound)
		require.Equal(t, "first", whys(run(t, j, &server{answers: []*core.Response{asking(`DPoP error="use_dpop_nonce"`)}})))
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Contains(t, codes(built.Trace.Notes), "dpop.nonce-hidden", "and says so the next time")
	})
	t.Run("the nonce is kept, and the newer one", func(t *testing.T) {
		j := dpopJob(bound)
		s := &server{answers: []*core.Response{dpopAsks("n1"), ok, ok, saying(200, "DPoP-Nonce", "n2"), ok, dpopAsks("n3"), ok, ok}}
		for range 6 {
			run(t, j, s)
		}
		require.Equal(t, []string{"", "n1", "n1", "n1", "n2", "n2", "n3", "n3"}, nonces(t, s.got))
	})
	t.Run("also that of an answer nobody asked for", func(t *testing.T) {
		j := dpopJob(bound)
		s := &server{answers: []*core.Response{saying(200, "DPoP-Nonce", "n1"), ok}}
		run(t, j, s)
		run(t, j, s)
		require.Equal(t, []string{"", "n1"}, nonces(t, s.got))
	})
	t.Run("for each origin its own", func(t *testing.T) {
		j := dpopJob(bound)
		s := &server{answers: []*core.Response{dpopAsks("n1"), ok, ok, ok, ok}}
		run(t, j, s)
		for _, address := range []string{"https://b.test/x", "https://a.test:8443/x", "https://a.test/other"} {
			j.Request.URL = address
			run(t, j, s)
		}
		require.Equal(t, []string{"", "n1", "", "", "n1"}, nonces(t, s.got))
	})
}

func TestDPoPNoncesOfATokenEndpoint(t *testing.T) {
	says := func(code string) *core.Response {
		answer := saying(400, "DPoP-Nonce", "n1")
		answer.Body = []byte(`{"error": "` + code + `", "error_description": "x"}`)
		return answer
	}
	s := &server{answers: []*core.Response{says("use_dpop_nonce"), {Status: 200}}}
	require.Equal(t, "first answer", whys(run(t, dpopJob(nil), s)))
	require.Equal(t, []string{"", "n1"}, nonces(t, s.got))
	t.Run("a code that was refused is not sent again", func(t *testing.T) {
		s := &server{answers: []*core.Response{says("invalid_grant")}}
		j := dpopJob(nil)
		require.Equal(t, "first", whys(run(t, j, s)))
		run(t, j, s)
		require.Equal(t, []string{"", "n1"}, nonces(t, s.got), "but the nonce is kept")
	})
}
