package native

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// sendKept sends as for a page that has left these connections behind.
func sendKept(t *testing.T, k *kept, o Options, req *core.Request) (*core.Response, *core.Failure) {
	t.Helper()
	transport, err := newTransport(o)
	require.NoError(t, err)
	transport.kept = k
	response, err := transport.Send(t.Context(), req)
	var failure *core.Failure
	require.True(t, err == nil || errors.As(err, &failure))
	return response, failure
}

// whence says which connection a request came over.
func whence(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RemoteAddr) }

// asksTwice returns what the server says to two requests, one after the other.
func asksTwice(t *testing.T, one, two Options, first, second *core.Request) (a, b string) {
	t.Helper()
	k := newKept()
	defer k.Close()
	before, failure := sendKept(t, k, one, first)
	require.Nil(t, failure)
	after, failure := sendKept(t, k, two, second)
	require.Nil(t, failure)
	return string(before.Body), string(after.Body)
}

func TestAConnectionIsKept(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(whence))
	defer s.Close()
	plain := Options{}
	get := func() *core.Request { return request(t, "GET", s.URL) }
	with := func(name, value string) *core.Request {
		req := get()
		req.Header.Add(name, value)
		return req
	}
	posted := request(t, "POST", s.URL)
	posted.Body = []byte("once")
	for name, c := range map[string]struct {
		second  *core.Request
		options Options
		same    bool
	}{
		"for the next request":                         {get(), plain, true},
		"for one with other credentials":               {with("Authorization", "Basic YTpi"), plain, true},
		"not for what must not be sent twice":          {posted, plain, false},
		"not for another way to write the host":        {request(t, "GET", strings.Replace(s.URL, "127.0.0.1", "localhost", 1)), plain, false},
		"not where another proxy leads":                {get(), Options{Proxy: core.Proxy{URL: s.URL}}, false},
		"not where certificates are checked otherwise": {get(), Options{TLS: core.TLS{SkipVerify: true}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := asksTwice(t, plain, c.options, get(), c.second)
			require.Equal(t, c.same, a == b)
		})
	}
	t.Run("not where none are", func(t *testing.T) {
		transport, err := newTransport(plain)
		require.NoError(t, err)
		a, err := transport.Send(t.Context(), get())
		require.NoError(t, err)
		b, err := transport.Send(t.Context(), get())
		require.NoError(t, err)
		require.NotEqual(t, a.Body, b.Body)
	})
	t.Run("not behind a login of the connection", func(t *testing.T) {
		a, b := asksTwice(t, plain, plain, with("Authorization", "NTLM TlRMTVNTUAAB"), get())
		require.NotEqual(t, a, b)
		offers := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("WWW-Authenticate", "Basic")
			w.Header().Add("WWW-Authenticate", "Negotiate")
			whence(w, r)
		}))
		defer offers.Close()
		a, b = asksTwice(t, plain, plain, request(t, "GET", offers.URL), request(t, "GET", offers.URL))
		require.NotEqual(t, a, b)
	})
	t.Run("not where the request says so, though the server does not", func(t *testing.T) {
		address, _ := scripted(t, []string{okAnswer, okAnswer}, []string{okAnswer})
		k := newKept()
		defer k.Close()
		closing := request(t, "GET", address)
		closing.Header.Add("Connection", "Close")
		for range 2 {
			_, failure := sendKept(t, k, plain, closing)
			require.Nil(t, failure)
			require.Empty(t, k.links)
		}
	})
	for name, c := range map[string]struct{ method, lines string }{
		"not where the server says so":                          {"GET", "Connection: close\r\n"},
		"not behind a method that may have made a tunnel of it": {"CONNECT", ""},
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := scripted(t, []string{"HTTP/1.1 200 OK\r\n" + c.lines + "Content-Length: 0\r\n\r\n"})
			k := newKept()
			defer k.Close()
			_, failure := sendKept(t, k, plain, request(t, c.method, address))
			require.Nil(t, failure)
			require.Empty(t, k.links)
		})
	}
	t.Run("behind an answer without a body", func(t *testing.T) {
		silent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Over", r.RemoteAddr)
			if r.Method == "GET" {
				w.WriteHeader(http.StatusNoContent)
			}
		}))
		defer silent.Close()
		k := newKept()
		defer k.Close()
		over := map[string]bool{}
		for _, method := range []string{"HEAD", "GET", "HEAD", "OPTIONS"} {
			response, failure := sendKept(t, k, plain, request(t, method, silent.URL))
			require.Nil(t, failure)
			address, _ := response.Header.Get("X-Over")
			over[address] = true
		}
		require.Len(t, over, 1)
	})
	t.Run("and has the wire as it was", func(t *testing.T) {
		k := newKept()
		defer k.Close()
		alone, failure := send(t, core.TLS{}, core.Fetch{}, get())
		require.Nil(t, failure)
		for range 3 {
			again, failure := sendKept(t, k, plain, get())
			require.Nil(t, failure)
			again.Body, alone.Body = nil, nil
			again.Header, alone.Header = undated(again.Header), undated(alone.Header)
			require.Equal(t, alone, again)
		}
	})
}

