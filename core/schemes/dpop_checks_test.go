package schemes_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/platform"
)

// dpopAccount is the lab's: a key of RFC 7515 and the token of RFC 9449.
var dpopAccount = core.Values{"accessToken": "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU",
	"key": `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`}

// dpopPublic is its public half.
const dpopPublic = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`

// reproof signs header and claims anew, with the key of the account.
func reproof(t testing.TB, header, claims string) string {
	t.Helper()
	return proofBy(t, "ES256", dpopAccount["key"], header, claims)
}

func proofBy(t testing.TB, algorithm, private, header, claims string) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(header)) + "." + encode([]byte(claims))
	key, err := keys.Parse(private)
	require.NoError(t, err)
	signature, err := platform.Keys().Sign(algorithm, key, []byte(input))
	require.NoError(t, err)
	return input + "." + encode(signature)
}

const (
	dpopHeader = `{"typ":"dpop+jwt","alg":"ES256","jwk":` + dpopPublic + `}`
	dpopClaims = `{"jti":"a","htm":"GET","htu":"https://example.com/","iat":1767323045,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}`
)

func TestDPoPChecksOfSection43(t *testing.T) {
	without := func(text, part string) string { return strings.Replace(text, part, "", 1) }
	instead := func(text, old, with string) string {
		require.Contains(t, text, old)
		return strings.Replace(text, old, with, 1)
	}
	for name, c := range map[string]struct {
		header, claims string
		change         func(*core.Request)
		code, step     string
	}{
		"nothing is wrong":            {dpopHeader, dpopClaims, nil, "", ""},
		"members nobody knows":        {instead(dpopHeader, `"alg"`, `"kid":"k","alg"`), instead(dpopClaims, `"jti"`, `"foo":[1],"jti"`), nil, "", ""},
		"spaces in the JSON":          {instead(dpopHeader, `,"alg"`, `, "alg"`), dpopClaims + " ", nil, "", ""},
		"1: no DPoP line":             {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Del("DPoP") }, "dpop.missing", "signing-input"},
		"1: two DPoP lines":           {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Add("DPoP", "x") }, "dpop.repeated", "signing-input"},
		"2: two parts":                {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Set("DPoP", "e30.e30") }, "dpop.malformed", "signing-input"},
		"2: padding":                  {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Set("DPoP", "e30=.e30.AA") }, "dpop.malformed", "signing-input"},
		"2: a header that is a list":  {`[]`, dpopClaims, nil, "dpop.malformed", "header"},
		"2: a member twice":           {instead(dpopHeader, `"alg"`, `"alg":"none","alg"`), dpopClaims, nil, "dpop.malformed", "header"},
		"2: claims that are a text":   {dpopHeader, `"x"`, nil, "dpop.malformed", "claims"},
		"3: no jti":                   {dpopHeader, without(dpopClaims, `"jti":"a",`), nil, "dpop.missing-claim", "claims"},
		"3: no htm":                   {dpopHeader, without(dpopClaims, `"htm":"GET",`), nil, "dpop.missing-claim", "claims"},
		"3: no htu":                   {dpopHeader, without(dpopClaims, `"htu":"https://example.com/",`), nil, "dpop.missing-claim", "claims"},
		"3: no iat":                   {dpopHeader, without(dpopClaims, `"iat":1767323045,`), nil, "dpop.missing-claim", "claims"},
		"3: an empty jti":             {dpopHeader, instead(dpopClaims, `"a"`, `""`), nil, "dpop.claim-type", "claims"},
		"3: a jti that is a number":   {dpopHeader, instead(dpopClaims, `"a"`, `1`), nil, "dpop.claim-type", "claims"},
		"3: an iat that is a text":    {dpopHeader, instead(dpopClaims, `1767323045`, `"1767323045"`), nil, "dpop.claim-type", "claims"},
		"3: an iat in milliseconds":   {dpopHeader, instead(dpopClaims, `1767323045`, `1767323045000`), nil, "dpop.claim-type", "claims"},
		"3: a nonce that is a number": {dpopHeader, instead(dpopClaims, `"iat"`, `"nonce":1,"iat"`), nil, "dpop.claim-type", "claims"},
		"4: typ JWT":                  {instead(dpopHeader, "dpop+jwt", "JWT"), dpopClaims, nil, "dpop.typ", "header"},
		"4: no typ":                   {without(dpopHeader, `"typ":"dpop+jwt",`), dpopClaims, nil, "dpop.typ", "header"},
		"5: alg none":                 {instead(dpopHeader, "ES256", "none"), dpopClaims, nil, "dpop.algorithm", "header"},
		"5: alg HS256":                {instead(dpopHeader, "ES256", "HS256"), dpopClaims, nil, "dpop.algorithm", "header"},
		"5: crit":                     {instead(dpopHeader, `"alg"`, `"crit":["b64"],"alg"`), dpopClaims, nil, "dpop.crit", "header"},
		"6: changed claims": {dpopHeader, dpopClaims, func(r *core.Request) {
			line, _ := r.Header.Get("DPoP")
			parts := strings.Split(line, ".")
			parts[1] = base64.RawURLEncoding.EncodeToString([]byte(instead(dpopClaims, `"a"`, `"b"`)))
			r.Header.Set("DPoP", strings.Join(parts, "."))
		}, "dpop.wrong-signature", "signing-input"},
		"6: no signature": {dpopHeader, dpopClaims, func(r *core.Request) {
			line, _ := r.Header.Get("DPoP")
			r.Header.Set("DPoP", line[:strings.LastIndexByte(line, '.')+1])
		}, "dpop.wrong-signature", "signing-input"},
		"6: the signature in ASN.1": {dpopHeader, dpopClaims, func(r *core.Request) {
			line, _ := r.Header.Get("DPoP")
			dot := strings.LastIndexByte(line, '.')
			octets, err := base64.RawURLEncoding.DecodeString(line[dot+1:])
			require.NoError(t, err)
			octets, err = keys.SignatureDER(octets)
			require.NoError(t, err)
			r.Header.Set("DPoP", line[:dot+1]+base64.RawURLEncoding.EncodeToString(octets))
		}, "dpop.signature-der", "signing-input"},
		"7: jwk with d":               {instead(dpopHeader, dpopPublic, dpopAccount["key"]), dpopClaims, nil, "dpop.private-jwk", "key"},
		"7: jwk of a shared secret":   {instead(dpopHeader, dpopPublic, `{"kty":"oct","k":"AAAA"}`), dpopClaims, nil, "dpop.private-jwk", "key"},
		"7: no jwk":                   {`{"typ":"dpop+jwt","alg":"ES256"}`, dpopClaims, nil, "dpop.jwk", "key"},
		"7: jwk that is a text":       {instead(dpopHeader, dpopPublic, `"k"`), dpopClaims, nil, "dpop.jwk", "key"},
		"7: jwk of another curve":     {instead(dpopHeader, "ES256", "ES384"), dpopClaims, nil, "dpop.jwk", "key"},
		"7: a set of keys":            {instead(dpopHeader, dpopPublic, `{"keys":[`+dpopPublic+`]}`), dpopClaims, nil, "dpop.jwk", "key"},
		"7: a key and a set":          {instead(dpopHeader, dpopPublic, dpopPublic[:len(dpopPublic)-1]+`,"keys":[`+dpopPublic+`]}`), dpopClaims, nil, "dpop.jwk", "key"},
		"8: another method":           {dpopHeader, dpopClaims, func(r *core.Request) { r.Method = "POST" }, "dpop.htm", "htm"},
		"8: the method in small":      {dpopHeader, instead(dpopClaims, "GET", "get"), nil, "dpop.htm", "htm"},
		"9: another path":             {dpopHeader, dpopClaims, func(r *core.Request) { r.URL.Path = "/x" }, "dpop.htu", "htu"},
		"9: another host":             {dpopHeader, dpopClaims, func(r *core.Request) { r.URL.Host = "example.org" }, "dpop.htu", "htu"},
		"9: http":                     {dpopHeader, dpopClaims, func(r *core.Request) { r.URL.Scheme = "http" }, "dpop.htu", "htu"},
		"9: a relative htu":           {dpopHeader, instead(dpopClaims, "https://example.com/", "/"), nil, "dpop.htu", "htu"},
		"9: a user name in htu":       {dpopHeader, instead(dpopClaims, "https://", "https://u:p@"), nil, "dpop.htu", "htu"},
		"9: no slashes in htu":        {dpopHeader, instead(dpopClaims, "https://", "https:"), nil, "dpop.htu", "htu"},
		"9: three slashes in htu":     {dpopHeader, instead(dpopClaims, "https://", "https:///"), nil, "dpop.htu", "htu"},
		"9: backslashes in htu":       {dpopHeader, instead(dpopClaims, "https://example.com/", `https:\\\\example.com\\`), nil, "dpop.htu", "htu"},
		"9: a space behind htu":       {dpopHeader, instead(dpopClaims, "example.com/", "example.com/ "), nil, "dpop.htu", "htu"},
		"9: a tab in htu":             {dpopHeader, instead(dpopClaims, "example.com/", `example\t.com/`), nil, "dpop.htu", "htu"},
		"9: query and fragment":       {dpopHeader, instead(dpopClaims, "example.com/", "example.com/?a=1#b"), func(r *core.Request) { r.URL.Query = "?c=2" }, "", ""},
		"9: an encoded slash is none": {dpopHeader, instead(dpopClaims, "example.com/", "example.com/a%2Fb"), func(r *core.Request) { r.URL.Path = "/a/b" }, "dpop.htu", "htu"},
		"9: as another would write":   {dpopHeader, instead(dpopClaims, "https://example.com/", "HTTPS://EXAMPLE.com:443/%7ea/%2f/../%c3%A9"), func(r *core.Request) { r.URL.Path = "/~a/%C3%A9" }, "", ""},
		"11: six minutes old":         {dpopHeader, instead(dpopClaims, "1767323045", "1767322685"), nil, "dpop.clock", "iat"},
		"11: six minutes early":       {dpopHeader, instead(dpopClaims, "1767323045", "1767323405"), nil, "dpop.clock", "iat"},
		"11: half a second":           {dpopHeader, instead(dpopClaims, "1767323045", "1767323045.5"), nil, "", ""},
		"12: no ath":                  {dpopHeader, without(dpopClaims, `,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"`), nil, "dpop.ath", "ath"},
		"12: ath of another token":    {dpopHeader, instead(dpopClaims, "fUHy", "gUHy"), nil, "dpop.ath", "ath"},
		"12: another token":           {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Set("Authorization", "DPoP abc") }, "dpop.wrong-token", "access-token"},
		"12: no token":                {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Del("Authorization") }, "authorization.missing", "authorization"},
		"12: an empty token":          {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Set("Authorization", "DPoP ") }, "dpop.empty-token", "claims"},
		"12: two tokens":              {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Add("Authorization", "DPoP abc") }, "authorization.repeated", "authorization"},
		"12: the token as Bearer":     {dpopHeader, dpopClaims, func(r *core.Request) { r.Header.Set("Authorization", "Bearer "+dpopAccount["accessToken"]) }, "authorization.scheme", "token-scheme"},
		"12: another key":             {instead(dpopHeader, dpopPublic, `{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}`), dpopClaims, nil, "dpop.wrong-key", "key"},
	} {
		t.Run(name, func(t *testing.T) {
			req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"},
				Header: core.Header{{Name: "DPoP", Value: reproof(t, c.header, c.claims)}, {Name: "Authorization", Value: "DPoP " + dpopAccount["accessToken"]}}}
			if c.change != nil {
				c.change(req)
			}
			scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", merged(dpopAccount, core.Values{"key": dpopPublic}))
			var expected core.Trace
			err := scheme.Verify(in, req, &expected)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
			require.NotNil(t, expected.Step(c.step))
		})
	}
}

