package schemes_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

var asapAccount = core.Values{"issuer": "service-a", "audience": "service-b", "keyId": "service-a/key1"}

// asapCodes is what we say to each fault of the vectors.
var asapCodes = map[string]string{
	"exp - iat over one hour": "asap.lifetime", "expired": "jwt.expired", "audience": "asap.wrong-aud", "jti missing": "asap.no-jti",
	"exp missing": "asap.no-exp", "iat missing": "asap.no-iat", "exp before iat": "asap.times", "symmetric algorithm": "jwt.confusion",
	"alg none": "jwt.none", "kid missing": "asap.no-key-id", "iss missing": "asap.key-id", "kid does not match iss": "asap.key-id",
}

func TestASAPVectors(t *testing.T) {
	vectors.Load(t, "asap").Run(t, map[string]func(*testing.T, vectors.Case){
		"kid": func(t *testing.T, c vectors.Case) {
			var v struct {
				Iss, Kid, Error string
				Valid           bool
			}
			c.Decode(t, &v)
			values := merged(asapAccount, core.Values{"issuer": v.Iss, "keyId": v.Kid, "privateKey": testKey(t, "p256")})
			req, _, err := build(t, "asap", values, core.Request{})
			if v.Valid {
				require.NoError(t, err)
				require.NoError(t, verify(t, "asap", values, req.Header))
				return
			}
			require.Equal(t, "asap.key-id", fieldError(t, err).Code, v.Error)
			// And a server that has another, proper one refuses it, whatever the signature is.
			header := `{"alg":"ES256","kid":"` + v.Kid + `"}`
			token := signedJWT(t, testKey(t, "p256"), "ES256", header, `{"iss":"`+v.Iss+`"}`)
			values = merged(asapAccount, core.Values{"issuer": v.Iss, "keyId": v.Iss + "/key1", "privateKey": testKey(t, "p256")})
			rejection := asRejection(t, verify(t, "asap", values, bearing(token)))
			require.Equal(t, "asap.key-id at kid", rejection.Code+" at "+rejection.Step)
		},
		"claims": func(t *testing.T, c vectors.Case) {
			var v struct {
				Header, Claims   json.RawMessage
				Now              int64
				ExpectedAudience string `json:"expected_audience"`
				Valid            bool
				Error            string
			}
			c.Decode(t, &v)
			var header struct{ Alg string }
			require.NoError(t, json.Unmarshal(v.Header, &header))
			key := map[string]string{"RS256": testKey(t, "rsa2048"), "ES256": testKey(t, "p256"), "HS256": "a secret", "none": ""}[header.Alg]
			token := signedJWT(t, key, header.Alg, string(v.Header), string(v.Claims))
			server := merged(asapAccount, core.Values{"audience": v.ExpectedAudience, "privateKey": testKey(t, "rsa2048.public")})
			if header.Alg == "ES256" {
				server["privateKey"] = testKey(t, "p256.public")
			}
			err := verifyPinned(t, "asap", server, core.Vector{Now: time.Unix(v.Now, 0)}, &core.Request{Header: bearing(token)})
			if v.Valid {
				require.NoError(t, err)
				return
			}
			require.NotEmpty(t, asapCodes[v.Error], "%q", v.Error)
			require.Equal(t, asapCodes[v.Error], asRejection(t, err).Code)
		},
	})
}

