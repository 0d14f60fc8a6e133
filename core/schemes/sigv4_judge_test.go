//go:build !js

package schemes_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	judge "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// A thousand requests with odd paths, queries, headers, bodies and Unicode, signed by AWS's own client for
// Go, in the header and presigned: our own signature is the same, and our Verify accepts theirs.
func TestSigV4AgreesWithTheAWSClient(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for i := range 1000 {
		c := randomAWS(random)
		pinned := core.Vector{Now: c.now}
		ours := c.request(t)
		steps := signPinned(t, "sigv4", c.values, pinned, ours)
		theirs := c.theirs(t)
		if c.values["in"] == "query" {
			require.Equal(t, syntax.Parameters(theirs.URL.Query, "X-Amz-Signature"), syntax.Parameters(ours.URL.Query, "X-Amz-Signature"),
				"%d: %s\n%s", i, c.url, steps.Step("canonical-request").Out)
		} else {
			require.Equal(t, theirs.Header.Values("Authorization"), ours.Header.Values("Authorization"),
				"%d: %s\n%s", i, c.url, steps.Step("canonical-request").Out)
		}
		require.NoError(t, verifyPinned(t, "sigv4", c.values, pinned, ours), c.url)
		require.NoError(t, verifyPinned(t, "sigv4", c.values, pinned, theirs), c.url)
	}
}

// awsRandom is a request and the account that signs it.
type awsRandom struct {
	method, url, body string
	header            core.Header
	values            core.Values
	now               time.Time
}

func randomAWS(random *rand.Rand) awsRandom {
	pick := func(choices ...string) string { return choices[random.IntN(len(choices))] }
	c := awsRandom{
		method: pick("GET", "POST", "PUT", "DELETE", "PATCH"),
		now:    time.Unix(random.Int64N(4e9), 0),
		values: core.Values{"accessKeyId": pick("AKIDEXAMPLE", "minio/admin"), "secretAccessKey": "s" + strings.TrimSpace(randomText(random)),
			"region": pick("us-east-1", "eu-central-2"), "service": pick("s3", "execute-api", "dynamodb"), "in": pick("header", "query"),
			"expires": strconv.Itoa(1 + random.IntN(604800)), "sessionToken": pick("", "", "IQoJb3JpZ2luX2Vj/+==")},
	}
	path := randomPath(random)
	if c.values["service"] == "s3" {
		path = onceEncoded(path) // their client signs a path for S3 as it is sent
	} else {
		c.values["normalizePath"] = "false" // which their client never does
	}
	c.url = pick("https://example.amazonaws.com", "https://bücher.example:8443", "http://127.0.0.1:80") + path
	if random.IntN(4) > 0 {
		c.url += "?" + randomList(random, "q") + pick("", "&d=2&d=1&d=", "&b=a/b&b=a-b", "&&empty&=x&A=1&a=2")
	}
	c.header = randomHeader(random)
	if c.method != "GET" {
		c.body = randomText(random)
	}
	if c.body != "" && random.IntN(2) == 0 {
		c.header.Add("Content-Length", strconv.Itoa(len(c.body)))
	}
	return c
}

// onceEncoded is the path as a client of S3 writes it.
func onceEncoded(path string) string {
	return strings.ReplaceAll(syntax.PercentEncode(strings.ReplaceAll(path, "%", ""), syntax.Unreserved), "%2F", "/")
}

// randomHeader has no tab, over which AWS's own clients disagree.
func randomHeader(random *rand.Rand) core.Header {
	var h core.Header
	for _, name := range []string{"X-Amz-Meta-Note", "content-type", "My-Header", "Accept", "Range", "Cache-Control", "User-Agent", "Expect", "X-Amzn-Trace-Id"} {
		for range max(random.IntN(5)-2, 0) { // zero to two lines
			h.Add(name, "v"+strings.ReplaceAll(randomText(random), "\t", "  ")+" ,  é")
		}
	}
	return h
}

func (c awsRandom) request(t *testing.T) *core.Request {
	req := requestTo(t, c.method, c.url)
	req.Header, req.Body = c.header.Clone(), []byte(c.body)
	return req
}

// theirs is the request as their client signs what a browser sends.
func (c awsRandom) theirs(t *testing.T) *core.Request {
	t.Helper()
	req := c.request(t)
	r, err := http.NewRequest(c.method, req.URL.String(), nil)
	require.NoError(t, err)
	for _, f := range c.header {
		r.Header.Add(f.Name, f.Value)
	}
	if c.header.Has("Content-Length") {
		r.ContentLength = int64(len(c.body))
	}
	onS3, presigned := c.values["service"] == "s3", c.values["in"] == "query"
	sum := sha256.Sum256([]byte(c.body))
	hash := hex.EncodeToString(sum[:])
	switch {
	case onS3 && presigned:
		hash = "UNSIGNED-PAYLOAD"
	case onS3:
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	keys := aws.Credentials{AccessKeyID: c.values["accessKeyId"], SecretAccessKey: c.values["secretAccessKey"], SessionToken: c.values["sessionToken"]}
	signer := judge.NewSigner(func(o *judge.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = onS3, true })
	if presigned {
		query := r.URL.Query()
		query.Set("X-Amz-Expires", c.values["expires"])
		r.URL.RawQuery = query.Encode()
		address, _, err := signer.PresignHTTP(context.Background(), keys, r, hash, c.values["service"], c.values["region"], c.now)
		require.NoError(t, err)
		req.URL = requestTo(t, c.method, address).URL
		return req
	}
	require.NoError(t, signer.SignHTTP(context.Background(), keys, r, hash, c.values["service"], c.values["region"], c.now))
	for _, name := range []string{"X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256", "Authorization"} {
		if value := r.Header.Get(name); value != "" {
			req.Header.Add(name, value)
		}
	}
	return req
}
