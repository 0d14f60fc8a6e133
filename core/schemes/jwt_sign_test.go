package schemes_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestJWTFillsInClaims(t *testing.T) {
	const at = "1767323045" // environment's clock
	jti := `"` + strings.Repeat("6e", 16) + `"`
	for name, c := range map[string]struct {
		values core.Values
		want   string
	}{
		"all four":                     {core.Values{"claims": ""}, `{"iat":` + at + `,"nbf":` + at + `,"exp":1767323345,"jti":` + jti + `}`},
		"behind what is typed":         {core.Values{"claims": "{\n \"sub\": \"é\"\n}"}, "{\n \"sub\": \"é\",\"iat\":" + at + `,"nbf":` + at + `,"exp":1767323345,"jti":` + jti + "\n}"},
		"not what is there already":    {core.Values{"claims": `{"exp":1,"jti":null,"nbf":2}`}, `{"exp":1,"jti":null,"nbf":2,"iat":` + at + `}`},
		"with another lifetime":        {core.Values{"claims": `{"jti":"x"}`, "lifetime": " 60 "}, `{"jti":"x","iat":` + at + `,"nbf":` + at + `,"exp":1767323105}`},
		"nothing when off":             {core.Values{"claims": " {\"a\" :1 } ", "autoClaims": "false"}, `{"a" :1 }`},
		"an empty object when off":     {core.Values{"autoClaims": "false"}, `{}`},
		"a sentence when off":          {core.Values{"claims": " no claims ", "autoClaims": "false"}, ` no claims `},
		"members in the order as they": {core.Values{"claims": `{"z":1,"a":[3,2,1]}`, "autoClaims": "false"}, `{"z":1,"a":[3,2,1]}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "jwt", merged(core.Values{"key": sharedSecret}, c.values), core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.want, tr.Step("claims").Out)
			for _, claim := range []string{"iat", "nbf", "exp", "jti"} {
				filled := tr.Step(claim) != nil
				require.Equal(t, filled, strings.Contains(c.want, `"`+claim+`":`) && !strings.Contains(c.values["claims"], `"`+claim+`"`), claim)
			}
		})
	}
}

func TestJWTHeader(t *testing.T) {
	ecKey := `{"kid":"key-1",` + rfc7515P256[1:]
	for name, c := range map[string]struct {
		values core.Values
		want   string
	}{
		"the usual one":                     {core.Values{"key": sharedSecret}, `{"alg":"HS256","typ":"JWT"}`},
		"with the key's ID":                 {core.Values{"key": ecKey, "algorithm": "ES256"}, `{"alg":"ES256","typ":"JWT","kid":"key-1"}`},
		"alg in front of what is typed":     {core.Values{"key": ecKey, "algorithm": "ES256", "header": ` { "typ" : "x" } `}, `{"alg":"ES256", "typ" : "x" }`},
		"as typed":                          {core.Values{"key": sharedSecret, "header": "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"}, "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"},
		"the key's algorithm":               {core.Values{"key": testKey(t, "ed25519"), "algorithm": "auto"}, `{"alg":"EdDSA","typ":"JWT"}`},
		"the typed one of the key's":        {core.Values{"key": testKey(t, "rsa2048"), "algorithm": "auto", "header": `{"alg":"PS384"}`}, `{"alg":"PS384"}`},
		"the one that the JWK names":        {core.Values{"key": `{"kty":"oct","alg":"HS384","k":"c2VjcmV0"}`, "algorithm": "auto"}, `{"alg":"HS384","typ":"JWT"}`},
		"a secret's usual one":              {core.Values{"key": sharedSecret, "algorithm": "auto"}, `{"alg":"HS256","typ":"JWT"}`},
		"none, where it is chosen":          {core.Values{"algorithm": "none"}, `{"alg":"none","typ":"JWT"}`},
		"of P-521, whose algorithm is 512":  {core.Values{"key": testKey(t, "p521"), "algorithm": "auto"}, `{"alg":"ES512","typ":"JWT"}`},
		"an alg that was misspelt in a JWK": {core.Values{"key": `{"alg":"ES265",` + rfc7515P256[1:], "algorithm": "ES256"}, `{"alg":"ES256","typ":"JWT"}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "jwt", c.values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.want, tr.Step("header").Out)
		})
	}
}

