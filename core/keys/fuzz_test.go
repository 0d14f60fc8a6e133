package keys_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/keys"
)

// FuzzParse: an error is coded and repeats nothing; a key's DER is read again as the same key.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{ecPrivate, ecParameters + ecPrivate, ecCompressed, ecAlone, ecNoCurve, publicCompressed, encrypted, encryptedOld,
		rsa512, rsaThreePrimes, rsaPSS, x25519, x448, ed448, secp256k1, p224, explicit, jwkEd, jwkEC, jwkRSA, `{"keys":[` + jwkEC + "]}",
		with(jwkEd, `"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"`), `"` + jwkEC + `"`, "ssh-rsa AAAA", "MII"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := keys.Parse(text)
		if err != nil {
			var wrong *keys.Error
			require.ErrorAs(t, err, &wrong)
			require.Zero(t, key)
			return
		}
		requireSameDER(t, key.DER)
		again, err := keys.Parse(base64.StdEncoding.EncodeToString(key.DER))
		require.NoError(t, err)
		again.ID, again.Algorithm = key.ID, key.Algorithm
		if key.Private && key.Kind == "OKP" { // the plainest form has only the seed
			again.X = key.X
		}
		require.Equal(t, key, again)
		require.NotEmpty(t, keys.Algorithms(key))
		require.True(t, key.Private || keys.JWK(key) != "")
	})
}

// FuzzSignatureJOSE: what is read is written again as it was.
func FuzzSignatureJOSE(f *testing.F) {
	f.Add([]byte{0x30, 6, 2, 1, 1, 2, 1, 1})
	f.Add([]byte{0x30, 8, 2, 2, 0, 0x80, 2, 2, 0, 0x81})
	f.Fuzz(func(t *testing.T, der []byte) {
		for _, algorithm := range []string{"ES256", "ES384", "ES512"} {
			jose, err := keys.SignatureJOSE(algorithm, der)
			if err != nil {
				continue
			}
			again, err := keys.SignatureDER(jose)
			require.NoError(t, err)
			require.Equal(t, der, again)
		}
	})
}

// FuzzDER is FuzzParse behind the base64, where the lengths are.
func FuzzDER(f *testing.F) {
	for _, seed := range []string{x25519, secp256k1, explicit, ecNoCurve, p224, ed448} {
		der, err := base64.StdEncoding.DecodeString(seed)
		require.NoError(f, err)
		f.Add(der)
	}
	for _, text := range []string{ecPrivate, ecCompressed, ecAlone, rsaPSS, jwkEd, jwkEC, jwkRSA} {
		key, err := keys.Parse(text)
		require.NoError(f, err)
		f.Add(key.DER)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		key, err := keys.Parse(base64.StdEncoding.EncodeToString(der))
		if err != nil {
			var wrong *keys.Error
			require.ErrorAs(t, err, &wrong)
			return
		}
		requireSameDER(t, key.DER)
		again, err := keys.Parse(base64.RawURLEncoding.EncodeToString(key.DER))
		require.NoError(t, err)
		require.Equal(t, key.DER, again.DER)
	})
}
