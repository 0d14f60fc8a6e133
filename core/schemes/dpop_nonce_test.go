package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

func TestDPoPMakesAKeyOfItsOwn(t *testing.T) {
	scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", core.Values{"accessToken": "abc"})
	own := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a.example", Path: "/"}}
	first, tr, err := sign(scheme, in, own)
	require.NoError(t, err)
	require.Equal(t, []string{"dpop.generated"}, codesOf(tr))
	require.Contains(t, tr.Notes[0].Message, tr.Step("jkt").Out)
	require.NoError(t, scheme.Verify(in, first, &core.Trace{}))
	in.Values["key"] = " \n" // as good as none, on both sides
	require.NoError(t, scheme.Verify(in, first, &core.Trace{}))

	_, again, err := sign(scheme, in, own)
	require.NoError(t, err)
	require.Equal(t, tr.Step("jkt").Out, again.Step("jkt").Out, "the same key for each request")

	in.Values = merged(in.Values, core.Values{"algorithm": "EdDSA"})
	_, other, err := sign(scheme, in, own)
	require.NoError(t, err)
	require.Contains(t, other.Step("key").Out, `"crv":"Ed25519"`)
}

func TestDPoPLeavesOtherCredentialsAlone(t *testing.T) {
	own := core.Request{Method: "POST", URL: core.URL{Scheme: "https", Host: "a.example", Path: "/token"}, Header: core.Header{{Name: "Authorization", Value: "Basic YTpi"}}}
	values := core.Values{"key": dpopAccount["key"]}
	signed, tr, err := build(t, "dpop", values, own)
	require.NoError(t, err)
	require.Equal(t, []string{"dpop.no-token"}, codesOf(tr))
	require.Nil(t, tr.Step("ath"))
	require.NoError(t, verifyRequest(t, "dpop", values, signed))
	_, _, err = build(t, "dpop", dpopAccount, own)
	require.Equal(t, "authorization.conflict", fieldError(t, err).Code)
	own.Header = core.Header{{Name: "dpop", Value: "x"}}
	_, _, err = build(t, "dpop", dpopAccount, own)
	require.Equal(t, "dpop.conflict", fieldError(t, err).Code)
}

func TestDPoPFields(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		field  string
		code   string
	}{
		"a public key":            {core.Values{"key": dpopPublic}, "key", "key.public"},
		"a key of another curve":  {core.Values{"algorithm": "ES384"}, "key", "key.curve"},
		"a shared secret":         {core.Values{"key": `{"kty":"oct","k":"AAAA"}`}, "key", "key.symmetric"},
		"a token with line break": {core.Values{"accessToken": "a\nb"}, "accessToken", "dpop.not-sendable"},
		"a token above U+00FF":    {core.Values{"accessToken": "한"}, "accessToken", "dpop.not-sendable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "dpop", merged(dpopAccount, c.values), core.Request{Method: "GET"})
			require.Equal(t, core.FieldError{Field: c.field, Code: c.code}, core.FieldError{Field: fieldError(t, err).Field, Code: fieldError(t, err).Code})
		})
	}
}

