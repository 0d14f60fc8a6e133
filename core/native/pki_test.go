package native

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/pki"
	"authpad/core/platform"
)

// What package pki makes, by the names that the tests of this package use.

type authority = pki.Authority

var (
	issue    = pki.Issue
	ca       = pki.CA
	server   = pki.Server
	client   = pki.Client
	presents = pki.Presents
	serveTLS = pki.Serve
)

func ok(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }

func request(t testing.TB, method, address string) *core.Request {
	t.Helper()
	u, err := platform.ParseURL(address, "")
	require.NoError(t, err)
	return &core.Request{Method: method, URL: u}
}

// send sends req and returns what came, the failure apart from it.
func send(t testing.TB, options core.TLS, fetch core.Fetch, req *core.Request) (*core.Response, *core.Failure) {
	t.Helper()
	return sendWith(context.Background(), t, options, fetch, req)
}

func sendWith(ctx context.Context, t testing.TB, options core.TLS, fetch core.Fetch, req *core.Request) (*core.Response, *core.Failure) {
	t.Helper()
	transport, err := NewTransport(Options{TLS: options, Fetch: fetch})
	require.NoError(t, err)
	response, err := transport.Send(ctx, req)
	if err == nil {
		require.NotNil(t, response)
		return response, nil
	}
	var failure *core.Failure
	require.ErrorAs(t, err, &failure, "an error of Send is a *core.Failure")
	return response, failure
}

func noteCodes(r *core.TLSReport) []string {
	codes := []string{}
	for _, n := range r.Notes {
		codes = append(codes, n.Code)
	}
	return codes
}

// withFirstBytes closes arrived when the first byte of an answer came.
func withFirstBytes(ctx context.Context, arrived chan<- bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotFirstResponseByte: func() { close(arrived) }})
}
