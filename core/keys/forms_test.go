//go:build !js

package keys_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
)

// crypto/x509 writes every form, and reads what Parse made of it.

type pair struct {
	name   string
	signer crypto.Signer
}

func pairs(t testing.TB) []pair {
	var list []pair
	for _, bits := range []int{1024, 2048, 3072} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		require.NoError(t, err)
		list = append(list, pair{"RSA " + big.NewInt(int64(bits)).String(), key})
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		list = append(list, pair{curve.Params().Name, key})
	}
	_, key, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	return append(list, pair{"Ed25519", key})
}

// forms are the texts one key can have, by the name of the form.
func forms(t testing.TB, signer crypto.Signer) (private, public map[string]string) {
	private, public = map[string]string{}, map[string]string{}
	block := func(into map[string]string, label string, der []byte, err error) {
		require.NoError(t, err)
		into[label] = string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
		into["bare "+label] = base64.StdEncoding.EncodeToString(der)
	}
	der, err := x509.MarshalPKCS8PrivateKey(signer)
	block(private, "PRIVATE KEY", der, err)
	der, err = x509.MarshalPKIXPublicKey(signer.Public())
	block(public, "PUBLIC KEY", der, err)
	der, err = x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(7)}, &x509.Certificate{}, signer.Public(), signer)
	block(public, "CERTIFICATE", der, err)
	switch key := signer.(type) {
	case *rsa.PrivateKey:
		block(private, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key), nil)
		block(public, "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey), nil)
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(key)
		block(private, "EC PRIVATE KEY", der, err)
	}
	members := jwkOf(t, signer)
	text, err := json.MarshalIndent(members, "", "  ")
	require.NoError(t, err)
	private["JWK"], private["JWK Set"] = string(text), `{"keys": [`+string(text)+`]}`
	for name := range members {
		if strings.Contains(" d p q dp dq qi ", " "+name+" ") {
			delete(members, name)
		}
	}
	text, err = json.Marshal(members)
	require.NoError(t, err)
	public["JWK"] = string(text)
	return private, public
}

func jwkOf(t testing.TB, signer crypto.Signer) map[string]any {
	number := base64.RawURLEncoding.EncodeToString
	switch key := signer.(type) {
	case *rsa.PrivateKey:
		pre := key.Precomputed
		return map[string]any{"kty": "RSA", "n": number(key.N.Bytes()), "e": number(big.NewInt(int64(key.E)).Bytes()), "d": number(key.D.Bytes()),
			"p": number(key.Primes[0].Bytes()), "q": number(key.Primes[1].Bytes()),
			"dp": number(pre.Dp.Bytes()), "dq": number(pre.Dq.Bytes()), "qi": number(pre.Qinv.Bytes())}
	case *ecdsa.PrivateKey:
		point, err := key.PublicKey.Bytes()
		require.NoError(t, err)
		d, err := key.Bytes()
		require.NoError(t, err)
		half := 1 + len(point)/2
		return map[string]any{"kty": "EC", "crv": key.Params().Name, "x": number(point[1:half]), "y": number(point[half:]), "d": number(d)}
	}
	key := signer.(ed25519.PrivateKey)
	return map[string]any{"kty": "OKP", "crv": "Ed25519", "x": number(key.Public().(ed25519.PublicKey)), "d": number(key.Seed())}
}

// disguises are what happens to a text on its way, and does not matter.
var disguises = map[string]func(string) string{
	"as it is":         func(s string) string { return s },
	"no final newline": strings.TrimSpace,
	"CRLF":             func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"space around":     func(s string) string { return "\ufeff \t\r\n" + s + "\n\n " },
	"escaped newlines": func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) },
	"escaped CRLF":     func(s string) string { return strings.ReplaceAll(s, "\n", `\r\n`) },
	"a JSON string": func(s string) string {
		text, _ := json.Marshal(s)
		return string(text)
	},
	"one line":     func(s string) string { return strings.ReplaceAll(s, "\n", " ") },
	"indented":     func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") },
	"continued by": func(s string) string { return strings.ReplaceAll(strings.TrimSpace(s), "\n", "\\\n") },
}

func TestParseReadsEveryForm(t *testing.T) {
	for _, p := range pairs(t) {
		private, public := forms(t, p.signer)
		check := func(form, text string, same func(t *testing.T, key core.Key)) {
			for name, disguise := range disguises {
				if disguised := disguise(text); name != "escaped newlines" && name != "escaped CRLF" && name != "continued by" || strings.Contains(text, "-----") {
					t.Run(p.name+"/"+form+"/"+name, func(t *testing.T) {
						key, err := keys.Parse(disguised)
						require.NoError(t, err)
						same(t, key)
					})
				}
			}
		}
		for form, text := range private {
			check(form, text, func(t *testing.T, key core.Key) {
				require.True(t, key.Private)
				read, err := x509.ParsePKCS8PrivateKey(key.DER)
				require.NoError(t, err)
				require.True(t, p.signer.(interface{ Equal(crypto.PrivateKey) bool }).Equal(read))
				if p.name != "Ed25519" || form == "JWK" || form == "JWK Set" { // PKCS#8 of Ed25519 has only the seed
					requireNumbers(t, p.signer, key)
				}
			})
		}
		for form, text := range public {
			check("public "+form, text, func(t *testing.T, key core.Key) {
				require.False(t, key.Private)
				read, err := x509.ParsePKIXPublicKey(key.DER)
				require.NoError(t, err)
				require.True(t, p.signer.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(read))
				requireNumbers(t, p.signer, key)
			})
		}
	}
}

// requireNumbers compares with the numbers of the JWK that crypto/x509 knows nothing of.
func requireNumbers(t *testing.T, signer crypto.Signer, key core.Key) {
	members := jwkOf(t, signer)
	for name, number := range map[string][]byte{"n": key.N, "e": key.E, "x": key.X, "y": key.Y} {
		want, _ := members[name].(string)
		require.Equal(t, want, base64.RawURLEncoding.EncodeToString(number), name)
	}
	require.Equal(t, members["kty"], key.Kind)
	crv, _ := members["crv"].(string)
	require.Equal(t, crv, key.Curve)
}

// requireSameDER has crypto/x509 read what Parse made. It may find that the numbers make no key, but
// what it reads it writes as we do.
func requireSameDER(t *testing.T, der []byte) {
	if public, err := x509.ParsePKIXPublicKey(der); err == nil {
		theirs, err := x509.MarshalPKIXPublicKey(public)
		require.NoError(t, err)
		require.True(t, bytes.Equal(theirs, der))
	}
}
