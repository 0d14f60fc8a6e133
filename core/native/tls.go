package native

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// trust is core.TLS, read and checked. Where several ways to trust are given, the most specific one
// decides, and a note says so:
//
//  1. a fingerprint: exactly this certificate, whatever its chain, name and dates. Turning
//     verification off does not turn the pin off.
//  2. verification off: any certificate.
//  3. a CA: the usual checks against these roots instead of the system's.
//  4. nothing: the usual checks against the system's roots.
//
// A client certificate goes with each of them. All hops of a redirected request are checked alike,
// as with aiohttp's ssl argument.
type trust struct {
	pin    string         // lower-case hex; empty: none
	skip   bool           // take any certificate
	roots  *x509.CertPool // nil: the system's
	client *tls.Certificate
	notes  []core.Note
}

func newTrust(o core.TLS, now time.Time) (*trust, error) {
	pin, err := syntax.ReadFingerprint(o.Fingerprint)
	if err != nil {
		return nil, err
	}
	roots, err := readCA(o.CA)
	if err != nil {
		return nil, err
	}
	client, err := readClient(o)
	if err != nil {
		return nil, err
	}
	t := &trust{pin: pin, skip: o.SkipVerify && pin == "", roots: roots, client: client}
	t.notes = t.remarks(o, now)
	return t, nil
}

// remarks are the notes that hold for every connection made this way.
func (t *trust) remarks(o core.TLS, now time.Time) []core.Note {
	var notes []core.Note
	switch {
	case t.pin != "":
		notes = append(notes, core.Note{Code: "tls.pinned", Severity: core.Info, Field: "tls.fingerprint",
			Message: "the certificate was compared with the pinned SHA-256 fingerprint; its chain, name and dates were not checked"})
	case t.skip:
		notes = append(notes, core.Note{Code: "tls.verify-off", Severity: core.Warn, Field: "tls.verify",
			Message: "the certificate was not verified: anyone on the way could have answered, and read the credentials",
			Fix:     "pin the certificate’s fingerprint, or give its CA"})
	}
	if t.roots != nil && (t.pin != "" || t.skip) {
		notes = append(notes, core.Note{Code: "tls.ca-unused", Severity: core.Warn, Field: "tls.ca",
			Message: "the CA certificates were not used, since another choice decides",
			Fix:     "remove the CA, or the fingerprint and verification off"})
	}
	if t.pin != "" && o.SkipVerify {
		notes = append(notes, core.Note{Code: "tls.pin-decides", Severity: core.Info, Field: "tls.verify",
			Message: "verification is off, but a fingerprint is pinned: the pin was still checked"})
	}
	if t.client != nil && !valid(t.client.Leaf, now) {
		notes = append(notes, core.Note{Code: "tls.client-certificate-dates", Severity: core.Warn, Field: "tls.clientCert",
			Message: "the client certificate is valid from " + date(t.client.Leaf.NotBefore) + " to " + date(t.client.Leaf.NotAfter) + ", not now"})
	}
	return notes
}

// readCA returns nil where nothing is typed: the system's roots.
func readCA(typed string) (*x509.CertPool, error) {
	if strings.TrimSpace(typed) == "" {
		return nil, nil
	}
	refuse := func(code, message string) (*x509.CertPool, error) {
		return nil, &core.FieldError{Field: "tls.ca", Code: code, Message: message}
	}
	pool, found, key := x509.NewCertPool(), 0, false
	for _, block := range pemBlocks(typed) {
		if block.Type != "CERTIFICATE" {
			key = key || strings.HasSuffix(block.Type, "PRIVATE KEY")
			continue
		}
		found++
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return refuse("tls.ca.invalid", "certificate "+strconv.Itoa(found)+" of the CA text cannot be read: is it cut off")
		}
		pool.AddCert(certificate)
	}
	switch {
	case found > 0:
		return pool, nil
	case key:
		return refuse("tls.ca.private-key", "this is a private key; the CA’s certificate is needed, and its key belongs nowhere")
	}
	return refuse("tls.ca.pem", "no certificate is in this text: it begins with -----BEGIN CERTIFICATE-----")
}

func pemBlocks(text string) []*pem.Block {
	var blocks []*pem.Block
	for rest := []byte(text); ; {
		block, after := pem.Decode(rest)
		if block == nil {
			return blocks
		}
		blocks, rest = append(blocks, block), after
	}
}

// readClient takes PEM or PKCS #12, and not both: nobody could tell which was meant.
func readClient(o core.TLS) (*tls.Certificate, error) {
	if o.PKCS12 != "" && strings.TrimSpace(o.ClientCert+o.ClientKey) != "" {
		return nil, &core.FieldError{Field: "tls.pkcs12", Code: "tls.client-certificate.twice",
			Message: "there are two client certificates, one in PEM and one in PKCS #12: remove one"}
	}
	if o.PKCS12 != "" {
		return readPKCS12(o.PKCS12, o.PKCS12Password)
	}
	return readClientCertificate(o.ClientCert, o.ClientKey)
}

// readClientCertificate takes a pair, or one text with both.
func readClientCertificate(certificate, key string) (*tls.Certificate, error) {
	certificate, key = strings.TrimSpace(certificate), strings.TrimSpace(key)
	if certificate == "" && key == "" {
		return nil, nil
	}
	if err := checkClientCertificate(certificate); err != nil {
		return nil, err
	}
	if key == "" {
		key = certificate
	}
	if err := checkClientKey(key); err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	switch {
	case err == nil:
		return &pair, nil
	case strings.Contains(err.Error(), "does not match"):
		return nil, clientKeyError("tls.client-key.mismatch", "this key does not belong to the client certificate: "+
			"openssl pkey -pubout and openssl x509 -pubkey must print the same")
	}
	return nil, clientKeyError("tls.client-key.invalid", "the client key cannot be read: RSA, ECDSA or Ed25519 in PEM is needed")
}

func checkClientCertificate(text string) error {
	for _, block := range pemBlocks(text) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil {
			return nil
		}
		return &core.FieldError{Field: "tls.clientCert", Code: "tls.client-certificate.invalid",
			Message: "the client certificate cannot be read: is it cut off"}
	}
	if text == "" {
		return &core.FieldError{Field: "tls.clientCert", Code: "tls.client-certificate.missing",
			Message: "a client key needs the certificate it belongs to"}
	}
	return &core.FieldError{Field: "tls.clientCert", Code: "tls.client-certificate.pem",
		Message: "no certificate is in this text: it begins with -----BEGIN CERTIFICATE-----"}
}

func checkClientKey(text string) error {
	for _, block := range pemBlocks(text) {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		// RFC 1421 and PKCS #8 have one way each to say it.
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return clientKeyError("tls.client-key.encrypted", "the client key is locked by a passphrase: unlock it with openssl pkey -in key.pem -out open.pem")
		}
		return nil
	}
	return clientKeyError("tls.client-key.pem", "no private key is in this text: it begins with -----BEGIN PRIVATE KEY-----")
}

func clientKeyError(code, message string) error {
	return &core.FieldError{Field: "tls.clientKey", Code: code, Message: message}
}
