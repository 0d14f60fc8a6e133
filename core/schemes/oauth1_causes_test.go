package schemes_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// Clients of OAuth 1.0 that are wrong in one known way, which the server finds out.

// oauthFault is a client that signs another text, with another key, or writes the signature otherwise.
type oauthFault struct {
	request  func(*testing.T) *core.Request
	client   core.Values
	old, new string // in the base string
	key      string
	write    func(mac []byte) string
	arrives  func(*core.Request)
}

func (f oauthFault) send(t *testing.T) *core.Request {
	t.Helper()
	req := f.request(t)
	tr := signPinned(t, "oauth1", merged(oauthFaultAccount, f.client), oauthPinned, req)
	base, key := tr.Step("base-string").Out, tr.Step("key").Out
	require.Contains(t, base, f.old)
	if f.key != "" {
		key = f.key
	}
	h := hmac.New(sha1.New, []byte(key))
	h.Write([]byte(strings.Replace(base, f.old, f.new, 1)))
	if f.write == nil {
		f.write = base64.StdEncoding.EncodeToString
	}
	right, forged := encodeURIComponent(tr.Step("signature").Out), encodeURIComponent(f.write(h.Sum(nil)))
	editHeader("Authorization", right, forged)(req)
	if f.arrives != nil {
		f.arrives(req)
	}
	return req
}

// encodeURIComponent is percent-encoding of what base64 has.
func encodeURIComponent(text string) string {
	return strings.NewReplacer("%", "%25", "+", "%2B", "/", "%2F", "=", "%3D").Replace(text)
}

var oauthFaultAccount = merged(oauthAccount, core.Values{"consumerSecret": "kd94&hf93", "tokenSecret": "pfkk dhi9"})

