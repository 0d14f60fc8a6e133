package native

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

// TestVersityGW has a server of S3 check what is signed. It is large, so only "make interop" builds it.
func TestVersityGW(t *testing.T) {
	program := os.Getenv("AUTHPAD_VERSITYGW")
	if program == "" {
		t.Skip("make interop builds the server and runs this")
	}
	account := core.Values{"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "region": "us-east-1", "service": "s3"}
	s := startReal(t, program, func(dir, port string) []string {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "data", "bucket"), 0o755))
		return []string{"--port", "127.0.0.1:" + port, "--region", account["region"], "--access", account["accessKeyId"],
			"--secret", account["secretAccessKey"], "posix", "--nometa", filepath.Join(dir, "data")}
	})
	for _, mode := range []string{"header", "query"} {
		s3 := s3Client{s, account, mode}
		t.Run(mode+"/names of objects", func(t *testing.T) {
			for _, name := range []string{"plain.txt", "a b.txt", "é가😀.txt", "m*a'r(k)s!~.txt", "x=1&y;z:@,$.txt", "100%25.txt", "a%2Bb.txt", "a+c.txt",
				"dir/sub/file", "[b]{c}|^`.txt", "%c3%a9low"} {
				put := session.Spec{Method: "PUT", URL: "/bucket/" + name, Body: session.Body{Kind: session.TextBody, Text: "héllo " + name},
					Header: core.Header{{Name: "X-Amz-Meta-A", Value: "one  two"}, {Name: "X-Amz-Meta-B", Value: "1"},
						{Name: "x-amz-meta-b", Value: "2"}, {Name: "User-Agent", Value: "authpad"}}}
				require.Equal(t, 200, s3.status(t, put, nil), name)
				require.Equal(t, 200, s3.status(t, session.Spec{URL: "/bucket/" + name}, nil), name)
			}
		})
		t.Run(mode+"/queries", func(t *testing.T) {
			for _, query := range []string{"list-type=2&prefix=a+b&delimiter=%2F&max-keys=3", "prefix=é&list-type=2&encoding-type=url&start-after=", "location", "&&prefix=a=b&list-type=2&"} {
				require.Equal(t, 200, s3.status(t, session.Spec{URL: "/bucket?" + query}, nil), query)
			}
		})
		t.Run(mode+"/refusals", func(t *testing.T) {
			list := session.Spec{URL: "/bucket?list-type=2"}
			require.Equal(t, 403, s3.status(t, list, core.Values{"secretAccessKey": "wrong"}))
			require.Equal(t, 400, s3.status(t, list, core.Values{"region": "eu-west-1"}))
		})
	}
	header := s3Client{s, account, "header"}
	put := session.Spec{Method: "PUT", URL: "/bucket/u", Body: session.Body{Kind: session.TextBody, Text: "unsigned"}}
	require.Equal(t, 200, header.status(t, put, core.Values{"payload": "unsigned"}))
	require.Equal(t, 400, header.status(t, put, core.Values{"contentSha256Header": "false"}), "S3 insists on the hash in a header, as our own server does")
}

// s3Client signs in one of the two places.
type s3Client struct {
	server  *realServer
	account core.Values
	mode    string
}

func (c s3Client) status(t *testing.T, spec session.Spec, changed core.Values) int {
	t.Helper()
	values := core.Values{"in": c.mode}
	for _, from := range []core.Values{c.account, changed} {
		for id, value := range from {
			values[id] = value
		}
	}
	spec.URL = c.server.url + spec.URL
	transport, err := NewTransport(Options{})
	require.NoError(t, err)
	result, err := session.Run(t.Context(), session.Job{Request: spec, Scheme: "sigv4", Values: values, Env: Env()}, transport)
	require.NoError(t, err)
	last := result.Exchanges[len(result.Exchanges)-1]
	require.NotNil(t, last.Response, "%v\n%s", last.Failure, c.server.logged())
	return last.Response.Status
}
