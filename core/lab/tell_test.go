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