// A server that knows no key takes that of the proof, as a token endpoint does.
func TestDPoPKeysOfStrangers(t *testing.T) {
	for name, c := range map[string]struct{ header, code string }{
		"any":                   {dpopHeader, ""},
		"a point off the curve": {strings.Replace(dpopHeader, `"y":"x`, `"y":"y`, 1), "dpop.jwk"},
		"a short number":        {strings.Replace(dpopHeader, `"y":"x_FE`, `"y":"`, 1), "dpop.jwk"},
		"another's":             {strings.Replace(dpopHeader, dpopPublic, `{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}`, 1), "dpop.wrong-signature"},
	} {
		t.Run(name, func(t *testing.T) {
			req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"},
				Header: core.Header{{Name: "DPoP", Value: reproof(t, c.header, dpopClaims)}, {Name: "Authorization", Value: "DPoP " + dpopAccount["accessToken"]}}}
			err := verifyRequest(t, "dpop", nil, req)
			if c.code == "" {
				require.NoError(t, err)
			} else {
				require.Equal(t, c.code, asRejection(t, err).Code)
			}
		})
	}
}

// RFC 9864 gave Ed25519 a name of its own; newer clients send it.
func TestDPoPTakesEd25519ByBothNames(t *testing.T) {
	for _, name := range []string{"EdDSA", "Ed25519"} {
		header := `{"typ":"dpop+jwt","alg":"` + name + `","jwk":{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}}`
		req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"},
			Header: core.Header{{Name: "DPoP", Value: proofBy(t, "EdDSA", rfc9421Ed25519, header, dpopClaims)}, {Name: "Authorization", Value: "DPoP " + dpopAccount["accessToken"]}}}
		require.NoError(t, verifyRequest(t, "dpop", nil, req), name)
	}
}

