package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// httpsigRequest is a POST that Sign and Verify of these tests are about.
func httpsigRequest() core.Request {
	return core.Request{Method: "POST", URL: core.URL{Scheme: "https", Host: "api.example.com", Path: "/pets", Query: "?kind=dog&page=2"},
		Header: core.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "X-List", Value: "a"}, {Name: "X-List", Value: "b"}},
		Body:   []byte(`{"name":"Rex"}`)}
}

var httpsigServer = merged(httpsigSecret, core.Values{"components": `"@method" "@target-uri" "content-digest"`, "contentDigest": "sha-256",
	"keyId": "k1", "tag": "shop", "nonce": "n-1"})

func TestHTTPSigServerNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		client core.Values
		change func(*core.Request)
		code   string
		step   string
	}{
		"another secret":            {client: core.Values{"key": "another secret of as many characters"}, code: "httpsig.wrong-signature", step: "key"},
		"another algorithm":         {client: core.Values{"algorithm": "ed25519", "key": rfc9421Ed25519, "parameters": "alg"}, code: "httpsig.other-algorithm", step: "signature-params"},
		"another key ID":            {client: core.Values{"keyId": "k2"}, code: "httpsig.other-keyid", step: "signature-params"},
		"no key ID":                 {client: core.Values{"keyId": ""}, code: "httpsig.other-keyid", step: "signature-params"},
		"another tag":               {client: core.Values{"tag": "forum"}, code: "httpsig.other-tag", step: "signature-params"},
		"no time of creation":       {client: core.Values{"created": "false"}, code: "httpsig.no-created", step: "signature-params"},
		"the body not covered":      {client: core.Values{"components": `"@method" "@target-uri"`}, code: "httpsig.not-covered", step: "signature-params"},
		"a member is not the field": {client: core.Values{"components": `"@method" "@target-uri" "content-digest";key="sha-256"`}, code: "httpsig.not-covered", step: "signature-params"},
		"another body":              {change: func(r *core.Request) { r.Body = []byte(`{"name":"Max"}`) }, code: "httpsig.digest-mismatch", step: "content-digest"},
		"another body and digest": {change: func(r *core.Request) {
			r.Body = []byte("")
			r.Header.Set("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")
		}, code: "httpsig.wrong-signature", step: "key"},
		"a digest nobody trusts":          {change: func(r *core.Request) { r.Header.Set("Content-Digest", "md5=:AA==:") }, code: "httpsig.digest-unknown", step: "content-digest"},
		"a digest without colons":         {change: func(r *core.Request) { r.Header.Set("Content-Digest", "sha-256=AA") }, code: "httpsig.digest-unreadable", step: "content-digest"},
		"a digest that is not to be read": {change: func(r *core.Request) { r.Header.Set("Content-Digest", "SHA-256=:AA==:") }, code: "httpsig.digest-unreadable", step: "content-digest"},
		"no digest":                       {change: func(r *core.Request) { r.Header.Del("Content-Digest") }, code: "httpsig.absent", step: "component-3"},
		"another method":                  {change: func(r *core.Request) { r.Method = "PUT" }, code: "httpsig.address", step: "component-1"},
		"another query":                   {change: func(r *core.Request) { r.URL.Query = "?kind=cat&page=2" }, code: "httpsig.wrong-signature", step: "key"},
		"another host":                    {change: func(r *core.Request) { r.URL.Host = "evil.example.com" }, code: "httpsig.wrong-signature", step: "key"},
		"no lines":                        {change: func(r *core.Request) { r.Header.Del("Signature"); r.Header.Del("Signature-Input") }, code: "httpsig.missing", step: "signature-input"},
		"no Signature":                    {change: func(r *core.Request) { r.Header.Del("Signature") }, code: "httpsig.no-signature", step: "signature-input"},
		"no Signature-Input":              {change: func(r *core.Request) { r.Header.Del("Signature-Input") }, code: "httpsig.no-label", step: "signature-input"},
		"Signature not base64":            {change: func(r *core.Request) { r.Header.Set("Signature", "sig1=:A:") }, code: "httpsig.unreadable", step: "signature-input"},
		"Signature is text":               {change: func(r *core.Request) { r.Header.Set("Signature", `sig1="AA=="`) }, code: "httpsig.unreadable", step: "signature-input"},
		"Signature-Input is text":         {change: func(r *core.Request) { r.Header.Set("Signature-Input", `sig1="@method"`) }, code: "httpsig.unreadable", step: "signature-input"},
		"an unknown component":            {change: replaceInInput(`"@method"`, `"@mehtod"`), code: "httpsig.unknown", step: "signature-input"},
		"a component twice":               {change: replaceInInput(`"@method"`, `"@method" "@method"`), code: "httpsig.repeated", step: "signature-input"},
		"a time as text":                  {change: replaceInInput(`created=1767323045`, `created="1767323045"`), code: "httpsig.parameter", step: "signature-params"},
		"a nonce as a number":             {change: replaceInInput(`nonce="n-1"`, `nonce=1`), code: "httpsig.parameter", step: "signature-params"},
	} {
		t.Run(name, func(t *testing.T) {
			signed, _, err := build(t, "httpsig", merged(httpsigServer, c.client), httpsigRequest())
			require.NoError(t, err)
			require.NoError(t, verifyRequest(t, "httpsig", merged(httpsigServer, c.client), signed), "with the client's own fields")
			if c.change != nil {
				c.change(signed)
			}
			s, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", httpsigServer)
			var expected core.Trace
			rejection := asRejection(t, s.Verify(in, signed, &expected))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
			require.NotNil(t, expected.Step(c.step))
		})
	}
}

