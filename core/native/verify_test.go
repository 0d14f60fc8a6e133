package native

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// verifyCase is one server as it may be met. Go's own client is asked too: authpad must accept and
// refuse exactly what it accepts and refuses.
type verifyCase struct {
	name    string
	chain   tls.Certificate
	roots   []*authority // given as CA
	host    string       // instead of 127.0.0.1
	code    string       // empty: accepted
	check   string
	says    []string // what the message must contain
	alsoHas []string // codes of the notes
}

func verifyCases(t *testing.T) []verifyCase {
	root := issue(t, nil, ca("root"))
	other := issue(t, nil, ca("another root"))
	twin := issue(t, nil, ca("root")) // same name, another key
	middle := issue(t, root, ca("intermediate"))
	good := issue(t, middle, server())
	with := func(issuer *authority, change func(*x509.Certificate)) *authority {
		template := server()
		change(&template)
		return issue(t, issuer, template)
	}
	dated := func(from, to time.Duration) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(from), time.Now().Add(to) }
	}
	named := func(names ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = names, nil }
	}
	oldMiddle := ca("old intermediate")
	oldMiddle.NotBefore, oldMiddle.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	expiredMiddle := issue(t, root, oldMiddle)
	narrow := ca("narrow intermediate")
	narrow.PermittedDNSDomains, narrow.PermittedDNSDomainsCritical = []string{"inside.example"}, true
	narrowMiddle := issue(t, root, narrow)
	noAuthority := issue(t, root, x509.Certificate{Subject: pkix.Name{CommonName: "no authority"}, BasicConstraintsValid: true})
	selfSigned, expired := issue(t, nil, server()), with(root, dated(-48*time.Hour, -24*time.Hour))
	trusted := []*authority{root}

	return []verifyCase{
		{name: "valid, by a CA", chain: issue(t, root, server()).Chain(), roots: trusted},
		{name: "valid, by an intermediate", chain: good.Chain(middle), roots: trusted},
		{name: "valid, the root sent as well", chain: good.Chain(middle, root), roots: trusted},
		{name: "valid, unneeded certificates in between", chain: good.Chain(other, middle), roots: trusted},
		{name: "valid, by name", chain: good.Chain(middle), roots: trusted, host: "localhost"},
		{name: "valid, one of two CAs", chain: good.Chain(middle), roots: []*authority{other, root}},
		{name: "valid, self-signed and given as CA", chain: selfSigned.Chain(), roots: []*authority{selfSigned}},
		{name: "self-signed", chain: selfSigned.Chain(), roots: trusted, code: "tls.self-signed", check: "chain",
			says: []string{"signed by itself", "given CA", "pin"}},
		{name: "self-signed, system roots", chain: selfSigned.Chain(), code: "tls.self-signed", check: "chain", says: []string{"system’s"}},
		{name: "unknown CA", chain: good.Chain(middle), roots: []*authority{other}, code: "tls.unknown-ca", check: "chain",
			says: []string{`stops at "CN=intermediate"`, `"CN=root"`}},
		{name: "unknown CA that is sent", chain: good.Chain(middle, root), roots: []*authority{other}, code: "tls.unknown-ca", check: "chain",
			says: []string{`ends at the root "CN=root"`}},
		{name: "unknown CA, system roots", chain: good.Chain(middle), code: "tls.unknown-ca", check: "chain", says: []string{"system’s"}},
		{name: "a CA of the same name with another key", chain: issue(t, root, server()).Chain(), roots: []*authority{twin},
			code: "tls.unknown-ca", check: "chain"},
		{name: "incomplete chain", chain: good.Chain(), roots: trusted, code: "tls.unknown-ca", check: "chain",
			says: []string{`stops at "CN=server"`, `issuer "CN=intermediate"`, "missing intermediate"}},
		{name: "expired", chain: expired.Chain(), roots: trusted, code: "tls.expired", check: "validity", says: []string{"expired on", "renewed"}},
		{name: "not yet valid", chain: with(root, dated(24*time.Hour, 48*time.Hour)).Chain(), roots: trusted,
			code: "tls.not-yet-valid", check: "validity", says: []string{"clock"}},
		{name: "expired intermediate", chain: issue(t, expiredMiddle, server()).Chain(expiredMiddle), roots: trusted,
			code: "tls.expired", check: "validity", says: []string{`"CN=old intermediate"`}},
		{name: "wrong name", chain: with(root, named("a.example", "b.example")).Chain(), roots: trusted, host: "localhost",
			code: "tls.wrong-name", check: "name", says: []string{"a.example, b.example", "not for localhost"}},
		{name: "wrong address", chain: with(root, named("localhost")).Chain(), roots: trusted,
			code: "tls.wrong-name", check: "name", says: []string{"not for 127.0.0.1"}},
		{name: "a wildcard is one label", chain: with(root, named("*.localhost")).Chain(), roots: trusted, host: "localhost",
			code: "tls.wrong-name", check: "name"},
		{name: "common name only", roots: trusted, host: "localhost", code: "tls.wrong-name", check: "name", says: []string{"common name"},
			chain: with(root, func(c *x509.Certificate) { named()(c); c.Subject.CommonName = "localhost" }).Chain()},
		{name: "no name at all", chain: with(root, named()).Chain(), roots: trusted, host: "localhost",
			code: "tls.wrong-name", check: "name", says: []string{"no name at all"}},
		{name: "for clients only", roots: trusted, code: "tls.wrong-usage", check: "chain", says: []string{"server authentication"},
			chain: with(root, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }).Chain()},
		{name: "name outside the CA's constraint", chain: issue(t, narrowMiddle, server()).Chain(narrowMiddle), roots: trusted, host: "localhost",
			code: "tls.chain", check: "chain"},
		{name: "issued by no authority", chain: issue(t, noAuthority, server()).Chain(noAuthority), roots: trusted,
			code: "tls.unknown-ca", check: "chain"},
		{name: "everything wrong at once", host: "localhost", roots: trusted, code: "tls.expired", check: "validity",
			alsoHas: []string{"tls.wrong-name", "tls.self-signed"},
			chain: with(nil, func(c *x509.Certificate) {
				dated(-48*time.Hour, -24*time.Hour)(c)
				named("a.example")(c)
			}).Chain()},
	}
}