func TestDPoPServerRemembersProofs(t *testing.T) {
	signed, _, err := build(t, "dpop", dpopAccount, core.Request{Method: "GET"})
	require.NoError(t, err)
	scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", dpopAccount)
	seen := map[string]bool{}
	in.Env.Seen = func(key string, keep time.Duration) bool {
		require.Greater(t, keep, 10*time.Minute, "as long as the proof would be taken")
		known := seen[key]
		seen[key] = true
		return known
	}
	require.NoError(t, scheme.Verify(in, signed, &core.Trace{}))
	require.Equal(t, "dpop.replay", asRejection(t, scheme.Verify(in, signed, &core.Trace{})).Code)
	in.Env.Seen = nil
	require.NoError(t, scheme.Verify(in, signed, &core.Trace{}))
}

func TestDPoPTokensThatNameTheirKey(t *testing.T) {
	const jkt = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U" // RFC 7638's formula over dpopPublic, by the test below
	sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`))
	require.Equal(t, jkt, base64.RawURLEncoding.EncodeToString(sum[:]))
	for name, c := range map[string]struct{ claims, note, code string }{
		"this key":    {`{"sub":"u","cnf":{"jkt":"` + jkt + `"}}`, "", ""},
		"another key": {`{"sub":"u","cnf":{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}}`, "dpop.other-key", "dpop.wrong-key"},
		"no key":      {`{"sub":"u"}`, "dpop.not-bound", ""},
		"odd claims":  {`{"cnf":[{"jkt":1}]}`, "dpop.not-bound", ""},
	} {
		t.Run(name, func(t *testing.T) {
			values := merged(dpopAccount, core.Values{"accessToken": "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(c.claims)) + ".AA"})
			signed, tr, err := build(t, "dpop", values, core.Request{Method: "GET"})
			require.NoError(t, err)
			if c.note == "" {
				require.Empty(t, codesOf(tr))
			} else {
				require.Equal(t, []string{c.note}, codesOf(tr))
			}
			err = verifyRequest(t, "dpop", merged(values, core.Values{"key": ""}), signed)
			if c.code == "" {
				require.NoError(t, err)
			} else {
				require.Equal(t, c.code, asRejection(t, err).Code)
			}
		})
	}
}
