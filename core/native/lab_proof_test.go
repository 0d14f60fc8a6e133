package native

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/schemes"
	"authpad/core/session"
)

// The lab's proofs hold over HTTP, also where the answer has a body that is signed.
func TestLabProvesItself(t *testing.T) {
	base := startLab(t)
	for id, confirmed := range map[string]string{"digest": "digest.rspauth", "hawk": "hawk.proof", "httpsig": "httpsig.answer-right"} {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			t.Run(id+" "+method, func(t *testing.T) {
				scheme, _ := schemes.ByID(id)
				transport, err := NewTransport(Options{})
				require.NoError(t, err)
				result, err := session.Run(t.Context(), session.Job{Request: session.Spec{Method: method, URL: base + "auth/" + id + "?a=%20b"}, Scheme: id, Values: scheme.Example.Values, Env: Env()}, transport)
				require.NoError(t, err)
				last := result.Exchanges[len(result.Exchanges)-1]
				require.Nil(t, last.Failure)
				require.Equal(t, 200, last.Response.Status)
				require.Len(t, last.Notes, 1)
				require.Equal(t, confirmed, last.Notes[0].Code)
				require.NotEmpty(t, last.Steps)
			})
		}
	}
}
