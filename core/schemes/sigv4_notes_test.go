package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

func TestSigV4RefusesWhatItCannotSign(t *testing.T) {
	for name, c := range map[string]struct {
		id          string
		values      core.Values
		req         *core.Request
		field, code string
	}{
		"no access key":                {"", core.Values{"accessKeyId": " "}, nil, "accessKeyId", "no-access-key"},
		"an access key with its name":  {"", core.Values{"accessKeyId": "aws_access_key_id=AKIDEXAMPLE"}, nil, "accessKeyId", "access-key"},
		"an access key in quotes":      {"", core.Values{"accessKeyId": `"AKIDEXAMPLE"`}, nil, "accessKeyId", "access-key"},
		"an access key of Hangul":      {"", core.Values{"accessKeyId": "한글"}, nil, "accessKeyId", "access-key"},
		"no secret":                    {"", core.Values{"secretAccessKey": "\n"}, nil, "secretAccessKey", "no-secret"},
		"a token of two lines":         {"", core.Values{"sessionToken": "a\r\nb"}, nil, "sessionToken", "session-token"},
		"no region":                    {"", core.Values{"region": ""}, nil, "region", "no-region"},
		"a region by its long name":    {"", core.Values{"region": "US East (N. Virginia)"}, nil, "region", "region"},
		"a region with a slash":        {"", core.Values{"region": "us-east-1/s3"}, nil, "region", "region"},
		"an availability zone":         {"", core.Values{"region": "us-east-1a"}, nil, "region", "zone"},
		"several regions":              {"", core.Values{"region": "us-east-1,eu-west-1"}, nil, "region", "region"},
		"no service":                   {"", core.Values{"service": ""}, nil, "service", "no-service"},
		"a service with a slash":       {"", core.Values{"service": "s3/"}, nil, "service", "service"},
		"a service by its long name":   {"", core.Values{"service": "API Gateway"}, nil, "service", "service"},
		"no lifetime":                  {"", core.Values{"in": "query", "expires": ""}, nil, "expires", "expires"},
		"a lifetime of zero":           {"", core.Values{"in": "query", "expires": "0"}, nil, "expires", "expires"},
		"a lifetime of eight days":     {"", core.Values{"in": "query", "expires": "691200"}, nil, "expires", "expires"},
		"a lifetime of an hour":        {"", core.Values{"in": "query", "expires": "1h"}, nil, "expires", "expires"},
		"an unsigned body":             {"", core.Values{"payload": "unsigned"}, nil, "payload", "unsigned-payload"},
		"no region set":                {"sigv4a", core.Values{"regionSet": ""}, nil, "regionSet", "no-region"},
		"a region set with a slash":    {"sigv4a", core.Values{"regionSet": "us/east"}, nil, "regionSet", "region"},
		"a region set with a gap":      {"sigv4a", core.Values{"regionSet": "us-east-1,,eu-west-1"}, nil, "regionSet", "region"},
		"a zone in a region set":       {"sigv4a", core.Values{"regionSet": "*,us-east-1a"}, nil, "regionSet", "zone"},
		"two regions and no comma":     {"sigv4a", core.Values{"regionSet": "us-east-1 eu-west-1"}, nil, "regionSet", "region"},
		"a time that is none":          {"", nil, withHeader("X-Amz-Date", "2026-01-02T03:04:05Z"), "headers", "date"},
		"the 30th of February":         {"", nil, withHeader("X-Amz-Date", "20260230T000000Z"), "headers", "date"},
		"two times":                    {"", nil, withHeader("X-Amz-Date", "20260102T030405Z", "x-amz-date", "20260102T030405Z"), "headers", "repeated"},
		"two hashes":                   {"", nil, withHeader("X-Amz-Content-Sha256", "a", "X-Amz-Content-Sha256", "a"), "headers", "repeated"},
		"two tokens":                   {"", core.Values{"sessionToken": "a"}, withHeader("X-Amz-Security-Token", "b"), "headers", "conflict"},
		"two region sets":              {"sigv4a", nil, withHeader("X-Amz-Region-Set", "eu-west-1"), "headers", "conflict"},
		"an address that is presigned": {"", nil, plainRequestOf("/?X-Amz-Signature=00&X-Amz-Credential=a"), "url", "presigned-already"},
		"an access point of several regions": {"", core.Values{"region": ""},
			&core.Request{URL: core.URL{Scheme: "https", Host: "a.mrap.accesspoint.s3-global.amazonaws.com", Path: "/"}}, "region", "no-region"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.id == "" {
				c.id = "sigv4"
			}
			if c.req == nil {
				c.req = plainRequestOf("/")
			}
			scheme, in := inputFor(t, c.id, merged(awsAccount(c.id, "service"), c.values), atTime(t, awsNow))
			wrong := fieldError(t, scheme.Sign(in, c.req.Clone(), &core.Trace{}))
			require.Equal(t, []string{c.field, c.id + "." + c.code}, []string{wrong.Field, wrong.Code})
			require.NotEmpty(t, wrong.Ref.Link())
			if c.field != "headers" && c.field != "url" {
				require.Equal(t, wrong.Code, fieldError(t, scheme.Verify(in, c.req, &core.Trace{})).Code, "the server's own values")
			}
		})
	}
	t.Run("an Authorization header of one's own", func(t *testing.T) {
		for _, mode := range []string{"header", "query"} {
			scheme, in := inputFor(t, "sigv4", merged(awsAccount("sigv4", "s3"), core.Values{"in": mode}), atTime(t, awsNow))
			require.Equal(t, "authorization.conflict", fieldError(t, scheme.Sign(in, withHeader("authorization", "Bearer x"), &core.Trace{})).Code)
		}
	})
}