// rfc9421Ed25519 is the private key of RFC 9421, section B.1.4.
const rfc9421Ed25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n"

func replaceInInput(old, with string) func(*core.Request) {
	return func(r *core.Request) {
		line, _ := r.Header.Get("Signature-Input")
		r.Header.Set("Signature-Input", strings.Replace(line, old, with, 1))
	}
}

// Who pastes a request and a key has not chosen what must be covered.
func TestHTTPSigServerThatAsksForNothing(t *testing.T) {
	signed, _, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": `"x-list"`}), httpsigRequest())
	require.NoError(t, err)
	s, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", httpsigSecret)
	var tr core.Trace
	require.NoError(t, s.Verify(in, signed, &tr))
	require.Equal(t, []string{"httpsig.method-not-covered", "httpsig.host-not-covered", "httpsig.path-not-covered", "httpsig.query-not-covered", "httpsig.body-not-covered"}, codesOf(&tr))
	err = verifyRequest(t, "httpsig", merged(httpsigSecret, core.Values{"components": `"@method"`}), signed)
	require.Equal(t, "httpsig.not-covered", asRejection(t, err).Code)
}

func TestHTTPSigServerLooksAtItsClock(t *testing.T) {
	at := time.Unix(now, 0)
	values := merged(httpsigServer, core.Values{"expires": "60", "nonce": ""})
	own := httpsigRequest()
	signed, tr, err := signSchemeAt(t, at, "httpsig", values, &own)
	require.NoError(t, err)
	require.Contains(t, tr.Step("signature-params").Out, `;created=1767323045;expires=1767323105;keyid="k1";tag="shop"`)
	for name, c := range map[string]struct {
		offset     time.Duration
		code, text string
	}{
		"at once":              {0, "", ""},
		"a minute early":       {-time.Minute, "", ""},
		"before it expires":    {59 * time.Second, "", ""},
		"as it expires":        {time.Minute, "httpsig.expired", "good until 2026-01-02T03:05:05Z, and here it is 2026-01-02T03:05:05Z"},
		"after it expired":     {2 * time.Minute, "httpsig.expired", "here it is 2026-01-02T03:06:05Z"},
		"six minutes later":    {6 * time.Minute, "httpsig.clock", "6 minutes ago"},
		"two hours before":     {-2 * time.Hour, "httpsig.clock", "in 2 hours"},
		"five minutes before":  {-5 * time.Minute, "", ""},
		"a second before that": {-301 * time.Second, "httpsig.clock", "in 5 minutes"},
	} {
		t.Run(name, func(t *testing.T) {
			err := verifySchemeAt(t, at.Add(c.offset), "httpsig", values, signed)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.code, asRejection(t, err).Code)
			require.Contains(t, err.Error(), c.text)
		})
	}
	t.Run("times no clock shows", func(t *testing.T) {
		for _, created := range []string{"-999999999999999", "999999999999999"} {
			replaceInInput("created=1767323045", "created="+created)(signed)
			require.Equal(t, "httpsig.wrong-signature", asRejection(t, verifySchemeAt(t, at, "httpsig", values, signed)).Code)
		}
	})
}

