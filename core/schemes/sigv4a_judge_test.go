//go:build !js

package schemes_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/internal/vectors"
	"authpad/core/schemes"
)

// The judge is crypto/ecdsa, with the public key of each case.
func TestSigV4ASignatures(t *testing.T) {
	for _, c := range vectors.Load(t, "sigv4a").Cases {
		var v awsCase
		c.Decode(t, &v)
		for mode, want := range v.byMode() {
			tr := signPinned(t, "sigv4a", v.values("sigv4a", mode), atTime(t, v.Context.Timestamp), v.request(t))
			requireECDSA(t, v, want.StringToSign, tr.Step("signature").Out)
		}
	}
}

func requireECDSA(t *testing.T, v awsCase, message, signature string) {
	t.Helper()
	der, err := hex.DecodeString(signature)
	require.NoError(t, err)
	point, err := hex.DecodeString("04" + v.PublicKey.X + v.PublicKey.Y)
	require.NoError(t, err)
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(message))
	require.True(t, ecdsa.VerifyASN1(key, digest[:], der))
}

// The judge is math/big.
func TestSigV4AScalar(t *testing.T) {
	order := elliptic.P256().Params().N
	require.Zero(t, new(big.Int).Sub(order, big.NewInt(2)).Cmp(new(big.Int).SetBytes([]byte(schemes.OrderMinusTwo))))
	require.Len(t, schemes.OrderMinusTwo, 32)
	for _, number := range []string{"00", "fe", "01ff", "00ffff", "7fffffff"} {
		octets, _ := hex.DecodeString(number)
		want := new(big.Int).Add(new(big.Int).SetBytes(octets), big.NewInt(1))
		require.Zero(t, want.Cmp(new(big.Int).SetBytes(schemes.PlusOne(octets))), number)
	}
	for _, secret := range []string{"", "a", "é", strings.Repeat("x", 200)} {
		number := new(big.Int).SetBytes(schemes.AWSScalar(secret, "AKID"))
		require.Equal(t, 1, number.Sign())
		require.Equal(t, -1, number.Cmp(order))
	}
}
