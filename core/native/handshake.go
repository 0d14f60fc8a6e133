package native

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strconv"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// handshake checks one connection's certificates and remembers what it saw. Go's own check is
// turned off, since its error leaves no connection to ask for the chain; verifyChain repeats it with
// the options that crypto/tls uses.
type handshake struct {
	trust  *trust
	host   string   // the name that is checked, without the brackets of an IPv6 address
	offer  []string // protocols for ALPN (RFC 7301)
	report *core.TLSReport
	asked  *tls.CertificateRequestInfo // nil: the server did not ask for a client certificate
}

func (h *handshake) config() *tls.Config {
	return &tls.Config{
		ServerName:           h.host,
		NextProtos:           h.offer,
		InsecureSkipVerify:   true, // VerifyConnection decides
		VerifyConnection:     h.verify,
		GetClientCertificate: h.clientCertificate,
	}
}

// clientCertificate offers the certificate whatever CAs the server names: its refusal can be
// explained, silence cannot.
func (h *handshake) clientCertificate(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	h.asked = asked
	if h.trust.client == nil {
		return new(tls.Certificate), nil
	}
	return h.trust.client, nil
}

// verify is called in every handshake, as soon as the server's certificates are there.
func (h *handshake) verify(state tls.ConnectionState) error {
	h.report = newReport(h.host, state)
	h.report.Notes = slices.Clone(h.trust.notes)
	if h.trust.pin != "" {
		return h.verifyPin()
	}
	certificates, now := state.PeerCertificates, time.Now()
	err := verifyChain(certificates, h.host, h.trust.roots, now)
	if err == nil {
		return nil
	}
	found := findings(certificates, h.host, h.trust.roots, now, err)
	if h.trust.skip {
		h.note(found, core.Warn)
		return nil
	}
	h.note(found[1:], core.Error)
	return h.refuse(found[0])
}

func (h *handshake) verifyPin() error {
	if h.report.Fingerprint == h.trust.pin {
		return nil
	}
	return h.refuse(finding{"tls.fingerprint", "fingerprint", "the server’s certificate has the SHA-256 fingerprint " +
		h.report.Fingerprint + ", not the pinned one: it was renewed, or someone is in between; ask the server’s owner before pinning the new one"})
}

func (h *handshake) refuse(f finding) error {
	h.report.Check = f.check
	return &core.Failure{Code: f.code, Message: f.message, TLS: h.report}
}

func (h *handshake) note(found []finding, severity core.Severity) {
	for _, f := range found {
		h.report.Notes = append(h.report.Notes, core.Note{Code: f.code, Severity: severity, Message: f.message})
	}
}

// finish completes the report of a handshake that succeeded.
func (h *handshake) finish() {
	if h.asked != nil && h.trust.client == nil {
		h.report.Notes = append(h.report.Notes, core.Note{Code: "tls.client-certificate-asked", Severity: core.Info,
			Field: "tls.clientCert", Message: "the server asked for a client certificate; none was sent"})
	}
}

func newReport(host string, state tls.ConnectionState) *core.TLSReport {
	r := &core.TLSReport{ServerName: host, Version: tls.VersionName(state.Version),
		CipherSuite: tls.CipherSuiteName(state.CipherSuite)}
	for _, c := range state.PeerCertificates {
		r.Chain = append(r.Chain, certificate(c))
	}
	r.Fingerprint = r.Chain[0].Fingerprint
	return r
}

func certificate(c *x509.Certificate) core.Certificate {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	digest := sha256.Sum256(c.Raw)
	return core.Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: names,
		NotBefore: syntax.FormatTime(c.NotBefore), NotAfter: syntax.FormatTime(c.NotAfter),
		Fingerprint: hex.EncodeToString(digest[:]), SelfSigned: selfSigned(c), Key: keyOf(c.PublicKey),
		PEM: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	}
}

// keyOf names a kind of key and its size.
func keyOf(public any) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return "RSA " + strconv.Itoa(key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return ""
}

// acceptable names the CAs whose client certificates a server takes, where it says so.
func acceptable(asked *tls.CertificateRequestInfo) string {
	var names []string
	for _, raw := range asked.AcceptableCAs {
		var sequence pkix.RDNSequence
		if rest, err := asn1.Unmarshal(raw, &sequence); err == nil && len(rest) == 0 {
			names = append(names, nameOf(sequence.String()))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; it takes certificates issued by " + list(names)
}
