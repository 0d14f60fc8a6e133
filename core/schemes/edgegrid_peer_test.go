//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// edgeCase is a request, and what we made of it.
type edgeCase struct {
	URL           string      `json:"url"`
	Method        string      `json:"method"`
	Body          string      `json:"body"`
	HeadersToSign [][2]string `json:"headersToSign"`
	ClientToken   string      `json:"clientToken"`
	ClientSecret  string      `json:"clientSecret"`
	AccessToken   string      `json:"accessToken"`
	Nonce         string      `json:"nonce"`
	Timestamp     string      `json:"timestamp"`
	ours          string
}

// A thousand requests with odd paths, queries, headers, bodies and Unicode: Akamai's own library for Node
// sends the same header. It leaves out a "?" with nothing behind it, which we sign as it is sent.
func TestEdgeGridAgreesWithAkamai(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 131072))
	cases := make([]edgeCase, 1000)
	for i := range cases {
		cases[i] = randomEdge(t, random)
	}
	for i, theirs := range askPeer[edgeCase, string](t, "edgegrid.cjs", cases) {
		require.Equal(t, theirs, cases[i].ours, "%s %s", cases[i].Method, cases[i].URL)
	}
}

func randomEdge(t *testing.T, random *rand.Rand) edgeCase {
	at := time.Unix(int64(1e9+random.IntN(1e9)), 0).UTC()
	c := edgeCase{Method: []string{"GET", "POST", "POST", "PUT", "DELETE"}[random.IntN(5)], Body: randomText(random),
		ClientToken: "akab-c" + strconv.Itoa(random.Int()), ClientSecret: "s" + randomText(random) + "=", AccessToken: "akab-a" + strconv.Itoa(random.Int()),
		Nonce: "n" + strconv.Itoa(random.Int()), Timestamp: at.Format("20060102T15:04:05-0700")}
	if random.IntN(20) == 0 {
		c.Body = strings.Repeat("x", 131072) + c.Body
	}
	url := []string{"https://Example.com", "http://api.example.com:8080", "HTTPS://example.com:443"}[random.IntN(3)] + randomPath(random)
	if list := randomList(random, "q"); list != "" {
		url += "?" + list
	}
	req := requestTo(t, c.Method, url)
	c.URL = req.URL.String()
	req.Body = []byte(c.Body)
	var names []string
	for i := range random.IntN(4) {
		name, value := "X-"+strconv.Itoa(random.IntN(3))+strconv.Itoa(i), []string{"a", " a  B\t c ", "é", "", "\t"}[random.IntN(5)]
		req.Header.Add(name, value)
		c.HeadersToSign = append(c.HeadersToSign, [2]string{name, value})
		names = append(names, name)
	}
	values := core.Values{"clientToken": c.ClientToken, "clientSecret": c.ClientSecret, "accessToken": c.AccessToken, "headersToSign": strings.Join(names, ",")}
	pinned := core.Vector{Now: at, Nonces: map[string]string{"nonce": c.Nonce}}
	signPinned(t, "edgegrid", values, pinned, req)
	require.NoError(t, verifyPinned(t, "edgegrid", values, pinned, req))
	c.ours, _ = req.Header.Get("Authorization")
	return c
}