// Hoppscotch's jwt.ts offers RS, PS and ES, takes the PEM for the bytes of a secret, swallows the error and
// sends the request without a token (hoppscotch/hoppscotch#6074): each mistake with a key has a code here,
// and RS256 signs.
func TestJWTKeyErrors(t *testing.T) {
	rsa, p256 := testKey(t, "rsa2048"), testKey(t, "p256")
	for name, c := range map[string]struct{ algorithm, key, want string }{
		"no secret":                        {"HS256", "", "key.empty"},
		"no key":                           {"RS256", " ", "key.empty"},
		"a public key to sign with":        {"RS256", testKey(t, "rsa2048.public"), "key.public"},
		"a public JWK to sign with":        {"ES256", strings.Replace(rfc7515P256, `,"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"`, "", 1), "key.public"},
		"another curve":                    {"ES256", testKey(t, "p384"), "key.curve"},
		"Ed25519 for ECDSA":                {"ES256", testKey(t, "ed25519"), "key.kind"},
		"ECDSA for RSA":                    {"PS256", p256, "key.kind"},
		"RSA for EdDSA":                    {"EdDSA", rsa, "key.kind"},
		"an encrypted key":                 {"ES256", testKey(t, "p256.encrypted"), "key.encrypted"},
		"a key cut off":                    {"ES256", p256[:120], "key.truncated"},
		"a key cut off at its end":         {"RS256", rsa[:len(rsa)-30], "key.truncated"},
		"a secret for RSA":                 {"RS256", sharedSecret, "key.unknown"},
		"a private key for HMAC":           {"HS256", rsa, "jwt.key-kind"},
		"a public key for HMAC":            {"HS512", testKey(t, "p256.public"), "jwt.key-kind"},
		"a public key in bare base64":      {"HS256", strings.Join(strings.Split(testKey(t, "p256.public"), "\n")[1:3], ""), "jwt.key-kind"},
		"an SSH key for HMAC":              {"HS256", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI", "key.openssh"},
		"a shared secret for ECDSA":        {"ES256", `{"kty":"oct","k":"c2VjcmV0"}`, "key.symmetric"},
		"a JWK that is not whole":          {"HS256", `{"kty":"oct"`, "key.json"},
		"a JWK for encryption":             {"HS256", `{"kty":"oct","k":"c2VjcmV0","use":"enc"}`, "key.use"},
		"a JWK for another HMAC":           {"HS256", `{"kty":"oct","k":"c2VjcmV0","alg":"HS512"}`, "jwt.key-algorithm"},
		"a JWK for key wrapping":           {"auto", `{"kty":"oct","k":"c2VjcmV0","alg":"A128KW"}`, "jwt.key-algorithm"},
		"a secret that is no hex":          {"hex", "abc", "jwt.key-encoding"},
		"a secret that is no base64":       {"base64", "not base64!", "jwt.key-encoding"},
		"base64 that is nothing":           {"base64", "==", "key.empty"},
		"a key of two halves for auto":     {"auto", testKey(t, "p256.public"), "key.public"},
		"broken PEM for auto":              {"auto", "-----BEGIN PRIVATE KEY-----\nx", "key.truncated"},
		"a certificate request for auto":   {"auto", "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----", "key.unknown"},
		"a public key under secret's form": {"HS256", " \n" + testKey(t, "rsa2048.public") + " ", "jwt.key-kind"},
	} {
		t.Run(name, func(t *testing.T) {
			values := core.Values{"algorithm": c.algorithm, "key": c.key}
			if c.algorithm == "hex" || c.algorithm == "base64" {
				values = core.Values{"key": c.key, "keyEncoding": c.algorithm}
			}
			_, _, err := build(t, "jwt", values, core.Request{})
			wrong := fieldError(t, err)
			require.Equal(t, c.want+" at key", wrong.Code+" at "+wrong.Field)
			require.NotEmpty(t, wrong.Message)
			if len(c.key) > 20 {
				requireNoSecret(t, []string{c.key, c.key[len(c.key)-20:]}, []string{wrong.Error()})
			}
		})
	}
}

func TestJWTSignsRS256(t *testing.T) {
	req, _, err := build(t, "jwt", core.Values{"algorithm": "RS256", "key": testKey(t, "rsa2048"), "claims": `{"sub":"a"}`}, core.Request{})
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(req.Header[0].Value, "Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9."))
	require.NoError(t, verify(t, "jwt", core.Values{"algorithm": "RS256", "key": testKey(t, "rsa2048.public")}, req.Header))
}

func TestJWTKeyKeepsToItsAlgorithm(t *testing.T) {
	for algorithm, want := range map[string]string{"RS256": "", "auto": "", "PS256": "jwt.key-algorithm", "RS512": "jwt.key-algorithm"} {
		err := verify(t, "jwt", core.Values{"algorithm": algorithm, "key": jwkWithAlg}, bearing("a.b.c"))
		if want == "" {
			asRejection(t, err)
			continue
		}
		require.Equal(t, want, fieldError(t, err).Code, algorithm)
	}
}

// jwkWithAlg is RFC 7515's key of A.2.1, public half, as one for RS256.
const jwkWithAlg = `{"kty":"RSA","alg":"RS256","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}`

