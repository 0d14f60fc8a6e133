// Package native is the part of authpad that a browser has no room for: the network of the machine
// it runs on, and the web server.
package native

import (
	"context"

	"authpad/core"
)

// NewTransport returns a Transport over the network of this machine. An error is a *core.FieldError
// for "tls.ca", "tls.fingerprint", "tls.clientCert" or "tls.clientKey".
func NewTransport(tls core.TLS, fetch core.Fetch) (core.Transport, error) {
	return &transport{tls: tls, fetch: fetch}, nil
}

type transport struct {
	tls   core.TLS
	fetch core.Fetch
}

// Send sends req as it stands.
func (t *transport) Send(_ context.Context, _ *core.Request) (*core.Response, error) {
	return nil, &core.Failure{Code: "network", Message: "sending is not written yet"}
}

// Limits says that no browser is involved.
func (t *transport) Limits() core.Limits { return core.Limits{Body: 16 << 20} }
