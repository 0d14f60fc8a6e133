package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

const awsNow = "2026-01-02T03:04:05Z"

// awsAccount is what both sides know, for a service of the given name.
func awsAccount(id, service string) core.Values {
	v := core.Values{"accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "service": service}
	if id == "sigv4a" {
		v["regionSet"] = "us-east-1"
	} else {
		v["region"] = "us-east-1"
	}
	return v
}

// awsRequest has a bit of everything that is covered.
func awsRequest(t *testing.T) *core.Request {
	req := requestTo(t, "PUT", "https://api.example:8443/a/b%20c?x=1&y=a+b&x=")
	req.Header = core.Header{{Name: "Content-Type", Value: "text/plain"}, {Name: "X-Amz-Meta-A", Value: "one"}, {Name: "X-Other", Value: "two"}}
	req.Body = []byte("the body")
	return req
}

// change is what happens to a signed request on its way.
func editQuery(old, new string) func(*core.Request) {
	return func(r *core.Request) { r.URL.Query = strings.Replace(r.URL.Query, old, new, 1) }
}

func editHeader(name, old, new string) func(*core.Request) {
	return func(r *core.Request) {
		value, _ := r.Header.Get(name)
		r.Header.Set(name, strings.Replace(value, old, new, 1))
	}
}

func dropHeader(name string) func(*core.Request) { return func(r *core.Request) { r.Header.Del(name) } }

func TestSigV4RefusesWhatWasChanged(t *testing.T) {
	header, query := []string{"header"}, []string{"query"}
	both := []string{"header", "query"}
	for _, c := range []struct {
		name       string
		modes      []string
		change     func(*core.Request)
		code, step string // of sigv4; sigv4a names private-key where this names k-date
	}{
		{"another method", both, func(r *core.Request) { r.Method = "DELETE" }, "method", "canonical-request"},
		{"a method nobody tries", both, func(r *core.Request) { r.Method = "PURGE" }, "method", "canonical-request"},
		{"a slash at the end", both, func(r *core.Request) { r.URL.Path += "/" }, "path", "canonical-uri"},
		{"a signature of another length", header, editHeader("Authorization", "Signature=", "Signature=00"), "malformed", "authorization"},
		{"an address from HTML", query, func(r *core.Request) { r.URL.Query = strings.ReplaceAll(r.URL.Query, "&", "&amp;") }, "malformed", "signed-query"},
		{"names in lower case", query, func(r *core.Request) { r.URL.Query = strings.ReplaceAll(r.URL.Query, "X-Amz-", "x-amz-") }, "malformed", "signed-query"},
		{"a credential encoded twice", query, editQuery("%2F20260102%2F", "%252F20260102%252F"), "malformed", "credential"},
		{"a time in the long form", header, editHeader("X-Amz-Date", "20260102T030405Z", "2026-01-02T03:04:05Z"), "date", "timestamp"},
		{"another path", both, func(r *core.Request) { r.URL.Path = "/a/b%20d" }, "wrong-signature", "k-date"},
		{"a path in another case", both, func(r *core.Request) { r.URL.Path = "/A/b%20c" }, "wrong-signature", "k-date"},
		{"another parameter", both, editQuery("x=1", "x=2"), "wrong-signature", "k-date"},
		{"one more parameter", both, func(r *core.Request) { r.URL.Query += "&z" }, "wrong-signature", "k-date"},
		{"one parameter less", both, editQuery("&x=", ""), "wrong-signature", "k-date"},
		{"another host", both, func(r *core.Request) { r.URL.Host = "evil.example" }, "wrong-signature", "k-date"},
		{"a host behind a proxy", both, func(r *core.Request) {
			r.Header.Add("X-Forwarded-Host", r.URL.Authority())
			r.URL.Host = "10.0.0.7"
		}, "host", "canonical-headers"},
		{"another signed header", both, editHeader("X-Other", "two", "three"), "wrong-signature", "k-date"},
		{"a signed header twice", both, func(r *core.Request) { r.Header.Add("x-other", "two") }, "wrong-signature", "k-date"},
		{"another body", both, func(r *core.Request) { r.Body = []byte("another") }, "wrong-signature", "k-date"},
		{"another signature", both, func(r *core.Request) { forgeSignature(r) }, "wrong-signature", "k-date"},
		{"a signed header dropped", both, dropHeader("X-Other"), "missing-header", "canonical-headers"},
		{"an x-amz header added", both, func(r *core.Request) { r.Header.Add("X-Amz-Acl", "public-read") }, "unsigned-header", "signed-headers"},
		{"no credentials at all", header, dropHeader("Authorization"), "authorization.missing", "authorization"},
		{"another scheme", header, func(r *core.Request) { r.Header.Set("Authorization", "Bearer x") }, "authorization.scheme", "authorization"},
		{"two headers", header, func(r *core.Request) { r.Header.Add("Authorization", "Bearer x") }, "authorization.repeated", "authorization"},
		{"another algorithm", header, editHeader("Authorization", "AWS4-", "AWS4-X"), "algorithm", "authorization"},
		{"no signature", header, editHeader("Authorization", ", Signature=", ", Signatur="), "malformed", "authorization"},
		{"a signature twice", header, editHeader("Authorization", ", Signature=", ", Signature=00, Signature="), "malformed", "authorization"},
		{"an empty list of headers", header, editHeader("Authorization", "content-type;host;x-amz-date;x-amz-meta-a", ""), "signed-headers", "signed-headers"},
		{"an unsigned host", header, editHeader("Authorization", ";host;", ";"), "host-unsigned", "signed-headers"},
		{"headers in another order", header, editHeader("Authorization", "content-type;host;", "host;content-type;"), "signed-headers", "signed-headers"},
		{"names in upper case", header, editHeader("Authorization", ";host;", ";Host;"), "signed-headers", "signed-headers"},
		{"a signed header not named", header, editHeader("Authorization", ";x-other", ""), "wrong-signature", "k-date"},
		{"an x-amz header not named", header, editHeader("Authorization", ";x-amz-meta-a", ""), "unsigned-header", "signed-headers"},
		{"another day in the scope", header, editHeader("Authorization", "/20260102/", "/20260101/"), "wrong-date", "credential-scope"},
		{"another service in the scope", header, editHeader("Authorization", "/service/", "/services/"), "wrong-service", "credential-scope"},
		{"another end of the scope", header, editHeader("Authorization", "/aws4_request", "/aws5_request"), "wrong-ending", "credential-scope"},
		{"a part of the scope less", header, editHeader("Authorization", "/aws4_request", ""), "malformed", "credential"},
		{"another access key", header, editHeader("Authorization", "AKID", "BKID"), "wrong-access-key", "credential"},
		{"no time", header, dropHeader("X-Amz-Date"), "date", "timestamp"},
		{"a time that is none", header, editHeader("X-Amz-Date", "T", "t"), "date", "timestamp"},
		{"another second", header, editHeader("X-Amz-Date", "05Z", "06Z"), "wrong-signature", "k-date"},
		{"a parameter of another kind of signature", header, func(r *core.Request) { r.URL.Query += "&X-Amz-Expires=1" }, "wrong-signature", "k-date"},
		{"another time in the address", query, editQuery("T030405Z", "T030406Z"), "wrong-signature", "k-date"},
		{"another lifetime", query, editQuery("X-Amz-Expires=900", "X-Amz-Expires=901"), "wrong-signature", "k-date"},
		{"a lifetime of more than a week", query, editQuery("X-Amz-Expires=900", "X-Amz-Expires=604801"), "expires", "canonical-query"},
		{"no lifetime", query, editQuery("X-Amz-Expires=900&", ""), "expires", "canonical-query"},
		{"another list of headers", query, editQuery("%3Bx-other", ""), "wrong-signature", "k-date"},
		{"no algorithm", query, editQuery("X-Amz-Algorithm=", "x-amz-algorithm="), "malformed", "signed-query"},
		{"a parameter twice", query, func(r *core.Request) { r.URL.Query += "&X-Amz-Date=20260102T030405Z" }, "malformed", "signed-query"},
		{"a header of its own", query, func(r *core.Request) { r.Header.Add("Authorization", "Basic eDp5") }, "two-signatures", "authorization"},
		{"an address of its own", header, func(r *core.Request) { r.URL.Query += "&X-Amz-Signature=00" }, "two-signatures", "authorization"},
	} {
		for _, id := range []string{"sigv4", "sigv4a"} {
			for _, mode := range c.modes {
				t.Run(c.name+"/"+id+"/"+mode, func(t *testing.T) {
					values := merged(awsAccount(id, "service"), core.Values{"in": mode})
					req := awsRequest(t)
					signPinned(t, id, values, atTime(t, awsNow), req)
					before := *req.Clone()
					c.change(req)
					require.False(t, sameRequest(&before, req) && before.Method == req.Method, "nothing was changed")
					expected, err := verifyAt(t, id, values, awsNow, req)
					rejection := asRejection(t, err)
					require.NotNil(t, expected.Step(rejection.Step))
					require.Equal(t, ofScheme(id, c.code), rejection.Code)
					require.Equal(t, ofKind(id, c.step), rejection.Step)
				})
			}
		}
	}
}

func ofScheme(id, code string) string {
	if strings.Contains(code, ".") {
		return code
	}
	return id + "." + code
}

func ofKind(id, step string) string {
	if id == "sigv4a" && step == "k-date" {
		return "private-key"
	}
	return step
}

// forgeSignature changes its last digit.
func forgeSignature(r *core.Request) {
	forge := func(text string) string {
		last := text[len(text)-1]
		return text[:len(text)-1] + string([]byte{"0123456789abcdef"[(strings.IndexByte("0123456789abcdef", last)+1)%16]})
	}
	if value, given := r.Header.Get("Authorization"); given {
		r.Header.Set("Authorization", forge(value))
	} else {
		r.URL.Query = forge(r.URL.Query)
	}
}

func TestSigV4Clock(t *testing.T) {
	for _, c := range []struct {
		name, mode, server, code, says string
	}{
		{"a client 15 minutes slow", "header", "2026-01-02T03:19:05Z", "", ""},
		{"a client more than 15 minutes slow", "header", "2026-01-02T03:19:06Z", "skew", "15 minutes ago"},
		{"a client 15 minutes fast", "header", "2026-01-02T02:49:05Z", "", ""},
		{"a client an hour fast", "header", "2026-01-02T02:04:05Z", "skew", "in 1 hour"},
		{"an address within its lifetime", "query", "2026-01-02T03:19:05Z", "", ""},
		{"an address after its lifetime", "query", "2026-01-02T03:19:07Z", "expired", "2 seconds ago"},
		{"an address from the future", "query", "2026-01-02T02:49:04Z", "skew", "in 15 minutes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := merged(awsAccount("sigv4", "service"), core.Values{"in": c.mode})
			req := awsRequest(t)
			signPinned(t, "sigv4", values, atTime(t, awsNow), req)
			_, err := verifyAt(t, "sigv4", values, c.server, req)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, "sigv4."+c.code, rejection.Code)
			require.Equal(t, "timestamp", rejection.Step)
			require.Contains(t, rejection.Message, c.says)
		})
	}
}