func TestJWTFieldErrors(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		want   string
	}{
		"claims without a brace":        {core.Values{"claims": `{"a":1`}, "jwt.claims at claims"},
		"claims with a comma too many":  {core.Values{"claims": `{"a":1,}`, "autoClaims": "false"}, "jwt.claims at claims"},
		"a sentence to be filled in":    {core.Values{"claims": `hello`}, "jwt.claims at claims"},
		"a list":                        {core.Values{"claims": `[1]`}, "jwt.claims at claims"},
		"two objects":                   {core.Values{"claims": `{} {}`}, "jwt.claims at claims"},
		"a claim twice":                 {core.Values{"claims": `{"a":1,"\u0061":2}`}, "jwt.repeated-member at claims"},
		"a header that is no JSON":      {core.Values{"header": `alg: HS256`}, "jwt.header at header"},
		"a member of the header twice":  {core.Values{"header": `{"kid":"a","kid":"b"}`}, "jwt.repeated-member at header"},
		"another alg than chosen":       {core.Values{"header": `{"alg":"HS512"}`}, "jwt.alg-differs at header"},
		"alg none, though not chosen":   {core.Values{"header": `{"alg":"none"}`}, "jwt.alg-differs at header"},
		"alg none, though the key's":    {core.Values{"header": `{"alg":"none"}`, "algorithm": "auto"}, "jwt.alg-unknown at header"},
		"an alg that nobody knows":      {core.Values{"header": `{"alg":"HS257"}`, "algorithm": "auto"}, "jwt.alg-unknown at header"},
		"an alg that the key is not of": {core.Values{"header": `{"alg":"RS256"}`, "algorithm": "auto"}, "key.unknown at key"},
		"alg that is a number":          {core.Values{"header": `{"alg":5}`}, "jwt.alg-type at header"},
		"b64 false":                     {core.Values{"header": `{"b64":false,"crit":["b64"]}`}, "jwt.b64 at header"},
		"no lifetime":                   {core.Values{"lifetime": ""}, "jwt.lifetime at lifetime"},
		"a lifetime of nothing":         {core.Values{"lifetime": "0"}, "jwt.lifetime at lifetime"},
		"a lifetime in words":           {core.Values{"lifetime": "5m"}, "jwt.lifetime at lifetime"},
		"a lifetime of ages":            {core.Values{"lifetime": "99999999999999999999"}, "jwt.lifetime at lifetime"},
		"a lifetime that is not used":   {core.Values{"lifetime": "5m", "autoClaims": "false"}, ""},
		"a header name with a space":    {core.Values{"name": "X Y"}, "jwt.name at name"},
		"a prefix with a line break":    {core.Values{"prefix": "a\r\nb"}, "jwt.not-sendable at prefix"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "jwt", merged(core.Values{"key": sharedSecret}, c.values), core.Request{})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			wrong := fieldError(t, err)
			require.Equal(t, c.want, wrong.Code+" at "+wrong.Field)
		})
	}
	for name, header := range map[string]string{"Authorization": "authorization", "X-JWT": "x-jwt"} {
		req := core.Request{Header: core.Header{{Name: header, Value: "x"}}}
		_, _, err := build(t, "jwt", core.Values{"key": sharedSecret, "name": name}, req)
		require.Equal(t, "headers", fieldError(t, err).Field, name)
	}
}

// Who types JSON at every keystroke wants to know where it stops being that.
func TestJWTSaysWhereJSONEnds(t *testing.T) {
	for claims, want := range map[string]string{
		`{"sub":"a",}`:                      "line 1, character 12",
		"{\n \"sub\": \"é\",\n \"a\": 'b'}": "line 3, character 7",
		`{"sub" "a"}`:                       "line 1, character 8",
		`{"sub":"a"} x`:                     "line 1, character 13",
		`{"sub":"a"`:                        "it ends too early",
		`{"sub":"a`:                         "it ends too early",
		` sub: a`:                           "line 1, character 2",
		`["a"]`:                             "line 1, character 1",
		"\ufeff{}":                          "line 1, character 1",
		"{\"sub\":\"a\nb\"}":                "line 1, character 10",
		strings.Repeat(`{"a":`, 300):        "nested too deeply",
	} {
		for _, field := range []string{"claims", "header"} {
			_, _, err := build(t, "jwt", core.Values{"key": sharedSecret, field: claims}, core.Request{})
			require.Equal(t, "jwt."+field, fieldError(t, err).Code)
			require.Contains(t, fieldError(t, err).Message, want, claims)
		}
	}
}

