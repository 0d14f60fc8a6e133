package schemes_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// digestServer is the lab's side: its account, and what it asked for.
func digestServer(t *testing.T, values core.Values) core.Input {
	t.Helper()
	s := digestScheme(t)
	return input(t, s, core.Vector{}, merged(s.Example.Values, values))
}

// digestRequest is what a client of that server sends, with other values than the server's.
func digestRequest(t *testing.T, server core.Input, changed core.Values) *core.Request {
	t.Helper()
	client := server
	client.Values = merged(server.Values, changed)
	client.Env.Nonce = environment(core.Vector{Nonces: map[string]string{"nc": "", "cnonce": "c"}}).Nonce
	req := &core.Request{Method: "POST", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/a", Query: "?b=c"}, Body: []byte("body")}
	signed, _, err := sign(digestScheme(t), client, req)
	require.NoError(t, err)
	return signed
}

// edited is the request with another value of one parameter; empty: without it.
func edited(req *core.Request, name, text string) *core.Request {
	c := syntax.ParseChallenges(req.Header.Values("Authorization"))[0]
	var params []core.Param
	for _, p := range c.Params {
		if p.Name == name {
			p.Value = text
		}
		if p.Name != name || text != "" {
			params = append(params, p)
		}
	}
	c.Params = params
	out := req.Clone()
	out.Header.Set("Authorization", syntax.FormatChallenge(c))
	return out
}

func TestDigestNamesWhatDiffers(t *testing.T) {
	server := digestServer(t, nil)
	right := digestRequest(t, server, nil)
	withBody := digestRequest(t, server, core.Values{"qop": "auth-int"})
	set := func(name, text string) *core.Request { return edited(right, name, text) }
	changed := func(edit func(r *core.Request)) *core.Request {
		r := right.Clone()
		edit(r)
		return r
	}
	for name, c := range map[string]struct {
		req        *core.Request
		code, step string
	}{
		"another password":                        {digestRequest(t, server, core.Values{"password": "x"}), "digest.wrong-password", "ha1"},
		"another user name":                       {digestRequest(t, server, core.Values{"username": "Scar"}), "digest.wrong-username", "username"},
		"the user name in NFD":                    {set("username", "Mufasa\u0301"), "digest.wrong-username", "username"},
		"another realm":                           {set("realm", "x"), "digest.realm", "realm"},
		"another nonce":                           {set("nonce", "x"), "digest.unknown-nonce", "nonce"},
		"another opaque":                          {set("opaque", "x"), "digest.opaque", "opaque"},
		"no opaque":                               {set("opaque", ""), "digest.opaque", "opaque"},
		"an algorithm not offered":                {set("algorithm", "SHA-512-256"), "digest.algorithm", "algorithm"},
		"an algorithm left out":                   {set("algorithm", ""), "digest.algorithm", "algorithm"},
		"a qop not offered":                       {set("qop", "auth-conf"), "digest.qop", "qop"},
		"the word none for no qop":                {set("qop", "none"), "digest.qop", "qop"},
		"the word auto for qop":                   {set("qop", "auto"), "digest.qop", "qop"},
		"a qop left out":                          {set("qop", ""), "digest.qop-missing", "response"},
		"no cnonce":                               {set("cnonce", ""), "digest.cnonce", "cnonce"},
		"no nc":                                   {set("nc", ""), "digest.nc", "nc"},
		"an nc of seven digits":                   {set("nc", "0000001"), "digest.nc", "nc"},
		"an nc in upper case":                     {set("nc", "0000000A"), "digest.nc", "nc"},
		"another path":                            {changed(func(r *core.Request) { r.URL.Path = "/b" }), "digest.uri", "uri"},
		"another query":                           {changed(func(r *core.Request) { r.URL.Query = "?b=d" }), "digest.uri", "uri"},
		"a uri without the query":                 {set("uri", "/a"), "digest.uri", "uri"},
		"an absolute uri":                         {set("uri", "https://example.com/a?b=c"), "digest.uri", "uri"},
		"a response in upper case":                {set("response", strings.ToUpper(syntaxParam(right, "response"))), "digest.upper-case", "response"},
		"a response of another length":            {set("response", "0"), "digest.wrong-password", "ha1"},
		"no response":                             {set("response", ""), "digest.malformed", "authorization"},
		"no uri":                                  {set("uri", ""), "digest.malformed", "authorization"},
		"no user name":                            {set("username", ""), "digest.username", "username"},
		"another body with auth-int":              {withChangedBody(withBody, "other"), "digest.wrong-password", "ha1"},
		"a method that was not hashed":            {digestRequestWith(t, server, "GET", "POST"), "digest.method", "ha2"},
		"another method":                          {changed(func(r *core.Request) { r.Method = "PUT" }), "digest.wrong-password", "ha1"},
		"a parameter twice":                       {changed(func(r *core.Request) { r.Header[0].Value += `, nc=00000001` }), "digest.malformed", "authorization"},
		"a user name twice":                       {changed(func(r *core.Request) { r.Header[0].Value += `, username*=UTF-8''Mufasa` }), "digest.username", "username"},
		"a word that is no parameter":             {changed(func(r *core.Request) { r.Header[0].Value += `, x` }), "digest.malformed", "authorization"},
		"a control character":                     {changed(func(r *core.Request) { r.Header[0].Value += ", x=\"\x01\"" }), "digest.malformed", "authorization"},
		"userhash that is neither":                {changed(func(r *core.Request) { r.Header[0].Value += ", userhash=yes" }), "digest.malformed", "authorization"},
		"a hashed name nobody asked for":          {changed(func(r *core.Request) { r.Header[0].Value += ", userhash=true" }), "", ""},
		"an unknown parameter":                    {changed(func(r *core.Request) { r.Header[0].Value += `, color="blue"` }), "", ""},
		"nothing":                                 {changed(func(r *core.Request) { r.Header = nil }), "authorization.missing", "authorization"},
		"another scheme":                          {changed(func(r *core.Request) { r.Header[0].Value = "Basic eDp5" }), "authorization.scheme", "authorization"},
		"the form without qop by the name of one": {formulaOfRFC2069(t, server, right), "digest.formula", "response"},
		"an empty body hashed":                    {withChangedBody(digestBodiless(t, server), "body"), "digest.body-left-out", "body-hash"},
	} {
		t.Run(name, func(t *testing.T) {
			var expected core.Trace
			err := digestScheme(t).Verify(server, c.req, &expected)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			rejection := asRejection(t, err)
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
			require.NotNil(t, expected.Step(rejection.Step))
		})
	}
}

func syntaxParam(req *core.Request, name string) string {
	value, _ := syntax.ParseChallenges(req.Header.Values("Authorization"))[0].Param(name)
	return value
}

func withChangedBody(req *core.Request, body string) *core.Request {
	out := req.Clone()
	out.Body = []byte(body)
	return out
}

func digestBodiless(t *testing.T, server core.Input) *core.Request {
	client := server
	client.Values = merged(server.Values, core.Values{"qop": "auth-int"})
	signed, _, err := sign(digestScheme(t), client, withChangedBody(&core.Request{Method: "POST", URL: core.URL{Path: "/"}}, ""))
	require.NoError(t, err)
	return signed
}

func digestRequestWith(t *testing.T, server core.Input, hashed, sent string) *core.Request {
	signed, _, err := sign(digestScheme(t), server, &core.Request{Method: hashed, URL: core.URL{Path: "/"}})
	require.NoError(t, err)
	signed.Method = sent
	return signed
}

func formulaOfRFC2069(t *testing.T, server core.Input, right *core.Request) *core.Request {
	old := digestRequest(t, server, core.Values{"qop": "none"})
	return edited(right, "response", syntaxParam(old, "response"))
}

func TestDigestChecksTheUseOfANonce(t *testing.T) {
	server := digestServer(t, nil)
	right := digestRequest(t, server, nil)
	at := func(after time.Duration) core.Input {
		later := server
		later.Env.Now = func() time.Time { return someDay.Add(after) }
		return later
	}
	verifyAt := func(in core.Input, req *core.Request) error { return digestScheme(t).Verify(in, req, &core.Trace{}) }
	t.Run("takes it for five minutes", func(t *testing.T) {
		require.NoError(t, verifyAt(at(5*time.Minute), right))
		for _, after := range []time.Duration{5*time.Minute + time.Millisecond, -time.Hour} {
			rejection := asRejection(t, verifyAt(at(after), right))
			require.Equal(t, "digest.stale", rejection.Code)
			require.Equal(t, "nonce", rejection.Step)
		}
	})
	t.Run("says how old it is", func(t *testing.T) {
		require.Contains(t, asRejection(t, verifyAt(at(6*time.Minute), right)).Message, "360 seconds old")
	})
	t.Run("takes its own from before, though it would now name another", func(t *testing.T) {
		later := at(time.Minute)
		later.Challenges = digestScheme(t).Challenge(later)
		require.NoError(t, verifyAt(later, right))
	})
	t.Run("calls a nonce stale that it does not know, but only with the right password", func(t *testing.T) {
		foreign := server
		foreign.Challenges = syntax.ParseChallenges([]string{`Digest realm="authpad lab", nonce="x", qop="auth", algorithm=SHA-256, opaque="o"`})
		require.Equal(t, "digest.stale", asRejection(t, verifyAt(server, digestRequest(t, foreign, nil))).Code)
		require.Equal(t, "digest.unknown-nonce", asRejection(t, verifyAt(server, digestRequest(t, foreign, core.Values{"password": "x"}))).Code)
	})
	t.Run("knows a forged one", func(t *testing.T) {
		made := syntaxParam(right, "nonce")
		forged := server
		forged.Challenges = syntax.ParseChallenges([]string{`Digest realm="authpad lab", nonce="` + made[:len(made)-32] + strings.Repeat("0", 32) + `", qop="auth", algorithm=SHA-256`})
		require.Equal(t, "digest.stale", asRejection(t, verifyAt(server, digestRequest(t, forged, nil))).Code)
	})
	for qop, step := range map[string]string{"auth": "nc", "auth-int": "nc", "none": "nonce"} {
		t.Run("refuses a repeated request: "+qop, func(t *testing.T) {
			memory := at(0)
			memory.Env.Seen = remember()
			once := digestRequest(t, server, core.Values{"qop": qop})
			require.NoError(t, verifyAt(memory, once))
			rejection := asRejection(t, verifyAt(memory, once))
			require.Equal(t, "digest.replay", rejection.Code)
			require.Equal(t, step, rejection.Step)
		})
	}
	t.Run("forgets nothing for a wrong password", func(t *testing.T) {
		memory := at(0)
		memory.Env.Seen = remember()
		require.Error(t, verifyAt(memory, digestRequest(t, server, core.Values{"password": "x"})))
		require.NoError(t, verifyAt(memory, right))
	})
	t.Run("does without a memory", func(t *testing.T) {
		none := at(0)
		none.Env.Seen = nil
		require.NoError(t, verifyAt(none, right))
	})
}

func remember() func(string, time.Duration) bool {
	seen := map[string]bool{}
	return func(key string, _ time.Duration) bool {
		before := seen[key]
		seen[key] = true
		return before
	}
}

// Whoever debugs a server of their own may not know what it asked for.
func TestDigestVerifiesWithoutTheChallenge(t *testing.T) {
	server := digestServer(t, nil)
	right := digestRequest(t, server, nil)
	alone := server
	alone.Challenges = nil
	var tr core.Trace
	require.NoError(t, digestScheme(t).Verify(alone, right, &tr))
	require.Equal(t, []string{"digest.challenge-unknown"}, codesOf(&tr))
	require.Equal(t, "digest.wrong-password", asRejection(t, digestScheme(t).Verify(alone, edited(right, "nonce", "x"), &core.Trace{})).Code)
	for name, own := range map[string]core.Values{"digest.algorithm": {"algorithm": "MD5"}, "digest.qop": {"qop": "auth-int"}} {
		strict := alone
		strict.Values = merged(alone.Values, own)
		require.Equal(t, name, asRejection(t, digestScheme(t).Verify(strict, right, &core.Trace{})).Code, "the server's own choice counts")
	}
	unknown := edited(right, "algorithm", "SHA-3")
	require.Equal(t, "digest.algorithm", asRejection(t, digestScheme(t).Verify(alone, unknown, &core.Trace{})).Code)
	require.Equal(t, "authorization.missing", asRejection(t, digestScheme(t).Verify(alone, &core.Request{}, &core.Trace{})).Code)
}

func TestDigestReadsNames(t *testing.T) {
	name := core.Values{"username": "Jäsøn Doe"}
	server := digestServer(t, name)
	signed := digestRequest(t, server, nil)
	require.Contains(t, signed.Header[0].Value, "username*=")
	require.NoError(t, digestScheme(t).Verify(server, signed, &core.Trace{}))
	for form, want := range map[string]string{
		`username="Jäsøn Doe"`:                     "", // bytes of UTF-8, as curl sends them, natively
		"username=\"JÃ¤sÃ¸n Doe\"":                 "", // the same in a page
		`username*=utf-8'en'J%c3%a4s%C3%B8n%20Doe`: "",
		`username*=UTF-8''J%E4s%F8n%20Doe`:         "digest.username",
		`username*=iso-8859-1''J%E4s%F8n%20Doe`:    "digest.username",
		`username="Ja\u0308søn Doe"`:               "digest.wrong-username",
		"username=\"Ja\u0308søn Doe\"":             "digest.normalization",
		`username*=UTF-8''J, userhash=true`:        "digest.username",
	} {
		other := signed.Clone()
		other.Header[0].Value = strings.Replace(signed.Header[0].Value, `username*=UTF-8''J%C3%A4s%C3%B8n%20Doe`, form, 1)
		err := digestScheme(t).Verify(server, other, &core.Trace{})
		if want == "" {
			require.NoError(t, err, form)
			continue
		}
		require.Equal(t, want, asRejection(t, err).Code, form)
	}
	t.Run("hashed in another charset", func(t *testing.T) {
		zoe := digestServer(t, core.Values{"username": "Zoë"})
		sent := digestRequest(t, zoe, nil)
		hash := func(parts ...string) string {
			sum := sha256.Sum256([]byte(strings.Join(parts, ":")))
			return hex.EncodeToString(sum[:])
		}
		latin := hash(hash("Zo\xeb", "authpad lab", "Circle of Life"), syntaxParam(sent, "nonce"), "00000001", "c", "auth", hash("POST", "/a?b=c"))
		err := digestScheme(t).Verify(zoe, edited(sent, "response", latin), &core.Trace{})
		require.Equal(t, "digest.other-charset", asRejection(t, err).Code)
	})
}

// “é” is one character or a letter and a mark: the same to the eye, another text to a hash.
func TestDigestKnowsComposedAndDecomposed(t *testing.T) {
	hashed := syntax.ParseChallenges([]string{`Digest realm="authpad lab", nonce="n", qop="auth", algorithm=SHA-256, userhash=true`})
	for name, c := range map[string]struct {
		server, client core.Values
		challenges     []core.Challenge
		code, step     string
	}{
		"a decomposed password":              {core.Values{"password": "\u00e9"}, core.Values{"password": "e\u0301"}, nil, "digest.normalization", "ha1"},
		"a composed one at the client":       {core.Values{"password": "e\u0301"}, core.Values{"password": "\u00e9"}, nil, "digest.normalization", "ha1"},
		"a -sess algorithm":                  {core.Values{"password": "\u00e9"}, core.Values{"password": "e\u0301", "algorithm": "SHA-256-sess"}, digestSess, "digest.normalization", "ha1"},
		"another password, decomposed":       {core.Values{"password": "\u00e9"}, core.Values{"password": "e\u0300"}, nil, "digest.wrong-password", "ha1"},
		"a decomposed name":                  {core.Values{"username": "Zo\u00eb"}, core.Values{"username": "Zoe\u0308"}, nil, "digest.normalization", "username"},
		"a decomposed name, hashed":          {core.Values{"username": "Zo\u00eb"}, core.Values{"username": "Zoe\u0308"}, hashed, "digest.normalization", "userhash"},
		"another name, hashed":               {core.Values{"username": "Zo\u00eb"}, core.Values{"username": "Zoe\u0301"}, hashed, "digest.wrong-username", "userhash"},
		"a name in ASCII, hashed":            {core.Values{"username": "Zoe"}, core.Values{"username": "Zo"}, hashed, "digest.wrong-username", "userhash"},
		"a decomposed password, hashed name": {core.Values{"username": "Zo\u00eb", "password": "\u00e9"}, core.Values{"password": "e\u0301"}, hashed, "digest.normalization", "ha1"},
	} {
		t.Run(name, func(t *testing.T) {
			server := digestServer(t, c.server)
			if c.challenges != nil {
				server.Challenges = c.challenges
			}
			var expected core.Trace
			rejection := asRejection(t, digestScheme(t).Verify(server, digestRequest(t, server, c.client), &expected))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
			require.NotNil(t, expected.Step(rejection.Step))
		})
	}
}

var digestSess = syntax.ParseChallenges([]string{`Digest realm="authpad lab", nonce="n", qop="auth", algorithm=SHA-256-sess`})

var someDay = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) // as environment has it

