package session_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

// fakeTransport answers without a network.
type fakeTransport struct {
	send    func(ctx core.Context, req *core.Request) (*core.Response, error)
	browser bool
}

func (f fakeTransport) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	return f.send(ctx, req)
}

func (f fakeTransport) Limits() core.Limits { return core.Limits{Browser: f.browser} }

// hanging waits for the end of the context, as a transport does for an answer that never comes.
func hanging(ctx core.Context, _ *core.Request) (*core.Response, error) {
	<-ctx.Done()
	return nil, &core.Failure{Code: "network", Message: "aborted"}
}

func TestRun(t *testing.T) {
	basic := job("https://a.test/", "basic", core.Values{"username": "u", "password": "p"})
	t.Run("sends what was built", func(t *testing.T) {
		report := &core.TLSReport{Version: "TLS 1.3"}
		answer := &core.Response{Status: 200, TLS: report}
		var sent *core.Request
		result, err := session.Run(t.Context(), basic, fakeTransport{send: func(_ core.Context, req *core.Request) (*core.Response, error) {
			sent = req
			return answer, nil
		}})
		require.NoError(t, err)
		require.Len(t, result.Exchanges, 1)
		require.Equal(t, "first", result.Exchanges[0].Why)
		require.Same(t, answer, result.Exchanges[0].Response)
		require.Same(t, report, result.Exchanges[0].TLS)
		require.Nil(t, result.Exchanges[0].Failure)
		require.Same(t, result.Built.Request, sent)
		require.True(t, sent.Header.Has("Authorization"))
	})
	t.Run("sends nothing that cannot be built", func(t *testing.T) {
		_, err := session.Run(t.Context(), job("", "", nil), fakeTransport{})
		requireFieldError(t, err, "url", "url.empty")
	})
	t.Run("keeps a failure and what came before it", func(t *testing.T) {
		failure := &core.Failure{Code: "network"}
		part := &core.Response{Status: 200, Body: []byte("half")}
		result, err := session.Run(t.Context(), basic, fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
			return part, failure
		}})
		require.NoError(t, err)
		require.Same(t, failure, result.Exchanges[0].Failure)
		require.Same(t, part, result.Exchanges[0].Response)
	})
	t.Run("names a time limit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			slow := basic
			slow.Fetch.TimeoutMs = 1500
			result, err := session.Run(t.Context(), slow, fakeTransport{send: hanging})
			require.NoError(t, err)
			require.Equal(t, "timeout", result.Exchanges[0].Failure.Code)
			require.InDelta(t, 1500, result.Exchanges[0].Millis, 0.1)
		})
	})
	t.Run("names a cancellation", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			result, err := session.Run(ctx, basic, fakeTransport{send: hanging})
			require.NoError(t, err)
			require.Equal(t, "cancelled", result.Exchanges[0].Failure.Code)
		})
	})
	t.Run("sends nothing that was cancelled before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		result, err := session.Run(ctx, basic, fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
			t.Error("it was sent")
			return nil, nil
		}})
		require.NoError(t, err)
		require.Equal(t, "cancelled", result.Exchanges[0].Failure.Code)
	})
	t.Run("leaves a transport its own words, and the handshake", func(t *testing.T) {
		own := &core.Failure{Code: "cancelled", Message: "while agreeing on TLS"}
		other := &core.Failure{Code: "network", TLS: &core.TLSReport{Version: "TLS 1.3"}}
		for _, failure := range []*core.Failure{own, other} {
			ctx, cancel := context.WithCancel(t.Context())
			result, err := session.Run(ctx, basic, fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
				cancel()
				return nil, failure
			}})
			require.NoError(t, err)
			require.Equal(t, "cancelled", result.Exchanges[0].Failure.Code)
			require.Equal(t, failure.TLS, result.Exchanges[0].Failure.TLS)
			require.Equal(t, failure == own, result.Exchanges[0].Failure == own)
		}
	})
	t.Run("takes any other error for a bug", func(t *testing.T) {
		cause := errors.New("odd")
		_, err := session.Run(t.Context(), basic, fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) { return nil, cause }})
		require.ErrorIs(t, err, cause)
	})
}

// redirecting is a transport that follows redirects itself.
type redirecting struct{ fakeTransport }

func (r redirecting) Follow(ctx core.Context, req *core.Request, passed func(*core.Request, *core.Response)) (*core.Request, *core.Response, error) {
	next := req.Clone()
	next.Header.Del("Authorization")
	passed(req, &core.Response{Status: 302, URL: req.URL.String(), TLS: &core.TLSReport{}})
	response, err := r.send(ctx, next)
	return next, response, err
}

