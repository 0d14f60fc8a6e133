//go:build !js

package schemes_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// hmacCase is a request, and what we made of it in three ways.
type hmacCase struct {
	Method      string `json:"method"`
	Target      string `json:"target"`
	Body        string `json:"body"`
	Secret      string `json:"secret"`
	Key         string `json:"key"`
	KeyEncoding string `json:"keyEncoding"`
	Algorithm   string `json:"algorithm"`
	Encoding    string `json:"encoding"`
	Timestamp   int64  `json:"timestamp"`
	Github      string `json:"github"`
	Stripe      string `json:"stripe"`
	inHouse     string
}

type hmacJudgement struct{ Github, GithubRefused, Stripe, StripeRefused, InHouse string }

// A thousand webhooks with odd bodies and keys: the libraries of GitHub and Stripe send the same headers and
// take ours, and a server that writes its signature down in a few lines comes to the same.
func TestHMACAgreesWithNPM(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 4))
	cases := make([]hmacCase, 1000)
	for i := range cases {
		cases[i] = randomHMAC(t, random)
	}
	for i, said := range askPeer[hmacCase, hmacJudgement](t, "hmac.cjs", cases) {
		c := cases[i]
		require.Equal(t, said.Github, c.Github, "%q", c.Body)
		require.Empty(t, said.GithubRefused)
		require.Equal(t, said.Stripe, c.Stripe, "%q", c.Body)
		require.Empty(t, said.StripeRefused)
		require.Equal(t, said.InHouse, c.inHouse, "%s %s", c.Method, c.Target)
	}
}

func randomHMAC(t *testing.T, random *rand.Rand) hmacCase {
	c := hmacCase{Method: []string{"GET", "POST", "PATCH"}[random.IntN(3)], Body: "b" + randomText(random), Secret: "s" + randomText(random),
		KeyEncoding: []string{"text", "base64", "hex"}[random.IntN(3)], Algorithm: []string{"SHA-1", "SHA-256", "SHA-384", "SHA-512"}[random.IntN(4)],
		Encoding: []string{"hex", "base64"}[random.IntN(2)], Timestamp: int64(1e9 + random.IntN(1e9))}
	switch c.Key = "k" + randomText(random); c.KeyEncoding {
	case "base64":
		c.Key = base64.StdEncoding.EncodeToString([]byte(c.Key))
	case "hex":
		c.Key = hex.EncodeToString([]byte(c.Key))
	}
	url := "https://example.com" + randomPath(random) + "?" + randomList(random, "q")
	c.Target = requestTo(t, c.Method, url).URL.Target()
	c.Github = c.header(t, url, "X-Hub-Signature-256", core.Values{"preset": "github", "key": c.Secret})
	c.Stripe = c.header(t, url, "Stripe-Signature", core.Values{"preset": "stripe", "key": c.Secret})
	c.inHouse = c.header(t, url, "X-Signature", core.Values{"key": c.Key, "keyEncoding": c.KeyEncoding, "algorithm": c.Algorithm, "encoding": c.Encoding,
		"message": `{method}\n{target}\n{timestamp}\n{body.sha256}`, "extraHeaders": "X-Timestamp: {timestamp}"})
	return c
}

// header signs the case and returns one of its header lines. Our own Verify takes it.
func (c hmacCase) header(t *testing.T, url, name string, values core.Values) string {
	t.Helper()
	req, pinned := requestTo(t, c.Method, url), core.Vector{Now: time.Unix(c.Timestamp, 0)}
	req.Body = []byte(c.Body)
	signPinned(t, "hmac", values, pinned, req)
	require.NoError(t, verifyPinned(t, "hmac", values, pinned, req))
	line, _ := req.Header.Get(name)
	return line
}