func TestVerifyRefusesWhatGoRefuses(t *testing.T) {
	for _, c := range verifyCases(t) {
		t.Run(c.name, func(t *testing.T) {
			s := serveTLS(t, presents(c.chain), ok)
			address := s.URL
			if c.host != "" {
				address = strings.Replace(address, "127.0.0.1", c.host, 1)
			}
			response, failure := send(t, core.TLS{CA: pemOf(c.roots)}, core.Fetch{}, request(t, "GET", address))
			require.Equal(t, goAccepts(t, address, c.roots), failure == nil, "as Go's own verifier: %v", failure)
			if c.code == "" {
				require.Nil(t, failure)
				require.Equal(t, "ok", string(response.Body))
				require.Empty(t, response.TLS.Check)
				requireReport(t, c, response.TLS)
				return
			}
			require.NotNil(t, failure)
			require.Nil(t, response)
			require.Equal(t, c.code, failure.Code, failure.Message)
			require.Equal(t, c.check, failure.TLS.Check)
			for _, text := range c.says {
				require.Contains(t, failure.Message, text)
			}
			require.Equal(t, append([]string{}, c.alsoHas...), noteCodes(failure.TLS))
			requireReport(t, c, failure.TLS)
		})
	}
}

// requireReport: the chain is there as sent, with the fingerprint one would pin.
func requireReport(t *testing.T, c verifyCase, r *core.TLSReport) {
	t.Helper()
	require.Len(t, r.Chain, len(c.chain.Certificate))
	leaf, err := x509.ParseCertificate(c.chain.Certificate[0])
	require.NoError(t, err)
	require.Equal(t, (&authority{Certificate: leaf}).Fingerprint(), r.Fingerprint)
	require.Equal(t, leaf.NotAfter.Format(time.RFC3339), r.Chain[0].NotAfter)
	require.Equal(t, leaf.NotBefore.Format(time.RFC3339), r.Chain[0].NotBefore)
	require.Equal(t, leaf.Subject.String(), r.Chain[0].Subject)
	require.Equal(t, leaf.Issuer.String(), r.Chain[0].Issuer)
	require.Equal(t, "TLS 1.3", r.Version)
	require.NotEmpty(t, r.CipherSuite)
	host := c.host
	if host == "" {
		host = "127.0.0.1"
	}
	require.Equal(t, host, r.ServerName)
}