func TestSigV4Payload(t *testing.T) {
	unsigned := core.Header{{Name: "X-Amz-Content-Sha256", Value: "UNSIGNED-PAYLOAD"}}
	for _, c := range []struct {
		name, service string
		header        core.Header
		change        func(*core.Request)
		code, step    string
	}{
		{"an unsigned body at S3", "s3", unsigned, func(r *core.Request) { r.Body = []byte("any") }, "", ""},
		{"an unsigned body elsewhere", "service", unsigned, nil, "unsigned-payload", "payload-hash"},
		{"another body at S3", "s3", nil, func(r *core.Request) { r.Body = []byte("any") }, "wrong-payload-hash", "payload-hash"},
		{"the hash of another body", "service", core.Header{{Name: "X-Amz-Content-Sha256", Value: strings.Repeat("0", 64)}}, nil, "wrong-payload-hash", "payload-hash"},
		{"a body in signed chunks", "s3", core.Header{{Name: "X-Amz-Content-Sha256", Value: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}}, nil, "streaming", "payload-hash"},
		{"the right hash, where nobody asks for it", "service",
			core.Header{{Name: "X-Amz-Content-Sha256", Value: "fa8242e99f48966ca514092b4233b446851f42b57ad5031bf133e1dd76787f3e"}}, nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := awsAccount("sigv4", c.service)
			req := awsRequest(t)
			req.Header = append(req.Header, c.header...)
			signPinned(t, "sigv4", values, atTime(t, awsNow), req)
			if c.change != nil {
				c.change(req)
			}
			_, err := verifyAt(t, "sigv4", values, awsNow, req)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, "sigv4."+c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
		})
	}
}

