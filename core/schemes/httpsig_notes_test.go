package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestHTTPSigComponentErrorsSayWhere(t *testing.T) {
	for components, want := range map[string]string{
		`@method`:                       "httpsig.syntax: the name of a component stands in double quotes, at character 1; components are written as \"@method\" \"content-type\"",
		`"@method" "@path`:              "httpsig.syntax: the quote is not closed, at character 11; components are written as \"@method\" \"content-type\"",
		`"@method","@path"`:             "httpsig.syntax: a space is missing, at character 10; components are written as \"@method\" \"content-type\"",
		`("@method" "@path");created`:   "httpsig.parentheses: only what stands between the parentheses goes here: \"@method\" \"@target-uri\"",
		`"@method" host`:                "httpsig.quotes: component 2, host: the name of a component stands in double quotes",
		`"@method" "@metod"`:            "httpsig.unknown: component 2, \"@metod\": there is no such component; those of a request are @method, @target-uri, @authority, @scheme, @request-target, @path, @query and @query-param, of an answer @status",
		`"Content-Type"`:                "httpsig.name: component 1, \"Content-Type\": the name of a header field is written in small letters, without a colon",
		`"content-type:"`:               "httpsig.name: component 1, \"content-type:\": the name of a header field is written in small letters, without a colon",
		`"@signature-params"`:           "httpsig.signature-params: component 1, \"@signature-params\": the parameters are always signed; they are not named",
		`"@status"`:                     "httpsig.status: component 1, \"@status\": a request has no status; only answers can have it signed",
		`"@path" "@method" "@path"`:     "httpsig.repeated: component 3, \"@path\": it stands there already; each component may be named once",
		`"a";key="x";sf "a";sf;key="x"`: "httpsig.repeated: component 2, \"a\";sf;key=\"x\": it stands there already; each component may be named once",
		`"expires";tr`:                  "httpsig.trailer: component 1, \"expires\";tr: trailers cannot be signed here: scripts neither send nor see them",
		`"x-list";req`:                  "httpsig.req: component 1, \"x-list\";req: req stands in signatures of answers only; it means the request that was answered",
		`"@method";req`:                 "httpsig.req: component 1, \"@method\";req: req stands in signatures of answers only; it means the request that was answered",
		`"x-list";bs;sf`:                "httpsig.bs-and-sf: component 1, \"x-list\";bs;sf: bs takes the bytes as they are, sf writes them anew: only one of them is possible",
		`"x-list";bs;key="a"`:           "httpsig.bs-and-sf: component 1, \"x-list\";bs;key=\"a\": bs takes the bytes as they are, key reads them: only one of them is possible",
		`"x-list";sf=?0`:                "httpsig.parameter: component 1, \"x-list\";sf=?0: sf is written as in \"x\";sf, \"x\";bs or \"x\";key=\"a\"",
		`"x-list";key=a`:                "httpsig.parameter: component 1, \"x-list\";key=a: key is written as in \"x\";sf, \"x\";bs or \"x\";key=\"a\"",
		`"x-list";name="a"`:             "httpsig.parameter: component 1, \"x-list\";name=\"a\": there is no parameter name of a header field; those are sf, bs, key and req",
		`"@method";sf`:                  "httpsig.parameter: component 1, \"@method\";sf: the parameter sf is not one of @method",
		`"@path";name="kind"`:           "httpsig.parameter: component 1, \"@path\";name=\"kind\": the parameter name is not one of @path",
		`"@query-param"`:                "httpsig.query-name: component 1, \"@query-param\": it needs the parameter’s name, as in \"@query-param\";name=\"page\"",
		`"@query-param";name="colour"`:  "httpsig.no-query-param: component 1, \"@query-param\";name=\"colour\": the query has no such parameter; its name is written percent-encoded here",
		`"@query-param";name="twice"`:   "httpsig.query-twice: component 1, \"@query-param\";name=\"twice\": the query has this parameter twice, and servers disagree which one counts; take \"@query\" instead",
		`"@method" "etag"`:              "httpsig.absent: component 2, \"etag\": the message has no such header field",
		`"x-words";key="a"`:             "httpsig.malformed: component 1, \"x-words\";key=\"a\": its value is no dictionary: a comma is missing, at character 6",
		`"x-words";sf`:                  "httpsig.malformed: component 1, \"x-words\";sf: its value is no structured field; leave out ;sf",
		`"priority";sf`:                 "httpsig.malformed: component 1, \"priority\";sf: its value is not written as a structured field: a value is missing, at character 3",
		`"x-same";sf`:                   "httpsig.unknown-type: component 1, \"x-same\";sf: it is not known here whether this field is a list or a dictionary, and that makes a difference; leave out ;sf",
		`"x-folded"`:                    "httpsig.control: component 1, \"x-folded\": its value has a line break or another control character: it could pass for several lines of what is signed",
		`"x-umlaut"`:                    "httpsig.not-ascii: component 1, \"x-umlaut\": its value has characters outside ASCII; with ;bs their bytes are signed",
	} {
		own := httpsigRequest()
		own.URL.Query += "&twice=1&%74wice=2"
		own.Header = append(own.Header, core.HeaderField{Name: "X-Words", Value: "some words"}, core.HeaderField{Name: "Priority", Value: "u="},
			core.HeaderField{Name: "X-Same", Value: "a, a"}, core.HeaderField{Name: "X-Umlaut", Value: "ä"},
			core.HeaderField{Name: "X-Folded", Value: "a\r\"@method\": GET"})
		_, _, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": components}), own)
		require.Error(t, err, components)
		require.Equal(t, "components", fieldError(t, err).Field)
		require.Equal(t, want, err.Error(), components)
	}
}

