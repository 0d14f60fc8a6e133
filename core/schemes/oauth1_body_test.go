package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

func TestOAuth1BodyHash(t *testing.T) {
	hello := func() *core.Request {
		req := requestTo(t, "PUT", "http://www.example.com/resource")
		req.Body, req.Header = []byte("Hello World!"), core.Header{{Name: "Content-Type", Value: "text/plain"}}
		return req
	}
	on := core.Values{"bodyHash": "true"}
	t.Run("of the published example", func(t *testing.T) { // OAuth Request Body Hash, section 4
		steps := signPinned(t, "oauth1", merged(oauthAccount, on), oauthPinned, hello())
		require.Equal(t, "Lve95gjOVATpfV8EL5X4nxwjKHE=", steps.Step("body-hash").Out)
		require.Contains(t, steps.Step("normalized-parameters").Out, "oauth_body_hash=Lve95gjOVATpfV8EL5X4nxwjKHE%3D")
	})
	t.Run("of nothing is the hash of nothing", func(t *testing.T) { // section 3.2
		steps := signPinned(t, "oauth1", merged(oauthAccount, on), oauthPinned, photos(t))
		require.Equal(t, "2jmj7l5rSw0yVb/vlWAYkK/YBwk=", steps.Step("body-hash").Out)
	})
	t.Run("follows the method's hash", func(t *testing.T) {
		steps := signPinned(t, "oauth1", merged(oauthAccount, core.Values{"bodyHash": "true", "signatureMethod": "HMAC-SHA256"}), oauthPinned, hello())
		require.Equal(t, "f4OxZX/x/FO5LcGBSKHWXfwtSx+j1ncoSt3SABJtkGk=", steps.Step("body-hash").Out)
	})
	t.Run("is left out of forms and PLAINTEXT", func(t *testing.T) { // section 3.1
		for code, changed := range map[string]core.Values{"oauth1.body-hash-form": on,
			"oauth1.body-hash-plaintext": {"bodyHash": "true", "signatureMethod": "PLAINTEXT"}} {
			req := hello()
			if code == "oauth1.body-hash-form" {
				req = form(t, "a=b")
			}
			steps := signPinned(t, "oauth1", merged(oauthAccount, changed), oauthPinned, req)
			require.Nil(t, steps.Step("body-hash"))
			noteOf(t, steps, code)
		}
	})
	refused := func(t *testing.T, server core.Values, req *core.Request, want string) {
		t.Helper()
		rejection := asRejection(t, verifyPinned(t, "oauth1", merged(oauthAccount, server), oauthPinned, req))
		require.Equal(t, want, rejection.Code+" at "+rejection.Step)
	}
	t.Run("refuses a changed body", func(t *testing.T) {
		req := signedOAuth(t, on, hello())
		require.NoError(t, verifyPinned(t, "oauth1", oauthAccount, oauthPinned, req))
		req.Body = []byte("Hello World?")
		refused(t, nil, req, "oauth1.body-hash at body-hash")
	})
	t.Run("is demanded by a server that wants it", func(t *testing.T) {
		refused(t, on, signedOAuth(t, nil, hello()), "oauth1.missing-parameter at body-hash")
	})
	t.Run("does not cover a body without it", func(t *testing.T) {
		req := signedOAuth(t, nil, hello())
		req.Body = nil
		require.NoError(t, verifyPinned(t, "oauth1", oauthAccount, oauthPinned, req))
	})
}

// Whatever comes in, Verify says yes only to what the server would have signed itself.
func FuzzOAuth1(f *testing.F) {
	f.Add(`OAuth realm="a", oauth_consumer_key="x", oauth_nonce="%zz"`, "?oauth_nonce=%2", "a=b&oauth_token=x&&=&%")
	f.Add(`oauth oauth_version="1.0",,=`, "?", "")
	f.Add("OAuth "+strings.Repeat("a=b,", 99), "?a+b=%ff&oauth_", "oauth_timestamp=99999999999999999999")
	scheme, _ := schemes.ByID("oauth1")
	f.Fuzz(func(t *testing.T, line, query, body string) {
		if !strings.HasPrefix(query, "?") {
			query = ""
		}
		_, in := inputFor(t, "oauth1", oauthAccount, oauthPinned)
		req := form(t, body)
		req.URL.Query = query
		req.Header.Add("Authorization", line)
		asRejection(t, scheme.Verify(in, req, &core.Trace{})) // nobody guesses a signature

		for _, place := range []string{"header", "query", "body"} {
			req := form(t, body)
			req.URL.Query = query
			_, in := inputFor(t, "oauth1", merged(oauthAccount, core.Values{"in": place, "callback": line}), oauthPinned)
			if err := scheme.Sign(in, req, &core.Trace{}); err != nil {
				fieldError(t, err)
				continue
			}
			require.NoError(t, scheme.Verify(in, req, &core.Trace{}), place)
			req.URL.Query += "&x"
			asRejection(t, scheme.Verify(in, req, &core.Trace{}))
		}
	})
}
