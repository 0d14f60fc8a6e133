package native

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
)

// authority is a certificate with its key: a CA, or a server or client that one issued.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// issue makes a certificate from template; without an issuer it is self-signed.
func issue(t testing.TB, issuer *authority, template x509.Certificate) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := &template, key
	if issuer != nil {
		parent, signer = issuer.certificate, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, parent, &key.PublicKey, signer)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{certificate, key}
}

func ca(name string) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
}

// server is the template for a server on loopback.
func server() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "server"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
}

func client() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
}

func (a *authority) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw}))
}

func (a *authority) keyPEM(t testing.TB) string {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func (a *authority) fingerprint() string {
	digest := sha256.Sum256(a.certificate.Raw)
	return hex.EncodeToString(digest[:])
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// chain is what a server or client presents: a's certificate and those that follow it.
func (a *authority) chain(rest ...*authority) tls.Certificate {
	pair := tls.Certificate{Certificate: [][]byte{a.certificate.Raw}, PrivateKey: a.key}
	for _, next := range rest {
		pair.Certificate = append(pair.Certificate, next.certificate.Raw)
	}
	return pair
}

// serveTLS answers on loopback with the configuration given, over HTTP/1.1 unless h2 is in NextProtos.
func serveTLS(t testing.TB, config *tls.Config, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.TLS, s.EnableHTTP2 = config, len(config.NextProtos) > 0
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func presents(chain tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{chain}}
}

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