func TestHTTPSigTakesComponentsOnSeveralLines(t *testing.T) {
	_, tr, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": "\"@method\"\r\n\t\"@path\"\n\n\"x-list\";bs\n"}), httpsigRequest())
	require.NoError(t, err)
	require.Equal(t, "\"@method\": POST\n\"@path\": /pets\n\"x-list\";bs: :YQ==:, :Yg==:\n\"@signature-params\": (\"@method\" \"@path\" \"x-list\";bs);created=1767323045",
		tr.Step("signature-base").Out)
}

func TestHTTPSigComponentsOfOddRequests(t *testing.T) {
	req := core.Request{Method: "PATCH", URL: core.URL{Scheme: "http", Username: "u", Password: "p", Host: "[::1]", Port: "8080", Path: "/a%2Fb/../c", Query: "?x=~(%c3%a9)!&y=a+b%E2%82&*", Fragment: "#f"},
		Header: core.Header{{Name: "X-Umlaut", Value: "ä"}, {Name: "X-Umlaut", Value: " ö "}, {Name: "CACHE-STATUS", Value: "a;hit,b;  fwd=miss"}}}
	for component, want := range map[string]string{
		`"@target-uri"`:           "http://[::1]:8080/a%2Fb/../c?x=~(%c3%a9)!&y=a+b%E2%82&*",
		`"@authority"`:            "[::1]:8080",
		`"host"`:                  "[::1]:8080",
		`"@request-target"`:       "/a%2Fb/../c?x=~(%c3%a9)!&y=a+b%E2%82&*",
		`"@path"`:                 "/a%2Fb/../c",
		`"@query-param";name="x"`: "%7E%28%C3%A9%29%21",
		`"@query-param";name="y"`: "a%20b%EF%BF%BD",
		`"@query-param";name="*"`: "",
		`"x-umlaut";bs`:           ":5A==:, :9g==:",
		`"cache-status";sf`:       "a;hit, b;fwd=miss",
		`"content-length"`:        "0",
	} {
		_, tr, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": component}), req)
		require.NoError(t, err, component)
		require.Equal(t, want, tr.Step("component-1").Out, component)
	}
	t.Run("without a path", func(t *testing.T) {
		_, tr, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": `"@path" "@request-target"`}), core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a.example", Query: "?b"}})
		require.NoError(t, err)
		require.Equal(t, []string{"/", "/?b"}, []string{tr.Step("component-1").Out, tr.Step("component-2").Out})
	})
}

