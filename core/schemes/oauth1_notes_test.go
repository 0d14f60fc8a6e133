package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// Each method in each place, and what a person is told. Peers have the header alone (Yaak's auth-oauth1,
// Insomnia), or no more than some of the methods.

func TestOAuth1MethodsAndPlaces(t *testing.T) {
	for _, method := range []string{"HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "PLAINTEXT"} {
		for _, place := range []string{"header", "query", "body"} {
			t.Run(method+" in the "+place, func(t *testing.T) {
				values := core.Values{"signatureMethod": method, "in": place, "privateKey": testKey(t, "rsa2048")}
				req := signedOAuth(t, values, form(t, "a=1"))
				values["privateKey"] = testKey(t, "rsa2048.public") // all that a server has
				require.NoError(t, verifyPinned(t, "oauth1", merged(oauthAccount, values), oauthPinned, req))

				req.URL.Query = "?b=2&" + strings.TrimPrefix(req.URL.Query, "?")
				err := verifyPinned(t, "oauth1", merged(oauthAccount, values), oauthPinned, req)
				if method == "PLAINTEXT" {
					require.NoError(t, err, "it signs nothing")
				} else {
					require.Equal(t, "oauth1.parameters", asRejection(t, err).Code)
				}
				values["signatureMethod"] = "HMAC-SHA1"
				if method != "HMAC-SHA1" {
					err = verifyPinned(t, "oauth1", merged(oauthAccount, values), oauthPinned, req)
					require.Equal(t, "oauth1.method", asRejection(t, err).Code)
				}
			})
		}
	}
	t.Run("the query keeps what it had", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"in": "query"}, photos(t))
		require.Equal(t, "?file=vacation.jpg&size=original&oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=nnch734d00sl2jdk"+
			"&oauth_signature_method=HMAC-SHA1&oauth_timestamp=1191242096&oauth_nonce=kllo9940pd9333jh&oauth_version=1.0"+
			"&oauth_signature=%2FUeEmNUsboAh2ZZD7O92ECdXfr8%3D", req.URL.Query)
		require.Empty(t, req.Header)
	})
	t.Run("the form keeps what it had", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"in": "body"}, form(t, "a=b+c"))
		require.True(t, strings.HasPrefix(string(req.Body), "a=b+c&oauth_consumer_key="), "%s", req.Body)
	})
	t.Run("an empty form", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"in": "body"}, form(t, ""))
		require.True(t, strings.HasPrefix(string(req.Body), "oauth_consumer_key="), "%s", req.Body)
	})
	t.Run("refuses a parameter twice", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"in": "query"}, photos(t))
		req.URL.Query += "&oauth_nonce=kllo9940pd9333jh"
		rejection := asRejection(t, verifyPinned(t, "oauth1", oauthAccount, oauthPinned, req))
		require.Equal(t, "oauth1.repeated at nonce", rejection.Code+" at "+rejection.Step)
	})
	t.Run("another key is named at the key", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"signatureMethod": "RSA-SHA256", "privateKey": testKey(t, "rsa2048")}, photos(t))
		server := merged(oauthAccount, core.Values{"signatureMethod": "RSA-SHA256", "privateKey": otherRSA})
		require.Equal(t, "key", asRejection(t, verifyPinned(t, "oauth1", server, oauthPinned, req)).Step)
	})
}

// otherRSA is the public key of oauthlib's tests, of 1024 bits.
const otherRSA = `-----BEGIN RSA PUBLIC KEY-----
MIGJAoGBAOTX9vHJLxDyOKF4d5hin/isQomil5BFEoqlkjizmL5Q/BWm6kYCXBdZ
/NfBIxoo8Cgok127u2opGeKqy3m6gdfD3yCPTHvNqa7QKTUu1DhzukUxVqHkhgaE
GLYT3Jw1Lfb1bbuck9Y0JsRJO7uydWUbxXyZ+8YaDfE2NMw7sh2vAgMBAAE=
-----END RSA PUBLIC KEY-----`

// The text that is signed is a step anyone can read (postmanlabs/postman-app-support#2332).
func TestOAuth1ShowsTheBaseString(t *testing.T) {
	steps := oauthSteps(t, oauthAccount, photos(t))
	base := steps.Step("base-string")
	require.False(t, base.Secret)
	require.True(t, strings.HasPrefix(base.Out, "GET&https%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3D"), base.Out)
	require.NotContains(t, base.Out, "realm")
	patch := oauthSteps(t, oauthAccount, requestTo(t, "patch", "https://example.com/")) // fetch leaves this one as it is
	require.True(t, strings.HasPrefix(patch.Step("base-string").Out, "PATCH&"))
}

func TestOAuth1Paths(t *testing.T) {
	for address, want := range map[string]string{
		"https://EXAMPLE.com":                  "https://example.com/",
		"HTTPS://example.com:443?a":            "https://example.com/",
		"http://example.com:443/":              "http://example.com:443/",
		"https://example.com/a%2Fb/":           "https://example.com/a%2Fb/",
		"https://example.com/a%2fb":            "https://example.com/a%2fb",
		"https://example.com/a b/é~":           "https://example.com/a%20b/%C3%A9~",
		"https://example.com//a//":             "https://example.com//a//",
		"https://example.com/a;b=c,d/(1)'*!:@": "https://example.com/a;b=c,d/(1)'*!:@",
		"https://user:pw@example.com/#f":       "https://example.com/",
		"https://[::1]:8443/":                  "https://[::1]:8443/",
	} {
		require.Equal(t, want, oauthSteps(t, nil, requestTo(t, "GET", address)).Step("base-string-uri").Out, address)
	}
}

