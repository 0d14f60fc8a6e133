package session_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
	"authpad/core/session"
	"authpad/core/syntax"
)

// server answers in turn, and keeps what it was sent.
type server struct {
	answers []*core.Response
	got     []*core.Request
	browser bool
	held    [][]int
}

func (s *server) Send(_ core.Context, req *core.Request) (*core.Response, error) {
	s.got = append(s.got, req)
	answer := *s.answers[min(len(s.got), len(s.answers))-1]
	if answer.URL == "" {
		answer.URL = req.URL.String()
	}
	return &answer, nil
}

func (s *server) Limits() core.Limits { return core.Limits{Browser: s.browser} }

func (s *server) Hold(statuses ...int) { s.held = append(s.held, statuses) }

func asking(lines ...string) *core.Response {
	answer := &core.Response{Status: 401}
	for _, line := range lines {
		answer.Header.Add("WWW-Authenticate", line)
	}
	return answer
}

func saying(status int, name, value string) *core.Response {
	return &core.Response{Status: status, Header: core.Header{{Name: name, Value: value}}}
}

const digestAsks = `Digest realm="r", nonce="n1", qop="auth", algorithm=SHA-256`

func digestJob() session.Job {
	return job("https://a.test/x?y=z", "digest", core.Values{"username": "u", "password": "p"})
}

func run(t *testing.T, j session.Job, s *server) *session.Result {
	t.Helper()
	result, err := session.Run(t.Context(), j, s)
	require.NoError(t, err)
	return result
}

func whys(r *session.Result) string {
	var list []string
	for _, e := range r.Exchanges {
		list = append(list, e.Why)
	}
	return strings.Join(list, " ")
}

// credentialsOf is one parameter of what a request says for itself.
func credentialsOf(req *core.Request, name string) string {
	line, _ := req.Header.Get("Authorization")
	for _, c := range syntax.ParseChallenges([]string{line}) {
		value, _ := c.Param(name)
		return value
	}
	return ""
}

func TestAnswer(t *testing.T) {
	ok := &core.Response{Status: 200}
	t.Run("answers a challenge once", func(t *testing.T) {
		s := &server{answers: []*core.Response{asking("Basic realm=x", digestAsks), ok}}
		result := run(t, digestJob(), s)
		require.Equal(t, "first answer", whys(result))
		require.Empty(t, s.got[0].Header)
		require.Equal(t, "n1", credentialsOf(s.got[1], "nonce"))
		require.Equal(t, "/x?y=z", credentialsOf(s.got[1], "uri"))
		require.Same(t, s.got[1], result.Built.Request)
		require.NotNil(t, result.Built.Trace.Step("response"))
		require.Contains(t, codes(result.Built.Trace.Notes), "challenge.answered")
		require.Equal(t, [][]int{{401, 400}, nil}, s.held, "the first body is not what one wants to save")
	})
	t.Run("changes nothing in what was built first", func(t *testing.T) {
		built, err := session.Build(digestJob())
		require.NoError(t, err)
		notes := codes(built.Trace.Notes)
		_, err = session.Send(t.Context(), digestJob(), built, &server{answers: []*core.Response{asking(digestAsks), ok}})
		require.NoError(t, err)
		require.Equal(t, notes, codes(built.Trace.Notes))
		require.Empty(t, built.Trace.Steps)
	})
	t.Run("does not try a wrong password twice", func(t *testing.T) {
		result := run(t, digestJob(), &server{answers: []*core.Response{asking(digestAsks)}})
		require.Equal(t, "first answer", whys(result))
	})
	t.Run("keeps the notes of the caller", func(t *testing.T) {
		j := digestJob()
		j.Notes = []core.Note{{Code: "tls.own"}}
		require.Contains(t, codes(run(t, j, &server{answers: []*core.Response{asking(digestAsks), ok}}).Built.Trace.Notes), "tls.own")
	})
	t.Run("confirms what the server proves", func(t *testing.T) {
		proof := saying(200, "Authentication-Info", `rspauth="00", nextnonce="n2"`)
		result := run(t, digestJob(), &server{answers: []*core.Response{asking(digestAsks), proof}})
		require.Contains(t, codes(result.Built.Trace.Notes), "digest.rspauth-wrong")
		require.NotNil(t, result.Built.Trace.Step("rspauth"))
		asked, confirmed := result.Exchanges[0], result.Exchanges[1]
		require.Empty(t, asked.Steps)
		require.Len(t, confirmed.Steps, 2, "the exchange has what is of its answer")
		require.Equal(t, "rspauth", confirmed.Steps[1].ID)
		require.Contains(t, codes(confirmed.Notes), "digest.rspauth-wrong")
		require.NotContains(t, codes(asked.Notes), "digest.rspauth-wrong")
	})
}

