//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// oauth1Case is a request and the account that signs it.
type oauth1Case struct {
	Method          string `json:"method"`
	URL             string `json:"url"` // as a browser writes it
	Form            string `json:"form"`
	ConsumerKey     string `json:"consumerKey"`
	ConsumerSecret  string `json:"consumerSecret"`
	Token           string `json:"token"`
	TokenSecret     string `json:"tokenSecret"`
	SignatureMethod string `json:"signatureMethod"`
	PrivateKey      string `json:"privateKey"`
	Nonce           string `json:"nonce"`
	Now             int64  `json:"now"`
	random          oauthCase
}

// A thousand requests with odd paths, queries, forms, repeated parameters and Unicode, by all seven methods: oauthlib
// comes to the same signature, and our Verify takes its header. It forgets a semicolon at the end of a path.
func TestOAuth1AgreesWithPython(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 5849))
	cases := make([]oauth1Case, 1000)
	for i := range cases {
		cases[i] = randomOAuth1(t, random)
	}
	for i, header := range askPeer[oauth1Case, string](t, "oauth1.py", cases) {
		c := cases[i]
		pinned := core.Vector{Now: time.Unix(c.Now, 0), Nonces: map[string]string{"oauth_nonce": c.Nonce}}
		ours := c.random.request(t)
		steps := signPinned(t, "oauth1", c.random.values, pinned, ours)
		require.Equal(t, paramIn(header, "oauth_signature"), steps.Step("signature").Out, "%s %s", c.Method, c.URL)
		theirs := c.random.request(t)
		theirs.Header.Add("Authorization", header)
		require.NoError(t, verifyPinned(t, "oauth1", c.random.values, pinned, theirs), "we refuse theirs: %s %s", c.Method, c.URL)
	}
}

func randomOAuth1(t *testing.T, random *rand.Rand) oauth1Case {
	o := randomOAuth(t, random, nil)
	o.values["signatureMethod"] = []string{"HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "PLAINTEXT"}[random.IntN(7)]
	delete(o.values, "privateKey")
	if strings.HasPrefix(o.values["signatureMethod"], "RSA") {
		o.values["privateKey"] = testKey(t, "rsa2048")
	}
	path, query, found := strings.Cut(o.url, "?")
	if o.url = strings.TrimRight(path, ";"); found {
		o.url += "?" + query
	}
	if found && random.IntN(2) == 0 {
		o.url += "&r=2&r=1&r=&R=1&r=a+b"
	}
	if o.form != "" { // theirs insists on forms as browsers write them
		o.form = strings.TrimPrefix(requestTo(t, "GET", "https://example.com/?"+o.form).URL.Query, "?")
	}
	v := o.values
	return oauth1Case{Method: o.method, URL: requestTo(t, o.method, o.url).URL.String(), Form: o.form, ConsumerKey: v["consumerKey"], ConsumerSecret: v["consumerSecret"],
		Token: v["token"], TokenSecret: v["tokenSecret"], SignatureMethod: v["signatureMethod"], PrivateKey: v["privateKey"], Nonce: o.nonce,
		Now: int64(1e9 + random.IntN(1e9)), random: o}
}
