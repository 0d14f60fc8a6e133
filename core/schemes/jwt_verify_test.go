package schemes_test

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/schemes"
)

const sharedSecret = "correct horse battery staple, thrice"

// signedJWT is a token with exactly this header and these claims.
func signedJWT(t testing.TB, key, algorithm, header, claims string) string {
	t.Helper()
	input := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	if algorithm == "none" {
		return input + "."
	}
	signature, err := schemes.SignJWSInput(environment(core.Vector{}), key, algorithm, input)
	require.NoError(t, err)
	return input + "." + signature
}

func hs256(t testing.TB, claims string) string {
	return signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256"}`, claims)
}

// derJWT is a token whose signature is right, but in ASN.1.
func derJWT(t *testing.T, algorithm, key string) string {
	t.Helper()
	token := signedJWT(t, key, algorithm, `{"alg":"`+algorithm+`","kid":"service-a/key1"}`, `{"iss":"service-a","aud":"service-b"}`)
	dot := strings.LastIndexByte(token, '.')
	octets, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
	require.NoError(t, err)
	octets, err = keys.SignatureDER(octets)
	require.NoError(t, err)
	return token[:dot+1] + base64.RawURLEncoding.EncodeToString(octets)
}

func TestJWTVerify(t *testing.T) {
	public, private := testKey(t, "rsa2048.public"), testKey(t, "rsa2048")
	server := core.Values{"algorithm": "HS256", "key": sharedSecret}
	rsa := core.Values{"algorithm": "RS256", "key": public}
	// The public key's text as the secret of an HMAC, which a server that trusts alg would check with.
	confused := signedJWT(t, base64.StdEncoding.EncodeToString([]byte(public)), "HS256", `{"alg":"HS256"}`, `{}`)
	confused = confused[:strings.LastIndexByte(confused, '.')+1] + hmacOf(t, public, confused[:strings.LastIndexByte(confused, '.')])
	expired := func(seconds int) string { return `{"exp":` + strconv.Itoa(now-seconds) + `}` }
	for name, c := range map[string]struct {
		server core.Values
		token  string
		want   string
	}{
		"an HMAC with the public key's text":           {rsa, confused, "jwt.confusion at algorithm"},
		"the same where the key decides":               {core.Values{"algorithm": "auto", "key": public}, confused, "jwt.confusion at algorithm"},
		"none":                                         {server, signedJWT(t, "", "none", `{"alg":"none"}`, `{}`), "jwt.none at algorithm"},
		"NONE":                                         {rsa, signedJWT(t, "", "none", `{"alg":"NONE"}`, `{}`), "jwt.none at algorithm"},
		"none where it was chosen":                     {core.Values{"algorithm": "none"}, signedJWT(t, "", "none", `{"alg":"none"}`, `{}`), "jwt.none at algorithm"},
		"a signed token where none was chosen":         {core.Values{"algorithm": "none"}, hs256(t, `{}`), "jwt.none at algorithm"},
		"none with the right signature behind":         {server, strings.Replace(hs256(t, `{}`), "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0", 1), "jwt.none at algorithm"},
		"another hash":                                 {server, signedJWT(t, sharedSecret, "HS512", `{"alg":"HS512"}`, `{}`), "jwt.algorithm at algorithm"},
		"RSA-PSS for RSA":                              {rsa, signedJWT(t, private, "PS256", `{"alg":"PS256"}`, `{}`), "jwt.algorithm at algorithm"},
		"RSA where a secret is shared":                 {server, signedJWT(t, private, "RS256", `{"alg":"RS256"}`, `{}`), "jwt.algorithm at algorithm"},
		"a signature of RSA under the name of another": {rsa, signedJWT(t, private, "RS512", `{"alg":"RS256"}`, `{}`), "jwt.wrong-signature at key"},
		"no alg":                    {server, signedJWT(t, sharedSecret, "HS256", `{"typ":"JWT"}`, `{}`), "jwt.no-algorithm at algorithm"},
		"an alg that is a list":     {server, signedJWT(t, sharedSecret, "HS256", `{"alg":["HS256"]}`, `{}`), "jwt.no-algorithm at algorithm"},
		"alg twice":                 {server, signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256","alg":"none"}`, `{}`), "jwt.header at header"},
		"a header that is a list":   {server, signedJWT(t, sharedSecret, "HS256", `["HS256"]`, `{}`), "jwt.header at header"},
		"a header that is no UTF-8": {server, signedJWT(t, sharedSecret, "HS256", "{\"alg\":\"HS256\",\"a\":\"\xff\"}", `{}`), "jwt.header at header"},
		"a header of one letter":    {server, signedJWT(t, sharedSecret, "HS256", "x", `{}`), "jwt.header at header"},
		"crit":                      {server, signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256","crit":["exp"],"exp":1}`, `{}`), "jwt.crit at header"},
		"an empty crit":             {server, signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256","crit":[]}`, `{}`), "jwt.crit at header"},
		"b64 false":                 {server, signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256","b64":false,"crit":["b64"]}`, `{}`), "jwt.crit at header"},
		"b64 without crit":          {server, signedJWT(t, sharedSecret, "HS256", `{"alg":"HS256","b64":false}`, `{}`), "jwt.crit at header"},
		"another secret":            {server, signedJWT(t, sharedSecret+"!", "HS256", `{"alg":"HS256"}`, `{}`), "jwt.wrong-signature at key"},
		"another key":               {core.Values{"algorithm": "ES256", "key": testKey(t, "p256.public")}, signedJWT(t, rfc7515P256, "ES256", `{"alg":"ES256"}`, `{}`), "jwt.wrong-signature at key"},
		"an ECDSA signature in DER": {core.Values{"algorithm": "ES256", "key": testKey(t, "p256.public")}, "eyJhbGciOiJFUzI1NiJ9.e30.MEUCIQDiT", "jwt.base64url at signing-input"},
		"an ECDSA signature as OpenSSL writes it":        {core.Values{"algorithm": "auto", "key": rfc7515P256}, derJWT(t, "ES256", rfc7515P256), "jwt.signature-der at signing-input"},
		"the same by another key":                        {core.Values{"algorithm": "auto", "key": testKey(t, "p256.public")}, derJWT(t, "ES256", rfc7515P256), "jwt.wrong-signature at key"},
		"no signature":                                   {server, strings.TrimRight(hs256(t, `{}`), "-_"+alphanumeric), "jwt.wrong-signature at key"},
		"padding":                                        {server, hs256(t, `{}`) + "=", "jwt.base64url at signing-input"},
		"two parts":                                      {server, "eyJhbGciOiJIUzI1NiJ9.e30", "jwt.parts at signing-input"},
		"five parts":                                     {server, hs256(t, `{}`) + ".a.b", "jwt.parts at signing-input"},
		"claims that are a list":                         {server, hs256(t, `[]`), "jwt.claims at claims"},
		"claims with a member twice":                     {server, hs256(t, `{"sub":"a","sub":"b"}`), "jwt.claims at claims"},
		"a token that expired 60 seconds ago":            {server, hs256(t, expired(60)), "jwt.expired at claims"},
		"exp as text":                                    {server, hs256(t, `{"exp":"1767323045"}`), "jwt.date at claims"},
		"exp that is null":                               {server, hs256(t, `{"exp":null}`), "jwt.date at claims"},
		"a negative exp":                                 {server, hs256(t, `{"exp":-1}`), "jwt.date at claims"},
		"nbf 61 seconds ahead":                           {server, hs256(t, `{"nbf":`+strconv.Itoa(now+61)+`}`), "jwt.early at claims"},
		"another issuer":                                 {with(server, "claims", `{"iss":"joe"}`), hs256(t, `{"iss":"jim"}`), "jwt.iss at identity"},
		"no issuer":                                      {with(server, "claims", `{"iss":"joe"}`), hs256(t, `{}`), "jwt.iss at identity"},
		"another subject":                                {with(server, "claims", `{"sub":"joe"}`), hs256(t, `{"sub":"jim"}`), "jwt.sub at identity"},
		"another audience":                               {with(server, "claims", `{"aud":"me"}`), hs256(t, `{"aud":["you","them"]}`), "jwt.aud at identity"},
		"a list of issuers":                              {with(server, "claims", `{"iss":"joe"}`), hs256(t, `{"iss":["jim","joe"]}`), "jwt.iss at identity"},
		"a list of subjects":                             {with(server, "claims", `{"sub":"joe"}`), hs256(t, `{"sub":["joe"]}`), "jwt.sub at identity"},
		"another subject that is a number":               {with(server, "claims", `{"sub":12}`), hs256(t, `{"sub":"12"}`), "jwt.sub at identity"},
		"a subject where the server has null":            {with(server, "claims", `{"sub":null}`), hs256(t, `{"sub":"joe"}`), "jwt.sub at identity"},
		"an audience of another type":                    {with(server, "claims", `{"aud":"1"}`), hs256(t, `{"aud":1}`), "jwt.aud at identity"},
		"a secret that the client read as base64":        {with(server, "key", "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA=="), signedJWT(t, "secret secret secret secret secret", "HS256", `{"alg":"HS256"}`, `{}`), "jwt.key-encoding at key"},
		"a signature that the key's other reading makes": {with(with(server, "key", "abcd"), "keyEncoding", "hex"), signedJWT(t, "abcd", "HS256", `{"alg":"HS256"}`, `{}`), "jwt.key-encoding at key"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			err := verify(t, "jwt", c.server, bearing(c.token))
			require.Error(t, err)
			rejection := asRejection(t, err)
			require.Equal(t, c.want, rejection.Code+" at "+rejection.Step)
		})
	}
	for name, c := range map[string]struct {
		server core.Values
		token  string
	}{
		"a token that expired 59 seconds ago": {server, hs256(t, expired(59))},
		"nbf 60 seconds ahead":                {server, hs256(t, `{"nbf":`+strconv.Itoa(now+60)+`}`)},
		"an expired one without the check":    {with(server, "claimsCheck", "false"), hs256(t, expired(9999))},
		"claims it does not know":             {server, hs256(t, `{"aud":5,"iss":"x","x":{}}`)},
		"one audience of several":             {with(server, "claims", `{"aud":"b"}`), hs256(t, `{"aud":["a","b"]}`)},
		"an audience of either":               {with(server, "claims", `{"aud":["a","b"]}`), hs256(t, `{"aud":"b"}`)},
		"an issuer of several":                {with(server, "claims", `{"iss":["a","b"]}`), hs256(t, `{"iss":"b"}`)},
		"a subject that is the same number":   {with(server, "claims", `{"sub":12}`), hs256(t, `{"sub":12}`)},
		"any algorithm that the key is for":   {core.Values{"algorithm": "auto", "key": public}, signedJWT(t, private, "PS384", `{"alg":"PS384"}`, `{}`)},
		"any hash of a secret":                {with(server, "algorithm", "auto"), signedJWT(t, sharedSecret, "HS384", `{"alg":"HS384"}`, `{}`)},
		"the private half as its key":         {core.Values{"algorithm": "RS256", "key": private}, signedJWT(t, private, "RS256", `{"alg":"RS256"}`, `{}`)},
		"white space in the JSON":             {server, signedJWT(t, sharedSecret, "HS256", " {\n\"alg\" : \"HS256\" } ", "\t{ }")},
		"further members of the header":       {server, signedJWT(t, sharedSecret, "HS256", `{"typ":"at+jwt","alg":"HS256","kid":"a"}`, `{}`)},
	} {
		t.Run("accepts "+name, func(t *testing.T) {
			require.NoError(t, verify(t, "jwt", c.server, bearing(c.token)))
		})
	}
}

// JSON writes one number in many ways (RFC 8259, section 6), and a NumericDate is any of them.
func TestNumericDates(t *testing.T) {
	for exp, code := range map[string]string{
		"1.9e9": "", "19e8": "", "1.9E+9": "", "190000000000e-2": "", "0.0019e12": "", "1900000000.9": "", "1.767323000e9": "",
		"1e9": "jwt.expired", "1.767322900e9": "jwt.expired", "17673229009e-1": "jwt.expired", "1.9e-9": "jwt.expired", "19e-30": "jwt.expired", "0e5": "jwt.expired",
		"1.9e12": "jwt.date", "1e300": "jwt.date", "1e99999999999999999999": "jwt.date", "-1.9e9": "jwt.date", "-19e-1": "jwt.date", "253402300800": "jwt.date", `"e-5"`: "jwt.date",
	} {
		t.Run(exp, func(t *testing.T) {
			err := verify(t, "jwt", core.Values{"algorithm": "HS256", "key": sharedSecret}, bearing(hs256(t, `{"exp":`+exp+`}`)))
			if code == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, code, asRejection(t, err).Code)
		})
	}
}

const (
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	rfc7515P256  = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
)

// hmacOf signs with a text that Sign refuses as a secret.
func hmacOf(t *testing.T, secret, input string) string {
	t.Helper()
	jwk := `{"kty":"oct","k":"` + base64.RawURLEncoding.EncodeToString([]byte(secret)) + `"}`
	signature, err := schemes.SignJWSInput(environment(core.Vector{}), jwk, "HS256", input)
	require.NoError(t, err)
	return signature
}

func with(values core.Values, name, value string) core.Values {
	return merged(values, core.Values{name: value})
}

// What a server cannot have made, it does not show as expected.
func TestJWTShowsNoWrongSignature(t *testing.T) {
	scheme, in := inputFor(t, "jwt", core.Values{"algorithm": "ES256", "key": testKey(t, "p256.public")}, core.Vector{})
	req := requestTo(t, "GET", "https://example.com/")
	req.Header = bearing(signedJWT(t, rfc7515P256, "ES256", `{"alg":"ES256"}`, `{}`))
	expected := &core.Trace{}
	require.Equal(t, "key", asRejection(t, scheme.Verify(in, req, expected)).Step)
	require.NotNil(t, expected.Step("signing-input"))
	require.Nil(t, expected.Step("signature"))
	require.Nil(t, expected.Step("token"))
}

func TestJWTPlaces(t *testing.T) {
	token := hs256(t, `{}`)
	server := core.Values{"key": sharedSecret}
	query := func(q string) *core.Request { return requestTo(t, "GET", "https://example.com/"+q) }
	header := func(lines ...string) *core.Request {
		req := query("")
		for _, line := range lines {
			name, value, _ := strings.Cut(line, ": ")
			req.Header.Add(name, value)
		}
		return req
	}
	for name, c := range map[string]struct {
		values core.Values
		req    *core.Request
		want   string
	}{
		"the header":                     {nil, header("authorization: bearer  " + token), ""},
		"another header, no prefix":      {core.Values{"name": "X-JWT", "prefix": ""}, header("x-jwt: " + token), ""},
		"another prefix":                 {core.Values{"prefix": "JWT"}, header("Authorization: JWT " + token), ""},
		"the query":                      {core.Values{"in": "query"}, query("?a=1&access_token=" + token), ""},
		"the query, another name":        {core.Values{"in": "query", "name": "jwt é"}, query("?jwt+%C3%A9=" + token), ""},
		"nothing":                        {nil, query(""), "jwt.missing at name"},
		"nothing in the query":           {core.Values{"in": "query"}, query("?jwt=" + token), "jwt.missing at name"},
		"the query instead":              {nil, query("?access_token=" + token), "jwt.place at place"},
		"the header instead":             {core.Values{"in": "query"}, header("Authorization: Bearer " + token), "jwt.place at place"},
		"two headers":                    {nil, header("Authorization: Bearer "+token, "Authorization: Bearer "+token), "jwt.repeated at name"},
		"twice in the query":             {core.Values{"in": "query"}, query("?access_token=a&access_token=" + token), "jwt.repeated at name"},
		"no prefix":                      {nil, header("Authorization: " + token), "jwt.prefix at prefix"},
		"only the prefix":                {nil, header("Authorization: Bearer"), "jwt.prefix at prefix"},
		"Basic":                          {nil, header("Authorization: Basic eA=="), "jwt.prefix at prefix"},
		"a prefix where there is none":   {core.Values{"prefix": ""}, header("Authorization: Bearer " + token), "jwt.base64url at signing-input"},
		"a token with a space behind it": {nil, header("Authorization: Bearer " + token + " x"), "jwt.base64url at signing-input"},
	} {
		t.Run(name, func(t *testing.T) {
			err := verifyRequest(t, "jwt", merged(server, c.values), c.req)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, c.want, rejection.Code+" at "+rejection.Step)
		})
	}
}

// A client whose secret is the same text, but other bytes, gets the name of its mistake; nobody else does.
func TestJWTKeyEncodings(t *testing.T) {
	secret := []byte("\x00\xffbinary secret of some bytes")
	for encoding, text := range map[string]string{"hex": hex.EncodeToString(secret), "base64": base64.StdEncoding.EncodeToString(secret)} {
		values := core.Values{"key": text, "keyEncoding": encoding, "claims": `{"iss":"a"}`}
		req, tr, err := build(t, "jwt", values, core.Request{})
		require.NoError(t, err)
		require.Equal(t, hex.EncodeToString(secret), tr.Step("key").Out)
		require.NoError(t, verify(t, "jwt", values, req.Header))
		values["keyEncoding"] = "text"
		rejection := asRejection(t, verify(t, "jwt", values, req.Header))
		require.Equal(t, "jwt.key-encoding", rejection.Code)
		require.Contains(t, rejection.Message, "reads it as "+encoding+" and this server as text")
		requireNoSecret(t, []string{text}, []string{rejection.Error()})
	}
}

func TestJWTChallenge(t *testing.T) {
	scheme, _ := schemes.ByID("jwt")
	realm := core.Param{Name: "realm", Value: "authpad lab"}
	for code, want := range map[string]int{"jwt.missing": 1, "jwt.place": 1, "jwt.prefix": 1, "jwt.expired": 2, "jwt.wrong-signature": 2} {
		in := core.Input{Refused: &core.Rejection{Code: code}}
		challenges := scheme.Challenge(in)
		require.Len(t, challenges, 1)
		require.Equal(t, realm, challenges[0].Params[0])
		require.Len(t, challenges[0].Params, want, code)
	}
	require.Len(t, scheme.Challenge(core.Input{})[0].Params, 1)
}

// Whatever comes as a token, Verify ends in a Rejection; only the right bytes are accepted.
func FuzzJWT(f *testing.F) {
	good := hs256(f, `{}`)
	f.Add(good)
	f.Add("a.b.c")
	f.Add("..")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add(good + "\n")
	f.Fuzz(func(t *testing.T, token string) {
		for _, values := range []core.Values{{"key": sharedSecret}, {"algorithm": "auto", "key": testKey(t, "p256.public"), "claimsCheck": "false"}} {
			err := verify(t, "jwt", values, bearing(token))
			if err == nil {
				require.Equal(t, good, strings.Trim(token, " \t"))
				continue
			}
			asRejection(t, err)
		}
		values := core.Values{"key": sharedSecret, "claims": token, "header": token}
		if _, _, err := build(t, "jwt", values, core.Request{}); err != nil {
			fieldError(t, err)
		}
	})
}