func TestASAPSigns(t *testing.T) {
	for name, c := range map[string]struct {
		values       core.Values
		header, want string
	}{
		"RS256 with a key of RSA": {core.Values{"privateKey": testKey(t, "rsa2048")},
			`{"typ":"JWT","alg":"RS256","kid":"service-a/key1"}`, `{"iss":"service-a","sub":"service-a","aud":"service-b",`},
		"ES384 with one of P-384": {core.Values{"privateKey": testKey(t, "p384")},
			`{"typ":"JWT","alg":"ES384","kid":"service-a/key1"}`, `{"iss":"service-a","sub":"service-a","aud":"service-b",`},
		"another subject": {core.Values{"privateKey": testKey(t, "p256"), "subject": "alice"},
			`{"typ":"JWT","alg":"ES256","kid":"service-a/key1"}`, `{"iss":"service-a","sub":"alice","aud":"service-b",`},
		"further claims in front": {core.Values{"privateKey": testKey(t, "p256"), "claims": ` {"scope": [1], "aud": ["x", "y"]} `, "audience": ""},
			`{"typ":"JWT","alg":"ES256","kid":"service-a/key1"}`, `{"scope": [1], "aud": ["x", "y"],"iss":"service-a","sub":"service-a",`},
		"an issuer among the claims": {core.Values{"privateKey": testKey(t, "p256"), "claims": `{"iss":"service-a","exp":1767323046}`, "issuer": ""},
			`{"typ":"JWT","alg":"ES256","kid":"service-a/key1"}`, `{"iss":"service-a","exp":1767323046,"sub":"service-a","aud":"service-b",`},
	} {
		t.Run(name, func(t *testing.T) {
			values := merged(asapAccount, c.values)
			req, tr, err := build(t, "asap", values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.header, tr.Step("header").Out)
			require.True(t, strings.HasPrefix(tr.Step("claims").Out, c.want), tr.Step("claims").Out)
			require.NoError(t, verify(t, "asap", values, req.Header))
			require.Empty(t, tr.Notes)
		})
	}
	t.Run("with the data: address that Atlassian's tools write", func(t *testing.T) {
		der := strings.Join(strings.Split(strings.TrimSpace(testKey(t, "p256")), "\n")[1:4], "")
		for _, text := range []string{"data:application/pkcs8;kid=service-a/key1;base64," + der,
			"data:application/pkcs8;kid=service-a%2Fkey1;base64," + strings.ReplaceAll(strings.ReplaceAll(der, "+", "%2B"), "/", "%2F")} {
			req, _, err := build(t, "asap", merged(asapAccount, core.Values{"privateKey": text}), core.Request{})
			require.NoError(t, err)
			require.NoError(t, verify(t, "asap", merged(asapAccount, core.Values{"privateKey": testKey(t, "p256.public")}), req.Header))
		}
	})
}

func TestASAPFieldErrors(t *testing.T) {
	p256 := testKey(t, "p256")
	for name, c := range map[string]struct {
		values core.Values
		want   string
	}{
		"no issuer":                     {core.Values{"issuer": ""}, "asap.no-issuer at issuer"},
		"another issuer in the claims":  {core.Values{"claims": `{"iss":"x"}`}, "asap.other-issuer at claims"},
		"no audience":                   {core.Values{"audience": ""}, "asap.no-audience at audience"},
		"no key ID":                     {core.Values{"keyId": ""}, "asap.key-id at keyId"},
		"a key ID of another issuer":    {core.Values{"keyId": "service-b/key1"}, "asap.key-id at keyId"},
		"a key ID with a space":         {core.Values{"keyId": "service-a/key 1"}, "asap.key-id at keyId"},
		"a key ID with a tilde":         {core.Values{"keyId": "service-a/~key"}, "asap.key-id at keyId"},
		"a key ID outside ASCII":        {core.Values{"keyId": "service-a/ké"}, "asap.key-id at keyId"},
		"a lifetime of over an hour":    {core.Values{"lifetime": "3601"}, "asap.lifetime at lifetime"},
		"no lifetime":                   {core.Values{"lifetime": "0"}, "asap.lifetime at lifetime"},
		"claims that are broken":        {core.Values{"claims": `{"a"`}, "asap.claims at claims"},
		"a claim twice":                 {core.Values{"claims": `{"a":1,"a":2}`}, "asap.repeated-member at claims"},
		"a public key":                  {core.Values{"privateKey": testKey(t, "p256.public")}, "key.public at privateKey"},
		"an Ed25519 key":                {core.Values{"privateKey": testKey(t, "ed25519")}, "asap.key-kind at privateKey"},
		"a shared secret":               {core.Values{"privateKey": "secret"}, "key.unknown at privateKey"},
		"a JWK of a shared secret":      {core.Values{"privateKey": `{"kty":"oct","k":"c2VjcmV0"}`}, "key.symmetric at privateKey"},
		"no key":                        {core.Values{"privateKey": ""}, "key.empty at privateKey"},
		"a data: address for another":   {core.Values{"privateKey": "data:application/pkcs8;kid=service-a/key2;base64,AA"}, "asap.data-uri at privateKey"},
		"a data: address that is short": {core.Values{"privateKey": "data:application/pkcs8;kid=service-a/key1"}, "asap.data-uri at privateKey"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "asap", merged(merged(asapAccount, core.Values{"privateKey": p256}), c.values), core.Request{})
			wrong := fieldError(t, err)
			require.Equal(t, c.want, wrong.Code+" at "+wrong.Field)
		})
	}
}