func withHeader(lines ...string) *core.Request {
	req := plainRequestOf("/")
	for i := 0; i < len(lines); i += 2 {
		req.Header.Add(lines[i], lines[i+1])
	}
	return req
}

func TestSigV4Notes(t *testing.T) {
	s3 := func(v core.Values) core.Values { return merged(awsAccount("sigv4", "s3"), v) }
	at := func(url string) *core.Request { return requestTo(t, "GET", url) }
	for name, c := range map[string]struct {
		values core.Values
		req    *core.Request
		codes  []string
		says   string
	}{
		"nothing to say":                  {nil, at("https://example.com/a?b=c"), nil, ""},
		"space around a key":              {core.Values{"secretAccessKey": " secret\n"}, at("https://example.com/"), []string{"space"}, "left out"},
		"keys swapped":                    {core.Values{"accessKeyId": strings.Repeat("a", 40), "secretAccessKey": "AKIAIOSFODNN7EXAMPLE"}, at("https://example.com/"), []string{"swapped"}, ""},
		"temporary keys alone":            {core.Values{"accessKeyId": "ASIAIOSFODNN7EXAMPLE"}, at("https://example.com/"), []string{"needs-token"}, ""},
		"a token too much":                {core.Values{"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "sessionToken": "t"}, at("https://example.com/"), []string{"needless-token"}, ""},
		"a secret in quotes":              {core.Values{"secretAccessKey": `"secret"`}, at("https://example.com/"), []string{"quotes"}, ""},
		"region from the host":            {core.Values{"region": "", "service": ""}, at("https://b.s3.eu-west-3.amazonaws.com/"), []string{"guessed"}, "region eu-west-3 service s3"},
		"another region":                  {core.Values{"region": "us-east-2"}, at("https://b.s3.eu-west-3.amazonaws.com/"), []string{"host-differs"}, "eu-west-3"},
		"another service":                 {core.Values{"service": "apigateway"}, at("https://a1.execute-api.us-east-1.amazonaws.com/"), []string{"host-differs"}, "execute-api"},
		"a Host of one's own":             {nil, withHeader("Host", "other.example"), []string{"typed-host"}, "example.com"},
		"the same Host":                   {nil, withHeader("Host", "example.com"), nil, ""},
		"headers that are signed":         {nil, withHeader("Content-Type", "text/plain", "X-A", "b"), []string{"signed"}, "content-type, x-a"},
		"headers that are not":            {nil, withHeader("User-Agent", "x", "Cookie", "a=b", "Sec-Fetch-Site", "none"), []string{"not-signed"}, "user-agent (a browser sends its own), cookie (a browser sends its own), sec-fetch-site (a browser does not send it)"},
		"a Date":                          {nil, withHeader("Date", "Fri, 02 Jan 2026 03:04:05 GMT"), []string{"not-signed"}, "X-Amz-Date says the time"},
		"a Date beside X-Amz-Date":        {nil, withHeader("Date", "Fri, 02 Jan 2026 03:04:05 GMT", "X-Amz-Date", "20260102T030405Z"), []string{"date-signed", "signed"}, ""},
		"a time from yesterday":           {nil, withHeader("X-Amz-Date", "20260101T030405Z"), []string{"skew", "signed"}, "1 day ago"},
		"the hash of something else":      {nil, withHeader("X-Amz-Content-Sha256", strings.Repeat("0", 64)), []string{"typed-hash", "signed"}, ""},
		"a length that is not the body's": {nil, withHeader("Content-Length", "7"), []string{"not-signed"}, "counts"},
		"a letter outside ASCII":          {nil, withHeader("X-Amz-Meta-A", "é"), []string{"not-ascii", "signed"}, ""},
		"a tab inside":                    {nil, withHeader("X-Amz-Meta-A", "a\tb"), []string{"tab", "signed"}, ""},
		"one name twice":                  {nil, withHeader("X-A", "1", "x-a", "2"), []string{"signed", "joined"}, "x-a"},
		"a plus in a path of S3":          {nil, at("https://example.com/a+b"), []string{"plus-in-path"}, ""},
		"a plus in another path":          {core.Values{"service": "es"}, at("https://example.com/a+b"), nil, ""},
		"a slash in a name":               {nil, at("https://example.com/a%2Fb"), []string{"slash-in-path"}, ""},
		"a double slash":                  {core.Values{"service": "es"}, at("https://example.com/a//b"), []string{"double-slash"}, ""},
		"a double slash at S3":            {nil, at("https://example.com/a//b"), nil, ""},
		"a plus in the query":             {nil, at("https://example.com/?a=b+c"), []string{"plus-in-query"}, ""},
		"a lone percent sign":             {nil, at("https://example.com/?a=100%"), []string{"stray-percent"}, ""},
		"an unsigned body":                {core.Values{"payload": "unsigned"}, at("https://example.com/"), []string{"body-unsigned"}, ""},
		"a presigned address":             {core.Values{"in": "query"}, at("https://example.com/"), []string{"presigned"}, "900 seconds"},
		"presigned over http":             {core.Values{"in": "query"}, at("http://example.com/"), []string{"plain-http", "presigned"}, ""},
		"presigned again":                 {core.Values{"in": "query"}, at("https://example.com/?X-Amz-Signature=00&a=b"), []string{"replaced", "presigned"}, ""},
		"presigned with a header":         {core.Values{"in": "query"}, withHeader("Content-Type", "a/b"), []string{"signed", "presigned", "presigned-headers"}, "content-type"},
		"presigned with a time":           {core.Values{"in": "query"}, withHeader("X-Amz-Date", "20260102T030405Z"), []string{"date-moved", "presigned"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tr := signPinned(t, "sigv4", s3(c.values), atTime(t, awsNow), c.req)
			var wanted []string
			said := ""
			for _, code := range c.codes {
				wanted = append(wanted, "sigv4."+code)
			}
			for _, n := range tr.Notes {
				said += n.Message + "\n"
			}
			require.Equal(t, wanted, codesOf(tr))
			require.Contains(t, said, c.says)
		})
	}
}

// What is signed is what a browser sends: its own headers are left out, and two lines are one.
func TestSigV4SignsWhatIsSent(t *testing.T) {
	for name, c := range map[string]struct {
		req    *core.Request
		signed string
		line   core.HeaderField
	}{
		"none of the browser's own": {withHeader("User-Agent", "x", "Accept-Encoding", "gzip", "Connection", "close", "Origin", "https://a", "Referer", "https://a",
			"Cookie", "a=b", "Content-Length", "5", "Proxy-Authorization", "x", "Sec-CH-UA", "x", "Expect", "100-continue", "Transfer-Encoding", "chunked"),
			"host;x-amz-date", core.HeaderField{}},
		"what a script may set": {withHeader("Accept", "a/b", "Range", "bytes=0-1", "If-None-Match", `"x"`, "Cache-Control", "no-cache"),
			"accept;cache-control;host;if-none-match;range;x-amz-date", core.HeaderField{}},
		"two lines as one":       {withHeader("X-A", " 1 ", "x-a", "", "X-A", "2,  3"), "host;x-a;x-amz-date", core.HeaderField{Name: "X-A", Value: "1,2,  3"}},
		"the length of the body": {&core.Request{Method: "POST", URL: plainRequestOf("/").URL, Header: core.Header{{Name: "content-length", Value: "3"}}, Body: []byte("abc")}, "content-length;host;x-amz-date", core.HeaderField{}},
	} {
		t.Run(name, func(t *testing.T) {
			tr := signPinned(t, "sigv4", awsAccount("sigv4", "service"), atTime(t, awsNow), c.req)
			require.Equal(t, c.signed, tr.Step("signed-headers").Out)
			if c.line.Name != "" {
				require.Contains(t, c.req.Header, c.line)
				require.Len(t, c.req.Header.Values(c.line.Name), 1)
			}
			require.NoError(t, verifyPinned(t, "sigv4", awsAccount("sigv4", "service"), atTime(t, awsNow), c.req))
		})
	}
}

func TestSigV4HonoursWhatIsTyped(t *testing.T) {
	req := withHeader("x-amz-date", "20251231T235959Z", "X-Amz-Security-Token", "typed-token", "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	tr := signPinned(t, "sigv4", awsAccount("sigv4", "service"), atTime(t, "2026-01-01T00:00:00Z"), req)
	require.Equal(t, "20251231/us-east-1/service/aws4_request", tr.Step("credential-scope").Out)
	require.Equal(t, "UNSIGNED-PAYLOAD", tr.Step("payload-hash").Out)
	require.Equal(t, "host;x-amz-content-sha256;x-amz-date;x-amz-security-token", tr.Step("signed-headers").Out)
	require.Len(t, req.Header, 4, "one line more: Authorization")
	requireNoSecret(t, []string{"typed-token"}, visibleIn(tr))
}

func TestAWSHosts(t *testing.T) {
	for host, want := range map[string][2]string{
		"bucket.s3.us-west-2.amazonaws.com":                {"us-west-2", "s3"},
		"s3.us-west-2.amazonaws.com":                       {"us-west-2", "s3"},
		"s3.dualstack.eu-central-1.amazonaws.com":          {"eu-central-1", "s3"},
		"my.dotted.bucket.s3.amazonaws.com":                {"us-east-1", "s3"},
		"s3.amazonaws.com":                                 {"us-east-1", "s3"},
		"bucket.s3-eu-west-1.amazonaws.com":                {"eu-west-1", "s3"},
		"s3-fips.us-gov-west-1.amazonaws.com":              {"us-gov-west-1", "s3"},
		"s3-fips-us-gov-west-1.amazonaws.com":              {"us-gov-west-1", "s3"},
		"bucket.s3-accelerate.amazonaws.com":               {"", "s3"},
		"ap-1234.s3-accesspoint.us-east-1.amazonaws.com":   {"us-east-1", "s3"},
		"a.mrap.accesspoint.s3-global.amazonaws.com":       {"*", "s3"},
		"bucket.s3.cn-north-1.amazonaws.com.cn":            {"cn-north-1", "s3"},
		"bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com": {"us-east-1", "s3"},
		"a1b2c3.execute-api.eu-west-1.amazonaws.com":       {"eu-west-1", "execute-api"},
		"dynamodb.us-east-1.amazonaws.com.":                {"us-east-1", "dynamodb"},
		"dynamodb-fips.us-east-1.amazonaws.com":            {"us-east-1", "dynamodb"},
		"search-x-1a2b.us-east-1.es.amazonaws.com":         {"us-east-1", "es"},
		"1a2b.eu-west-1.aoss.amazonaws.com":                {"eu-west-1", "aoss"},
		"sqs.us-east-1.amazonaws.com":                      {"us-east-1", "sqs"},
		"us-east-1.queue.amazonaws.com":                    {"us-east-1", "sqs"},
		"email.us-east-1.amazonaws.com":                    {"us-east-1", "ses"},
		"bedrock-runtime.us-east-1.amazonaws.com":          {"us-east-1", "bedrock"},
		"a1-ats.iot.us-east-1.amazonaws.com":               {"us-east-1", "iotdata"},
		"iot.us-east-1.amazonaws.com":                      {"us-east-1", "iot"},
		"data.jobs.iot.eu-west-1.amazonaws.com":            {"eu-west-1", "iot-jobs-data"},
		"portal.sso.eu-west-1.amazonaws.com":               {"eu-west-1", "awsssoportal"},
		"participant.connect.us-east-1.amazonaws.com":      {"us-east-1", "execute-api"},
		"connect.us-east-1.amazonaws.com":                  {"us-east-1", "connect"},
		"1a2b.appsync-api.us-east-1.amazonaws.com":         {"us-east-1", "appsync"},
		"0123.ddb.us-east-1.amazonaws.com":                 {"us-east-1", "dynamodb"},
		"db.cluster-1a2b.us-east-1.neptune.amazonaws.com":  {"us-east-1", "neptune-db"},
		"aps-workspaces.us-east-1.amazonaws.com":           {"us-east-1", "aps"},
		"runtime-v2-lex.eu-west-1.amazonaws.com":           {"eu-west-1", "lex"},
		"memory-db-fips.us-west-1.amazonaws.com":           {"us-west-1", "memorydb"},
		"global.health.amazonaws.com":                      {"us-east-1", "health"},
		"iam.amazonaws.com":                                {"us-east-1", "iam"},
		"sts.amazonaws.com":                                {"us-east-1", "sts"},
		"sts.eu-west-1.amazonaws.com":                      {"eu-west-1", "sts"},
		"1a2b3c.lambda-url.us-east-1.on.aws":               {"us-east-1", "lambda"},
		"lambda.us-east-1.api.aws":                         {"us-east-1", "lambda"},
		"0123.r2.cloudflarestorage.com":                    {"auto", "s3"},
		"example.amazonaws.com":                            {"", ""},
		"amazonaws.com":                                    {"", ""},
		"us-east-1.amazonaws.com":                          {"", ""},
		"s3.us-east-1.amazonaws.com.evil.example":          {"", ""},
		"notamazonaws.com":                                 {"", ""},
		"127.0.0.1":                                        {"", ""},
		"":                                                 {"", ""},
	} {
		region, service := schemes.AWSHost(host)
		require.Equal(t, want, [2]string{region, service}, host)
	}
}