func TestJWTNotes(t *testing.T) {
	typed := func(claims string) core.Values { return core.Values{"claims": claims} }
	for name, c := range map[string]struct {
		values core.Values
		want   []string
	}{
		"nothing to say":                     {typed(`{"iss":"a","aud":["b"],"exp":1767323046,"nbf":1767323045.5}`), nil},
		"none":                               {core.Values{"algorithm": "none", "key": ""}, []string{"jwt.none"}},
		"a secret shorter than its hash":     {core.Values{"key": strings.Repeat("x", 31)}, []string{"jwt.short-key"}},
		"a secret as long as its hash":       {core.Values{"key": strings.Repeat("x", 32)}, nil},
		"one that is too short for SHA-512":  {core.Values{"key": strings.Repeat("x", 63), "algorithm": "HS512"}, []string{"jwt.short-key"}},
		"space around the secret":            {core.Values{"key": sharedSecret + "\n"}, []string{"jwt.space"}},
		"an RSA key of 1024 bits":            {core.Values{"key": testKey(t, "rsa1024"), "algorithm": "RS256"}, []string{"jwt.short-key"}},
		"a JWK whose alg is none that fits":  {core.Values{"key": `{"alg":"ES521",` + rfc7515P256[1:], "algorithm": "ES256"}, []string{"jwt.key-alg"}},
		"the query":                          {core.Values{"in": "query"}, []string{"jwt.in-query"}},
		"crit":                               {core.Values{"header": `{"crit":["x"],"x":1}`}, []string{"jwt.crit"}},
		"a kid that is a number":             {core.Values{"header": `{"kid":5}`}, []string{"jwt.header-type"}},
		"a typ that is null":                 {core.Values{"header": `{"typ":null,"cty":"x"}`}, []string{"jwt.header-type"}},
		"no claims":                          {core.Values{"claims": "hi", "autoClaims": "false"}, []string{"jwt.not-claims"}},
		"exp in milliseconds":                {typed(`{"exp":1767323045000}`), []string{"jwt.milliseconds"}},
		"iat in milliseconds":                {typed(`{"iat":1767323045000}`), []string{"jwt.milliseconds"}},
		"exp as text":                        {typed(`{"exp":"1767323045"}`), []string{"jwt.date-type"}},
		"exp as text of a date":              {typed(`{"exp":"2026-01-02T03:04:05Z"}`), []string{"jwt.date-type"}},
		"a negative nbf":                     {typed(`{"nbf":-5}`), []string{"jwt.before-1970"}},
		"exp in the past":                    {typed(`{"exp":1767323045}`), []string{"jwt.expired"}},
		"nbf in the future":                  {typed(`{"nbf":1767323046}`), []string{"jwt.early"}},
		"iat in the future":                  {typed(`{"iat":1767323046}`), []string{"jwt.early"}},
		"an issuer that is a number":         {typed(`{"iss":12345}`), []string{"jwt.claim-type"}},
		"a subject that is null":             {typed(`{"sub":null}`), []string{"jwt.claim-type"}},
		"an audience that is a number":       {typed(`{"aud":1}`), []string{"jwt.audience"}},
		"an audience that is an empty list":  {typed(`{"aud":[]}`), []string{"jwt.audience"}},
		"an audience with a number in it":    {typed(`{"aud":["a",1]}`), []string{"jwt.audience"}},
		"an audience that is a string":       {typed(`{"aud":"a"}`), nil},
		"GitHub's app ID, as it has it":      {typed(`{"iss":"12345"}`), nil},
		"several things, in reading's order": {typed(`{"aud":1,"exp":"x","iss":1}`), []string{"jwt.date-type", "jwt.claim-type", "jwt.audience"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "jwt", merged(core.Values{"key": sharedSecret}, c.values), core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
			requireNoSecret(t, []string{sharedSecret}, visibleIn(tr))
		})
	}
	t.Run("plain http", func(t *testing.T) {
		_, tr, err := buildAt(t, "jwt", core.Values{"key": sharedSecret}, "http://example.com/")
		require.NoError(t, err)
		require.Equal(t, []string{"jwt.plain-http"}, codesOf(tr))
	})
}

// The signature over a token with its own times is what anyone can follow, step by step.
func TestJWTSteps(t *testing.T) {
	_, tr, err := build(t, "jwt", core.Values{"key": sharedSecret, "claims": `{"iss":"a"}`}, core.Request{})
	require.NoError(t, err)
	var ids []string
	for i, s := range tr.Steps {
		ids = append(ids, s.ID)
		require.Equal(t, s.ID == "key" || i >= len(tr.Steps)-4, s.Secret, s.ID+strconv.Itoa(i))
	}
	require.Equal(t, []string{"place", "name", "prefix", "algorithm", "key", "header", "iat", "nbf", "exp", "jti", "claims", "identity",
		"encoded-header", "encoded-claims", "signing-input", "signature-bytes", "signature", "token", "line"}, ids)
}