func TestASAPVerify(t *testing.T) {
	account := merged(asapAccount, core.Values{"privateKey": testKey(t, "p256")})
	signed := func(t *testing.T, changed core.Values) core.Header {
		req, _, err := build(t, "asap", merged(account, changed), core.Request{})
		require.NoError(t, err)
		return req.Header
	}
	claims := func(members string) core.Header {
		return bearing(signedJWT(t, testKey(t, "p256"), "ES256", `{"alg":"ES256","kid":"service-a/key1"}`,
			`{"iss":"service-a","aud":"service-b","jti":"x","iat":1767323045,"exp":1767323105`+members+`}`))
	}
	for name, c := range map[string]struct {
		server core.Values
		header core.Header
		want   string
	}{
		"nothing":                      {nil, nil, "authorization.missing at header"},
		"another scheme":               {nil, core.Header{{Name: "Authorization", Value: "Basic eA=="}}, "authorization.scheme at header"},
		"another key":                  {core.Values{"privateKey": rfc7515P256}, signed(t, nil), "asap.wrong-signature at key"},
		"a signature in ASN.1":         {nil, bearing(derJWT(t, "ES256", testKey(t, "p256"))), "jwt.signature-der at signing-input"},
		"another key ID":               {nil, signed(t, core.Values{"keyId": "service-a/key2"}), "asap.other-key-id at kid"},
		"another issuer":               {core.Values{"issuer": "service-c", "keyId": "service-c/key1"}, signed(t, nil), "asap.other-key-id at kid"},
		"another audience":             {nil, signed(t, core.Values{"audience": "service-c"}), "asap.wrong-aud at aud"},
		"another subject":              {core.Values{"subject": "alice"}, signed(t, core.Values{"subject": "bob"}), "asap.wrong-sub at sub"},
		"no subject where one is due":  {core.Values{"subject": "alice"}, claims(""), "asap.wrong-sub at sub"},
		"claims that are a list":       {nil, bearing(signedJWT(t, testKey(t, "p256"), "ES256", `{"alg":"ES256","kid":"service-a/key1"}`, `[]`)), "asap.claims at claims"},
		"claims that it does not know": {nil, claims(`,"x":1`), ""},
		"nbf in the future":            {nil, claims(`,"nbf":1767323200`), "jwt.early at claims"},
		"a jti that is a number":       {nil, bearing(signedJWT(t, testKey(t, "p256"), "ES256", `{"alg":"ES256","kid":"service-a/key1"}`, `{"iss":"service-a","aud":"service-b","jti":1,"iat":1767323045,"exp":1767323105}`)), "asap.no-jti at claims"},
		"an empty jti":                 {nil, bearing(signedJWT(t, testKey(t, "p256"), "ES256", `{"alg":"ES256","kid":"service-a/key1"}`, `{"iss":"service-a","aud":"service-b","jti":"","iat":1767323045,"exp":1767323105}`)), "asap.no-jti at claims"},
		"iat two minutes ahead":        {nil, bearing(signedJWT(t, testKey(t, "p256"), "ES256", `{"alg":"ES256","kid":"service-a/key1"}`, `{"iss":"service-a","aud":"service-b","jti":"x","iat":1767323165,"exp":1767323205}`)), "asap.early at claims"},
		"the subject of its own name":  {core.Values{"subject": "service-a"}, claims(""), ""},
		"a list of subjects":           {core.Values{"subject": "alice"}, claims(`,"sub":["bob","alice"]`), "asap.wrong-sub at sub"},
		"one of its audiences":         {core.Values{"audience": "", "claims": `{"aud":["a","service-b"]}`}, claims(""), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := verify(t, "asap", merged(account, c.server), c.header)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, c.want, rejection.Code+" at "+rejection.Step)
		})
	}
	t.Run("takes each token once", func(t *testing.T) {
		scheme, in := inputFor(t, "asap", account, core.Vector{})
		seen := map[string]time.Duration{}
		in.Env.Seen = func(key string, keep time.Duration) bool {
			_, known := seen[key]
			seen[key] = keep
			return known
		}
		req := &core.Request{Header: signed(t, nil)}
		require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
		require.Equal(t, "asap.jti-used", asRejection(t, scheme.Verify(in, req, &core.Trace{})).Code)
		require.NoError(t, scheme.Verify(in, &core.Request{Header: claims("")}, &core.Trace{}), "another token")
		for _, keep := range seen {
			require.Greater(t, keep, time.Hour)
		}
	})
}

