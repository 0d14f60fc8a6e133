package schemes_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// Clients that are wrong in one known way, which the server finds out.

// TestSigV4NamesTheMistake has other values in the fields of the client.
func TestSigV4NamesTheMistake(t *testing.T) {
	for _, c := range []struct {
		name       string
		service    string
		client     core.Values
		code, step string
		want, got  string
	}{
		{"another region", "service", core.Values{"region": "eu-west-1"}, "wrong-region", "credential-scope", "us-east-1", "eu-west-1"},
		{"another service", "service", core.Values{"service": "es"}, "wrong-service", "credential-scope", "service", "es"},
		{"another access key", "service", core.Values{"accessKeyId": "AKIDOTHER"}, "wrong-access-key", "credential", "", "AKIDOTHER"},
		{"another secret", "service", core.Values{"secretAccessKey": "other"}, "wrong-signature", "k-date", "", ""},
		{"the path encoded once", "service", core.Values{"pathEncoding": "once"}, "path", "canonical-uri", "/a/b%2520c", "/a/b%20c"},
		{"the path encoded twice", "s3", core.Values{"pathEncoding": "twice"}, "path", "canonical-uri", "/a/b%20c", "/a/b%2520c"},
		{"no hash in a header", "s3", core.Values{"contentSha256Header": "false"}, "no-content-sha256", "signed-headers", "", ""},
		{"a token that nobody knows", "service", core.Values{"sessionToken": "token"}, "wrong-session-token", "session-token", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := awsAccount("sigv4", c.service)
			req := awsRequest(t)
			client := signPinned(t, "sigv4", merged(server, c.client), atTime(t, awsNow), req)
			expected, err := verifyAt(t, "sigv4", server, awsNow, req)
			rejection := asRejection(t, err)
			require.Equal(t, "sigv4."+c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
			require.Equal(t, []string{c.want, c.got}, []string{rejection.Want, rejection.Got})
			require.NotEqual(t, expected.Step(c.step).Out, client.Step(c.step).Out)
		})
	}
}

// resign writes a signature over other canonical parts than the request has, as a client with that fault does.
func resign(t *testing.T, values core.Values, edit func(*core.Request)) *core.Request {
	t.Helper()
	req, faulty := awsRequest(t), awsRequest(t)
	edit(faulty)
	signPinned(t, "sigv4", values, atTime(t, awsNow), faulty)
	signPinned(t, "sigv4", values, atTime(t, awsNow), req)
	if values["in"] == "query" {
		forged := syntax.Parameters(faulty.URL.Query, "X-Amz-Signature")[0]
		req.URL.Query = strings.Replace(req.URL.Query, syntax.Parameters(req.URL.Query, "X-Amz-Signature")[0], forged, 1)
		return req
	}
	value, _ := faulty.Header.Get("Authorization")
	req.Header.Set("Authorization", value)
	return req
}

func TestSigV4NamesTheFaultOfAClient(t *testing.T) {
	for _, c := range []struct {
		name, mode, service string
		fault               func(*core.Request)
		code, step          string
	}{
		{"the body was not hashed", "header", "service", func(r *core.Request) { r.Body = nil }, "body-left-out", "payload-hash"},
		{"the body was not hashed, presigned", "query", "service", func(r *core.Request) { r.Body = nil }, "body-left-out", "payload-hash"},
		{"a plus was signed as a plus", "header", "service", editQuery("a+b", "a%2Bb"), "query-plus", "canonical-query"},
		{"the host was signed without its port", "header", "service", func(r *core.Request) { r.URL.Port = "" }, "host", "canonical-headers"},
		{"the host was signed with the default port", "header", "service", func(r *core.Request) { r.URL.Port = "443" }, "host", "canonical-headers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := merged(awsAccount("sigv4", c.service), core.Values{"in": c.mode})
			_, err := verifyAt(t, "sigv4", values, awsNow, resign(t, values, c.fault))
			rejection := asRejection(t, err)
			require.Equal(t, "sigv4."+c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
		})
	}
}

