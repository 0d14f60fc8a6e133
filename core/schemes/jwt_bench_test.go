package schemes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

// What a token costs by itself, without the request, the prediction and the answer around it.

func BenchmarkSignJWT(b *testing.B) {
	scheme, _ := schemes.ByID("jwt")
	for _, c := range []struct{ algorithm, key string }{
		{"HS256", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}, {"ES256", testKey(b, "p256")}, {"EdDSA", testKey(b, "ed25519")},
	} {
		values, err := scheme.Fill(core.Values{"algorithm": c.algorithm, "key": c.key, "claims": `{"sub":"1234567890","name":"John Doe"}`})
		require.NoError(b, err)
		in := core.Input{Values: values, Env: environment(core.Vector{}), Plan: new(any)}
		b.Run(c.algorithm, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"}}
				require.NoError(b, scheme.Sign(in, &req, &core.Trace{}))
			}
		})
	}
}