// Whatever comes as a token, Verify ends in a Rejection.
func FuzzASAP(f *testing.F) {
	part := base64.RawURLEncoding.EncodeToString
	f.Add([]byte(`{"alg":"ES256","kid":"service-a/key1"}`), []byte(`{"iss":"service-a"}`), "service-a/key1")
	f.Add([]byte(`{"alg":"none"}`), []byte(`{"aud":[[]],"exp":1e999}`), "service-a/../x")
	f.Add([]byte(`x`), []byte(`y`), "//")
	f.Fuzz(func(t *testing.T, header, claims []byte, keyID string) {
		values := merged(asapAccount, core.Values{"privateKey": testKey(t, "p256")})
		asRejection(t, verify(t, "asap", values, bearing(part(header)+"."+part(claims)+".AAAA")))
		values["keyId"], values["claims"] = keyID, string(claims)
		req, _, err := build(t, "asap", values, core.Request{})
		if err != nil {
			fieldError(t, err)
			return
		}
		if err := verify(t, "asap", values, req.Header); err != nil {
			asRejection(t, err) // claims of one's own may make a token that is refused
		}
	})
}

// What every server refuses is told before it is sent, also where the further claims bring it about.
func TestASAPNotes(t *testing.T) {
	for claims, want := range map[string][]string{
		``:                                    nil,
		`{"exp":1767326645}`:                  nil,
		`{"exp":1767326646}`:                  {"asap.lifetime"},
		`{"iat":1767319504}`:                  {"asap.lifetime"},
		`{"iat":1767323105}`:                  {"asap.early", "asap.times"},
		`{"exp":1767323044}`:                  {"asap.expired", "asap.times"},
		`{"exp":"tomorrow"}`:                  {"asap.date-type"},
		`{"jti":""}`:                          {"asap.no-jti"},
		`{"jti":7}`:                           {"asap.claim-type"},
		`{"iat":1767323045,"exp":1767323105}`: nil,
	} {
		_, tr, err := build(t, "asap", merged(asapAccount, core.Values{"privateKey": testKey(t, "p256"), "claims": claims}), core.Request{})
		require.NoError(t, err)
		require.Equal(t, want, codesOf(tr), claims)
	}
}
