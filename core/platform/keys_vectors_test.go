package platform_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/internal/vectors"
	"authpad/core/keys"
	"authpad/core/platform"
)

// The published signatures of JOSE, as far as they depend on the key alone: what a header may say is
// for the scheme that reads headers.

type jws struct {
	Alg, JWS string
	JWK      json.RawMessage
	Valid    bool
}

// parts are the algorithm, the signed message and the signature of a compact JWS (RFC 7515,
// section 7.1); ok is false where it is none.
func (j jws) parts() (algorithm string, message, signature []byte, ok bool) {
	cut := strings.LastIndex(j.JWS, ".")
	head, _, _ := strings.Cut(j.JWS, ".")
	if cut < len(head)+1 {
		return "", nil, nil, false
	}
	strict := base64.RawURLEncoding.Strict()
	header, err := strict.DecodeString(head)
	var said struct{ Alg string }
	if err != nil || json.Unmarshal(header, &said) != nil {
		return "", nil, nil, false
	}
	signature, err = strict.DecodeString(j.JWS[cut+1:])
	return said.Alg, []byte(j.JWS[:cut]), signature, err == nil
}

func TestKeysVerifyPublishedSignatures(t *testing.T) {
	file := vectors.Load(t, "jws")
	var shared map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(file.Shared["wycheproof_keys"], &shared))
	k := platform.Keys()
	verdicts := map[string]int{}
	verify := func(t *testing.T, j jws) {
		key, err := keys.Parse(string(j.JWK))
		algorithm, message, signature, whole := j.parts()
		switch {
		case err != nil || !whole || keys.Fits(key, algorithm) != nil:
			verdicts["no key"]++
			require.False(t, j.Valid && strings.Contains("RPE", algorithm[:1]), "%v", err)
			return
		case key.Algorithm == "PS512" && algorithm != "PS512":
			verdicts["only the header is wrong"]++
			return
		}
		valid, err := k.Verify(algorithm, key, message, signature)
		require.NoError(t, err)
		require.Equal(t, j.Valid, valid)
		verdicts[map[bool]string{true: "valid", false: "invalid"}[valid]]++
	}
	file.Run(t, map[string]func(t *testing.T, c vectors.Case){
		"wycheproof": func(t *testing.T, c vectors.Case) {
			var in struct {
				Key, JWS      string
				Valid, Either bool
			}
			c.DecodeSome(t, &in)
			if !in.Either {
				verify(t, jws{JWS: in.JWS, JWK: shared[in.Key], Valid: in.Valid})
			}
		},
		"compact": func(t *testing.T, c vectors.Case) {
			var in jws
			c.DecodeSome(t, &in)
			verify(t, in)
		},
		"sign":       func(*testing.T, vectors.Case) {}, // TestKeysSignAsPublished
		"thumbprint": func(*testing.T, vectors.Case) {}, // core/keys
	})
	require.Equal(t, map[string]int{"valid": 34, "invalid": 201, "no key": 45, "only the header is wrong": 4}, verdicts)
}

func TestKeysSignAsPublished(t *testing.T) {
	k := platform.Keys()
	signed := 0
	for _, c := range vectors.Load(t, "jws").Cases {
		var in struct {
			Keys          []json.RawMessage
			Algs          []string
			Deterministic bool
			Signatures    []struct{ Signing_input, Signature string }
		}
		if c.DecodeSome(t, &in); c.Kind != "sign" || in.Algs[0][0] == 'H' {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			signed++
			key, err := keys.Parse(string(in.Keys[0]))
			require.NoError(t, err)
			message := []byte(in.Signatures[0].Signing_input)
			signature, err := k.Sign(in.Algs[0], key, message)
			require.NoError(t, err)
			if in.Deterministic {
				require.Equal(t, in.Signatures[0].Signature, base64.RawURLEncoding.EncodeToString(signature))
			}
			requireVerdict(t, k, true, in.Algs[0], key, message, signature)
			published, err := base64.RawURLEncoding.DecodeString(in.Signatures[0].Signature)
			require.NoError(t, err)
			requireVerdict(t, k, true, in.Algs[0], key, message, published)
		})
	}
	require.Equal(t, 2, signed, "RS256 and ES512 of RFC 7520, section 4")
}