func TestSigV4SessionToken(t *testing.T) {
	account := merged(awsAccount("sigv4", "service"), core.Values{"sessionToken": "the/token+of=this=account"})
	for _, mode := range []string{"header", "query"} {
		for name, c := range map[string]struct {
			client     core.Values
			code, step string
		}{
			"the same": {nil, "", ""},
			"another":  {core.Values{"sessionToken": "another-token"}, "wrong-session-token", "session-token"},
			"none":     {core.Values{"sessionToken": ""}, "no-session-token", map[string]string{"header": "signed-headers", "query": "canonical-query"}[mode]},
			"sent, unsigned": {core.Values{"signSessionToken": "false"}, map[string]string{"header": "unsigned-header", "query": "token-unsigned"}[mode],
				map[string]string{"header": "signed-headers", "query": "canonical-query"}[mode]},
		} {
			t.Run(mode+"/"+name, func(t *testing.T) {
				server := merged(account, core.Values{"in": mode})
				req := awsRequest(t)
				client := signPinned(t, "sigv4", merged(server, c.client), atTime(t, awsNow), req)
				expected, err := verifyAt(t, "sigv4", server, awsNow, req)
				requireNoSecret(t, []string{"the/token+of=this=account", "the%2Ftoken", "another-token"}, visibleIn(expected))
				if c.code == "" {
					require.NoError(t, err)
					return
				}
				rejection := asRejection(t, err)
				require.Equal(t, "sigv4."+c.code, rejection.Code)
				requireNoSecret(t, []string{"the/token+of=this=account", "another-token"}, []string{rejection.Error(), rejection.Want, rejection.Got})
				require.Equal(t, c.step, rejection.Step)
				require.NotEqual(t, expected.Step(c.step).Out, client.Step(c.step).Out)
			})
		}
	}
	t.Run("a server that wants it unsigned", func(t *testing.T) {
		server := merged(account, core.Values{"signSessionToken": "false"})
		req := awsRequest(t)
		signPinned(t, "sigv4", account, atTime(t, awsNow), req)
		_, err := verifyAt(t, "sigv4", server, awsNow, req)
		require.Equal(t, "sigv4.signed-token", asRejection(t, err).Code)
	})
}