func undated(header core.Header) (rest core.Header) {
	for _, f := range header {
		if f.Name != "Date" && f.Name != "Content-Length" {
			rest = append(rest, f)
		}
	}
	return rest
}

// What TLS saw is told of each request, and is what was asked for by this one.
func TestAKeptConnectionHasItsCertificate(t *testing.T) {
	root, clients := issue(t, nil, ca("root")), issue(t, nil, ca("client CA"))
	one, two := issue(t, clients, client()), issue(t, clients, client())
	config := presents(issue(t, root, server()).Chain())
	config.ClientAuth, config.NextProtos = tls.RequestClientCert, []string{"http/1.1"}
	s := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) {
		for _, c := range r.TLS.PeerCertificates {
			io.WriteString(w, c.SerialNumber.String()+" ")
		}
		whence(w, r)
	})
	k := newKept()
	defer k.Close()
	seen := map[string]bool{}
	for name, o := range map[string]core.TLS{"checked": {CA: root.PEM()}, "not checked": {SkipVerify: true}, "pinned": {Fingerprint: send2(t, core.TLS{SkipVerify: true}, s.URL).TLS.Fingerprint},
		"with a certificate": {CA: root.PEM(), ClientCert: one.PEM(), ClientKey: one.KeyPEM(t)}, "with another": {CA: root.PEM(), ClientCert: two.PEM(), ClientKey: two.KeyPEM(t)}} {
		t.Run(name, func(t *testing.T) {
			first, failure := sendKept(t, k, Options{TLS: o}, request(t, "GET", s.URL))
			require.Nil(t, failure)
			require.False(t, seen[string(first.Body)], "over a connection that was made otherwise")
			seen[string(first.Body)] = true
			second, failure := sendKept(t, k, Options{TLS: o}, request(t, "GET", s.URL))
			require.Nil(t, failure)
			require.Equal(t, string(first.Body), string(second.Body))
			require.Equal(t, send2(t, o, s.URL).TLS, second.TLS, "as of a connection of its own")
			require.False(t, first.TLS == second.TLS, "what is added to one is not in the other")
		})
	}
	_, failure := sendKept(t, k, Options{}, request(t, "GET", s.URL))
	require.Equal(t, "tls.unknown-ca", failure.Code, "whom others trust")
}

// An answer that was not read to its end would be taken for the next one.
func TestHalfAnAnswerIsNotKept(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/302" {
			w.Header().Set("Location", "/end")
			w.WriteHeader(302)
			io.WriteString(w, strings.Repeat("x", 100_000)) // more than is looked at
			return
		}
		whence(w, r)
	}))
	defer s.Close()
	a, b := asksTwice(t, Options{}, Options{}, request(t, "GET", s.URL+"/302"), request(t, "GET", s.URL))
	require.Equal(t, a, b, "the connection of the redirect's end is kept")
	k := newKept()
	defer k.Close()
	ctx, cancel := context.WithCancel(t.Context())
	transport, err := newTransport(Options{})
	require.NoError(t, err)
	transport.kept = k
	cancel()
	_, err = transport.Send(ctx, request(t, "GET", s.URL))
	require.Error(t, err)
	require.Empty(t, k.links)
}

// A connection that somebody was allowed to make is not there for who is not.
func TestAKeptConnectionIsJudgedAnew(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(whence))
	defer s.Close()
	k := newKept()
	defer k.Close()
	_, failure := sendKept(t, k, Options{}, request(t, "GET", s.URL))
	require.Nil(t, failure)
	require.Len(t, k.links, 1)
	refused := &core.Failure{Code: "relay.metadata"}
	for _, when := range []struct {
		name  string
		asked func(at netip.AddrPort) bool
	}{{"by its host", func(netip.AddrPort) bool { return true }}, {"by its address", func(at netip.AddrPort) bool { return "http://"+at.String() == s.URL }}} {
		_, failure = sendKept(t, k, Options{Allow: func(_ string, at netip.AddrPort) error {
			if when.asked(at) {
				return refused
			}
			return nil
		}}, request(t, "GET", s.URL))
		require.Equal(t, refused, failure, when.name)
	}
}
