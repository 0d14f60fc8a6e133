//go:build !js

package schemes_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

// The judges of proofs are go-jose, which knows nothing of DPoP but JWS, and npm's dpop.

// dpopQuestion is a random request: odd addresses, tokens and nonces.
type dpopQuestion struct{ Algorithm, URL, HTU, Method, Token, Nonce string }

func randomDPoP(t *testing.T, r *rand.Rand, algorithms ...string) dpopQuestion {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	text := func(n int, from ...string) (text string) {
		for range r.IntN(n) {
			text += pick(from...)
		}
		return text
	}
	address := pick("https://", "HTTP://") + pick("api.example.com", "BÜCHER.example", "[::1]", "127.1", "user:pw@a.example") + pick("", ":443", ":8080", ":80") +
		"/" + text(8, "a", "%7e", "%2f", "é", "/", "/../", "~", " ", ";", "한", "'", "%C3%A9") + pick("", "?", "?a=1&b=%20", "#f", "?x#y?z")
	u, err := platform.ParseURL(address, "")
	require.NoError(t, err, address)
	whole := u
	whole.Username, whole.Password, whole.Query, whole.Fragment = "", "", "", ""
	return dpopQuestion{Algorithm: pick(algorithms...), URL: address, HTU: whole.String(), Method: pick("GET", "POST", "PATCH", "M-SEARCH"),
		Token: text(20, "a", "Z", "9", "-", ".", "_", "~", "+", "/"), Nonce: text(9, "n", "0", "!", `"`, `\`, "é", " x", "{", "/")}
}

// signed is the request as Sign makes it with a generated key.
func (q dpopQuestion) signed(t *testing.T, scheme *core.Scheme, in core.Input) (*core.Request, *core.Trace) {
	u, err := platform.ParseURL(q.URL, "")
	require.NoError(t, err)
	in.Values["algorithm"], in.Values["accessToken"], in.Told = q.Algorithm, q.Token, nil
	if q.Nonce != "" {
		in.Told = core.Header{{Name: "DPoP-Nonce", Value: q.Nonce}}
	}
	req, tr, err := sign(scheme, in, &core.Request{Method: q.Method, URL: u})
	require.NoError(t, err, "%+v", q)
	return req, tr
}

func TestDPoPAgainstGoJOSE(t *testing.T) {
	r := rand.New(rand.NewPCG(9449, 0))
	scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", nil)
	made := dpopSigners(t)
	for range 1000 {
		q := randomDPoP(t, r, "ES256", "ES256", "ES256", "ES384", "ES512", "EdDSA", "EdDSA", "PS256", "RS256")
		req, tr := q.signed(t, scheme, in)
		line, _ := req.Header.Get("DPoP")
		proof, err := jose.ParseSignedCompact(line, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(q.Algorithm)})
		require.NoError(t, err, "%+v", q)
		header := proof.Signatures[0].Protected
		require.True(t, header.JSONWebKey.IsPublic() && header.JSONWebKey.Valid())
		require.Equal(t, "dpop+jwt", header.ExtraHeaders["typ"])
		jkt, err := header.JSONWebKey.Thumbprint(crypto.SHA256)
		require.NoError(t, err)
		require.Equal(t, base64.RawURLEncoding.EncodeToString(jkt), tr.Step("jkt").Out)
		payload, err := proof.Verify(header.JSONWebKey)
		require.NoError(t, err, "%+v", q)
		var claims struct{ HTM, HTU, ATH, JTI, Nonce string }
		require.NoError(t, json.Unmarshal(payload, &claims))
		require.Equal(t, []string{q.Method, q.HTU, q.Nonce}, []string{claims.HTM, claims.HTU, claims.Nonce}, "%+v", q)
		require.NoError(t, scheme.Verify(in, req, &core.Trace{}), "%+v", q)

		theirs := req.Clone()
		theirs.Header.Set("DPoP", made[q.Algorithm](string(payload)))
		require.NoError(t, scheme.Verify(in, theirs, &core.Trace{}), "we refuse theirs: %+v", q)
	}
}

// dpopSigners make proofs of these claims with go-jose and a key of their own.
func dpopSigners(t *testing.T) map[string]func(claims string) string {
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), cryptorand.Reader)
	p521, _ := ecdsa.GenerateKey(elliptic.P521(), cryptorand.Reader)
	_, ed, _ := ed25519.GenerateKey(cryptorand.Reader)
	rsaKey, _ := rsa.GenerateKey(cryptorand.Reader, 2048)
	signers := map[string]func(string) string{}
	for algorithm, key := range map[string]any{"ES256": p256, "ES384": p384, "ES512": p521, "EdDSA": ed, "PS256": rsaKey, "RS256": rsaKey} {
		options := &jose.SignerOptions{EmbedJWK: true}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(algorithm), Key: key}, options.WithType("dpop+jwt"))
		require.NoError(t, err)
		signers[algorithm] = func(claims string) string {
			object, err := signer.Sign([]byte(claims))
			require.NoError(t, err)
			text, err := object.CompactSerialize()
			require.NoError(t, err)
			return text
		}
	}
	return signers
}

func TestDPoPAgainstNPM(t *testing.T) {
	r := rand.New(rand.NewPCG(9449, 1))
	questions := make([]dpopQuestion, 1000)
	for i := range questions {
		questions[i] = randomDPoP(t, r, "ES256", "Ed25519", "PS256", "RS256")
		questions[i].Nonce = strings.ReplaceAll(questions[i].Nonce, "é", "e")
	}
	for i, a := range askPeer[dpopQuestion, struct{ Proof, JKT string }](t, "dpop.cjs", questions) {
		q := questions[i]
		scheme, in := schemeInputAt(t, time.Now(), "dpop", core.Values{"accessToken": q.Token})
		u, err := platform.ParseURL(q.URL, "")
		require.NoError(t, err)
		req := &core.Request{Method: q.Method, URL: u, Header: core.Header{{Name: "DPoP", Value: a.Proof}}}
		if q.Token != "" {
			req.Header.Add("Authorization", "DPoP "+q.Token)
		}
		var expected core.Trace
		require.NoError(t, scheme.Verify(in, req, &expected), "%+v", q)
		require.Equal(t, a.JKT, expected.Step("jkt").Out)
		if q.Nonce != "" {
			require.Equal(t, q.Nonce, expected.Step("nonce").Out)
		}
	}
}

// FuzzDPoPVerify: whatever arrives, Verify does not panic, says no with a step that there is, and yes only
// to a proof that go-jose takes too.
func FuzzDPoPVerify(f *testing.F) {
	for _, c := range vectors.Load(f, "dpop").Cases {
		var v dpopCase
		c.DecodeSome(f, &v)
		if v.Proof != "" {
			f.Add(v.Proof, "GET", "DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", v.Now)
		}
	}
	f.Add(reproof(f, dpopHeader, dpopClaims), "GET", "DPoP "+dpopAccount["accessToken"], int64(now))
	f.Add(reproof(f, dpopHeader, dpopClaims), "GET", "DPoP", int64(now))
	f.Add(reproof(f, dpopHeader, `{"jti":"a","htm":"GET","htu":"https://example.com/%zz%7e%","iat":1e9,"nonce":"\ud800"}`), "GET", "Basic x", int64(1e9))
	f.Fuzz(func(t *testing.T, proof, method, authorization string, at int64) {
		scheme, in := schemeInputAt(t, time.Unix(at%1e11, 0), "dpop", nil)
		req := &core.Request{Method: method, URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"}, Header: core.Header{{Name: "DPoP", Value: proof}, {Name: "Authorization", Value: authorization}}}
		var expected core.Trace
		if err := scheme.Verify(in, req, &expected); err != nil {
			require.NotNil(t, expected.Step(asRejection(t, err).Step))
			return
		}
		object, err := jose.ParseSignedCompact(strings.Trim(proof, " \t"), []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.ES512, jose.EdDSA, jose.PS256, jose.RS256})
		require.NoError(t, err)
		_, err = object.Verify(object.Signatures[0].Protected.JSONWebKey)
		require.NoError(t, err)
	})
}

// FuzzDPoPTargets: an address matches itself however it is spelled, and no other.
func FuzzDPoPTargets(f *testing.F) {
	f.Add("https://example.com/a", "https://example.com/%61?x")
	f.Add("https://example.com/%2f%2F%zz%", "https://example.com//%2F")
	f.Fuzz(func(t *testing.T, one, other string) {
		u, err := platform.ParseURL(one, "")
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		claims := func(htu string) string {
			text, err := json.Marshal(htu)
			require.NoError(t, err)
			return `{"jti":"a","htm":"GET","iat":1767323045,"htu":` + string(text) + `}`
		}
		accepts := func(htu string) bool {
			req := &core.Request{Method: "GET", URL: u, Header: core.Header{{Name: "DPoP", Value: reproof(t, dpopHeader, claims(htu))}}}
			return verifyRequest(t, "dpop", nil, req) == nil
		}
		require.True(t, accepts(u.String()))
		if strings.ToValidUTF8(other, "") == other && accepts(other) {
			theirs, err := platform.ParseURL(other, "")
			require.NoError(t, err)
			require.Equal(t, u.Origin(), theirs.Origin())
			require.Equal(t, strings.Count(u.Path, "/"), strings.Count(theirs.Path, "/"), "an encoded slash is none")
		}
	})
}
