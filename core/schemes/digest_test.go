package schemes_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// digestVector is a case of digest.json.
type digestVector struct {
	Challenge, Algorithm, QOP, CNonce, Opaque *string
	Username, Password, Method, URI, Body     string
	Realm, Nonce, Charset                     string
	NC                                        *int
	Userhash                                  bool
	ResponseBody                              string `json:"response_body"`
	Expect                                    struct {
		Response, Authorization, Rspauth string
		UsernameField                    string `json:"username_field"`
		Userhash                         bool
	}
}

func TestDigestVectors(t *testing.T) {
	response := func(t *testing.T, c vectors.Case) {
		var v digestVector
		c.Decode(t, &v)
		in, req := v.input(t)
		signed, tr, err := sign(digestScheme(t), in, req)
		require.NoError(t, err)
		require.Equal(t, v.Expect.Response, tr.Step("response").Out)
		require.Equal(t, v.Realm, tr.Step("realm").Out)
		require.Equal(t, v.Nonce, tr.Step("nonce").Out)
		if v.Expect.Userhash {
			require.Equal(t, v.Expect.UsernameField, tr.Step("userhash").Out)
		}
		if v.Expect.Authorization != "" {
			requireSameParams(t, v.Expect.Authorization, signed.Header[0].Value)
		}
		require.NoError(t, digestScheme(t).Verify(in, signed, &core.Trace{}))
	}
	vectors.Load(t, "digest").Run(t, map[string]func(*testing.T, vectors.Case){
		"response":        response,
		"response-matrix": response,
		"rspauth": func(t *testing.T, c vectors.Case) {
			var v digestVector
			c.Decode(t, &v)
			v.Method = "GET"
			in, req := v.input(t)
			signed, tr, err := sign(digestScheme(t), in, req)
			require.NoError(t, err)
			answer := answerSaying(`rspauth="` + v.Expect.Rspauth + `", qop=` + *v.QOP + `, nc=00000001, cnonce="` + *v.CNonce + `"`)
			answer.Body, answer.BodySize = []byte(v.ResponseBody), int64(len(v.ResponseBody))
			digestScheme(t).Confirm(in, signed, answer, tr)
			require.Equal(t, v.Expect.Rspauth, tr.Step("rspauth").Out)
			require.Equal(t, core.Info, noteOf(t, tr, "digest.rspauth").Severity)
		},
		"parse": func(t *testing.T, c vectors.Case) {
			var v struct {
				Challenge string
				OK        bool
				Expect    struct {
					Realm, Nonce, Algorithm, Opaque string
					QOP, Domain                     []string
				}
			}
			c.Decode(t, &v)
			tr, signed := answerChallenge(t, core.Values{"username": "u", "password": "p"}, v.Challenge)
			require.Equal(t, v.OK, signed.Header.Has("Authorization"))
			if !v.OK {
				return
			}
			require.Equal(t, v.Expect.Realm, tr.Step("realm").Out)
			require.Equal(t, v.Expect.Nonce, tr.Step("nonce").Out)
			require.Equal(t, strings.Join(v.Expect.QOP, ", "), tr.Step("qop").In[0].Value)
			if v.Expect.Algorithm != "" {
				require.Equal(t, v.Expect.Algorithm, tr.Step("algorithm").Out)
			}
			if v.Expect.Opaque != "" {
				require.Equal(t, v.Expect.Opaque, tr.Step("opaque").Out)
			}
			domain, _ := syntax.ParseChallenges([]string{v.Challenge})[0].Param("domain")
			require.Equal(t, strings.Join(v.Expect.Domain, " "), domain)
		},
	})
}

// input is the case as the scheme sees it. Where the case has no challenge, it is made of its parts.
func (v digestVector) input(t *testing.T) (core.Input, *core.Request) {
	t.Helper()
	challenge := syntax.FormatChallenge(core.Challenge{Scheme: "Digest", Params: []core.Param{
		{Name: "realm", Value: v.Realm}, {Name: "nonce", Value: v.Nonce}, {Name: "qop", Value: value(v.QOP)}, {Name: "algorithm", Value: value(v.Algorithm)}}})
	if v.Challenge != nil {
		challenge = *v.Challenge
	}
	pinned := core.Vector{Challenges: []string{challenge}, Nonces: map[string]string{"cnonce": value(v.CNonce), "nc": ""}}
	if v.NC != nil {
		pinned.Nonces["nc"] = strconv.FormatInt(int64(*v.NC), 16)
	}
	values := core.Values{"username": v.Username, "password": v.Password}
	if v.QOP != nil {
		values["qop"] = *v.QOP
	}
	path, query, _ := strings.Cut(v.URI, "?")
	if query != "" {
		query = "?" + query
	}
	return input(t, digestScheme(t), pinned, values),
		&core.Request{Method: v.Method, URL: core.URL{Scheme: "https", Host: "example.com", Path: path, Query: query}, Body: []byte(v.Body)}
}

func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func digestScheme(t testing.TB) *core.Scheme {
	t.Helper()
	scheme, found := schemes.ByID("digest")
	require.True(t, found)
	return scheme
}

// answerChallenge signs a GET of https://example.com/a?b=c as the answer to these lines.
func answerChallenge(t *testing.T, values core.Values, lines ...string) (*core.Trace, *core.Request) {
	t.Helper()
	signed, tr, err := tryAnswering(t, values, lines...)
	require.NoError(t, err)
	return tr, signed
}

func tryAnswering(t *testing.T, values core.Values, lines ...string) (*core.Request, *core.Trace, error) {
	t.Helper()
	in := input(t, digestScheme(t), core.Vector{Nonces: map[string]string{"cnonce": "0a4f113b", "nc": ""}}, values)
	in.Challenges = syntax.ParseChallenges(lines)
	return sign(digestScheme(t), in, &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/a", Query: "?b=c"}})
}

func answerSaying(info string) *core.Response {
	return &core.Response{Status: 200, Header: core.Header{{Name: "Authentication-Info", Value: info}}}
}

// requireSameParams compares two credentials but for the order of their parameters.
func requireSameParams(t *testing.T, want, got string) {
	t.Helper()
	mine, theirs := syntax.ParseChallenges([]string{want}), syntax.ParseChallenges([]string{got})
	require.ElementsMatch(t, mine[0].Params, theirs[0].Params)
}
