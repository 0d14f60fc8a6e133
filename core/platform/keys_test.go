package platform_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
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

// Published keys and what is signed with them: RFC 8037, appendix A; RFC 7515, appendix A.3.
const (
	rfc8037 = `{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	rfc7515 = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
	// RFC 6979, appendix A.2.5: the same curve, another key.
	rfc6979 = `{"kty":"EC","crv":"P-256","x":"YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y","y":"eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk","d":"ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE"}`
	rfc7638 = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}`
)

func TestKeysSignEd25519(t *testing.T) {
	key, err := keys.Parse(rfc8037)
	require.NoError(t, err)
	signature, err := platform.Keys().Sign("EdDSA", key, []byte("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"))
	require.NoError(t, err)
	require.Equal(t, "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
		base64.RawURLEncoding.EncodeToString(signature))
}

// What was read before is the same key as if it were read anew, and so is its public half; a text that is none stays
// none.
func TestKeysReadAgain(t *testing.T) {
	k := platform.Keys()
	texts := []string{rfc8037, rfc7515, rfc6979, rfc7638, rfc7520(t), "  " + rfc7515 + "\n", rfc7515[:40], "", strings.Repeat(" ", 20<<10) + rfc8037}
	for round := range 3 {
		for _, text := range texts {
			want, wrong := keys.Parse(text)
			key, err := k.Read(text)
			require.Equal(t, wrong, err)
			require.Equal(t, want, key, "round %d", round)
			if err != nil {
				continue
			}
			public, err := k.Public(key)
			require.NoError(t, err)
			require.Equal(t, keys.JWK(want), keys.JWK(public))
			again, err := keys.Parse(keys.JWK(want))
			require.NoError(t, err)
			require.Equal(t, keys.Thumbprint(again), public.Thumbprint)
			require.Equal(t, again.DER, public.DER)
		}
	}
}

// Two keys of one seed that differ in their public half alone: only one of them is a key.
func TestKeysOfOneSeed(t *testing.T) {
	k := platform.Keys()
	right, err := k.Read(rfc8037)
	require.NoError(t, err)
	_, err = k.Sign("EdDSA", right, []byte("a message"))
	require.NoError(t, err)
	wrong, err := k.Read(strings.Replace(rfc8037, `"x":"11`, `"x":"21`, 1))
	require.NoError(t, err)
	_, err = k.Sign("EdDSA", wrong, []byte("a message"))
	var mismatch *keys.Error
	require.ErrorAs(t, err, &mismatch)
	require.Equal(t, "key.mismatch", mismatch.Code)
	one, err := k.Public(right)
	require.NoError(t, err)
	other, err := k.Public(wrong)
	require.NoError(t, err)
	require.NotEqual(t, one.Thumbprint, other.Thumbprint)
}

// SEC1 and PKCS#8 may leave the public numbers out, and of Ed25519 nearly always do.
func TestKeysComputeThePublicHalf(t *testing.T) {
	k := platform.Keys()
	for _, text := range []string{rfc8037, rfc7515, rfc6979,
		`{"kty":"EC","crv":"P-521","x":"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt","y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1","d":"AAhRON2r9cqXX1hg-RoI6R1tX5p2rUAYdmpHZoC1XNM56KtscrX6zbKipQrCW9CGZH3T4ubpnoTKLDYJ_fF3_rJt"}`} {
		whole, err := keys.Parse(text)
		require.NoError(t, err)
		t.Run(whole.Curve, func(t *testing.T) {
			key, err := keys.FromScalar(whole.Curve, numberOf(t, text))
			require.NoError(t, err)
			require.Empty(t, keys.JWK(key))
			key.ID = "one"
			public, err := k.Public(key)
			require.NoError(t, err)
			require.Equal(t, keys.JWK(whole), keys.JWK(public))
			require.Equal(t, "one", public.ID)

			algorithm := keys.Algorithms(key)[0]
			signature, err := k.Sign(algorithm, key, []byte("a message"))
			require.NoError(t, err)
			for _, half := range []core.Key{key, whole, public} {
				requireVerdict(t, k, true, algorithm, half, []byte("a message"), signature)
			}
		})
	}
}

// numberOf is the member d of a JWK.
func numberOf(t *testing.T, jwk string) []byte {
	_, d, found := strings.Cut(jwk, `"d":"`)
	require.True(t, found)
	d, _, _ = strings.Cut(d, `"`)
	number, err := base64.RawURLEncoding.DecodeString(d)
	require.NoError(t, err)
	return number
}

