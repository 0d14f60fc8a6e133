package platform_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/platform"
)

var algorithms = []string{"RS1", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

func TestKeysGenerated(t *testing.T) {
	k := platform.Keys()
	message := []byte("a message")
	for _, algorithm := range algorithms {
		t.Run(algorithm, func(t *testing.T) {
			key, err := k.Generate(algorithm, "test")
			require.NoError(t, err)
			require.True(t, key.Private)
			require.Nil(t, key.DER, "nothing but its name leaves the place where it was made")
			require.Equal(t, "test", key.Name)
			require.NoError(t, keys.Fits(key, algorithm))

			again, err := k.Generate(algorithm, "test")
			require.NoError(t, err)
			require.Equal(t, keys.JWK(key), keys.JWK(again), "the same name, the same key")
			other, err := k.Generate(algorithm, "other")
			require.NoError(t, err)
			require.NotEqual(t, keys.JWK(key), keys.JWK(other))

			signature, err := k.Sign(algorithm, key, message)
			require.NoError(t, err)
			public, err := k.Public(key)
			require.NoError(t, err)
			require.False(t, public.Private)
			for _, half := range []core.Key{key, public} {
				requireVerdict(t, k, true, algorithm, half, message, signature)
				requireVerdict(t, k, false, algorithm, half, []byte("another message"), signature)
				requireVerdict(t, k, false, algorithm, half, message, signature[1:])
				requireVerdict(t, k, false, algorithm, half, message, nil)
			}
			requireVerdict(t, k, false, algorithm, other, message, signature)
			read, err := keys.Parse(keys.JWK(key))
			require.NoError(t, err)
			requireVerdict(t, k, true, algorithm, read, message, signature)
		})
	}
}

func requireVerdict(t *testing.T, k core.Keys, want bool, algorithm string, key core.Key, message, signature []byte) {
	t.Helper()
	valid, err := k.Verify(algorithm, key, message, signature)
	require.NoError(t, err)
	require.Equal(t, want, valid)
}
