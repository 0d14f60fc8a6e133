package native

import (
	"bytes"
	"crypto/x509"
	"errors"
	"strconv"
	"strings"
	"time"
)

// verifyChain is Go's own check of a server (crypto/tls, Conn.verifyServerCertificate): same roots,
// same intermediates, same name, same purpose. verify_test.go holds it to that.
func verifyChain(sent []*x509.Certificate, host string, roots *x509.CertPool, now time.Time) error {
	intermediates := x509.NewCertPool()
	for _, c := range sent[1:] {
		intermediates.AddCert(c)
	}
	_, err := sent[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, DNSName: host, CurrentTime: now})
	return err
}

// finding is one check that failed: code of the Failure, the check as TLSReport names it, and what a
// person should know and do.
type finding struct{ code, check, message string }

// findings explains why verifyChain refused: dates first, then name, then chain, which is Go's order
// too. Go stops at the first; a person who mends that one wants to know of the next.
func findings(sent []*x509.Certificate, host string, roots *x509.CertPool, now time.Time, refusal error) []finding {
	var found []finding
	leaf, during := sent[0], now
	if !valid(leaf, now) {
		found = append(found, dateFinding("the server’s certificate", leaf, now))
		during = leaf.NotAfter
	}
	if leaf.VerifyHostname(host) != nil {
		found = append(found, nameFinding(leaf, host))
	}
	// No name and a moment within the leaf's dates: what is left is the chain. Of the dates of others,
	// that moment says nothing.
	if err := verifyChain(sent, "", roots, during); err != nil && (during.Equal(now) || !outOfDate(err)) {
		found = append(found, chainFinding(sent, roots, now, err))
	}
	if len(found) == 0 {
		return []finding{otherFinding(refusal)}
	}
	return found
}

func valid(c *x509.Certificate, now time.Time) bool {
	return !now.Before(c.NotBefore) && !now.After(c.NotAfter)
}

func outOfDate(err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func dateFinding(whose string, c *x509.Certificate, now time.Time) finding {
	if now.Before(c.NotBefore) {
		return finding{"tls.not-yet-valid", "validity", whose + " is not valid before " + date(c.NotBefore) +
			", and it is " + date(now) + " here: check this machine’s clock, or wait"}
	}
	return finding{"tls.expired", "validity", whose + " expired on " + date(c.NotAfter) +
		": it has to be renewed; to take it as it is, pin its fingerprint"}
}

func date(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func nameFinding(leaf *x509.Certificate, host string) finding {
	f := finding{code: "tls.wrong-name", check: "name"}
	names := certificate(leaf).Names
	switch {
	case len(names) == 0 && strings.EqualFold(leaf.Subject.CommonName, host):
		f.message = "the server’s certificate has the name " + host + " only as common name, which clients no longer read: " +
			"it has to be issued anew with a subject alternative name"
	case len(names) == 0:
		f.message = "the server’s certificate is for no name at all, so not for " + host + ": it has to be issued anew with a subject alternative name"
	default:
		f.message = "the server’s certificate is for " + list(names) + ", not for " + host + ": send to a name it is for, or have it issued anew"
	}
	return f
}

// list shortens what shared hosts have hundreds of.
func list(names []string) string {
	const shown = 8
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:shown], ", ") + " and " + strconv.Itoa(len(names)-shown) + " more"
}

func chainFinding(sent []*x509.Certificate, roots *x509.CertPool, now time.Time, err error) finding {
	var invalid x509.CertificateInvalidError
	switch {
	case outOfDate(err) && errors.As(err, &invalid):
		return dateFinding("the certificate of "+subject(invalid.Cert)+", which the server’s depends on,", invalid.Cert, now)
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return finding{"tls.wrong-usage", "chain", "the certificate is not meant for servers: its extended key usage lacks server authentication"}
	case errors.As(err, &invalid) && invalid.Reason == x509.NotAuthorizedToSign:
		return finding{"tls.unknown-ca", "chain", subject(invalid.Cert) + " signed a certificate in the chain but is no authority: it may not sign any"}
	case errors.As(err, new(x509.UnknownAuthorityError)):
		return authorityFinding(sent, roots, err)
	case errors.As(err, new(x509.SystemRootsError)):
		return finding{"tls.no-roots", "chain", "this machine has no trusted authorities to check with: install its ca-certificates package, or give a CA"}
	}
	return otherFinding(err)
}

func otherFinding(err error) finding {
	return finding{"tls.chain", "chain", "the certificate chain was refused: " + strings.TrimPrefix(err.Error(), "x509: ")}
}

// authorityFinding tells apart why no chain ends at a trusted root.
func authorityFinding(sent []*x509.Certificate, roots *x509.CertPool, err error) finding {
	trusted := "the system’s trusted authorities"
	if roots != nil {
		trusted = "the given CA certificates"
	}
	top := topOf(sent)
	switch {
	case strings.Contains(err.Error(), "insecure algorithm"):
		return finding{"tls.weak-signature", "chain", "the chain holds a signature made with MD5 or SHA-1, which anyone can forge: it has to be issued anew"}
	case selfSigned(sent[0]):
		return finding{"tls.self-signed", "chain", "the server’s certificate is signed by itself and is not among " + trusted +
			": if you know it is the right one, pin its fingerprint or give it as CA"}
	case selfSigned(top):
		return finding{"tls.unknown-ca", "chain", "the chain ends at the root " + subject(top) + ", which is not among " + trusted +
			": if you trust that root, give it as CA"}
	}
	return finding{"tls.unknown-ca", "chain", "the chain stops at " + subject(top) + ": its issuer " + nameOf(top.Issuer.String()) +
		" is neither sent by the server nor among " + trusted +
		": the server has to send the missing intermediate certificate, or, if the issuer is a private CA, give it as CA"}
}

// topOf follows the issuers through what the server sent, as far as it goes.
func topOf(sent []*x509.Certificate) *x509.Certificate {
	top := sent[0]
	for range sent {
		for _, c := range sent {
			if !selfSigned(top) && bytes.Equal(c.RawSubject, top.RawIssuer) && top.CheckSignatureFrom(c) == nil {
				top = c
				break
			}
		}
	}
	return top
}

// selfSigned looks at the signature too: "issuer = subject" alone is also true of a renewed root.
func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) &&
		c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func subject(c *x509.Certificate) string { return nameOf(c.Subject.String()) }

func nameOf(name string) string {
	if name == "" {
		return "a certificate without a name"
	}
	return `"` + name + `"`
}
