//go:build !js

package schemes_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	judge "github.com/dghubble/oauth1"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// A thousand requests with odd paths, queries, forms and Unicode, signed by github.com/dghubble/oauth1:
// our own signature is the same, and our Verify accepts theirs. It knows no repeated parameters; those
// are in the vectors.
func TestOAuth1AgreesWithAnotherLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 5849))
	key := parseRSA(t)
	for i := range 1000 {
		o := randomOAuth(t, random, key)
		header := o.theirs(t)
		pinned := core.Vector{Now: time.Unix(mustInt(t, paramIn(header, "oauth_timestamp")), 0),
			Nonces: map[string]string{"oauth_nonce": o.nonce}}

		ours := o.request(t)
		steps := signPinned(t, "oauth1", o.values, pinned, ours)
		require.Equal(t, steps.Step("signature").Out, paramIn(header, "oauth_signature"), "%d: %s %s\n%s",
			i, o.method, o.url, steps.Step("base-string").Out)
		require.NoError(t, verifyPinned(t, "oauth1", o.values, pinned, ours), o.url)

		theirs := o.request(t)
		theirs.Header.Add("Authorization", header)
		require.NoError(t, verifyPinned(t, "oauth1", o.values, pinned, theirs), o.url)
	}
}

// oauthCase is a request and the account that signs it.
type oauthCase struct {
	method, url, form, nonce string
	values                   core.Values
	signer                   judge.Signer
}

func randomOAuth(t *testing.T, random *rand.Rand, key *rsa.PrivateKey) oauthCase {
	text := func() string { return randomText(random) }
	o := oauthCase{
		method: []string{"GET", "POST", "PUT", "DELETE", "PATCH"}[random.IntN(5)],
		url:    []string{"https://Example.com", "http://api.example.com:8080", "HTTPS://example.com:443", "http://127.0.0.1:80"}[random.IntN(4)] + randomPath(random),
		nonce:  "n" + text(),
		values: core.Values{"consumerKey": "k" + text(), "consumerSecret": text(), "token": "t" + text(), "tokenSecret": text(),
			"signatureMethod": []string{"HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1"}[random.IntN(3)]},
	}
	if random.IntN(4) > 0 {
		o.url += "?" + randomList(random, "q")
	}
	if o.method != "GET" && random.IntN(2) == 0 {
		o.form = randomList(random, "f")
	}
	switch secret := o.values["consumerSecret"]; o.values["signatureMethod"] {
	case "HMAC-SHA1":
		o.signer = &judge.HMACSigner{ConsumerSecret: secret}
	case "HMAC-SHA256":
		o.signer = &judge.HMAC256Signer{ConsumerSecret: secret}
	default:
		o.signer = &judge.RSASigner{PrivateKey: key}
		o.values["privateKey"] = testKey(t, "rsa2048")
	}
	return o
}

func (o oauthCase) request(t *testing.T) *core.Request {
	req := requestTo(t, o.method, o.url)
	if o.form != "" {
		req.Body, req.Header = []byte(o.form), core.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
	}
	return req
}

// theirs is the Authorization header that the other library makes for what a browser sends.
func (o oauthCase) theirs(t *testing.T) string {
	t.Helper()
	config := &judge.Config{ConsumerKey: o.values["consumerKey"], Signer: o.signer, Noncer: fixedNonce(o.nonce)}
	var header string
	ctx := context.WithValue(context.Background(), judge.HTTPClient, &http.Client{Transport: captured(func(r *http.Request) {
		header = r.Header.Get("Authorization")
	})})
	req, err := http.NewRequest(o.method, requestTo(t, o.method, o.url).URL.String(), strings.NewReader(o.form))
	require.NoError(t, err)
	if o.form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	_, err = config.Client(ctx, judge.NewToken(o.values["token"], o.values["tokenSecret"])).Do(req)
	require.NoError(t, err)
	return header
}

type fixedNonce string

func (n fixedNonce) Nonce() string { return string(n) }

type captured func(*http.Request)

func (c captured) RoundTrip(r *http.Request) (*http.Response, error) {
	c(r)
	return &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(nil)), Request: r}, nil
}

func paramIn(header, name string) string {
	value, _ := syntax.ParseChallenges([]string{header})[0].Param(name)
	return syntax.PercentDecode(value)
}

func mustInt(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

func parseRSA(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	block, _ := pem.Decode([]byte(testKey(t, "rsa2048")))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	return key.(*rsa.PrivateKey)
}
