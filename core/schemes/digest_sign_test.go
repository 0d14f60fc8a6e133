package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

func TestDigestChooses(t *testing.T) {
	const md5, sha256 = `Digest realm="r", nonce="n", qop="auth", algorithm=MD5`, `Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`
	for name, c := range map[string]struct {
		values         core.Values
		lines          []string
		algorithm, qop string
	}{
		"the strongest, wherever it stands":           {nil, []string{md5, `Digest realm="r", nonce="n", algorithm=SHA-512-256`, sha256}, "SHA-512-256", "none"},
		"among challenges of one line":                {nil, []string{`Basic realm="a, b", ` + md5 + ", " + sha256 + `, Bearer`}, "SHA-256", "auth"},
		"the server's first among equals":             {nil, []string{`Digest realm="r", nonce="n", algorithm=SHA-256-sess`, sha256}, "SHA-256-sess", "none"},
		"what the person chose":                       {core.Values{"algorithm": "MD5"}, []string{sha256, md5}, "MD5", "auth"},
		"a session of its own":                        {core.Values{"algorithm": "MD5-sess"}, []string{md5, `Digest realm="r", nonce="n", qop=auth, algorithm="md5-sess"`}, "MD5-sess", "auth"},
		"auth before auth-int":                        {nil, []string{`Digest realm="r", nonce="n", qop="auth-int, auth"`}, "MD5", "auth"},
		"auth-int where it is all there is":           {nil, []string{`Digest realm="r", nonce="n", qop="auth-int"`}, "MD5", "auth-int"},
		"auth-int where it is chosen":                 {core.Values{"qop": "auth-int"}, []string{`Digest realm="r", nonce="n", qop="auth,auth-int"`}, "MD5", "auth-int"},
		"no qop where none is chosen":                 {core.Values{"qop": "none"}, []string{sha256}, "SHA-256", "none"},
		"what can be answered of what is unknown":     {nil, []string{`Digest realm="r", nonce="n", algorithm=SHA-3`, md5}, "MD5", "auth"},
		"another challenge than one of unknown qop":   {nil, []string{`Digest realm="r", nonce="n", qop="token", algorithm=SHA-256`, md5}, "MD5", "auth"},
		"none with an unknown qop, if one insists":    {core.Values{"qop": "none"}, []string{`Digest realm="r", nonce="n", qop="token"`}, "MD5", "none"},
		"the one with the qop that is chosen":         {core.Values{"qop": "auth-int"}, []string{sha256, `Digest realm="r", nonce="n", qop="auth-int"`}, "MD5", "auth-int"},
		"an empty list of qop is none":                {nil, []string{`Digest realm="r", nonce="n", qop=""`}, "MD5", "none"},
		"known qops and algorithms are of any case":   {nil, []string{`digest realm="r", nonce="n", qop="AUTH", algorithm=sha-256`}, "SHA-256", "auth"},
		"a list without the quotes that it must have": {nil, []string{`Digest realm="r", qop=auth-int,auth, nonce="n"`}, "MD5", "auth"},
	} {
		t.Run(name, func(t *testing.T) {
			tr, _ := answerChallenge(t, c.values, c.lines...)
			require.Equal(t, c.algorithm, tr.Step("algorithm").Out)
			require.Equal(t, c.qop, tr.Step("qop").Out)
		})
	}
	for name, c := range map[string]struct {
		values      core.Values
		line        string
		field, code string
	}{
		"an algorithm that is not offered": {core.Values{"algorithm": "SHA-256"}, md5, "algorithm", "digest.algorithm-not-offered"},
		"a qop that is not offered":        {core.Values{"qop": "auth-int"}, md5, "qop", "digest.qop-not-offered"},
		"a qop where none is offered":      {core.Values{"qop": "auth"}, `Digest realm="r", nonce="n"`, "qop", "digest.qop-not-offered"},
		"only a qop that nobody knows":     {nil, `Digest realm="r", nonce="n", qop="token"`, "qop", "digest.qop-unknown"},
		"a line break in the user name":    {core.Values{"username": "a\nb"}, md5, "username", "digest.control"},
		"bytes that are no text":           {core.Values{"password": "\xff"}, md5, "password", "digest.charset"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			_, _, err := tryAnswering(t, c.values, c.line)
			require.Equal(t, c.field, fieldError(t, err).Field)
			require.Equal(t, c.code, fieldError(t, err).Code)
		})
	}
}