func TestAnswerOnlyWhereItHelps(t *testing.T) {
	dpopAsks := func() *core.Response {
		answer := asking(`DPoP error="use_dpop_nonce"`)
		answer.Header.Add("DPoP-Nonce", "n")
		return answer
	}
	hidden := &core.Response{Status: 401, Hidden: true}
	for name, c := range map[string]struct {
		scheme string
		answer *core.Response
		why    string
		notes  []string
	}{
		"a challenge of another scheme":           {"digest", asking("Basic realm=x"), "first", []string{"challenge.other-scheme"}},
		"one of several is the scheme's":          {"basic", asking("Negotiate, Basic realm=x"), "first", nil},
		"credentials that nobody sent":            {"none", asking("Basic realm=x"), "first", []string{"challenge.other-scheme"}},
		"a challenge that cannot be answered":     {"digest", asking(`Digest realm="r", nonce="n", algorithm=X`), "first", nil},
		"a proxy's challenge":                     {"digest", saying(407, "Proxy-Authenticate", digestAsks), "first", nil},
		"a challenge with another status":         {"digest", saying(403, "WWW-Authenticate", digestAsks), "first", nil},
		"a challenge to what was sent already":    {"basic", asking("Basic realm=x"), "first", nil},
		"a challenge to a token":                  {"bearer", asking("Bearer"), "first", nil},
		"a nonce for another scheme":              {"digest", dpopAsks(), "first", []string{"challenge.other-scheme"}},
		"a challenge that the browser hides":      {"digest", hidden, "first", []string{"answer.hidden"}},
		"no challenge at all":                     {"digest", &core.Response{Status: 401}, "first", nil},
		"one that it hides of no use":             {"basic", hidden, "first", nil},
		"none, and none is needed":                {"basic", &core.Response{Status: 401}, "first", nil},
		"a challenge through lines of odd spaces": {"digest", asking("  " + digestAsks + " ,"), "first answer", nil},
	} {
		t.Run(name, func(t *testing.T) {
			result := run(t, job("https://a.test/x", c.scheme, core.Values{"username": "u", "password": "p", "token": "t"}), &server{answers: []*core.Response{c.answer}})
			require.Equal(t, c.why, whys(result))
			require.ElementsMatch(t, c.notes, codes(result.Exchanges[0].Notes))
		})
	}
	t.Run("no challenge that a browser shows", func(t *testing.T) {
		result := run(t, digestJob(), &server{browser: true, answers: []*core.Response{{Status: 401}}})
		require.Equal(t, []string{"answer.no-challenge"}, codes(result.Exchanges[0].Notes))
	})
	t.Run("what another scheme is asked for by", func(t *testing.T) {
		for asks, want := range map[string]string{
			"Basic realm=x, Basic realm=y": "the server asks for Basic; HTTP Digest cannot answer it: choose HTTP Basic or netrc file",
			"Negotiate":                    "the server asks for Negotiate, which no scheme here can answer yet: ",
		} {
			notes := run(t, digestJob(), &server{answers: []*core.Response{asking(asks)}}).Exchanges[0].Notes
			require.Len(t, notes, 1, asks)
			require.Equal(t, want, notes[0].Message+": "+notes[0].Fix)
			require.Equal(t, "scheme", notes[0].Field)
		}
		notes := run(t, job("https://a.test/x", "none", nil), &server{answers: []*core.Response{asking("Basic")}}).Exchanges[0].Notes
		require.Equal(t, "the server asks for Basic, and no authentication is chosen", notes[0].Message)
		typed := job("https://a.test/x", "none", nil)
		typed.Request.Header = core.Header{{Name: "Authorization", Value: "Basic eA=="}}
		require.Empty(t, run(t, typed, &server{answers: []*core.Response{asking("Basic")}}).Exchanges[0].Notes, "what is typed by hand is not judged")
	})
	t.Run("an answer that broke off", func(t *testing.T) {
		result, err := session.Run(t.Context(), digestJob(), fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
			return asking(digestAsks), &core.Failure{Code: "body"}
		}})
		require.NoError(t, err)
		require.Equal(t, "first", whys(result))
	})
	t.Run("what the form forbids", func(t *testing.T) {
		j := digestJob()
		j.Values["algorithm"] = "MD5"
		result := run(t, j, &server{answers: []*core.Response{asking(digestAsks)}})
		require.Equal(t, "first", whys(result))
		require.Equal(t, []string{"digest.algorithm-not-offered"}, codes(result.Exchanges[0].Notes))
		require.Equal(t, "algorithm", result.Exchanges[0].Notes[0].Field)
	})
}