func TestHTTPSigParameters(t *testing.T) {
	all := merged(httpsigSecret, core.Values{"components": "", "keyId": "k", "nonce": `a"b\c`, "tag": "t", "expires": "300"})
	for order, want := range map[string]string{
		"":                                  `();created=1767323045;expires=1767323345;keyid="k";nonce="a\"b\\c";tag="t"`,
		"tag nonce":                         `();tag="t";nonce="a\"b\\c";created=1767323045;expires=1767323345;keyid="k"`,
		"created;keyid;alg;expires":         `();created=1767323045;keyid="k";alg="hmac-sha256";expires=1767323345;nonce="a\"b\\c";tag="t"`,
		"keyid alg created  expires\nnonce": `();keyid="k";alg="hmac-sha256";created=1767323045;expires=1767323345;nonce="a\"b\\c";tag="t"`,
	} {
		_, tr, err := build(t, "httpsig", merged(all, core.Values{"parameters": order}), httpsigRequest())
		require.NoError(t, err, order)
		require.Equal(t, want, tr.Step("signature-params").Out, order)
	}
	for expires, want := range map[string]string{"0": ";expires=1767323045", "999999999": ";expires=2767323044", "1000000000": ";expires=1000000000", "1618884773": ";expires=1618884773", "2026-01-31T23:59:59Z": ";expires=1769903999", " 60 ": ";expires=1767323105"} {
		_, tr, err := build(t, "httpsig", merged(all, core.Values{"expires": expires, "created": "false", "keyId": "", "nonce": "", "tag": ""}), httpsigRequest())
		require.NoError(t, err, expires)
		require.Equal(t, "()"+want, tr.Step("signature-params").Out, expires)
	}
	for name, c := range map[string]struct {
		values core.Values
		field  string
		code   string
	}{
		"an order of strangers":    {core.Values{"parameters": "created colour"}, "parameters", "httpsig.parameters"},
		"an order with repeats":    {core.Values{"parameters": "created keyid created"}, "parameters", "httpsig.parameters"},
		"a date nobody can read":   {core.Values{"expires": "tomorrow"}, "expires", "httpsig.expires"},
		"a time before 1970":       {core.Values{"expires": "-2000000000"}, "expires", "httpsig.expires"},
		"a key ID in Korean":       {core.Values{"keyId": "키"}, "keyId", "httpsig.text"},
		"a tag with a line break":  {core.Values{"tag": "a\nb"}, "tag", "httpsig.text"},
		"a label in capitals":      {core.Values{"label": "Sig1"}, "label", "httpsig.label"},
		"a label with a parameter": {core.Values{"label": "sig1;a"}, "label", "httpsig.label"},
		"two labels":               {core.Values{"label": "sig1,sig2"}, "label", "httpsig.label"},
		"no secret":                {core.Values{"key": ""}, "key", "httpsig.no-key"},
		"a PEM key for an HMAC":    {core.Values{"key": rfc9421Ed25519}, "key", "httpsig.key-kind"},
		"a JWK pair for an HMAC":   {core.Values{"key": `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`}, "key", "httpsig.key-kind"},
		"hex that is none":         {core.Values{"keyEncoding": "hex"}, "key", "httpsig.key-encoding"},
		"base64 that is none":      {core.Values{"keyEncoding": "base64"}, "key", "httpsig.key-encoding"},
		"a secret for Ed25519":     {core.Values{"algorithm": "ed25519"}, "key", "key.unknown"},
		"Ed25519 for ECDSA":        {core.Values{"algorithm": "ecdsa-p256-sha256", "key": rfc9421Ed25519}, "key", "key.kind"},
		"a public key to sign":     {core.Values{"algorithm": "ed25519", "key": `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`}, "key", "key.public"},
		"a server's key of chance": {core.Values{"serverKey": "abc"}, "serverKey", "key.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "httpsig", merged(all, c.values), httpsigRequest())
			require.Equal(t, core.FieldError{Field: c.field, Code: c.code}, core.FieldError{Field: fieldError(t, err).Field, Code: fieldError(t, err).Code})
		})
	}
}