func TestDigestWritesTheHeader(t *testing.T) {
	mufasa := core.Values{"username": "Mufasa", "password": "Circle of Life"}
	for name, c := range map[string]struct {
		values     core.Values
		line       string
		has, hasNo []string
	}{
		"quotes where RFC 7616 wants them": {mufasa, `Digest realm="r", nonce="n=", opaque="o", qop="auth", algorithm="SHA-256", userhash=true`,
			[]string{`realm="r"`, `nonce="n="`, `opaque="o"`, `uri="/a?b=c"`, `cnonce="0a4f113b"`, `nc=00000001`, `qop=auth,`, `algorithm=SHA-256,`, `userhash=true`}, nil},
		"escapes in values": {core.Values{"username": `\user"`}, `Digest realm="My \"Cool\" \\Realm", nonce="n"`,
			[]string{`username="\\user\""`, `realm="My \"Cool\" \\Realm"`}, []string{"qop", "nc=", "cnonce", "opaque", "algorithm", "userhash"}},
		"an empty opaque comes back":                {mufasa, `Digest realm="", nonce="n", opaque=""`, []string{`opaque=""`, `realm=""`}, nil},
		"the algorithm as the server writes it":     {mufasa, `Digest realm="r", nonce="n", algorithm=md5`, []string{`algorithm=md5`}, nil},
		"a session without qop has a cnonce":        {mufasa, `Digest realm="r", nonce="n", algorithm=MD5-sess`, []string{`cnonce="0a4f113b"`}, []string{"nc=", "qop"}},
		"a name outside ASCII (RFC 7616, 3.9.2)":    {core.Values{"username": "Jäsøn Doe"}, `Digest realm="r", nonce="n", charset=UTF-8`, []string{`username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,`}, []string{"username="}},
		"a name outside ASCII that is to be hashed": {core.Values{"username": "Jäsøn Doe"}, `Digest realm="r", nonce="n", userhash=true`, []string{`username="`, "userhash=true"}, []string{"username*"}},
		"no hashed name unless the server asks":     {mufasa, `Digest realm="r", nonce="n", userhash=false`, []string{`username="Mufasa"`}, []string{"userhash"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, signed := answerChallenge(t, c.values, c.line)
			require.Len(t, signed.Header, 1)
			line := signed.Header[0].Value
			for _, part := range c.has {
				require.Contains(t, line, part)
			}
			for _, part := range c.hasNo {
				require.NotContains(t, strings.ReplaceAll(line, "cnonce=", "cnonce "), part)
			}
			require.Empty(t, syntax.ParseChallenges([]string{line})[0].Problems)
		})
	}
}

func TestDigestNonces(t *testing.T) {
	withNonces := func(nonces map[string]string) (*core.Request, error) {
		in := input(t, digestScheme(t), core.Vector{Nonces: nonces}, core.Values{"username": "u"})
		in.Challenges = syntax.ParseChallenges([]string{`Digest realm="r", nonce="n", qop=auth`})
		signed, _, err := sign(digestScheme(t), in, &core.Request{Method: "GET"})
		return signed, err
	}
	for nc, want := range map[string]string{"": "nc=00000001", "2": "nc=00000002", "0000001A": "nc=0000001a", "ffffffff": "nc=ffffffff"} {
		signed, err := withNonces(map[string]string{"nc": nc})
		require.NoError(t, err)
		require.Contains(t, signed.Header[0].Value, want)
	}
	for _, nonces := range []map[string]string{{"nc": "g"}, {"nc": "000000001"}, {"nc": "-1"}, {"cnonce": "a\nb"}, {"cnonce": "é"}} {
		_, err := withNonces(nonces)
		require.Equal(t, "nonces", fieldError(t, err).Field)
	}
}

func TestDigestGoesOutUnsignedUntilItIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  []string
	}{
		"nobody asked":                  {nil, []string{"digest.unasked"}},
		"asked for something else":      {[]string{"Basic realm=x"}, []string{"digest.unasked"}},
		"asked in no way that is known": {[]string{`Digest realm="r", nonce="n", algorithm=X`}, []string{"digest.unknown-algorithm", "digest.unanswerable"}},
		"asked without a nonce":         {[]string{`Digest realm="r"`}, []string{"digest.no-nonce", "digest.unanswerable"}},
	} {
		t.Run(name, func(t *testing.T) {
			tr, signed := answerChallenge(t, core.Values{"username": "u", "password": "p"}, c.lines...)
			require.Empty(t, signed.Header)
			require.Empty(t, tr.Steps)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
	_, tr, err := buildAt(t, "digest", core.Values{"username": "u", "password": "p"}, "http://a.test/")
	require.NoError(t, err)
	require.Equal(t, []string{"digest.plain-http", "digest.unasked"}, codesOf(tr), "before it is too late")
	own := core.Request{Header: core.Header{{Name: "authorization", Value: "Bearer x"}}}
	_, _, err = build(t, "digest", nil, own)
	require.Equal(t, "authorization.conflict", fieldError(t, err).Code, "it would be refused once the server asks")
}

func TestDigestNotes(t *testing.T) {
	const strong = `Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`
	const weak = `Digest realm="r", nonce="n", qop="auth", algorithm=MD5`
	known := core.Values{"username": "u", "password": "p"}
	for name, c := range map[string]struct {
		values core.Values
		lines  []string
		want   []string
	}{
		"nothing to say":        {known, []string{strong}, nil},
		"the stronger of two":   {known, []string{weak, strong}, nil},
		"only MD5":              {known, []string{weak}, []string{"digest.md5"}},
		"MD5 by choice":         {merged(known, core.Values{"algorithm": "MD5"}), []string{weak, strong}, []string{"digest.weaker"}},
		"no qop by choice":      {merged(known, core.Values{"qop": "none"}), []string{strong}, []string{"digest.qop-left-out"}},
		"no qop offered":        {known, []string{`Digest realm="r", nonce="n", algorithm=SHA-256`}, []string{"digest.no-qop"}},
		"an unknown qop":        {known, []string{`Digest realm="r", nonce="n", qop="auth, token", algorithm=SHA-256`}, []string{"digest.unknown-qop"}},
		"an unknown algorithm":  {known, []string{strong, `Digest realm="r", nonce="n", algorithm=X`}, []string{"digest.unknown-algorithm"}},
		"two realms":            {known, []string{strong, `Digest realm="s", nonce="n", qop="auth", algorithm=SHA-256`}, []string{"digest.realms"}},
		"stale":                 {known, []string{strong + `, stale=TRUE`}, []string{"digest.stale"}},
		"empty fields":          {nil, []string{strong}, []string{"digest.empty-username", "digest.empty-password"}},
		"space around a name":   {core.Values{"username": " u", "password": "p "}, []string{strong}, []string{"digest.space", "digest.space"}},
		"a colon":               {core.Values{"username": "a:b", "password": "p"}, []string{strong}, []string{"digest.colon"}},
		"NFD":                   {core.Values{"username": "e\u0301", "password": "p"}, []string{strong + `, charset=UTF-8`}, []string{"digest.decomposed"}},
		"no charset":            {core.Values{"username": "é", "password": "p"}, []string{strong}, []string{"digest.charset-unknown"}},
		"no realm":              {known, []string{strings.Replace(strong, `realm="r", `, "", 1)}, []string{"digest.no-realm"}},
		"a realm outside ASCII": {known, []string{strings.Replace(strong, `"r"`, `"é"`, 1)}, []string{"digest.realm-charset"}},
	} {
		t.Run(name, func(t *testing.T) {
			tr, _ := answerChallenge(t, c.values, c.lines...)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

// A realm in UTF-8 looks different natively and in a page, which shows its bytes one by one.
func TestDigestHashesTheBytesOfARealm(t *testing.T) {
	tr, _ := answerChallenge(t, core.Values{"username": "u", "password": "p"}, `Digest realm="é", nonce="n"`)
	inPage, signed := answerChallenge(t, core.Values{"username": "u", "password": "p"}, "Digest realm=\"Ã©\", nonce=\"n\"")
	require.Equal(t, tr.Step("ha1").Out, inPage.Step("ha1").Out)
	require.Equal(t, "22371b7c9730d76fb16586a3df6fd946", tr.Step("ha1").Out) // printf 'u:é:p' | md5sum
	require.Contains(t, signed.Header[0].Value, `realm="Ã©"`, "it goes back as it came")
}