func TestAnswerAfterARedirect(t *testing.T) {
	from := func(address string) *core.Response {
		answer := asking(digestAsks)
		answer.URL = address
		return answer
	}
	t.Run("goes on within the origin", func(t *testing.T) {
		s := &server{answers: []*core.Response{from("https://a.test/x/?y=z#f"), {Status: 200}}}
		require.Equal(t, "first answer", whys(run(t, digestJob(), s)))
		require.Equal(t, "https://a.test/x/?y=z", s.got[1].URL.String())
		require.Equal(t, "/x/?y=z", credentialsOf(s.got[1], "uri"))
	})
	t.Run("never to another one", func(t *testing.T) {
		for _, other := range []string{"https://b.test/x?y=z", "http://a.test/x?y=z", "https://a.test:444/x?y=z"} {
			s := &server{answers: []*core.Response{from(other), {Status: 200}}}
			result := run(t, digestJob(), s)
			require.Equal(t, "first", whys(result), other)
			require.Contains(t, codes(result.Exchanges[0].Notes), "answer.other-origin")
		}
	})
	t.Run("not with a body, which may have been left on the way", func(t *testing.T) {
		j := digestJob()
		j.Request.Method = "POST"
		result := run(t, j, &server{answers: []*core.Response{from("https://a.test/other")}})
		require.Equal(t, "first", whys(result))
		require.Contains(t, codes(result.Exchanges[0].Notes), "answer.redirected")
	})
}

func TestAnswerWithinTheTimeLimit(t *testing.T) {
	slow := func(ctx core.Context, req *core.Request) (*core.Response, error) {
		select {
		case <-time.After(time.Second):
			return asking(digestAsks), nil
		case <-ctx.Done():
			return nil, &core.Failure{Code: "network"}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		j := digestJob()
		j.Fetch.TimeoutMs = 1500
		result, err := session.Run(t.Context(), j, fakeTransport{send: slow})
		require.NoError(t, err)
		require.Equal(t, "first answer", whys(result))
		require.Equal(t, "timeout", result.Exchanges[1].Failure.Code)
		require.InDelta(t, 500, result.Exchanges[1].Millis, 1)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel)
		result, err := session.Run(ctx, digestJob(), fakeTransport{send: slow})
		require.NoError(t, err)
		require.Equal(t, "cancelled", result.Exchanges[1].Failure.Code)
	})
}

// labServer is the lab as a server.
type labServer struct{ *lab.Lab }

func (l labServer) Send(_ core.Context, req *core.Request) (*core.Response, error) {
	answer := l.Handle(strings.TrimPrefix(req.URL.Path, "/lab/"), req)
	return &core.Response{Status: answer.Status, Header: answer.Header, URL: req.URL.String()}, nil
}

func (labServer) Limits() core.Limits { return core.Limits{} }

func TestAnswerToTheLab(t *testing.T) {
	now := pinned().Now()
	drawn := 0
	env := core.Env{Now: func() time.Time { return now }, Keys: platform.Keys()}
	env.Nonce = func(name string, bytes int) string {
		drawn++
		return nonceByName(name, bytes) + strings.Repeat("x", min(bytes, 1)*drawn)
	}
	env.Seen = lab.ReplayMemory(env.Now)
	l := labServer{lab.New(env)}
	j := job("http://127.0.0.1/lab/auth/digest?a=1", "digest", core.Values{"username": "Mufasa", "password": "Circle of Life"})
	j.Env, j.Memory = env, &session.Memory{}
	sent := func(want string) *session.Result {
		result, err := session.Run(t.Context(), j, l)
		require.NoError(t, err)
		require.Equal(t, want, whys(result))
		require.Equal(t, 200, result.Exchanges[len(result.Exchanges)-1].Response.Status)
		return result
	}
	sent("first answer")
	require.Equal(t, "00000002", credentialsOf(sent("first").Built.Request, "nc"), "the same nonce, counted")
	require.Equal(t, "00000003", credentialsOf(sent("first").Built.Request, "nc"))
	require.Equal(t, "00000001", credentialsOf(sent("first").Built.Request, "nc"), "the nonce that came with the last answer")
	now = now.Add(10 * time.Minute)
	require.Equal(t, "00000001", credentialsOf(sent("first answer").Built.Request, "nc"), "stale: one more try")
	j.Values["qop"] = "none"
	sent("first")
	sent("first") // without counting, the lab takes a nonce once, and names the next one
	j.Values["qop"], j.Values["algorithm"] = "auth-int", "MD5"
	sent("first")
	j.Values["password"] = "Circle Of Life"
	result, err := session.Run(t.Context(), j, l)
	require.NoError(t, err)
	require.Equal(t, "first", whys(result), "a wrong password is not sent twice")
	require.Equal(t, 401, result.Exchanges[0].Response.Status)
}