// A header that only names one of a presigned address's parameters is no signature.
func TestSigV4KeepsParametersThatAreNotItsOwn(t *testing.T) {
	values, req := awsAccount("sigv4", "service"), plainRequestOf("/?X-Amz-Expires=1&X-Amz-Date=2")
	tr := signPinned(t, "sigv4", values, atTime(t, awsNow), req)
	require.Equal(t, "X-Amz-Date=2&X-Amz-Expires=1", tr.Step("canonical-query").Out)
	require.NoError(t, verifyPinned(t, "sigv4", values, atTime(t, awsNow), req))
}

// Many servers keep the length of a body apart from its headers.
func TestSigV4KnowsTheLength(t *testing.T) {
	values, req := awsAccount("sigv4", "service"), awsRequest(t)
	req.Header.Add("Content-Length", "8")
	tr := signPinned(t, "sigv4", values, atTime(t, awsNow), req)
	require.Contains(t, tr.Step("signed-headers").Out, "content-length")
	req.Header.Del("Content-Length")
	require.NoError(t, verifyPinned(t, "sigv4", values, atTime(t, awsNow), req))
}

// As AWS's suite has it (get-header-value-multiline), though no browser sends such a header.
func TestSigV4FoldedHeader(t *testing.T) {
	req := withHeader("My-Header1", "value1\n  value2\n     value3")
	tr := signPinned(t, "sigv4", awsAccount("sigv4", "service"), atTime(t, awsNow), req)
	require.Contains(t, tr.Step("canonical-headers").Out, "\nmy-header1:value1,value2,value3\n")
}

// A proxy may send a request elsewhere; what was signed is in the Host header.
func TestSigV4TakesTheHostHeader(t *testing.T) {
	values := awsAccount("sigv4", "service")
	req := awsRequest(t)
	signPinned(t, "sigv4", values, atTime(t, awsNow), req)
	req.Header.Add("Host", req.URL.Authority())
	req.URL.Host, req.URL.Port = "10.0.0.7", "80"
	_, err := verifyAt(t, "sigv4", values, awsNow, req)
	require.NoError(t, err)
}

// The server's own signature of a changed request is nobody's to know.
func TestSigV4RejectionsShowNoSignature(t *testing.T) {
	values := awsAccount("sigv4", "service")
	req := awsRequest(t)
	signPinned(t, "sigv4", values, atTime(t, awsNow), req)
	req.Method = "DELETE"
	expected, err := verifyAt(t, "sigv4", values, awsNow, req)
	rejection := asRejection(t, err)
	for _, id := range []string{"signature", "k-date", "k-region", "k-service", "k-signing"} {
		require.NotContains(t, rejection.Error()+rejection.Want+rejection.Got, expected.Step(id).Out)
	}
}