func TestRunRedirects(t *testing.T) {
	basic := job("https://a.test/#top", "basic", core.Values{"username": "u", "password": "p"})
	t.Run("are exchanges of their own", func(t *testing.T) {
		result, err := session.Run(t.Context(), basic, redirecting{fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
			return nil, &core.Failure{Code: "refused"}
		}}})
		require.NoError(t, err)
		require.Len(t, result.Exchanges, 2)
		first, second := result.Exchanges[0], result.Exchanges[1]
		require.Equal(t, []string{"first", "redirect"}, []string{first.Why, second.Why})
		require.Same(t, result.Built.Request, first.Request)
		require.Equal(t, 302, first.Response.Status)
		require.NotNil(t, first.TLS)
		require.Nil(t, first.Failure)
		require.False(t, second.Request.Header.Has("Authorization"))
		require.Nil(t, second.Response)
		require.Equal(t, "refused", second.Failure.Code)
	})
	for name, c := range map[string]struct {
		answer core.Response
		notes  []string
	}{
		"the same address":    {core.Response{URL: "https://a.test/", Protocol: "HTTP/1.1"}, []string{}},
		"an unknown address":  {core.Response{}, []string{}},
		"another address":     {core.Response{URL: "https://a.test/b"}, []string{"redirect.followed"}},
		"an answer in HTTP/2": {core.Response{URL: "https://a.test/", Protocol: "h2"}, []string{"http.h2"}},
	} {
		t.Run("that a browser hides are noted: "+name, func(t *testing.T) {
			result, err := session.Run(t.Context(), basic, fakeTransport{browser: true, send: func(core.Context, *core.Request) (*core.Response, error) {
				return &c.answer, nil
			}})
			require.NoError(t, err)
			require.Equal(t, c.notes, codes(result.Exchanges[0].Notes))
		})
	}
}

func TestRunBlocked(t *testing.T) {
	trace := job("https://a.test/", "", nil)
	trace.Request.Method, trace.Native = "TRACE", false
	calls := 0
	transport := fakeTransport{send: func(core.Context, *core.Request) (*core.Response, error) {
		calls++
		return &core.Response{Status: 200}, nil
	}}
	t.Run("sends nothing that the browser refuses", func(t *testing.T) {
		transport.browser = true
		result, err := session.Run(t.Context(), trace, transport)
		require.NoError(t, err)
		require.Zero(t, calls)
		require.NotNil(t, result.Built.Browser.Blocked)
		require.Equal(t, result.Built.Browser.Blocked.Code, result.Exchanges[0].Failure.Code)
	})
	t.Run("sends it where there is no browser", func(t *testing.T) {
		transport.browser = false
		result, err := session.Run(t.Context(), trace, transport)
		require.NoError(t, err)
		require.Equal(t, 1, calls)
		require.Nil(t, result.Exchanges[0].Failure)
		require.Nil(t, result.Built.Browser.Blocked, "nor is anything predicted of one")
		require.Empty(t, result.Built.Trace.Notes)
	})
}

func TestVerify(t *testing.T) {
	values := core.Values{"username": "Aladdin", "password": "open sesame"}
	received := func(authorization string) session.Spec {
		return session.Spec{URL: "/x?y", Header: core.Header{{Name: "Host", Value: "a.test"}, {Name: "Authorization", Value: authorization}}}
	}
	t.Run("accepts the right credentials", func(t *testing.T) {
		trace, err := session.Verify(received("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), "basic", values, pinned())
		require.NoError(t, err)
		require.NotEmpty(t, trace.Steps)
		require.Equal(t, []string{"url.https-assumed"}, codes(trace.Notes))
	})
	t.Run("names the step of wrong ones", func(t *testing.T) {
		trace, err := session.Verify(received("Basic QWxhZGRpbjpjbG9zZSBzZXNhbWU="), "basic", values, pinned())
		var rejection *core.Rejection
		require.ErrorAs(t, err, &rejection)
		require.Equal(t, "password", rejection.Step)
		require.NotEmpty(t, trace.Steps)
	})
	t.Run("finds nothing to check without a scheme", func(t *testing.T) {
		_, err := session.Verify(received("x"), "", nil, pinned())
		requireFieldError(t, err, "scheme", "scheme.no-verify")
	})
	t.Run("adds nothing to what was received", func(t *testing.T) {
		spec := received("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
		spec.URL, spec.Body = "https://u:p@a.test/", session.Body{Kind: "text", Text: "x"}
		trace, err := session.Verify(spec, "basic", values, pinned())
		require.NoError(t, err)
		require.Equal(t, []string{"url.credentials-ignored"}, codes(trace.Notes))
	})
	t.Run("refuses a request without a host", func(t *testing.T) {
		_, err := session.Verify(session.Spec{URL: "/x"}, "basic", values, pinned())
		requireFieldError(t, err, "url", "url.relative")
	})
}
