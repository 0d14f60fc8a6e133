package schemes_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

// dpopCase is a published proof, or one that was made wrong.
type dpopCase struct {
	Proof          string
	Header, Claims json.RawMessage
	JKT            string
	Method, URL    string
	AccessToken    *string `json:"access_token"`
	Now            int64
	Valid          bool
	Error          string
}

func (c dpopCase) values() core.Values {
	if c.AccessToken == nil {
		return core.Values{}
	}
	return core.Values{"accessToken": *c.AccessToken}
}

func (c dpopCase) request(t testing.TB) *core.Request {
	u, err := platform.ParseURL(c.URL, "")
	require.NoError(t, err)
	req := &core.Request{Method: c.Method, URL: u, Header: core.Header{{Name: "DPoP", Value: c.Proof}}}
	if c.AccessToken != nil {
		req.Header.Add("Authorization", "DPoP "+*c.AccessToken)
	}
	return req
}

// dpopErrors are the codes for what is wrong in the negative cases.
var dpopErrors = map[string]string{
	"htm mismatch": "dpop.htm", "ath mismatch": "dpop.ath", "iat too far in the future": "dpop.clock", "signature altered": "dpop.wrong-signature",
	"access token presented but no ath claim": "dpop.ath", "typ is not dpop+jwt": "dpop.typ", "alg none": "dpop.algorithm", "jwk contains a private key": "dpop.private-jwk",
}

func TestDPoPVectors(t *testing.T) {
	proof := func(t *testing.T, vc vectors.Case) {
		var c dpopCase
		vc.Decode(t, &c)
		scheme, in := schemeInputAt(t, time.Unix(c.Now, 0), "dpop", c.values())
		var expected core.Trace
		err := scheme.Verify(in, c.request(t), &expected)
		if !c.Valid {
			require.Contains(t, dpopErrors, c.Error)
			rejection := asRejection(t, err)
			require.Equal(t, dpopErrors[c.Error], rejection.Code)
			require.NotNil(t, expected.Step(rejection.Step))
			return
		}
		require.NoError(t, err)
		require.Equal(t, c.JKT, expected.Step("jkt").Out)
		require.Equal(t, c.Proof, expected.Step("proof").Out)
		require.JSONEq(t, string(c.Header), expected.Step("header").Out)
		require.JSONEq(t, string(c.Claims), expected.Step("claims").Out)
	}
	vectors.Load(t, "dpop").Run(t, map[string]func(*testing.T, vectors.Case){
		"proof": proof, "reject": proof,
		"ath": func(t *testing.T, vc vectors.Case) {
			var c struct {
				AccessToken string `json:"access_token"`
				Expect      struct{ ATH string }
			}
			vc.Decode(t, &c)
			_, tr, err := build(t, "dpop", core.Values{"accessToken": c.AccessToken}, core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.Expect.ATH, tr.Step("ath").Out)
		},
		"jkt": func(t *testing.T, vc vectors.Case) {
			var c struct {
				JWK    json.RawMessage
				Expect struct{ JKT string }
			}
			vc.Decode(t, &c)
			scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", core.Values{"key": string(c.JWK)})
			var expected core.Trace
			require.Error(t, scheme.Verify(in, &core.Request{Method: "GET"}, &expected))
			require.Equal(t, c.Expect.JKT, expected.Step("jkt").Out)
		},
		"htu": func(t *testing.T, vc vectors.Case) {
			var c struct {
				URL    string
				Expect struct{ HTU string }
			}
			vc.Decode(t, &c)
			_, tr, err := buildAt(t, "dpop", nil, c.URL)
			require.NoError(t, err)
			require.Equal(t, c.Expect.HTU, tr.Step("htu").Out)
		},
	})
}
