//go:build !js

package schemes_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"math/rand/v2"
	"strings"
	"testing"

	judge "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

// A thousand tokens with random headers and claims, over all algorithms and forms of keys:
// github.com/go-jose/go-jose accepts ours, and we accept its.
func TestJWTAgreesWithAnotherLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 7519))
	var all []string
	scheme, _ := schemes.ByID("jwt")
	field, _ := scheme.Field("algorithm")
	for _, o := range field.Options {
		if o.Value != "auto" && o.Value != "none" {
			all = append(all, o.Value)
		}
	}
	require.Len(t, all, 13)
	for i := range 1000 {
		algorithm := all[i%len(all)]
		k := randomKey(t, random, algorithm)
		claims := randomClaims(random)
		values := core.Values{"algorithm": algorithm, "key": k.private, "keyEncoding": k.encoding, "claims": claims,
			"autoClaims": "false", "claimsCheck": "false", "header": `{"kid": ` + quoted(randomText(random)) + `}`}

		req, _, err := build(t, "jwt", values, core.Request{})
		require.NoError(t, err, "%s %s", algorithm, k.form)
		ours, err := judge.ParseSignedCompact(lastWord(req.Header[0].Value), []judge.SignatureAlgorithm{judge.SignatureAlgorithm(algorithm)})
		require.NoError(t, err)
		payload, err := ours.Verify(k.theirPublic)
		require.NoError(t, err, "%s %s", algorithm, k.form)
		require.Equal(t, claims, string(payload))

		signer, err := judge.NewSigner(judge.SigningKey{Algorithm: judge.SignatureAlgorithm(algorithm), Key: k.theirPrivate}, nil)
		require.NoError(t, err)
		theirs, err := signer.Sign([]byte(claims))
		require.NoError(t, err)
		token, err := theirs.CompactSerialize()
		require.NoError(t, err)
		values["key"] = k.public
		for _, values["algorithm"] = range []string{algorithm, "auto"} {
			require.NoError(t, verify(t, "jwt", values, bearing(token)), "%s %s", algorithm, k.form)
		}
	}
}

// judgedKey is one key as both sides take it.
type judgedKey struct {
	form, private, public, encoding string
	theirPrivate, theirPublic       any
}

func randomKey(t *testing.T, random *rand.Rand, algorithm string) judgedKey {
	if strings.HasPrefix(algorithm, "HS") {
		return randomSecret(random, algorithm)
	}
	file := map[string]string{"RS": "rsa2048", "PS": "rsa2048", "ES256": "p256", "ES384": "p384", "ES512": "p521", "EdDSA": "ed25519"}
	name := file[algorithm]
	if name == "" {
		name = file[algorithm[:2]]
	}
	block, _ := pem.Decode([]byte(testKey(t, name)))
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	public := private.(crypto.Signer).Public()
	k := judgedKey{form: "PKCS#8", private: testKey(t, name), public: testKey(t, name+".public"), encoding: "text", theirPrivate: private, theirPublic: public}
	switch random.IntN(3) {
	case 0:
		k.form, k.private, k.public = "JWK", jwkText(t, private), jwkText(t, public)
	case 1:
		k.form, k.private = "traditional PEM", traditional(t, private, k.private)
	}
	return k
}

func randomSecret(random *rand.Rand, algorithm string) judgedKey {
	secret := make([]byte, 64+random.IntN(9))
	for i := range secret {
		secret[i] = byte(random.Uint32())
	}
	k := judgedKey{theirPrivate: secret, theirPublic: secret}
	switch random.IntN(5) {
	case 0:
		k.form, k.private = "hex", strings.ToUpper(hex.EncodeToString(secret))
	case 1:
		k.form, k.private = "base64", base64.StdEncoding.EncodeToString(secret)
	case 2:
		k.form, k.private = "base64", base64.RawURLEncoding.EncodeToString(secret)
	case 3:
		k.form, k.private = "text", `{"kty":"oct","alg":"`+algorithm+`","k":"`+base64.RawURLEncoding.EncodeToString(secret)+`"}`
	default:
		text := "s" + strings.Repeat(randomText(random)+"가", 40)
		k = judgedKey{form: "text", private: text, theirPrivate: []byte(text), theirPublic: []byte(text)}
	}
	k.encoding, k.public = k.form, k.private
	return k
}

func jwkText(t *testing.T, key any) string {
	text, err := json.Marshal(judge.JSONWebKey{Key: key})
	require.NoError(t, err)
	return string(text)
}

// traditional is PKCS#1 of RSA and SEC1 of an elliptic curve.
func traditional(t *testing.T, private any, otherwise string) string {
	switch key := private.(type) {
	case *rsa.PrivateKey:
		return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		require.NoError(t, err)
		return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	}
	return otherwise
}

func randomClaims(random *rand.Rand) string {
	var members []string
	for i := range random.IntN(4) {
		members = append(members, quoted(string(rune('a'+i))+randomText(random))+": "+
			[]string{quoted(randomText(random)), "1e3", "[1, {}]", "null", "true"}[random.IntN(5)])
	}
	return "{" + strings.Join(members, ",\n  ") + "}"
}

func quoted(text string) string {
	written, _ := json.Marshal(text)
	return string(written)
}
