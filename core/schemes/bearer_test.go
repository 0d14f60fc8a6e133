package schemes_test

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/schemes"
)

func TestBearerVectors(t *testing.T) {
	vectors.Load(t, "bearer").Run(t, map[string]func(*testing.T, vectors.Case){
		"header": func(t *testing.T, c vectors.Case) {
			var v struct {
				Token  string
				Expect struct{ Authorization string }
			}
			c.Decode(t, &v)
			req, _, err := build(t, "bearer", core.Values{"token": v.Token}, core.Request{})
			require.NoError(t, err)
			require.Equal(t, core.Header{{Name: "Authorization", Value: v.Expect.Authorization}}, req.Header)
			require.NoError(t, verify(t, "bearer", core.Values{"token": v.Token}, req.Header))
		},
		// A token in the body is no scheme of its own here: RFC 6750, section 2.2 advises against it,
		// and a form field of this name does it.
		"form": func(t *testing.T, c vectors.Case) {
			t.Skip("not placed in a body by any scheme: type it as a form field")
		},
		// A token in the query is an API key of the name access_token (RFC 6750, section 2.3).
		"query": func(t *testing.T, c vectors.Case) {
			var v struct {
				Token, URL string
				Expect     struct{ URL string }
			}
			c.Decode(t, &v)
			values := core.Values{"name": "access_token", "value": v.Token, "in": "query"}
			req, _, err := buildAt(t, "apikey", values, v.URL)
			require.NoError(t, err)
			require.Equal(t, v.Expect.URL, req.URL.String())
			require.NoError(t, verifyRequest(t, "apikey", values, req))
		},
		"b64token": func(t *testing.T, c vectors.Case) {
			var v struct {
				Token string
				Valid bool
			}
			c.Decode(t, &v)
			_, tr, err := build(t, "bearer", core.Values{"token": v.Token}, core.Request{})
			require.NoError(t, err, "a note, not a refusal")
			if v.Valid {
				require.Empty(t, tr.Notes)
			} else {
				require.Equal(t, []string{"bearer.not-b64token"}, codesOf(tr))
			}
		},
		"parse": func(t *testing.T, c vectors.Case) {
			var v struct {
				Authorization string
				Expect        struct{ Token *string }
			}
			c.Decode(t, &v)
			line := core.Header{{Name: "Authorization", Value: v.Authorization}}
			if v.Expect.Token == nil {
				require.Equal(t, "bearer.prefix", asRejection(t, verify(t, "bearer", core.Values{"token": "abc"}, line)).Code)
				return
			}
			require.NoError(t, verify(t, "bearer", core.Values{"token": *v.Expect.Token}, line))
		},
	})
}

func TestBearerTakesAnyPrefix(t *testing.T) {
	for prefix, want := range map[string]string{
		"Bearer": "Bearer abc", "token": "token abc", "": "abc", "Splunk Cloud": "Splunk Cloud abc", " Token ": "Token abc",
	} {
		t.Run(strconv.Quote(prefix), func(t *testing.T) {
			values := core.Values{"token": "abc", "prefix": prefix}
			req, _, err := build(t, "bearer", values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, want, req.Header[0].Value)
			require.NoError(t, verify(t, "bearer", values, req.Header))
		})
	}
}

func TestBearerRefusesWhatNoHeaderCarries(t *testing.T) {
	for _, text := range []string{"a\r\nX: y", "a\x00", "a\n", "\u0100", "한", "\xff", "a\x7f"} {
		for _, field := range []string{"token", "prefix"} {
			_, _, err := build(t, "bearer", core.Values{field: text}, core.Request{})
			require.Equal(t, core.FieldError{Field: field, Code: "bearer.not-sendable"},
				core.FieldError{Field: fieldError(t, err).Field, Code: fieldError(t, err).Code}, "%q", text)
		}
	}
}

