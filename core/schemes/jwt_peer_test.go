//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// jwtPeerCase is a token of ours, and what it was made of.
type jwtPeerCase struct {
	Algorithm string `json:"algorithm"`
	Private   string `json:"private"`
	Public    string `json:"public"`
	Secret    []byte `json:"secret"`
	KeyID     string `json:"kid"`
	Claims    string `json:"claims"`
	Ours      string `json:"ours"`
	values    core.Values
}

// A thousand tokens with odd headers, claims and secrets, over all algorithms: PyJWT takes ours, and we take its.
func TestJWTAgreesWithPython(t *testing.T) {
	algorithms := []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
	random := rand.New(rand.NewPCG(2, 7519))
	cases := make([]jwtPeerCase, 1000)
	for i := range cases {
		cases[i] = randomJWT(t, random, algorithms[i%len(algorithms)])
	}
	for i, said := range askPeer[jwtPeerCase, struct{ Read, Made string }](t, "jwt.py", cases) {
		c := cases[i]
		require.Equal(t, c.Claims, said.Read)
		require.NoError(t, verify(t, "jwt", c.values, bearing(said.Made)), "we refuse theirs: %s %s", c.Algorithm, said.Made)
	}
}

func randomJWT(t *testing.T, random *rand.Rand, algorithm string) jwtPeerCase {
	c := jwtPeerCase{Algorithm: algorithm, KeyID: randomText(random), Claims: randomClaims(random)}
	if strings.HasPrefix(algorithm, "HS") {
		c.Private = "s" + strings.Repeat(randomText(random)+"가", 1+random.IntN(40))
		c.Public, c.Secret = c.Private, []byte(c.Private)
	} else {
		file := map[string]string{"RS": "rsa2048", "PS": "rsa2048", "ES256": "p256", "ES384": "p384", "ES512": "p521", "EdDSA": "ed25519"}
		name := file[algorithm] + file[algorithm[:2]]
		c.Private, c.Public = testKey(t, name), testKey(t, name+".public")
	}
	values := core.Values{"algorithm": algorithm, "key": c.Private, "keyEncoding": "text", "claims": c.Claims, "autoClaims": "false",
		"claimsCheck": "false", "header": `{"kid": ` + quoted(c.KeyID) + `}`}
	req, _, err := build(t, "jwt", values, core.Request{})
	require.NoError(t, err)
	c.Ours, c.values = lastWord(req.Header[0].Value), merged(values, core.Values{"key": c.Public})
	return c
}
