package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/api"
)

// digestAnswer is a server that asks for Digest, takes any answer and proves nothing right.
func digestAnswer(o api.SendOptions, req *core.Request) *core.Response {
	o.Meanwhile()
	if !req.Header.Has("Authorization") {
		return &core.Response{Status: 401, StatusText: "Unauthorized", URL: req.URL.String(), Body: []byte("first"), BodySize: 5,
			Header: core.Header{{Name: "www-authenticate", Value: `Basic realm="x", Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256`}}}
	}
	return &core.Response{Status: 200, StatusText: "OK", URL: req.URL.String(), Body: []byte("last"), BodySize: 4,
		Header: core.Header{{Name: "authentication-info", Value: `rspauth="00"`}}}
}

type sentAnswer struct {
	OK struct {
		Built     builtAnswer
		Exchanges []struct {
			Why      string
			Request  wireAnswer
			Response struct{ Status int }
			Browser  *struct{ Preflight *struct{ Request string } }
			Steps    []struct{ ID string }
			Notes    []struct{ Code string }
		}
		Steps []struct{ ID string }
	}
}

type builtAnswer struct {
	Request wireAnswer
	Steps   []struct{ ID string }
	Notes   []struct{ Code string }
}

type wireAnswer struct{ Headers [][2]string }

func (w wireAnswer) authorization() string {
	for _, line := range w.Headers {
		if line[0] == "Authorization" {
			return line[1]
		}
	}
	return ""
}

func TestSendAnswersAChallenge(t *testing.T) {
	a := testAPI()
	params := func(address string) []byte {
		return []byte(`{"request":{"url":"` + address + `"},"auth":{"scheme":"digest","values":{"username":"u","password":"p"}},"tls":{"verify":false}}`)
	}
	const here = "https://a.test/digest"
	send := func() (sent sentAnswer, body string) {
		answer, bytes := a.Call(t.Context(), "send", params(here), nil)
		require.NoError(t, json.Unmarshal(answer, &sent), "%s", answer)
		return sent, string(bytes)
	}
	build := func(address string) string {
		answer, _ := a.Call(t.Context(), "build", params(address), nil)
		var built struct{ OK builtAnswer }
		require.NoError(t, json.Unmarshal(answer, &built))
		return built.OK.Request.authorization()
	}
	require.Empty(t, build(here))

	first, body := send()
	require.Equal(t, "last", body)
	require.Len(t, first.OK.Exchanges, 2)
	require.Empty(t, first.OK.Exchanges[0].Request.authorization())
	require.Equal(t, "answer", first.OK.Exchanges[1].Why)
	require.Equal(t, first.OK.Built.Request, first.OK.Exchanges[1].Request)
	require.Contains(t, first.OK.Built.Request.authorization(), "nc=00000001")
	require.Equal(t, first.OK.Built.Steps, first.OK.Steps)
	require.Equal(t, "rspauth", first.OK.Steps[len(first.OK.Steps)-1].ID)
	var codes []string
	for _, n := range first.OK.Built.Notes {
		codes = append(codes, n.Code)
	}
	require.Contains(t, codes, "tls.not-in-a-browser")
	require.Contains(t, codes, "digest.rspauth-wrong")

	asked, answered := first.OK.Exchanges[0], first.OK.Exchanges[1]
	require.Nil(t, asked.Browser.Preflight, "without credentials nothing is asked beforehand")
	require.Contains(t, answered.Browser.Preflight.Request, "Access-Control-Request-Headers: authorization")
	require.Equal(t, "rspauth", answered.Steps[1].ID)
	require.Contains(t, answered.Notes, struct{ Code string }{"digest.rspauth-wrong"})

	require.Contains(t, build(here), "nc=00000002")
	require.Contains(t, build(here), "nc=00000002", "building does not count")
	require.Empty(t, build("https://b.test/digest"), "another origin")
	native := apiOf(true)
	plain, _ := native.Call(t.Context(), "send", params(here), nil)
	require.Equal(t, 1, strings.Count(string(plain), `"browser"`), "no browser has a part in what is sent natively")
	next, _ := send()
	require.Len(t, next.OK.Exchanges, 1)
	require.Contains(t, next.OK.Built.Request.authorization(), "nc=00000002")
}

func TestVerifyTakesTheChallenge(t *testing.T) {
	a := apiWhere(func(h *api.Host) {
		h.Env.Seen = func(string, time.Duration) bool { t.Error("looking at a request is no use of it"); return true }
	})
	verify := func(challenge string) (code string) {
		answer, _ := a.Call(t.Context(), "verify", []byte(`{"request":{"url":"https://www.example.org/dir/index.html","headers":[["Authorization",`+
			`"Digest username=\"Mufasa\", realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", `+
			`response=\"1949323746fe6a43ef61f9606e7febea\""]]},"auth":{"scheme":"digest","values":{"username":"Mufasa","password":"CircleOfLife"}}`+challenge+`}`), nil)
		var v struct {
			OK struct {
				Valid     bool
				Rejection struct{ Code string }
			}
		}
		require.NoError(t, json.Unmarshal(answer, &v), "%s", answer)
		require.Equal(t, v.OK.Rejection.Code == "", v.OK.Valid)
		return v.OK.Rejection.Code
	}
	require.Empty(t, verify(""))
	require.Empty(t, verify(`,"challenge":["WWW-Authenticate: Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""]`))
	require.Equal(t, "digest.realm", verify(`,"challenge":["Digest realm=\"x\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""]`))
}
