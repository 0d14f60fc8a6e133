// Package pki makes the certificates and the TLS servers that tests need: authorities, what they issue, and
// everything that can be wrong with it. Only tests import it.
package pki

import (
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
	"testing"
	"time"
)

// Authority is a certificate with its key: a CA, or a server or client that one issued.
type Authority struct {
	Certificate *x509.Certificate
	Key         *ecdsa.PrivateKey
}

// Issue makes a certificate from template, valid for an hour unless that says otherwise; without an issuer it
// is self-signed.
func Issue(t testing.TB, issuer *Authority, template x509.Certificate) *Authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	if template.NotAfter.IsZero() {
		template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := &template, key
	if issuer != nil {
		parent, signer = issuer.Certificate, issuer.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, parent, &key.PublicKey, signer)
	must(t, err)
	certificate, err := x509.ParseCertificate(der)
	must(t, err)
	return &Authority{certificate, key}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// CA is the template for an authority.
func CA(name string) x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
}

// Server is the template for a server on loopback.
func Server() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "server"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
}

// Client is the template for a client certificate.
func Client() x509.Certificate {
	return x509.Certificate{Subject: pkix.Name{CommonName: "client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
}

// PEM is the certificate as text.
func (a *Authority) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate.Raw}))
}

// KeyPEM is the key as text, in PKCS #8.
func (a *Authority) KeyPEM(t testing.TB) string {
	der, err := x509.MarshalPKCS8PrivateKey(a.Key)
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// Fingerprint is the SHA-256 of the certificate in lower-case hex.
func (a *Authority) Fingerprint() string {
	digest := sha256.Sum256(a.Certificate.Raw)
	return hex.EncodeToString(digest[:])
}

// Pool holds this certificate alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Certificate)
	return pool
}

// Chain is what a server or client presents: a's certificate and those that follow it.
func (a *Authority) Chain(rest ...*Authority) tls.Certificate {
	pair := tls.Certificate{Certificate: [][]byte{a.Certificate.Raw}, PrivateKey: a.Key}
	for _, next := range rest {
		pair.Certificate = append(pair.Certificate, next.Certificate.Raw)
	}
	return pair
}

// Presents is the configuration of a server with this chain.
func Presents(chain tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{chain}}
}

// Serve answers on loopback with the configuration given, over HTTP/1.1 unless h2 is in NextProtos.
func Serve(t testing.TB, config *tls.Config, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.TLS, s.EnableHTTP2 = config, len(config.NextProtos) > 0
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}
