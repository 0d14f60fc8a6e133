//go:build !js

package schemes_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

// The judge of the signatures is the standard library, used as RFC 9421, section 3.3 says.

type httpsigJudge struct {
	algorithm string
	private   any // nil: a shared secret
	secret    string
	verify    func(public any, base string, signature []byte) bool
}

func ecdsaJudge(algorithm string, curve elliptic.Curve, sum func(string) []byte) httpsigJudge {
	key, _ := ecdsa.GenerateKey(curve, rand.Reader)
	return httpsigJudge{algorithm: algorithm, private: key, verify: func(public any, base string, signature []byte) bool {
		half := len(signature) / 2
		return 8*half == curve.Params().BitSize &&
			ecdsa.Verify(public.(*ecdsa.PublicKey), sum(base), new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:]))
	}}
}

func httpsigJudges() []httpsigJudge {
	sum256 := func(text string) []byte { s := sha256.Sum256([]byte(text)); return s[:] }
	sum384 := func(text string) []byte { s := sha512.Sum384([]byte(text)); return s[:] }
	sum512 := func(text string) []byte { s := sha512.Sum512([]byte(text)); return s[:] }
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	const secret = "a secret that both sides know, and nobody else"
	return []httpsigJudge{
		ecdsaJudge("ecdsa-p256-sha256", elliptic.P256(), sum256),
		ecdsaJudge("ecdsa-p384-sha384", elliptic.P384(), sum384),
		{algorithm: "ed25519", private: ed, verify: func(public any, base string, signature []byte) bool {
			return ed25519.Verify(public.(ed25519.PublicKey), []byte(base), signature)
		}},
		{algorithm: "rsa-pss-sha512", private: rsaKey, verify: func(public any, base string, signature []byte) bool {
			return rsa.VerifyPSS(public.(*rsa.PublicKey), crypto.SHA512, sum512(base), signature, &rsa.PSSOptions{SaltLength: 64}) == nil
		}},
		{algorithm: "rsa-v1_5-sha256", private: rsaKey, verify: func(public any, base string, signature []byte) bool {
			return rsa.VerifyPKCS1v15(public.(*rsa.PublicKey), crypto.SHA256, sum256(base), signature) == nil
		}},
		{algorithm: "hmac-sha256", secret: secret, verify: func(_ any, base string, signature []byte) bool {
			h := hmac.New(sha256.New, []byte(secret))
			h.Write([]byte(base))
			return hmac.Equal(h.Sum(nil), signature)
		}},
	}
}

func (j httpsigJudge) keys(t *testing.T) (private, public string) {
	if j.private == nil {
		return j.secret, j.secret
	}
	der, err := x509.MarshalPKCS8PrivateKey(j.private)
	require.NoError(t, err)
	publicDER, err := x509.MarshalPKIXPublicKey(j.public())
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER}))
}

func (j httpsigJudge) public() any {
	if j.private == nil {
		return nil
	}
	return j.private.(crypto.Signer).Public()
}

func TestHTTPSigAlgorithms(t *testing.T) {
	for _, j := range httpsigJudges() {
		t.Run(j.algorithm, func(t *testing.T) {
			private, public := j.keys(t)
			values := core.Values{"algorithm": j.algorithm, "key": private, "keyId": "k", "parameters": "alg"}
			signed, tr, err := build(t, "httpsig", values, httpsigRequest())
			require.NoError(t, err)
			signature, err := hex.DecodeString(tr.Step("signature").Out)
			require.NoError(t, err)
			require.True(t, j.verify(j.public(), tr.Step("signature-base").Out, signature))
			require.Contains(t, tr.Step("signature-params").Out, `;alg="`+j.algorithm+`"`)
			values["key"] = public
			require.NoError(t, verifyRequest(t, "httpsig", values, signed))
			signed.URL.Path += "x"
			require.Equal(t, "httpsig.wrong-signature", asRejection(t, verifyRequest(t, "httpsig", values, signed)).Code)
		})
	}
	t.Run("one RSA key, two algorithms", func(t *testing.T) {
		private, _ := httpsigJudges()[3].keys(t)
		signed, _, err := build(t, "httpsig", core.Values{"algorithm": "rsa-pss-sha512", "key": private}, httpsigRequest())
		require.NoError(t, err)
		rejection := asRejection(t, verifyRequest(t, "httpsig", core.Values{"algorithm": "rsa-v1_5-sha256", "key": private}, signed))
		require.Equal(t, []string{"httpsig.other-algorithm", "key", "rsa-v1_5-sha256", "rsa-pss-sha512"}, []string{rejection.Code, rejection.Step, rejection.Want, rejection.Got})
	})
	t.Run("a weak RSA key", func(t *testing.T) {
		weak, err := rsa.GenerateKey(rand.Reader, 1536)
		require.NoError(t, err)
		private, _ := httpsigJudge{private: weak}.keys(t)
		_, tr, err := build(t, "httpsig", core.Values{"algorithm": "rsa-v1_5-sha256", "key": private, "keyId": "k"}, core.Request{})
		require.NoError(t, err)
		require.Equal(t, []string{"httpsig.short-key"}, codesOf(tr))
	})
}