func TestHTTPSigReadsSecrets(t *testing.T) {
	const base64Text, hexText = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YU=", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	const base64Hex = "bb3bc97c1e2edcdd09cb84fb359ef930355cafccd24c89de749b6481cbb8e985"
	for name, c := range map[string]struct{ key, encoding, hex, note string }{
		"text":               {"a secret of thirty-two characters", "auto", "61207365637265742066206f6620", ""},
		"base64":             {base64Text, "auto", base64Hex, "httpsig.read-as-base64"},
		"base64 on a line":   {" " + base64Text + "\n", "auto", base64Hex, "httpsig.read-as-base64"},
		"base64url":          {strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(base64Text), "auto", base64Hex, "httpsig.read-as-base64"},
		"base64 as text":     {base64Text, "text", "757a764a664234", ""},
		"short base64":       {"c2VjcmV0", "base64", "736563726574", "httpsig.short-key"},
		"short as text":      {"c2VjcmV0", "auto", "633256", "httpsig.short-key"},
		"hex digits as text": {hexText, "auto", "30303031", "httpsig.maybe-hex"},
		"bits left over":     {"uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YV", "auto", "757a764a66", ""},
		"broken lines":       {base64Text[:20] + "\n" + base64Text[20:], "auto", "757a764a66", ""},
		"hex":                {hexText, "hex", hexText, ""},
		"a JWK":              {`{"kty":"oct","k":"uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YU"}`, "auto", base64Hex, ""},
		"space around text":  {" a secret of thirty-two characters", "auto", "2061", "httpsig.space"},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "httpsig", core.Values{"algorithm": "hmac-sha256", "key": c.key, "keyEncoding": c.encoding, "keyId": "k"}, core.Request{})
			require.NoError(t, err)
			if name == "text" {
				c.hex = "6120736563726574206f66"
			}
			require.True(t, strings.HasPrefix(tr.Step("key").Out, c.hex), tr.Step("key").Out)
			require.True(t, tr.Step("key").Secret)
			if c.note != "" {
				noteOf(t, tr, c.note)
			} else {
				require.Empty(t, tr.Notes)
			}
		})
	}
}

func TestHTTPSigNotes(t *testing.T) {
	whole := `"@method" "@target-uri" "content-digest"`
	for name, c := range map[string]struct {
		values core.Values
		header core.Header
		want   []string
	}{
		"nothing to say":          {core.Values{"components": whole, "contentDigest": "sha-256"}, nil, nil},
		"host, path and query":    {core.Values{"components": `"@method" "@authority" "@path" "@query" "content-digest"`, "contentDigest": "sha-256"}, nil, nil},
		"as it comes":             {nil, nil, []string{"httpsig.body-not-covered"}},
		"nothing covered":         {core.Values{"components": ""}, nil, []string{"httpsig.method-not-covered", "httpsig.host-not-covered", "httpsig.path-not-covered", "httpsig.query-not-covered", "httpsig.body-not-covered"}},
		"a digest not covered":    {core.Values{"contentDigest": "sha-256"}, nil, []string{"httpsig.digest-not-covered"}},
		"a digest that is wrong":  {core.Values{"components": whole}, core.Header{{Name: "Content-Digest", Value: "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}}, []string{"httpsig.digest-mismatch"}},
		"no key ID":               {core.Values{"components": whole, "contentDigest": "sha-256", "keyId": ""}, nil, []string{"httpsig.no-keyid"}},
		"no time of creation":     {core.Values{"components": whole, "contentDigest": "sha-256", "created": "false"}, nil, []string{"httpsig.no-created"}},
		"an end in the past":      {core.Values{"components": whole, "contentDigest": "sha-256", "expires": "1618884773"}, nil, []string{"httpsig.expired"}},
		"what a browser drops":    {core.Values{"components": whole + ` "date"`, "contentDigest": "sha-256"}, core.Header{{Name: "Date", Value: "x"}}, []string{"httpsig.browser-changes"}},
		"what a browser writes":   {core.Values{"components": whole + ` "origin"`, "contentDigest": "sha-256"}, core.Header{{Name: "Origin", Value: "x"}}, []string{"httpsig.browser-changes"}},
		"a Host of its own":       {core.Values{"components": whole + ` "host"`, "contentDigest": "sha-256"}, core.Header{{Name: "Host", Value: "other.example"}}, []string{"httpsig.browser-changes"}},
		"the Host of the address": {core.Values{"components": whole + ` "host"`, "contentDigest": "sha-256"}, core.Header{{Name: "Host", Value: "API.example.com"}}, nil},
		"a name browsers keep":    {core.Values{"components": whole + ` "sec-x"`, "contentDigest": "sha-256"}, core.Header{{Name: "Sec-X", Value: "x"}}, []string{"httpsig.browser-changes"}},
		"what proxies write":      {core.Values{"components": whole + ` "content-length"`, "contentDigest": "sha-256"}, nil, []string{"httpsig.proxy-changes"}},
	} {
		t.Run(name, func(t *testing.T) {
			own := httpsigRequest()
			own.Header = append(own.Header, c.header...)
			_, tr, err := build(t, "httpsig", merged(merged(httpsigSecret, core.Values{"keyId": "k"}), c.values), own)
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
	t.Run("a Content-Digest is not written twice", func(t *testing.T) {
		own := httpsigRequest()
		own.Header.Add("content-digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")
		_, _, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"contentDigest": "sha-256"}), own)
		require.Equal(t, "httpsig.digest-conflict", fieldError(t, err).Code)
		own.Body = nil
		req, _, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"contentDigest": "sha-256"}), own)
		require.NoError(t, err, "it is the right one")
		require.Len(t, req.Header.Values("Content-Digest"), 1)
	})
}

