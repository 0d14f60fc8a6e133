package schemes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// What users of other clients reported about SigV4, each by its name there.

func TestSigV4DefectsOfPeers(t *testing.T) {
	sign := func(t *testing.T, service string, req *core.Request) *core.Trace {
		values := awsAccount("sigv4", service)
		tr := signPinned(t, "sigv4", values, atTime(t, awsNow), req)
		require.NoError(t, verifyPinned(t, "sigv4", values, atTime(t, awsNow), req))
		return tr
	}
	t.Run("hoppscotch#5064: signed without the body", func(t *testing.T) {
		req := requestTo(t, "POST", "https://example.com/")
		req.Body = []byte(`{"a":1}`)
		require.Equal(t, "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", sign(t, "execute-api", req).Step("payload-hash").Out)
	})
	for name, c := range map[string]struct{ url, service, uri, query string }{
		"curl#13754: an equals sign in the name of an object": {"/lasca-prod/data/asset_id=my-asset/dt=2024-05-22/data.parquet", "s3",
			"/lasca-prod/data/asset_id%3Dmy-asset/dt%3D2024-05-22/data.parquet", ""},
		"curl#13754: an equals sign in a value":             {"/?a=b=c&d==", "es", "/", "a=b%3Dc&d=%3D"},
		"curl#13058: marks that others leave as they are":   {"/(a)!*'/~?b=(c)!*'~", "es", "/%28a%29%21%2A%27/~", "b=%28c%29%21%2A%27~"},
		"curl#16927: a path that is encoded already":        {"/tables/arn%3Aaws%3Abucket%2Fx/y", "s3tables", "/tables/arn%253Aaws%253Abucket%252Fx/y", ""},
		"curl#16927: a path that is encoded already, at S3": {"/a%20b%2Bc%3ad", "s3", "/a%20b%2Bc%3Ad", ""},
		"curl#11794: colons and slashes in the query":       {"/sparql/gsp?graph=urn:uuid:6e8b/x", "neptune-db", "/sparql/gsp", "graph=urn%3Auuid%3A6e8b%2Fx"},
		"curl#11794: spaces in path and query":              {"/a b?c=d e", "s3", "/a%20b", "c=d%20e"},
		"curl#11794: an encoded query is not encoded again": {"/?a=b%20c%2Fd&e=%c3%a9", "s3", "/", "a=b%20c%2Fd&e=%C3%A9"},
		"curl#8107: a parameter without a value":            {"/_cat/indices?v", "es", "/_cat/indices", "v="},
		"curl#9717: parameters in another order":            {"/_search?sort=_doc&size=50", "es", "/_search", "size=50&sort=_doc"},
		"postman#7585: a slash at the end":                  {"/prod/items/", "execute-api", "/prod/items/", ""},
		"postman#7585: no slash at the end":                 {"/prod/items", "execute-api", "/prod/items", ""},
		"postman#7585: no path at all":                      {"", "execute-api", "/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tr := sign(t, c.service, requestTo(t, "GET", "https://example.com"+c.url))
			require.Equal(t, []string{c.uri, c.query}, []string{tr.Step("canonical-uri").Out, tr.Step("canonical-query").Out})
		})
	}
	t.Run("bruno#8149: no x-amz-content-sha256 for OpenSearch Serverless", func(t *testing.T) {
		req := requestTo(t, "POST", "https://1a2b.us-east-1.aoss.amazonaws.com/_bulk")
		req.Body = []byte("x")
		require.Equal(t, "host;x-amz-content-sha256;x-amz-date", sign(t, "aoss", req).Step("signed-headers").Out)
		hash, _ := req.Header.Get("X-Amz-Content-Sha256")
		require.Equal(t, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", hash)
	})
	t.Run("postman#1663: headers beside AWS's own", func(t *testing.T) {
		req := withHeader("X-Zulu", "z", "Accept", "a/b", "x-alpha", "A  b")
		tr := sign(t, "execute-api", req)
		require.Equal(t, "accept:a/b\nhost:example.com\nx-alpha:A b\nx-amz-date:20260102T030405Z\nx-zulu:z", tr.Step("canonical-headers").Out)
	})
	t.Run("postman#5815: a mismatch now and then", func(t *testing.T) {
		for _, timestamp := range []string{"2026-01-02T03:04:05Z", "2026-10-20T13:14:15Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"} {
			values, req := awsAccount("sigv4", "es"), plainRequestOf("/")
			tr := signPinned(t, "sigv4", values, atTime(t, timestamp), req)
			require.Len(t, tr.Step("timestamp").Out, 16)
			require.Equal(t, tr.Step("timestamp").Out[:8], tr.Step("credential-scope").Out[:8])
			require.NoError(t, verifyPinned(t, "sigv4", values, atTime(t, timestamp), req))
		}
	})
	t.Run("bruno#7570: S3 refuses two signatures", func(t *testing.T) {
		scheme, in := inputFor(t, "sigv4", awsAccount("sigv4", "s3"), atTime(t, awsNow))
		presigned := plainRequestOf("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00")
		require.Equal(t, "sigv4.presigned-already", fieldError(t, scheme.Sign(in, presigned, &core.Trace{})).Code)
	})
}