func TestOAuth1FieldErrors(t *testing.T) {
	json := requestTo(t, "POST", "https://example.com/")
	json.Body, json.Header = []byte("{}"), core.Header{{Name: "Content-Type", Value: "application/json"}}
	signed := photos(t)
	signed.Header = core.Header{{Name: "Authorization", Value: "Basic eA=="}}
	rsa := func(key string) core.Values { return core.Values{"signatureMethod": "RSA-SHA256", "privateKey": key} }
	truncated := testKey(t, "rsa2048")
	truncated = truncated[:len(truncated)/2]
	for name, c := range map[string]struct {
		values core.Values
		req    *core.Request
		want   string
	}{
		"the body, which is no form":        {core.Values{"in": "body"}, json, "oauth1.not-a-form at body"},
		"the body, though there is none":    {core.Values{"in": "body"}, photos(t), "oauth1.not-a-form at body"},
		"a query with OAuth parameters":     {nil, requestTo(t, "GET", "https://example.com/?oauth_token=x"), "oauth1.conflict at url"},
		"a form with OAuth parameters":      {nil, form(t, "oauth_token=x"), "oauth1.conflict at body"},
		"an Authorization header":           {nil, signed, "authorization.conflict at headers"},
		"a realm no header carries":         {core.Values{"realm": "가"}, photos(t), "oauth1.realm at realm"},
		"RSA without a key":                 {rsa(""), photos(t), "key.empty at privateKey"},
		"a public key for a private one":    {rsa(testKey(t, "rsa2048.public")), photos(t), "key.public at privateKey"},
		"a key of an elliptic curve":        {rsa(testKey(t, "p256")), photos(t), "key.kind at privateKey"},
		"a key that is encrypted":           {rsa(testKey(t, "p256.encrypted")), photos(t), "key.encrypted at privateKey"},
		"a key that was cut off":            {rsa(truncated), photos(t), "key.truncated at privateKey"},
		"the consumer secret for a key":     {rsa("kd94hf93k423kf44"), photos(t), "key.unknown at privateKey"},
		"what HMAC does not use may be odd": {core.Values{"privateKey": "x"}, photos(t), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "oauth1", merged(oauthAccount, c.values), *c.req.Clone())
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			wrong := fieldError(t, err)
			require.Equal(t, c.want, wrong.Code+" at "+wrong.Field)
			requireNoSecret(t, []string{"kd94hf93k423kf44"}, []string{wrong.Error()})
		})
	}
}

func TestOAuth1Notes(t *testing.T) {
	post := requestTo(t, "POST", "https://example.com/")
	post.Body = []byte("hi")
	for name, c := range map[string]struct {
		values core.Values
		req    *core.Request
		want   []string
	}{
		"nothing to say":                 {nil, photos(t), nil},
		"http with HMAC":                 {nil, requestTo(t, "GET", "http://example.com/"), nil},
		"http with PLAINTEXT":            {core.Values{"signatureMethod": "PLAINTEXT"}, requestTo(t, "GET", "http://example.com/"), []string{"oauth1.plain-http"}},
		"secrets in the address":         {core.Values{"signatureMethod": "PLAINTEXT", "in": "query"}, photos(t), []string{"oauth1.plaintext-query"}},
		"a body that is not covered":     {nil, post, []string{"oauth1.body-unsigned"}},
		"a body that is":                 {core.Values{"bodyHash": "true"}, post, nil},
		"a form":                         {nil, form(t, "a=b"), nil},
		"a realm in the query":           {core.Values{"in": "query", "realm": "x"}, photos(t), []string{"oauth1.realm-unsent"}},
		"no consumer key":                {core.Values{"consumerKey": ""}, photos(t), []string{"oauth1.empty-consumer-key"}},
		"no consumer secret":             {core.Values{"consumerSecret": ""}, photos(t), []string{"oauth1.empty-consumer-secret"}},
		"a token without its secret":     {core.Values{"tokenSecret": ""}, photos(t), []string{"oauth1.no-token-secret"}},
		"a token secret without a token": {core.Values{"token": ""}, photos(t), []string{"oauth1.no-token"}},
		"pasted space":                   {core.Values{"tokenSecret": "x\n"}, photos(t), []string{"oauth1.space"}},
		"a callback that is no address":  {core.Values{"callback": "/ready"}, photos(t), []string{"oauth1.callback"}},
		"the callback oob":               {core.Values{"callback": "oob"}, photos(t), nil},
		"RSA with SHA-1":                 {core.Values{"signatureMethod": "RSA-SHA1", "privateKey": testKey(t, "rsa2048")}, photos(t), []string{"oauth1.sha1"}},
		"RSA without secrets":            {core.Values{"signatureMethod": "RSA-SHA256", "privateKey": testKey(t, "rsa2048"), "consumerSecret": "", "tokenSecret": ""}, photos(t), nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "oauth1", merged(oauthAccount, c.values), *c.req.Clone())
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}