// FuzzHTTPSigComponents: whatever is named and sent, the server rebuilds the same base, and the list as it
// is written in the header names the same again.
func FuzzHTTPSigComponents(f *testing.F) {
	for _, c := range vectors.Load(f, "httpsig").Cases {
		var v struct {
			Component string
			Message   struct{ Headers [][2]string }
		}
		c.DecodeSome(f, &v)
		if v.Component != "" && len(v.Message.Headers) > 0 {
			f.Add(v.Component, "?a=b&c=%2Fd+e", v.Message.Headers[0][1])
		}
	}
	f.Add(`"@target-uri"`, "?\n\n", "x")
	f.Add(`"@method" "@query-param";name="%E2" "x";bs "x";sf "x";key="a" "content-digest"`, "?%e2=\xff", "a=1, b=(c d);e")
	f.Fuzz(func(t *testing.T, components, query, value string) {
		own := httpsigRequest()
		own.URL.Query = "?" + strings.TrimPrefix(query, "?")
		own.Header.Add("X", value)
		values := merged(httpsigSecret, core.Values{"components": components, "contentDigest": "sha-512"})
		signed, tr, err := build(t, "httpsig", values, own)
		if err != nil {
			require.Contains(t, []string{"components", "headers"}, fieldError(t, err).Field)
			return
		}
		base := tr.Step("signature-base").Out
		require.Equal(t, strings.Count(base, "\n"), strings.Count(tr.Step("signature-params").Out, `" "`)+min(1, strings.Count(base, "\n")), "a line each: %q", base)
		require.NoError(t, verifyRequest(t, "httpsig", values, signed))
		written, _, _ := strings.Cut(strings.TrimPrefix(tr.Step("signature-params").Out, "("), ");created=")
		values["components"] = written
		_, again, err := build(t, "httpsig", values, own)
		require.NoError(t, err, written)
		require.Equal(t, base, again.Step("signature-base").Out)
	})
}

// FuzzHTTPSigVerify: whatever arrives, Verify does not panic, and accepts only what the secret has made.
func FuzzHTTPSigVerify(f *testing.F) {
	signed, tr, err := build(&testing.T{}, "httpsig", httpsigSecret, httpsigRequest())
	require.NoError(f, err)
	for _, line := range signed.Header {
		f.Add(line.Value, "sig1=:AA==:", "sha-256=:AA==:")
	}
	input, _ := signed.Header.Get("Signature-Input")
	signature, _ := signed.Header.Get("Signature")
	f.Add(input, signature, tr.Step("signature-params").Out)
	f.Add(`sig1=("@status" "a";tr "@query-param" "@nope";req);created=-1;expires="x"`, signature, `sha-256=(a), sha-512=1`)
	f.Add(`sig1=(), b=1;x, sig1=("@method");created=1767323045`, "b=:AA==:, sig1=:AA==:", "")
	f.Fuzz(func(t *testing.T, input, signature, digest string) {
		req := httpsigRequest()
		req.Header = append(req.Header, core.HeaderField{Name: "Signature-Input", Value: input}, core.HeaderField{Name: "Signature", Value: signature},
			core.HeaderField{Name: "Content-Digest", Value: digest})
		if err := verifyRequest(t, "httpsig", httpsigSecret, &req); err != nil {
			require.NotEmpty(t, asRejection(t, err).Step)
			require.NotContains(t, err.Error(), httpsigSecret["key"])
			return
		}
		scheme, in := schemeInputAt(t, environment(core.Vector{}).Now(), "httpsig", httpsigSecret)
		var expected core.Trace
		require.NoError(t, scheme.Verify(in, &req, &expected))
		h := hmac.New(sha256.New, []byte(httpsigSecret["key"]))
		h.Write([]byte(expected.Step("signature-base").Out))
		require.Equal(t, hex.EncodeToString(h.Sum(nil)), expected.Step("signature").Out)
	})
}
