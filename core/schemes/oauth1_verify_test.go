package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// The account and the clock that both sides of these tests start from.
var (
	oauthAccount = core.Values{"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44",
		"token": "nnch734d00sl2jdk", "tokenSecret": "pfkkdhi9sl3r4s00"}
	oauthPinned = core.Vector{Now: time.Unix(1191242096, 0), Nonces: map[string]string{"oauth_nonce": "kllo9940pd9333jh"}}
)

// signedOAuth is a request signed with the account, but for the changed fields.
func signedOAuth(t *testing.T, changed core.Values, req *core.Request) *core.Request {
	t.Helper()
	signPinned(t, "oauth1", merged(oauthAccount, changed), oauthPinned, req)
	return req
}

func photos(t *testing.T) *core.Request {
	return requestTo(t, "GET", "https://photos.example.net/photos?file=vacation.jpg&size=original")
}

func form(t *testing.T, body string) *core.Request {
	req := requestTo(t, "POST", "https://photos.example.net/photos")
	req.Body, req.Header = []byte(body), core.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded;charset=UTF-8"}}
	return req
}

func TestOAuth1Verify(t *testing.T) {
	edit := func(old, new string) func(*core.Request) {
		return func(r *core.Request) {
			line := r.Header[len(r.Header)-1].Value
			if strings.Contains(line, old) {
				r.Header[len(r.Header)-1].Value = strings.Replace(line, old, new, 1)
			}
		}
	}
	for name, c := range map[string]struct {
		client, server core.Values
		change         func(*core.Request)
		later          time.Duration
		code, step     string
	}{
		"a wrong consumer secret is named at the key":  {client: core.Values{"consumerSecret": "x"}, code: "oauth1.wrong-signature", step: "key"},
		"a wrong token secret is named at the key":     {client: core.Values{"tokenSecret": "x"}, code: "oauth1.wrong-signature", step: "key"},
		"a wrong consumer key":                         {client: core.Values{"consumerKey": "x"}, code: "oauth1.wrong-consumer-key", step: "consumer-key"},
		"a wrong token":                                {client: core.Values{"token": "x"}, code: "oauth1.wrong-token", step: "token"},
		"no token where there is one":                  {client: core.Values{"token": ""}, code: "oauth1.missing-parameter", step: "token"},
		"a token where there is none":                  {server: core.Values{"token": ""}, code: "oauth1.wrong-token", step: "token"},
		"another method":                               {client: core.Values{"signatureMethod": "HMAC-SHA512"}, code: "oauth1.method", step: "signature-method"},
		"a fall back to PLAINTEXT":                     {client: core.Values{"signatureMethod": "PLAINTEXT"}, code: "oauth1.method", step: "signature-method"},
		"a late request":                               {later: 301 * time.Second, code: "oauth1.clock", step: "timestamp"},
		"an early request":                             {later: -301 * time.Second, code: "oauth1.clock", step: "timestamp"},
		"a timestamp in milliseconds":                  {change: edit("1191242096", "1191242096000"), code: "oauth1.timestamp", step: "timestamp"},
		"a timestamp with a sign":                      {change: edit("1191242096", "%2B191242096"), code: "oauth1.timestamp", step: "timestamp"},
		"an empty timestamp":                           {change: edit("1191242096", ""), code: "oauth1.timestamp", step: "timestamp"},
		"no timestamp":                                 {change: edit(`oauth_timestamp="1191242096", `, ""), code: "oauth1.missing-parameter", step: "timestamp"},
		"no nonce":                                     {change: edit(`oauth_nonce="kllo9940pd9333jh", `, ""), code: "oauth1.missing-parameter", step: "nonce"},
		"no signature":                                 {change: edit(`oauth_signature=`, "x="), code: "oauth1.missing-parameter", step: "protocol-parameters"},
		"a repeated nonce parameter":                   {change: edit(`oauth_nonce=`, `oauth_nonce="a", oauth_nonce=`), code: "oauth1.header", step: "consumer-key"},
		"another version":                              {change: edit(`"1.0"`, `"2.0"`), code: "oauth1.version", step: "protocol-parameters"},
		"another nonce":                                {change: edit("kllo", "kLlo"), code: "oauth1.wrong-signature", step: "key"},
		"a header that is not encoded":                 {change: edit("%3D", "="), code: "oauth1.encoding", step: "consumer-key"},
		"a header without quotes' ends":                {change: edit(`", oauth_nonce`, `, oauth_nonce`), code: "oauth1.header", step: "consumer-key"},
		"another scheme":                               {change: edit("OAuth ", "Basic "), code: "authorization.scheme", step: "consumer-key"},
		"two Authorization headers":                    {change: func(r *core.Request) { r.Header.Add("Authorization", "Basic eA==") }, code: "authorization.repeated", step: "consumer-key"},
		"nothing":                                      {change: func(r *core.Request) { r.Header = nil }, code: "oauth1.missing", step: "consumer-key"},
		"parameters in two places":                     {change: func(r *core.Request) { r.URL.Query += "&oauth_nonce=x" }, code: "oauth1.places", step: "consumer-key"},
		"another realm, though the signature is right": {client: core.Values{"realm": "a"}, server: core.Values{"realm": "b"}, code: "oauth1.realm", step: "authorization"},
		"another HTTP method":                          {change: func(r *core.Request) { r.Method = "DELETE" }, code: "oauth1.address", step: "base-string"},
		"another path":                                 {change: func(r *core.Request) { r.URL.Path = "/photo" }, code: "oauth1.wrong-signature", step: "key"},
		"an encoded slash in the path":                 {change: func(r *core.Request) { r.URL.Path = "/photos%2F" }, code: "oauth1.wrong-signature", step: "key"},
		"another host":                                 {change: func(r *core.Request) { r.URL.Host = "photos.example.org" }, code: "oauth1.wrong-signature", step: "key"},
		"one more query parameter":                     {change: func(r *core.Request) { r.URL.Query += "&a" }, code: "oauth1.wrong-signature", step: "key"},
		"one query parameter twice":                    {change: func(r *core.Request) { r.URL.Query += "&size=original" }, code: "oauth1.wrong-signature", step: "key"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			req := signedOAuth(t, c.client, photos(t))
			if c.change != nil {
				c.change(req)
			}
			pinned := oauthPinned
			pinned.Now = pinned.Now.Add(c.later)
			err := verifyPinned(t, "oauth1", merged(oauthAccount, c.server), pinned, req)
			require.Error(t, err)
			rejection := asRejection(t, err)
			require.Equal(t, c.code+" at "+c.step, rejection.Code+" at "+rejection.Step)
		})
	}
	t.Run("says which parameter is there twice", func(t *testing.T) {
		req := signedOAuth(t, nil, photos(t))
		edit(`oauth_nonce=`, `oauth_nonce="a", oauth_nonce=`)(req)
		require.Contains(t, verifyPinned(t, "oauth1", oauthAccount, oauthPinned, req).Error(), "oauth_nonce is given twice")
	})
	t.Run("says what it wants and what came", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"consumerKey": "abc"}, photos(t))
		rejection := asRejection(t, verifyPinned(t, "oauth1", oauthAccount, oauthPinned, req))
		require.Equal(t, [2]string{"dpf43f3p2l4k3l03", "abc"}, [2]string{rejection.Want, rejection.Got})
	})
	t.Run("refuses an empty signature of RSA", func(t *testing.T) {
		rsa := core.Values{"signatureMethod": "RSA-SHA256", "privateKey": testKey(t, "rsa2048")}
		req := signedOAuth(t, rsa, photos(t))
		line := &req.Header[0].Value
		*line = (*line)[:strings.Index(*line, "oauth_signature=")] + `oauth_signature=""`
		require.Equal(t, "key", asRejection(t, verifyPinned(t, "oauth1", merged(oauthAccount, rsa), oauthPinned, req)).Step)
	})
}