// What a client wrote wrongly is told apart from what it has no right to.
func TestDigestSaysWhatIsWrongWithTheCredentials(t *testing.T) {
	server := digestServer(t, core.Values{"algorithm": "MD5"})
	right := digestRequest(t, server, nil)
	bare := right.Clone()
	bare.Header[0].Value = "Digest YTpi"
	for name, c := range map[string]struct {
		req   *core.Request
		wrong string
	}{
		"an algorithm in other letters":   {edited(right, "algorithm", "md5"), "writes the algorithm otherwise"},
		"an algorithm that was left out":  {edited(right, "algorithm", ""), "writes the algorithm otherwise"},
		"an algorithm nobody offered":     {edited(right, "algorithm", "SHA-256"), "did not offer this algorithm"},
		"base64 in the place of all that": {bare, "not a list of parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, asRejection(t, digestScheme(t).Verify(server, c.req, &core.Trace{})).Message, c.wrong)
		})
	}
}

// Header lines that were copied decoded mean the same bytes as those that a page or a server sees.
func TestDigestVerifiesCopiedLines(t *testing.T) {
	server := digestServer(t, nil)
	server.Challenges = syntax.ParseChallenges([]string{`Digest realm="한글", nonce="n", qop="auth", algorithm=SHA-256`})
	right := digestRequest(t, server, nil)
	require.NoError(t, digestScheme(t).Verify(server, right, &core.Trace{}))
	right.Header[0].Value = syntax.FieldText(right.Header[0].Value)
	require.Contains(t, right.Header[0].Value, `realm="한글"`)
	require.NoError(t, digestScheme(t).Verify(server, right, &core.Trace{}))
}