func TestKeysRefuse(t *testing.T) {
	k := platform.Keys()
	member := func(jwk, name, value string) string {
		head, tail, found := strings.Cut(jwk, `"`+name+`":"`)
		require.True(t, found)
		_, tail, _ = strings.Cut(tail, `"`)
		return head + `"` + name + `":"` + value + `"` + tail
	}
	sign := func(algorithm, text string) error {
		key, err := keys.Parse(text)
		require.NoError(t, err)
		_, err = k.Sign(algorithm, key, []byte("a message"))
		return err
	}
	verify := func(algorithm, text string) error {
		key, err := keys.Parse(text)
		require.NoError(t, err)
		_, err = k.Verify(algorithm, key, []byte("a message"), make([]byte, 64))
		return err
	}
	rsaPrivate := rfc7520(t)
	off := base64.RawURLEncoding.EncodeToString(append(make([]byte, 31), 1))
	cases := []struct {
		name, code string
		err        error
	}{
		{"a public key to sign", "key.public", sign("RS256", rfc7638)},
		{"a key of another kind", "key.kind", sign("ES256", rsaPrivate)},
		{"a key of another curve", "key.curve", sign("ES384", rfc7515)},
		{"a key of another curve to verify", "key.curve", verify("ES512", rfc7515)},
		{"an algorithm without such keys", "key.algorithm", sign("HS256", rfc7515)},
		{"no algorithm", "key.algorithm", sign("", rfc7515)},
		{"a point that is not on the curve", "key.mismatch", verify("ES256", member(rfc7515, "x", off))},
		{"a private number of another key", "key.mismatch", sign("ES256", member(rfc7515, "d", numberText(rfc6979, "d")))},
		{"a seed of another key", "key.mismatch", sign("EdDSA", member(rfc8037, "d", off))},
		{"a number that is larger than the curve's order", "key.mismatch", sign("ES256", member(rfc7515, "d", "_____________________________________yasmic"))},
		{"a modulus of another key", "key.mismatch", sign("RS256", member(rsaPrivate, "n", numberText(rfc7638, "n")))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var wrong *keys.Error
			require.ErrorAs(t, c.err, &wrong)
			require.Equal(t, c.code, wrong.Code, wrong.Message)
		})
	}
	lost := core.Key{Kind: "EC", Curve: "P-256", Private: true, Algorithm: "ES256", Name: "of yesterday"}
	for _, use := range []func() error{
		func() error { _, err := k.Sign("ES256", lost, nil); return err },
		func() error { _, err := k.Public(lost); return err },
	} {
		var wrong *keys.Error
		require.ErrorAs(t, use(), &wrong)
		require.Equal(t, "key.lost", wrong.Code)
	}
	for _, algorithm := range []string{"", "HS256", "none", "RS"} {
		_, err := k.Generate(algorithm, "")
		var wrong *keys.Error
		require.ErrorAs(t, err, &wrong, algorithm)
		require.Equal(t, "key.algorithm", wrong.Code)
	}
}

func numberText(jwk, name string) string {
	_, text, _ := strings.Cut(jwk, `"`+name+`":"`)
	text, _, _ = strings.Cut(text, `"`)
	return text
}

// rfc7520 is the RSA key of RFC 7520, section 3.4.
func rfc7520(t *testing.T) string {
	for _, c := range vectors.Load(t, "jws").Cases {
		if c.ID == "rfc7520-4_1-rsa_v15_signature" {
			var in struct{ Keys []json.RawMessage }
			c.DecodeSome(t, &in)
			return string(in.Keys[0])
		}
	}
	t.Fatal("the key is gone")
	return ""
}

// SHA-256 and SHA-512 of "abc" (FIPS 180-2, appendices B.1 and C.1), SHA-384 (appendix D.1).
func TestKeysHash(t *testing.T) {
	k := platform.Keys()
	for hash, start := range map[string]string{"SHA-256": "ba7816bf8f01cfea", "SHA-384": "cb00753f45a35e8b", "SHA-512": "ddaf35a193617aba"} {
		sum, err := k.Hash(hash, []byte("abc"))
		require.NoError(t, err)
		require.Equal(t, start, hex.EncodeToString(sum[:8]))
	}
	// A million times "a" (appendix B.3).
	sum, err := k.Hash("SHA-256", bytes.Repeat([]byte("a"), 1_000_000))
	require.NoError(t, err)
	require.Equal(t, "cdc76e5c9914fb92", hex.EncodeToString(sum[:8]))
	sum, err = k.Hash("SHA-256", nil)
	require.NoError(t, err)
	require.Equal(t, "e3b0c44298fc1c14", hex.EncodeToString(sum[:8]))
	_, err = k.Hash("MD5", nil)
	require.Error(t, err)
}

func TestKeysInSeveralGoroutines(t *testing.T) {
	k := platform.Keys()
	const many = 8
	found := make(chan string, many)
	for range many {
		go func() {
			key, err := k.Generate("ES256", "shared")
			signature, errSign := k.Sign("ES256", key, []byte("a message"))
			valid, errVerify := k.Verify("ES256", key, []byte("a message"), signature)
			if err != nil || errSign != nil || errVerify != nil || !valid {
				found <- "failed"
				return
			}
			found <- keys.JWK(key)
		}()
	}
	first := <-found
	require.NotEqual(t, "failed", first)
	for range many - 1 {
		require.Equal(t, first, <-found)
	}
}