func TestHTTPSigServerRemembersNonces(t *testing.T) {
	signed, _, err := build(t, "httpsig", httpsigServer, httpsigRequest())
	require.NoError(t, err)
	s, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", httpsigServer)
	seen := map[string]bool{}
	in.Env.Seen = func(key string, keep time.Duration) bool {
		require.Greater(t, keep, 10*time.Minute, "as long as the signature would be taken")
		known := seen[key]
		seen[key] = true
		return known
	}
	require.NoError(t, s.Verify(in, signed, &core.Trace{}))
	require.Equal(t, "httpsig.replay", asRejection(t, s.Verify(in, signed, &core.Trace{})).Code)
	t.Run("and none of a wrong signature", func(t *testing.T) {
		other, _, err := build(t, "httpsig", merged(httpsigServer, core.Values{"nonce": "n-2", "key": "a wrong secret of some characters"}), httpsigRequest())
		require.NoError(t, err)
		require.Equal(t, "httpsig.wrong-signature", asRejection(t, s.Verify(in, other, &core.Trace{})).Code)
		require.Len(t, seen, 1)
	})
	in.Env.Seen = nil
	require.NoError(t, s.Verify(in, signed, &core.Trace{}), "without a memory it is not asked")
}

func TestHTTPSigSideBySide(t *testing.T) {
	first := merged(httpsigSecret, core.Values{"keyId": "k1", "components": `"@method"`})
	second := core.Values{"algorithm": "ed25519", "key": rfc9421Ed25519, "keyId": "k2", "label": "proxy", "components": `"@authority" "signature";key="sig1"`}
	req, _, err := build(t, "httpsig", first, httpsigRequest())
	require.NoError(t, err)
	both, tr, err := build(t, "httpsig", second, *req)
	require.NoError(t, err)
	require.Contains(t, codesOf(tr), "httpsig.beside")
	require.Equal(t, "“signature” is a signature of others: signing it does not sign what it covers", noteOf(t, tr, "httpsig.browser-changes").Message)
	require.Len(t, both.Header.Values("Signature"), 1)
	line, _ := both.Header.Get("Signature-Input")
	require.Equal(t, `sig1=("@method");created=1767323045;keyid="k1", proxy=("@authority" "signature";key="sig1");created=1767323045;keyid="k2"`, line)

	require.NoError(t, verifyRequest(t, "httpsig", first, both))
	require.NoError(t, verifyRequest(t, "httpsig", second, both))
	require.NoError(t, verifyRequest(t, "httpsig", merged(second, core.Values{"label": "other"}), both), "the only one by this key ID")
	err = verifyRequest(t, "httpsig", merged(second, core.Values{"label": "other", "keyId": ""}), both)
	require.Equal(t, "httpsig.no-label", asRejection(t, err).Code)

	t.Run("two lines are one", func(t *testing.T) {
		split := both.Clone()
		for _, name := range []string{"Signature", "Signature-Input"} {
			line, _ := both.Header.Get(name)
			split.Header.Del(name)
			for _, member := range strings.SplitAfterN(line, ", ", 2) {
				split.Header.Add(name, strings.TrimSuffix(member, ", "))
			}
		}
		require.NoError(t, verifyRequest(t, "httpsig", first, split))
		require.NoError(t, verifyRequest(t, "httpsig", second, split))
	})
	t.Run("not under a label that is taken", func(t *testing.T) {
		_, _, err := build(t, "httpsig", second, *both)
		require.Equal(t, "httpsig.label-taken", fieldError(t, err).Code)
	})
	t.Run("not beside what cannot be read", func(t *testing.T) {
		both.Header.Set("Signature", "abc=")
		_, _, err := build(t, "httpsig", merged(second, core.Values{"label": "third"}), *both)
		require.Equal(t, core.FieldError{Field: "headers", Code: "httpsig.unreadable"}, core.FieldError{Field: fieldError(t, err).Field, Code: fieldError(t, err).Code})
	})
}
