package schemes_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
)

// Clients of message signatures that are wrong in one known way, and proxies, which the server finds out.

// httpsigFault is a client that signs another text, or with another key.
type httpsigFault struct {
	components, secret string
	base               func(own string) string
	input              func(own string) string // the Signature-Input line, as it is sent
	arrives            func(*core.Request)
}

var httpsigFaultServer = merged(httpsigSecret, core.Values{"key": "c2VjcmV0IHNlY3JldCE=", "keyEncoding": "base64"})

func (f httpsigFault) send(t *testing.T) *core.Request {
	t.Helper()
	if f.components == "" {
		f.components = `"@method" "@authority" "@path" "@query"`
	}
	req, tr, err := build(t, "httpsig", merged(httpsigFaultServer, core.Values{"components": f.components}), httpsigRequest())
	require.NoError(t, err)
	base, secret := tr.Step("signature-base").Out, "secret secret!"
	if f.base != nil {
		require.NotEqual(t, base, f.base(base))
		base = f.base(base)
	}
	if f.secret != "" {
		secret = f.secret
	}
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(base))
	req.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(h.Sum(nil))+":")
	if f.input != nil {
		line, _ := req.Header.Get("Signature-Input")
		req.Header.Set("Signature-Input", f.input(line))
	}
	if f.arrives != nil {
		f.arrives(req)
	}
	return req
}

func swap(old, new string) func(string) string {
	return func(text string) string { return strings.Replace(text, old, new, 1) }
}

func TestHTTPSigNamesTheFault(t *testing.T) {
	url := func(edit func(*core.URL)) func(*core.Request) { return func(r *core.Request) { edit(&r.URL) } }
	spaced := swap(`;created=1767323045`, `; created=1767323045`)
	for name, c := range map[string]struct {
		fault            httpsigFault
		code, step, says string
	}{
		"no fault":                   {httpsigFault{}, "", "", ""},
		"the secret as text":         {httpsigFault{secret: "c2VjcmV0IHNlY3JldCE="}, "key-encoding", "key", "as text, this server as base64"},
		"the secret with a line end": {httpsigFault{secret: "c2VjcmV0IHNlY3JldCE=\n"}, "key-encoding", "key", "line break"},
		"as without a secret":        {httpsigFault{secret: "\x00"}, "wrong-signature", "key", "another key was used"}, // HMAC fills up with zeros
		"a line break at the end":    {httpsigFault{base: func(b string) string { return b + "\n" }}, "base", "signature-base", "line break"},
		"CR and LF":                  {httpsigFault{base: func(b string) string { return strings.ReplaceAll(b, "\n", "\r\n") }}, "base", "signature-base", "CR"},
		"the label signed":           {httpsigFault{base: swap(`-params": `, `-params": sig1=`)}, "base", "signature-base", "label"},
		"no parameters":              {httpsigFault{base: func(b string) string { return b[:strings.Index(b, "\n\"@signature-params")] }}, "base", "signature-base", "left the line"},
		"parameters as written":      {httpsigFault{base: spaced, input: spaced}, "base", "signature-params", "strict form"},
		"a query without its mark":   {httpsigFault{base: swap(`": ?kind`, `": kind`)}, "base", "signature-base", "question mark"},
		"a method in small letters":  {httpsigFault{base: swap("POST", "post")}, "address", "component-1", "method “post” where “POST”"},
		"TLS taken off":              {httpsigFault{components: `"@method" "@target-uri"`, arrives: url(func(u *core.URL) { u.Scheme, u.Port = "http", "8080" })}, "address", "component-2", "origin “https://api.example.com” where “http://api.example.com:8080” arrived"},
		"the default port":           {httpsigFault{base: swap("api.example.com", "api.example.com:443")}, "address", "component-2", "proxy"},
		"a host behind a proxy":      {httpsigFault{arrives: func(r *core.Request) { r.URL.Host = "10.0.0.7"; r.Header.Add("X-Forwarded-Host", "api.example.com") }}, "address", "component-2", "proxy"},
		"a Host header of the client": {httpsigFault{arrives: func(r *core.Request) {
			r.URL.Host, r.URL.Port = "10.0.0.7", "81"
			r.Header.Add("Host", "api.example.com")
		}}, "address", "component-2", "proxy"},
		"a slash at the end":      {httpsigFault{arrives: url(func(u *core.URL) { u.Path += "/" })}, "address", "component-3", "path “/pets” where “/pets/”"},
		"a query that came along": {httpsigFault{base: swap("?kind=dog&page=2", "?")}, "address", "component-4", "query “” where “?kind"},
		"another path":            {httpsigFault{arrives: url(func(u *core.URL) { u.Path = "/cats" })}, "wrong-signature", "key", "arrived changed"},
	} {
		t.Run(name, func(t *testing.T) {
			err := verifyRequest(t, "httpsig", httpsigFaultServer, c.fault.send(t))
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, "httpsig."+c.code+" at "+c.step, rejection.Code+" at "+rejection.Step)
			require.Contains(t, rejection.Message, c.says)
		})
	}
}

func TestHTTPSigNamesTheFormOfASignature(t *testing.T) {
	values := core.Values{"algorithm": "ecdsa-p256-sha256", "key": testKey(t, "p256")}
	signed, tr, err := build(t, "httpsig", values, httpsigRequest())
	require.NoError(t, err)
	raw, err := base64.StdEncoding.DecodeString(strings.Trim(strings.TrimPrefix(tr.Step("signature-line").Out, "sig1="), ":"))
	require.NoError(t, err)
	der, err := keys.SignatureDER(raw)
	require.NoError(t, err)
	for want, octets := range map[string][]byte{
		"httpsig.der at signature":       der,
		"httpsig.length at key":          raw[:63],
		"httpsig.wrong-signature at key": append(raw[32:64:64], raw[:32]...),
	} {
		signed.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(octets)+":")
		s, in := schemeInputAt(t, hawkNow, "httpsig", values)
		var expected core.Trace
		rejection := asRejection(t, s.Verify(in, signed, &expected))
		require.Equal(t, want, rejection.Code+" at "+rejection.Step)
		require.NotNil(t, expected.Step(rejection.Step))
	}
}

// Signatures of the drafts before RFC 9421 have one line, and other parameters.
func TestHTTPSigKnowsTheOlderDrafts(t *testing.T) {
	const cavage = `keyId="k",algorithm="rsa-sha256",headers="(request-target) host",signature="AA=="`
	for name, header := range map[string]core.Header{
		"Signature":     {{Name: "Signature", Value: cavage}},
		"Authorization": {{Name: "Authorization", Value: "Signature " + cavage}},
	} {
		rejection := asRejection(t, verify(t, "httpsig", httpsigSecret, header))
		require.Equal(t, "httpsig.no-label at signature-input", rejection.Code+" at "+rejection.Step, name)
		require.Contains(t, rejection.Message, "RFC 9421 replaced", name)
	}
}