// The example of RFC 9421, section 5.1.
func TestHTTPSigReadsAcceptSignature(t *testing.T) {
	const asked = `sig1=("@method" "@target-uri" "content-digest");keyid="test-key-rsa-pss";created;tag="app-123"`
	for name, c := range map[string]struct {
		told   []string
		values core.Values
		codes  []string
		text   string
	}{
		"as asked": {[]string{asked}, core.Values{"components": `"@method" "@target-uri" "content-digest"`, "contentDigest": "sha-256", "keyId": "test-key-rsa-pss", "tag": "app-123"},
			[]string{"httpsig.asked"}, `the server asks for a signature “sig1” over ("@method" "@target-uri" "content-digest") with keyid="test-key-rsa-pss";created;tag="app-123"`},
		"otherwise": {[]string{asked}, core.Values{"components": `"@method" "@target-uri" "content-type" "content-digest"`, "contentDigest": "sha-256", "keyId": "k", "created": "false", "label": "mine"},
			[]string{"httpsig.no-created", "httpsig.asked", "httpsig.asked-otherwise"},
			`its label is “mine”, it also covers "content-type", keyid is another one, created is missing, tag is missing`},
		"several, of which one is this": {[]string{asked, `b=("@path");nonce="x"`}, core.Values{"components": `"@method" "@path" "@authority" "@query"`, "contentDigest": "sha-256", "label": "b", "keyId": "k"},
			[]string{"httpsig.digest-not-covered", "httpsig.asked", "httpsig.asked", "httpsig.asked-otherwise"}, `it also covers "@method", it also covers "@authority", it also covers "@query", nonce is missing`},
		"unreadable": {[]string{"sig1=("}, core.Values{"components": `"@method" "@target-uri" "content-digest"`, "contentDigest": "sha-256", "keyId": "k"},
			[]string{"httpsig.asked-unreadable"}, "a value is missing, at character 7"},
	} {
		t.Run(name, func(t *testing.T) {
			s, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", merged(httpsigSecret, c.values))
			for _, line := range c.told {
				in.Told.Add("Accept-Signature", line)
			}
			own := httpsigRequest()
			_, tr, err := sign(s, in, &own)
			require.NoError(t, err)
			require.Equal(t, c.codes, codesOf(tr))
			require.Contains(t, tr.Notes[len(tr.Notes)-1].Message, c.text)
		})
	}
}