func pemOf(authorities []*authority) string {
	var text strings.Builder
	for _, a := range authorities {
		text.WriteString("a comment between certificates, as bundles have them\n" + a.PEM())
	}
	return text.String()
}

// goAccepts asks net/http with crypto/tls's own verification.
func goAccepts(t *testing.T, address string, roots []*authority) bool {
	t.Helper()
	config := &tls.Config{}
	if roots != nil {
		config.RootCAs = x509.NewCertPool()
		for _, a := range roots {
			config.RootCAs.AddCert(a.Certificate)
		}
	}
	plain := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	response, err := plain.Get(address)
	if err != nil {
		var refused *tls.CertificateVerificationError
		require.ErrorAs(t, err, &refused)
		return false
	}
	response.Body.Close()
	return true
}

func TestPinReplacesTheChainCheck(t *testing.T) {
	template := server()
	template.NotBefore, template.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	template.DNSNames, template.IPAddresses = []string{"a.example"}, nil
	mine, root := issue(t, nil, template), issue(t, nil, ca("root"))
	other := issue(t, nil, server())
	s := serveTLS(t, presents(mine.Chain()), ok)

	cases := []struct {
		name    string
		options core.TLS
		code    string
		notes   []string
	}{
		{"right pin, on a certificate with every other fault", core.TLS{Fingerprint: mine.Fingerprint()}, "", []string{"tls.pinned"}},
		{"wrong pin", core.TLS{Fingerprint: other.Fingerprint()}, "tls.fingerprint", []string{"tls.pinned"}},
		{"verification off", core.TLS{SkipVerify: true}, "",
			[]string{"tls.verify-off", "tls.expired", "tls.wrong-name", "tls.self-signed"}},
		{"verification off and the right pin", core.TLS{SkipVerify: true, Fingerprint: mine.Fingerprint()}, "", []string{"tls.pinned", "tls.pin-decides"}},
		{"verification off does not turn the pin off", core.TLS{SkipVerify: true, Fingerprint: other.Fingerprint()}, "tls.fingerprint",
			[]string{"tls.pinned", "tls.pin-decides"}},
		{"right pin and a CA that issued nothing", core.TLS{CA: root.PEM(), Fingerprint: mine.Fingerprint()}, "", []string{"tls.pinned", "tls.ca-unused"}},
		{"wrong pin and the right CA", core.TLS{CA: mine.PEM(), Fingerprint: other.Fingerprint()}, "tls.fingerprint", []string{"tls.pinned", "tls.ca-unused"}},
		{"verification off and a CA", core.TLS{SkipVerify: true, CA: root.PEM()}, "",
			[]string{"tls.verify-off", "tls.ca-unused", "tls.expired", "tls.wrong-name", "tls.self-signed"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			response, failure := send(t, c.options, core.Fetch{}, request(t, "GET", s.URL))
			if c.code == "" {
				require.Nil(t, failure)
				require.Equal(t, c.notes, noteCodes(response.TLS))
				return
			}
			require.Equal(t, c.code, failure.Code)
			require.Equal(t, "fingerprint", failure.TLS.Check)
			require.Equal(t, mine.Fingerprint(), failure.TLS.Fingerprint)
			require.Contains(t, failure.Message, mine.Fingerprint())
			require.Equal(t, c.notes, noteCodes(failure.TLS))
		})
	}
}