func TestBearerNotes(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		want   []string
	}{
		"nothing to say":                   {core.Values{"token": "abc"}, nil},
		"an empty token":                   {nil, []string{"bearer.empty-token"}},
		"a pasted Bearer":                  {core.Values{"token": "bearer abc"}, []string{"bearer.pasted-prefix"}},
		"a pasted header line":             {core.Values{"token": "Authorization: Bearer abc"}, []string{"bearer.pasted-prefix"}},
		"a pasted prefix of another kind":  {core.Values{"token": "token abc", "prefix": "token"}, []string{"bearer.pasted-prefix"}},
		"Bearer in the token, no prefix":   {core.Values{"token": "Bearer abc", "prefix": ""}, nil},
		"the header line, no prefix":       {core.Values{"token": "Authorization: abc", "prefix": ""}, []string{"bearer.pasted-prefix"}},
		"a token that is the word Bearer":  {core.Values{"token": "Bearer"}, nil},
		"a token in quotes":                {core.Values{"token": `"abc"`}, []string{"bearer.not-b64token"}},
		"space around the token":           {core.Values{"token": " abc "}, []string{"bearer.space"}},
		"a pasted Bearer in front of odds": {core.Values{"token": "Bearer a b"}, []string{"bearer.pasted-prefix"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "bearer", c.values, core.Request{})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
	t.Run("plain http", func(t *testing.T) {
		_, tr, err := buildAt(t, "bearer", core.Values{"token": "abc"}, "http://example.com/")
		require.NoError(t, err)
		require.Equal(t, []string{"bearer.plain-http"}, codesOf(tr))
	})
	t.Run("sends a pasted prefix as typed", func(t *testing.T) {
		req, _, err := build(t, "bearer", core.Values{"token": "Bearer abc"}, core.Request{})
		require.NoError(t, err)
		require.Equal(t, "Bearer Bearer abc", req.Header[0].Value)
		require.Equal(t, "bearer.prefix-twice", asRejection(t, verify(t, "bearer", core.Values{"token": "abc"}, req.Header)).Code)
	})
}

func TestBearerChallenge(t *testing.T) {
	scheme, _ := schemes.ByID("bearer")
	in := core.Input{Values: core.Values{"prefix": "Bearer"}}
	realm := core.Param{Name: "realm", Value: "authpad lab"}
	require.Equal(t, []core.Challenge{{Scheme: "Bearer", Params: []core.Param{realm}}}, scheme.Challenge(in))
	in.Refused = &core.Rejection{Code: "authorization.missing", Step: "authorization"}
	require.Equal(t, []core.Challenge{{Scheme: "Bearer", Params: []core.Param{realm}}}, scheme.Challenge(in), "no error without a token")
	in.Refused = &core.Rejection{Code: "bearer.wrong-token", Step: "token"}
	require.Equal(t, []core.Challenge{{Scheme: "Bearer", Params: []core.Param{realm, {Name: "error", Value: "invalid_token"}}}},
		scheme.Challenge(in))
}

// now is 2026-01-02T03:04:05Z, as environment has it.
const now = 1767323045

func jwt(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + ".c2ln"
}

func TestBearerDecodesJWTs(t *testing.T) {
	require.Equal(t, int64(now), environment(core.Vector{}).Now().Unix())
	at := func(claim string, seconds int) string { return `{"` + claim + `":` + strconv.Itoa(now+seconds) + `}` }
	for name, c := range map[string]struct{ token, code, text string }{
		"RFC 7519, 3.1": {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
			"bearer.jwt", "decoded here but not verified: alg HS256, typ JWT, iss joe"},
		"its expiry": {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
			"bearer.jwt-expired", "expired 5399 days ago (2011-03-22T18:43:00Z), not verified"},
		"the audience list":       {jwt(`{"alg":"RS256"}`, `{"sub":"u1","aud":["a","b"]}`), "bearer.jwt", `alg RS256, sub u1, aud ["a","b"]`},
		"alg none":                {jwt(`{"alg":"none"}`, `{}`), "bearer.jwt-unsigned", "not signed"},
		"expiry in 90 seconds":    {jwt(`{"alg":"x"}`, at("exp", 90)), "bearer.jwt-expires", "expires in 1 minute (2026-01-02T03:05:35Z), not verified"},
		"expiry this second":      {jwt(`{"alg":"x"}`, at("exp", 0)), "bearer.jwt-expired", "expired"},
		"expiry with a part":      {jwt(`{"alg":"x"}`, `{"exp":1767323045.9}`), "bearer.jwt-expired", "expired"},
		"nbf in the future":       {jwt(`{"alg":"x"}`, at("nbf", 7200)), "bearer.jwt-early", "nbf lies in the future, in 2 hours"},
		"iat in the future":       {jwt(`{"alg":"x"}`, at("iat", 3)), "bearer.jwt-early", "iat lies in the future, in 3 seconds"},
		"expiry in ms":            {jwt(`{"alg":"x"}`, `{"exp":1767323045000}`), "bearer.jwt-date", "milliseconds"},
		"expiry as text":          {jwt(`{"alg":"x"}`, `{"exp":"1767323045"}`), "bearer.jwt-date", "exp is not a number"},
		"expiry before 1970":      {jwt(`{"alg":"x"}`, `{"exp":-1}`), "bearer.jwt-date", "exp lies before 1970"},
		"expiry in the year 9999": {jwt(`{"alg":"x"}`, `{"exp":253402300799}`), "bearer.jwt-expires", "expires in 2912441 days (9999-12-31T23:59:59Z)"},
		"a pasted prefix":         {"Bearer " + jwt(`{"alg":"x"}`, `{"sub":"u"}`), "bearer.jwt", "sub u"},
		"a JWE":                   {jwt(`{"alg":"dir","enc":"A256GCM"}`, "") + ".a.b", "bearer.jwe", "alg dir, enc A256GCM"},
		"one cut off":             {"eyJhbGciOiJIUzI1NiJ9.eyJpc3Mi", "bearer.jwt-broken", "cut off"},
		"claims that are a list":  {jwt(`{"alg":"x"}`, `[1]`), "bearer.jwt-broken", "claims are no JSON object"},
		"a claim twice":           {jwt(`{"alg":"x"}`, `{"sub":"a","sub":"b"}`), "bearer.jwt-broken", "a member of its claims is there twice"},
		"control characters":      {jwt(`{"alg":"x"}`, `{"sub":"a\n\u202eb"}`), "bearer.jwt", "sub a\ufffd\ufffdb"},
		"a very long claim":       {jwt(`{"alg":"x"}`, `{"sub":"`+strings.Repeat("s", 500)+`"}`), "bearer.jwt", strings.Repeat("s", 79) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "bearer", core.Values{"token": c.token}, core.Request{})
			require.NoError(t, err)
			note := noteOf(t, tr, c.code)
			require.Contains(t, note.Message+note.Fix, c.text)
			requireNoSecret(t, []string{c.token, "c2ln"}, visibleIn(tr))
		})
	}
	t.Run("leaves other tokens alone", func(t *testing.T) {
		for _, token := range []string{"abc.def.ghi", "e30.e30.e30", "mF_9.B5f-4.1JqM", "eyJ" + strings.Repeat("a", 1<<16)} {
			_, tr, err := build(t, "bearer", core.Values{"token": token}, core.Request{})
			require.NoError(t, err)
			require.Empty(t, tr.Notes, token[:3])
		}
	})
}

// Whatever is in a token, decoding ends, shows no token text, and the request is as typed.
func FuzzBearer(f *testing.F) {
	for _, c := range vectors.Load(f, "bearer").Cases {
		var v struct{ Token, Authorization string }
		c.DecodeSome(f, &v)
		f.Add(v.Token, v.Authorization)
	}
	f.Add(jwt(`{"alg":"none"}`, `{"exp":1e300,"nbf":-1,"iat":{},"aud":[[]]}`), "Bearer x")
	f.Fuzz(func(t *testing.T, token, line string) {
		req, _, err := build(t, "bearer", core.Values{"token": token}, core.Request{})
		if err != nil {
			fieldError(t, err)
			return
		}
		require.Equal(t, strings.Trim("Bearer "+strings.Trim(token, " \t"), " \t"), req.Header[0].Value)
		require.NoError(t, verify(t, "bearer", core.Values{"token": token}, req.Header))
		if verify(t, "bearer", core.Values{"token": token}, core.Header{{Name: "Authorization", Value: line}}) == nil {
			require.Equal(t, strings.Trim(token, " \t"), strings.Trim(line[min(6, len(line)):], " \t"))
		}
	})
}