func TestDPoPNotes(t *testing.T) {
	for name, c := range map[string]struct {
		values     core.Values
		challenges []string
		told       core.Header
		want       []string
	}{
		"nothing to say":         {nil, nil, nil, nil},
		"as Bearer":              {core.Values{"tokenScheme": "Bearer"}, nil, nil, []string{"dpop.bearer"}},
		"a pasted DPoP":          {core.Values{"accessToken": "dpop abc"}, nil, nil, []string{"dpop.pasted-prefix"}},
		"a pasted Bearer":        {core.Values{"accessToken": "Bearer abc"}, nil, nil, []string{"dpop.pasted-prefix"}},
		"a pasted header line":   {core.Values{"accessToken": "Authorization: DPoP abc"}, nil, nil, []string{"dpop.pasted-prefix"}},
		"quotes":                 {core.Values{"accessToken": `"abc"`}, nil, nil, []string{"dpop.not-b64token"}},
		"space":                  {core.Values{"accessToken": " abc "}, nil, nil, []string{"dpop.space"}},
		"other algorithms":       {nil, []string{`DPoP algs="PS256 EdDSA"`}, nil, []string{"dpop.algs"}},
		"this algorithm":         {nil, []string{`DPoP algs="PS256 ES256"`}, nil, nil},
		"a nonce":                {nil, []string{`DPoP error="use_dpop_nonce"`}, core.Header{{Name: "dpop-nonce", Value: "n"}}, nil},
		"a nonce that is hidden": {nil, []string{`DPoP error="use_dpop_nonce"`}, core.Header{{Name: "Date", Value: "x"}}, []string{"dpop.nonce-hidden"}},
	} {
		t.Run(name, func(t *testing.T) {
			scheme, in := schemeInputAt(t, time.Unix(now, 0), "dpop", merged(dpopAccount, c.values))
			in.Challenges, in.Told = syntax.ParseChallenges(c.challenges), c.told
			_, tr, err := sign(scheme, in, &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a.example", Path: "/"}})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

// The nonce of RFC 9449, section 8.
func TestDPoPTakesTheServersNonce(t *testing.T) {
	const nonce = "eyJ7S_zG.eyJH0-Z.HX4w-7v"
	scheme, in := schemeInputAt(t, time.Unix(1562262616, 0), "dpop", core.Values{"key": dpopAccount["key"]})
	in.Env = environment(core.Vector{Now: time.Unix(1562262616, 0), Nonces: map[string]string{"jti": "-BwC3ESc6acc2lTc"}})
	in.Told = core.Header{{Name: "DPoP-Nonce", Value: nonce}}
	_, tr, err := sign(scheme, in, &core.Request{Method: "POST", URL: core.URL{Scheme: "https", Host: "server.example.com", Path: "/token"}})
	require.NoError(t, err)
	require.Equal(t, `{"jti":"-BwC3ESc6acc2lTc","htm":"POST","htu":"https://server.example.com/token","iat":1562262616,"nonce":"eyJ7S_zG.eyJH0-Z.HX4w-7v"}`, tr.Step("claims").Out)
}

func TestDPoPServerAsksForItsNonce(t *testing.T) {
	values, at := merged(dpopAccount, core.Values{"requireNonce": "true"}), time.Unix(now, 0)
	scheme, server := schemeInputAt(t, at, "dpop", values)
	nonce := told(t, scheme, server)
	require.Len(t, nonce, 1)
	require.Equal(t, "DPoP-Nonce", nonce[0].Name)
	require.Nil(t, told(t, scheme, core.Input{Values: dpopAccount, Env: server.Env}), "unless it does not")
	send := func(told core.Header, clientAt, serverAt time.Time) error {
		_, in := schemeInputAt(t, clientAt, "dpop", dpopAccount)
		in.Told = told
		signed, _, err := sign(scheme, in, &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a.example", Path: "/"}})
		require.NoError(t, err)
		return verifySchemeAt(t, serverAt, "dpop", values, signed)
	}
	require.NoError(t, send(nonce, at, at))
	require.NoError(t, send(nonce, at.Add(9*time.Hour), at.Add(4*time.Minute)), "the nonce tells the time, whatever the client's clock")
	for name, c := range map[string]struct {
		told  core.Header
		after time.Duration
		code  string
	}{
		"none":          {nil, 0, "dpop.use-nonce"},
		"an old one":    {nonce, 6 * time.Minute, "dpop.stale"},
		"one of later":  {nonce, -2 * time.Minute, "dpop.stale"},
		"another's":     {core.Header{{Name: "DPoP-Nonce", Value: "eyJ7S_zG.eyJH0-Z.HX4w-7v"}}, 0, "dpop.other-nonce"},
		"a forged time": {core.Header{{Name: "DPoP-Nonce", Value: "1767323046" + nonce[0].Value[10:]}}, 0, "dpop.other-nonce"},
		"a time alone":  {core.Header{{Name: "DPoP-Nonce", Value: "1767323045"}}, 0, "dpop.other-nonce"},
	} {
		t.Run(name, func(t *testing.T) {
			rejection := asRejection(t, send(c.told, at, at.Add(c.after)))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, "nonce", rejection.Step)
			require.Equal(t, "use_dpop_nonce", dpopChallenge(t, rejection))
		})
	}
}

// dpopChallenge is the error of the challenge that goes with the rejection.
func dpopChallenge(t *testing.T, rejection *core.Rejection) string {
	scheme, _ := schemes.ByID("dpop")
	challenges := scheme.Challenge(core.Input{Refused: rejection})
	require.Len(t, challenges, 1)
	require.Equal(t, "DPoP", challenges[0].Scheme)
	algs, _ := challenges[0].Param("algs")
	require.True(t, strings.HasPrefix(algs, "ES256 "))
	require.NotContains(t, algs, "HS")
	reason, _ := challenges[0].Param("error")
	return reason
}

func TestDPoPChallenge(t *testing.T) {
	for code, want := range map[string]string{"dpop.missing": "", "authorization.missing": "", "dpop.wrong-token": "invalid_token", "dpop.wrong-key": "invalid_token",
		"dpop.htm": "invalid_dpop_proof", "dpop.replay": "invalid_dpop_proof"} {
		require.Equal(t, want, dpopChallenge(t, &core.Rejection{Code: code, Message: "x"}), code)
	}
	require.Empty(t, dpopChallenge(t, nil))
}

// A header line is ASCII: a browser's worker cuts other characters to their last byte.
func TestDPoPDescribesInASCII(t *testing.T) {
	scheme, _ := schemes.ByID("dpop")
	challenges := scheme.Challenge(core.Input{Refused: &core.Rejection{Code: "dpop.algorithm", Message: "alg is “n\\ü\"ne”, not this server’s"}})
	described, _ := challenges[0].Param("error_description")
	require.Equal(t, "alg is 'n??'ne', not this server's", described)
}
