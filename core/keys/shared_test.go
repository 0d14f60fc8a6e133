package keys_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/keys"
)

func TestParseShared(t *testing.T) {
	const k = `"k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"` // RFC 7515, A.1.1
	for name, text := range map[string]string{
		"a JWK": `{"kty":"oct",` + k + `,"kid":"a","alg":"HS256"}`,
		"a set": ` {"keys":[{"kty":"oct",` + k + `,"kid":"a","alg":"HS256"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s, is, err := keys.ParseShared(text)
			require.NoError(t, err)
			require.True(t, is)
			require.Equal(t, "a HS256", s.ID+" "+s.Algorithm)
			require.Len(t, s.Secret, 64)
			require.Equal(t, []byte{3, 35, 53, 75}, s.Secret[:4])
		})
	}
	for name, c := range map[string]struct{ text, code string }{
		"text":               {"secret", ""},
		"nothing":            {"", ""},
		"broken JSON":        {`{"kty":"oct"`, ""},
		"a key of a curve":   {`{"kty":"EC"}`, ""},
		"two secrets":        {`{"keys":[{"kty":"oct",` + k + `},{"kty":"oct",` + k + `}]}`, ""},
		"no bytes":           {`{"kty":"oct"}`, "key.member"},
		"for encryption":     {`{"kty":"oct",` + k + `,"use":"enc"}`, "key.use"},
		"for nothing useful": {`{"kty":"oct",` + k + `,"key_ops":["wrapKey"]}`, "key.use"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			_, is, err := keys.ParseShared(c.text)
			require.Equal(t, c.code != "", is)
			var wrong *keys.Error
			if c.code != "" {
				require.True(t, errors.As(err, &wrong))
				require.Equal(t, c.code, wrong.Code)
			}
		})
	}
}

func TestLooksAsymmetric(t *testing.T) {
	const point = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaG+qqLfVyzZ9JyYig2y0J2ynVGaMppKVp5FkSU1RK7BWfq1P6TIODWnzgDhJaZy+wlKEm7UgS1JqgZHe9tv3Fw=="
	for text, want := range map[string]bool{
		"": false, "secret": false, "correct horse": false, "c2VjcmV0": false, strings.Repeat("ab", 32): false, "MIIB": false,
		point: true, "-----BEGIN PUBLIC KEY-----\n" + point[:50]: true, "x\n-----END PUBLIC KEY-----": true,
		"sk-proj-abc123": false, "ssh-secret": false, "ecdsa-sha2-secret": false,
		"ssh-rsa AAAA": true, "sk-ssh-ed25519@openssh.com AAAAGnNr": true, `{"kty":"RSA"}`: true, `{`: true, "\n-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n": true,
	} {
		require.Equal(t, want, keys.LooksAsymmetric(text), "%.40q", text)
	}
}
