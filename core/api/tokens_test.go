package api_test

import (
	"crypto/ed25519"
	cryptorand "crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// A token's key, claims and first steps are kept while a person types elsewhere. Whoever changes one of them gets what a
// core would answer that has just been started.
func TestTokensDoNotDependOnEarlierOnes(t *testing.T) {
	keys := map[string][]string{
		"HS256": {"a secret of more than thirty-two bytes", "another secret of more than thirty-two bytes", "short"},
		"EdDSA": {edKey(t, 1), edKey(t, 2), edKey(t, 1)[:60]},
		"RS256": {rsaKey(t), "no key"},
		"auto":  {"a secret", edKey(t, 2), `{"kty":"oct","k":"c2VjcmV0","kid":"one"}`},
	}
	chance := rand.New(rand.NewPCG(5, 6))
	one := func(choices ...string) string { return choices[chance.IntN(len(choices))] }
	used, signed, repeated := testAPI(), 0, ""
	values := map[string]string{"algorithm": "HS256"}
	url := "https://api.example.com/"
	for range 600 {
		switch chance.IntN(8) {
		case 0:
			values["algorithm"] = one("HS256", "EdDSA", "RS256", "auto", "none")
		case 1:
			values["key"] = one(append(keys[values["algorithm"]], "")...)
		case 2:
			values["claims"] = one("", `{"iss":"a"}`, `{"iss":"b","exp":1767323000}`, "{", "text")
		case 3:
			values["header"] = one("", `{"kid":"k"}`, `{"typ":"at+jwt"}`)
		case 4:
			values["prefix"], values["in"] = one("Bearer", "JWT", ""), one("header", "header", "query")
		case 5:
			values["autoClaims"], values["lifetime"] = one("true", "true", "false"), one("300", "60", "x")
		default:
			url = one("https", "http") + "://api.example.com/" + one("", "a", "b?c=1")
		}
		params, err := json.Marshal(map[string]any{
			"request": map[string]any{"url": url}, "auth": map[string]any{"scheme": "jwt", "values": values},
			"env": map[string]any{"now": one("2026-01-02T03:04:05Z", "2026-01-02T03:05:05Z"), "nonces": map[string]string{"jti": one("1", "2")}},
		})
		require.NoError(t, err)
		want := build(testAPI(), params)
		require.Equal(t, want, build(used, params), "%s", params)
		require.Equal(t, want, build(used, params), "once more: %s", params)
		if want[2] == 'o' && want != repeated {
			signed, repeated = signed+1, want
		}
	}
	require.Greater(t, signed, 100)
}

// edKey is the Ed25519 key of a seed that begins with this byte.
func edKey(t *testing.T, first byte) string {
	t.Helper()
	return privatePEM(t, ed25519.NewKeyFromSeed(append([]byte{first}, make([]byte, 31)...)))
}

func rsaKey(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(cryptorand.Reader, 2048)
	require.NoError(t, err)
	return privatePEM(t, key)
}

func privatePEM(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// Derived keys are kept while the fields stay, though day, region and service may come from elsewhere.
func TestDerivedKeysFollowWhatTheyAreOf(t *testing.T) {
	used := testAPI()
	for range 2 {
		for _, host := range []string{"s3.eu-west-1", "s3.us-east-2", "sqs.us-east-2"} {
			for _, day := range []string{"2026-01-02", "2026-01-03"} {
				params := []byte(`{"request":{"url":"https://` + host + `.amazonaws.com/"},"env":{"now":"` + day + `T03:04:05Z"},` +
					`"auth":{"scheme":"sigv4","values":{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"secret"}}}`)
				require.Equal(t, build(testAPI(), params), build(used, params), "%s %s", host, day)
			}
		}
	}
}