// What the message says is what differs, and no more.
func TestSigV4NamesTheFormOfThePath(t *testing.T) {
	for path, c := range map[string]struct {
		client core.Values
		says   string
	}{
		"/a//b":   {core.Values{"normalizePath": "false"}, ": double slashes kept"},
		"/a%20b":  {core.Values{"pathEncoding": "once"}, ": percent-encoded once"},
		"/a%20//": {core.Values{"pathEncoding": "once", "normalizePath": "false"}, ": percent-encoded once, double slashes kept"},
	} {
		req := requestTo(t, "GET", "https://api.example"+path)
		signPinned(t, "sigv4", merged(awsAccount("sigv4", "service"), c.client), atTime(t, awsNow), req)
		rejection := asRejection(t, verifyPinned(t, "sigv4", awsAccount("sigv4", "service"), atTime(t, awsNow), req))
		require.Equal(t, []string{"sigv4.path", "the path was signed in another form" + c.says}, []string{rejection.Code, rejection.Message})
	}
}

// TestSigV4NamesTheFaultInTheText has clients that write the canonical request by their own lights.
func TestSigV4NamesTheFaultInTheText(t *testing.T) {
	for _, c := range []struct{ name, old, new, code, step, got string }{
		{"the query as it is sent", "x=&x=1&y=a%20b", "x=1&y=a%20b&x=", "query-order", "canonical-query", "x=1&y=a%20b&x="},
		{"an unsigned body, unsaid", "BODY", "UNSIGNED-PAYLOAD", "unsigned-payload", "payload-hash", "UNSIGNED-PAYLOAD"},
		{"the path as it is sent", "/a/b%2520c", "/a/b%20c", "path", "canonical-uri", "/a/b%20c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := awsAccount("sigv4", "service")
			req := awsRequest(t)
			tr := signPinned(t, "sigv4", values, atTime(t, awsNow), req)
			text := tr.Step("canonical-request").Out
			old := strings.Replace(c.old, "BODY", tr.Step("payload-hash").Out, 1)
			require.Contains(t, text, old)
			forged := awsSignature(values["secretAccessKey"], "20260102T030405Z", "us-east-1/service", strings.Replace(text, old, c.new, 1))
			editHeader("Authorization", tr.Step("signature").Out, forged)(req)
			_, err := verifyAt(t, "sigv4", values, awsNow, req)
			rejection := asRejection(t, err)
			require.Equal(t, "sigv4."+c.code, rejection.Code)
			require.Equal(t, []string{c.step, tr.Step(c.step).Out, c.got}, []string{rejection.Step, rejection.Want, rejection.Got})
		})
	}
}

// awsSignature is a client that signs whatever text it is given.
func awsSignature(secret, time, place, canonical string) string {
	hmacOf := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	key := []byte("AWS4" + secret)
	for _, part := range append([]string{time[:8]}, strings.Split(place+"/aws4_request", "/")...) {
		key = hmacOf(key, part)
	}
	sum := sha256.Sum256([]byte(canonical))
	return hex.EncodeToString(hmacOf(key, "AWS4-HMAC-SHA256\n"+time+"\n"+time[:8]+"/"+place+"/aws4_request\n"+hex.EncodeToString(sum[:])))
}

// AWS reads “+” in a path as a space, others do not; where the two sides differ, the server says so.
func TestSigV4PlusInThePath(t *testing.T) {
	for host, want := range map[string]string{"b.s3.us-east-1.amazonaws.com": "/libstdc%20%20-docs", "minio.example": "/libstdc%2B%2B-docs"} {
		values, req := awsAccount("sigv4", "s3"), requestTo(t, "GET", "https://"+host+"/libstdc++-docs")
		tr := signPinned(t, "sigv4", values, atTime(t, awsNow), req)
		require.Equal(t, want, tr.Step("canonical-uri").Out)
		require.NoError(t, verifyPinned(t, "sigv4", values, atTime(t, awsNow), req))
		signature, other := tr.Step("signature").Out, strings.NewReplacer("%20", "%2B", "%2B", "%20").Replace(want)
		forged := awsSignature(values["secretAccessKey"], "20260102T030405Z", "us-east-1/s3", strings.Replace(tr.Step("canonical-request").Out, want, other, 1))
		editHeader("Authorization", signature, forged)(req)
		rejection := asRejection(t, verifyPinned(t, "sigv4", values, atTime(t, awsNow), req))
		require.Equal(t, []string{"sigv4.path-plus", "canonical-uri", want, other}, []string{rejection.Code, rejection.Step, rejection.Want, rejection.Got})
	}
}