func TestOAuth1NamesTheFaultOfAClient(t *testing.T) {
	plus := func(t *testing.T) *core.Request {
		return requestTo(t, "GET", "http://photos.example.net/a%20b/?q=a+b&c*=~&b=")
	}
	fields := func(t *testing.T) *core.Request { return form(t, "a=1&b=2") }
	text := func(t *testing.T) *core.Request {
		req := fields(t)
		req.Header[0].Value = "text/plain"
		return req
	}
	one := func(query string) func(*testing.T) *core.Request {
		return func(t *testing.T) *core.Request {
			return requestTo(t, "GET", "https://photos.example.net/photos"+query)
		}
	}
	unsorted := []string{"oauth_consumer_key%3Ddpf43f3p2l4k3l03", "oauth_token%3Dnnch734d00sl2jdk", "oauth_signature_method%3DHMAC-SHA1",
		"oauth_timestamp%3D1191242096", "oauth_nonce%3Dkllo9940pd9333jh", "oauth_version%3D1.0"}
	sorted := "&" + strings.Join([]string{unsorted[0], unsorted[4], unsorted[2], unsorted[3], unsorted[1], unsorted[5], "z%3D"}, "%26")
	url := func(edit func(*core.URL)) func(*core.Request) { return func(r *core.Request) { edit(&r.URL) } }
	for name, c := range map[string]struct {
		fault            oauthFault
		code, step, says string
	}{
		"no token secret":             {oauthFault{request: photos, key: "kd94%26hf93&"}, "key", "key", "token secret"},
		"no ampersand":                {oauthFault{request: photos, key: "kd94%26hf93"}, "key", "key", "“&”"},
		"the secrets exchanged":       {oauthFault{request: photos, key: "pfkk%20dhi9&kd94%26hf93"}, "key", "key", "exchanged"},
		"the secrets not encoded":     {oauthFault{request: photos, key: "kd94&hf93&pfkk dhi9"}, "key", "key", "percent-encoding"},
		"a signature in hex":          {oauthFault{request: photos, write: hex.EncodeToString}, "signature-form", "signature", "hexadecimal"},
		"base64 of hex":               {oauthFault{request: photos, write: func(mac []byte) string { return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(mac))) }}, "signature-form", "signature", "base64 of"},
		"a signature encoded twice":   {oauthFault{request: photos, write: func(mac []byte) string { return encodeURIComponent(base64.StdEncoding.EncodeToString(mac)) }}, "signature-form", "signature", "twice"},
		"TLS taken off":               {oauthFault{request: photos, arrives: url(func(u *core.URL) { u.Scheme, u.Port = "http", "8080" })}, "address", "base-string-uri", "origin “https://photos.example.net” where"},
		"another port":                {oauthFault{request: photos, arrives: url(func(u *core.URL) { u.Port = "8443" })}, "address", "base-string-uri", "origin “https://photos.example.net” where"},
		"a host behind a proxy":       {oauthFault{request: photos, arrives: func(r *core.Request) { r.Header.Add("X-Forwarded-Host", r.URL.Host); r.URL.Host = "10.0.0.7" }}, "address", "base-string-uri", "where “https://10.0.0.7” arrived"},
		"the default port":            {oauthFault{request: photos, old: "example.net%2F", new: "example.net%3A443%2F"}, "address", "base-string-uri", ":443” where"},
		"the query in the address":    {oauthFault{request: one("?a=1"), old: "photos&a%3D1%26", new: "photos%3Fa%3D1&"}, "address", "base-string-uri", "query"},
		"the path decoded":            {oauthFault{request: plus, old: "a%2520b", new: "a%20b"}, "path", "base-string-uri", "path"},
		"the path encoded again":      {oauthFault{request: plus, old: "a%2520b", new: "a%252520b"}, "path", "base-string-uri", "path"},
		"a slash more":                {oauthFault{request: photos, arrives: url(func(u *core.URL) { u.Path += "/" })}, "address", "base-string-uri", "“/photos” where “/photos/” arrived"},
		"another HTTP method":         {oauthFault{request: photos, old: "GET&", new: "POST&"}, "address", "base-string", "POST"},
		"a method in small letters":   {oauthFault{request: photos, old: "GET&", new: "get&"}, "address", "base-string", "get"},
		"no query":                    {oauthFault{request: one("?a=1"), old: "a%3D1%26", new: ""}, "parameters", "parameters", "query"},
		"parameters as they are sent": {oauthFault{request: one("?z"), old: sorted, new: "&z%3D%26" + strings.Join(unsorted, "%26")}, "order", "sorted-parameters", "sorted"},
		"a query that came along":     {oauthFault{request: fields, arrives: url(func(u *core.URL) { u.Query = "?utm=1" })}, "parameters", "parameters", "query"},
		"no form":                     {oauthFault{request: fields, old: "a%3D1%26b%3D2%26", new: ""}, "parameters", "parameters", "form"},
		"a form that is none":         {oauthFault{request: text, old: "photos&", new: "photos&a%3D1%26b%3D2%26"}, "parameters", "parameters", "Content-Type"},
		"the realm":                   {oauthFault{request: fields, client: core.Values{"realm": "Photos"}, old: "oauth_version%3D1.0", new: "oauth_version%3D1.0%26realm%3DPhotos"}, "parameters", "parameters", "realm"},
		"a plus as a plus":            {oauthFault{request: plus, old: "q%3Da%2520b", new: "q%3Da%252Bb"}, "parameters", "parameters", "plus"},
		"parameters encoded as form":  {oauthFault{request: one("?a=*+~"), old: "a%3D%252A%2520~", new: "a%3D%2A%2B%257E"}, "parameter-encoding", "encoded-parameters", "“+” for a space"},
		"anything else":               {oauthFault{request: photos, old: "vacation", new: "vocation"}, "wrong-signature", "key", "differs"},
	} {
		t.Run(name, func(t *testing.T) {
			scheme, in := inputFor(t, "oauth1", oauthFaultAccount, oauthPinned)
			var expected core.Trace
			rejection := asRejection(t, scheme.Verify(in, c.fault.send(t), &expected))
			require.NotNil(t, expected.Step(rejection.Step))
			require.Equal(t, "oauth1."+c.code+" at "+c.step, rejection.Code+" at "+rejection.Step)
			require.Contains(t, rejection.Message, c.says)
		})
	}
}

// Who has the public half alone finds faults as well.
func TestOAuth1NamesTheFaultOfASignerWithRSA(t *testing.T) {
	client := core.Values{"signatureMethod": "RSA-SHA256", "privateKey": testKey(t, "rsa2048")}
	server := merged(oauthAccount, core.Values{"signatureMethod": "RSA-SHA256", "privateKey": testKey(t, "rsa2048.public")})
	for want, arrives := range map[string]func(*core.Request){
		"oauth1.address at base-string-uri": func(r *core.Request) { r.URL.Scheme = "http" },
		"oauth1.parameters at parameters":   func(r *core.Request) { r.Body = []byte("a=1") },
		"oauth1.signature-form at key": func(r *core.Request) {
			line, _ := r.Header.Get("Authorization")
			r.Header.Set("Authorization", strings.ReplaceAll(line, "%", "%25"))
		},
		"oauth1.wrong-signature at key": func(r *core.Request) { r.URL.Path = "/other" },
	} {
		req := signedOAuth(t, client, form(t, ""))
		arrives(req)
		scheme, in := inputFor(t, "oauth1", server, oauthPinned)
		var expected core.Trace
		rejection := asRejection(t, scheme.Verify(in, req, &expected))
		require.Equal(t, want, rejection.Code+" at "+rejection.Step)
		require.NotNil(t, expected.Step(rejection.Step))
	}
}
