//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// sigv4aCase is a request, and our signature of it.
type sigv4aCase struct {
	Method          string      `json:"method"`
	URL             string      `json:"url"` // as a browser writes it
	Headers         [][2]string `json:"headers"`
	Body            string      `json:"body"`
	AccessKeyID     string      `json:"accessKeyId"`
	SecretAccessKey string      `json:"secretAccessKey"`
	SessionToken    string      `json:"sessionToken"`
	RegionSet       string      `json:"regionSet"`
	Service         string      `json:"service"`
	Now             int64       `json:"now"`
	Signature       string      `json:"signature"`
	random          awsRandom
	steps           *core.Trace
}

type sigv4aJudgement struct {
	CanonicalRequest, StringToSign, PublicKey string
	Headers                                   [][2]string
	Valid                                     bool
}

// A thousand requests with odd paths, queries, headers, bodies and Unicode: AWS's own client for JavaScript derives the
// same key and signs the same text, takes our signature, and we take its.
func TestSigV4AAgreesWithNPM(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 256))
	cases := make([]sigv4aCase, 1000)
	for i := range cases {
		cases[i] = randomSigV4A(t, random)
	}
	for i, said := range askPeer[sigv4aCase, sigv4aJudgement](t, "sigv4a.cjs", cases) {
		c := cases[i]
		require.Equal(t, said.CanonicalRequest, c.steps.Step("canonical-request").Out, c.URL)
		require.Equal(t, said.StringToSign, c.steps.Step("string-to-sign").Out, c.URL)
		require.Equal(t, said.PublicKey, c.steps.Step("public-key").Out)
		require.True(t, said.Valid, "they refuse ours: %s", c.URL)
		theirs := c.random.request(t)
		for _, line := range said.Headers {
			if line[0] != "host" {
				theirs.Header.Set(line[0], line[1])
			}
		}
		require.NoError(t, verifyPinned(t, "sigv4a", c.random.values, core.Vector{Now: c.random.now}, theirs), "we refuse theirs: %s", c.URL)
	}
}

func randomSigV4A(t *testing.T, random *rand.Rand) sigv4aCase {
	pick := func(choices ...string) string { return choices[random.IntN(len(choices))] }
	r := randomAWS(random)
	r.values = core.Values{"accessKeyId": r.values["accessKeyId"], "secretAccessKey": pick("s", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a longer secret, of more than the sixty-four bytes of a block of SHA-256"),
		"sessionToken": r.values["sessionToken"], "service": r.values["service"], "regionSet": pick("*", "us-east-1", "us-east-1,eu-*")}
	req := r.request(t)
	c := sigv4aCase{Method: r.method, URL: req.URL.String(), Body: r.body, AccessKeyID: r.values["accessKeyId"], SecretAccessKey: r.values["secretAccessKey"],
		SessionToken: r.values["sessionToken"], RegionSet: r.values["regionSet"], Service: r.values["service"], Now: r.now.Unix(), random: r}
	for _, line := range r.header {
		c.Headers = append(c.Headers, [2]string{line.Name, line.Value})
	}
	c.steps = signPinned(t, "sigv4a", r.values, core.Vector{Now: r.now}, req)
	c.Signature = c.steps.Step("signature").Out
	require.NoError(t, verifyPinned(t, "sigv4a", r.values, core.Vector{Now: r.now}, req), c.URL)
	return c
}
