package lab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// What the lab's servers say besides accepting or refusing.

func TestTellsDPoPItsNonce(t *testing.T) {
	scheme, _ := schemes.ByID("dpop")
	l := lab.New(testEnv())
	values, err := scheme.Fill(scheme.Example.Values)
	require.NoError(t, err)
	in := core.Input{Values: values, Env: testEnv()}
	send := func() *lab.Response {
		path, req := get("auth/dpop")
		require.NoError(t, scheme.Sign(in, req, &core.Trace{}))
		return l.Handle(path, req)
	}
	refused := send()
	require.Equal(t, 401, refused.Status)
	answer := text(t, refused)
	require.Contains(t, answer, `"code": "dpop.use-nonce"`)
	require.Contains(t, answer, `"hint": "Send it again`)
	asked := syntax.ParseChallenges(refused.Header.Values("WWW-Authenticate"))
	reason, _ := asked[0].Param("error")
	require.Equal(t, "use_dpop_nonce", reason)

	in.Told = refused.Header
	accepted := send()
	require.Equal(t, 200, accepted.Status, text(t, accepted))
	require.True(t, accepted.Header.Has("DPoP-Nonce"), "the next one comes along")
}

func TestTellsWhichSignatureItWants(t *testing.T) {
	line, _ := handle("auth/httpsig").Header.Get("Accept-Signature")
	require.Equal(t, `sig1=("@method" "@authority" "@path" "@query");created;keyid="test-key-ed25519"`, line)
}

// The client's own check of each answer of the lab; of HEAD there is no body, and so none in the proof.
func TestProvesItself(t *testing.T) {
	for id, confirmed := range map[string]string{"digest": "digest.rspauth", "hawk": "hawk.proof", "httpsig": "httpsig.answer-right"} {
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(id+" "+method, func(t *testing.T) {
				scheme, _ := schemes.ByID(id)
				values, err := scheme.Fill(scheme.Example.Values)
				require.NoError(t, err)
				in := core.Input{Values: values, Env: testEnv(), Challenges: syntax.ParseChallenges(handle("auth/" + id).Header.Values("WWW-Authenticate"))}
				path, req := get("auth/" + id)
				req.Method = method
				tr := &core.Trace{}
				require.NoError(t, scheme.Sign(in, req, tr))
				r := lab.New(testEnv()).Handle(path, req)
				require.Equal(t, 200, r.Status)
				body := text(t, r)
				tr.Notes = nil
				scheme.Confirm(in, req, &core.Response{Status: 200, Header: r.Header, Body: []byte(body), BodySize: int64(len(body))}, tr)
				require.Len(t, tr.Notes, 1)
				require.Equal(t, confirmed, tr.Notes[0].Code)
			})
		}
	}
}