func TestOAuth1Accepts(t *testing.T) {
	verified := func(t *testing.T, server core.Values, req *core.Request) {
		t.Helper()
		require.NoError(t, verifyPinned(t, "oauth1", merged(oauthAccount, server), oauthPinned, req))
	}
	t.Run("a clock five minutes off", func(t *testing.T) {
		for _, d := range []time.Duration{-300 * time.Second, 300 * time.Second} {
			pinned := oauthPinned
			pinned.Now = pinned.Now.Add(d)
			require.NoError(t, verifyPinned(t, "oauth1", oauthAccount, pinned, signedOAuth(t, nil, photos(t))))
		}
	})
	t.Run("any realm where it has none", func(t *testing.T) {
		verified(t, nil, signedOAuth(t, core.Values{"realm": "Photos"}, photos(t)))
	})
	t.Run("parameters of the query in another order", func(t *testing.T) {
		req := signedOAuth(t, nil, photos(t))
		req.URL.Query = "?size=original&file=vacation.jpg"
		verified(t, nil, req)
	})
	t.Run("an empty token where it has none", func(t *testing.T) {
		req := signedOAuth(t, core.Values{"token": "", "tokenSecret": "", "in": "query"}, photos(t))
		require.NotContains(t, req.URL.Query, "oauth_token")
		verified(t, core.Values{"token": "", "tokenSecret": ""}, req)
	})
	t.Run("a form in another encoding", func(t *testing.T) {
		req := signedOAuth(t, nil, form(t, "a=b+c&d="))
		req.Body = []byte("d&a=b%20%63")
		verified(t, nil, req)
	})
	t.Run("a callback and a verifier, whatever they are", func(t *testing.T) {
		verified(t, nil, signedOAuth(t, core.Values{"callback": "oob", "verifier": "v"}, photos(t)))
	})
}

func TestOAuth1RefusesAUsedNonce(t *testing.T) {
	scheme, in := inputFor(t, "oauth1", oauthAccount, oauthPinned)
	keys := map[string]time.Duration{}
	in.Env.Seen = func(key string, keep time.Duration) bool {
		_, seen := keys[key]
		keys[key] = keep
		return seen
	}
	req := signedOAuth(t, nil, photos(t))
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
	rejection := asRejection(t, scheme.Verify(in, req, &core.Trace{}))
	require.Equal(t, "oauth1.nonce-used at nonce", rejection.Code+" at "+rejection.Step)
	for _, keep := range keys {
		require.Greater(t, keep, 10*time.Minute, "as long as the timestamp is accepted, from the earliest on")
	}

	t.Run("and does not remember what it refuses", func(t *testing.T) {
		clear(keys)
		require.Error(t, scheme.Verify(in, signedOAuth(t, core.Values{"tokenSecret": "x"}, photos(t)), &core.Trace{}))
		require.Empty(t, keys)
	})
	t.Run("in the lab's memory", func(t *testing.T) {
		in.Env.Seen = nil
		require.NoError(t, scheme.Verify(in, req, &core.Trace{}), "no memory, no replay")
	})
}
