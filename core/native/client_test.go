package native

import (
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestClientCertificate(t *testing.T) {
	root, clients, strangers := issue(t, nil, ca("root")), issue(t, nil, ca("client CA")), issue(t, nil, ca("stranger CA"))
	right, wrong := issue(t, clients, client()), issue(t, strangers, client())
	old := client()
	old.NotBefore, old.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	expired := issue(t, clients, old)
	whoami := func(w http.ResponseWriter, r *http.Request) {
		for _, c := range r.TLS.PeerCertificates {
			w.Write([]byte(c.Subject.String()))
		}
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, protocol := range []string{"http/1.1", "h2"} {
			config := presents(issue(t, root, server()).Chain())
			config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, clients.Pool()
			config.MinVersion, config.MaxVersion, config.NextProtos = version, version, []string{protocol}
			s := serveTLS(t, config, whoami)
			name := tls.VersionName(version) + " " + protocol

			t.Run(name+" right", func(t *testing.T) {
				response, failure := send(t, core.TLS{CA: root.PEM(), ClientCert: right.PEM(), ClientKey: right.KeyPEM(t)}, core.Fetch{}, request(t, "GET", s.URL))
				require.Nil(t, failure)
				require.Equal(t, "CN=client", string(response.Body))
				require.Empty(t, response.TLS.Notes)
			})
			t.Run(name+" both in one text, server pinned", func(t *testing.T) {
				pin := send2(t, core.TLS{SkipVerify: true, ClientCert: right.PEM() + right.KeyPEM(t)}, s.URL).TLS.Fingerprint
				require.Equal(t, "CN=client", string(send2(t, core.TLS{Fingerprint: pin, ClientCert: right.KeyPEM(t) + right.PEM()}, s.URL).Body))
			})
			t.Run(name+" missing", func(t *testing.T) {
				_, failure := send(t, core.TLS{CA: root.PEM()}, core.Fetch{}, request(t, "POST", s.URL))
				require.NotNil(t, failure)
				require.Equal(t, "tls.client-certificate-required", failure.Code, failure.Message)
				require.Equal(t, "client-certificate", failure.TLS.Check)
				require.Len(t, failure.TLS.Chain, 1)
				require.Contains(t, failure.Message, `issued by "CN=client CA"`)
			})
			t.Run(name+" wrong", func(t *testing.T) {
				_, failure := send(t, core.TLS{CA: root.PEM(), ClientCert: wrong.PEM(), ClientKey: wrong.KeyPEM(t)}, core.Fetch{}, request(t, "GET", s.URL))
				require.NotNil(t, failure)
				require.Equal(t, "tls.client-certificate-refused", failure.Code, failure.Message)
				require.Contains(t, failure.Message, `issued by "CN=stranger CA"`)
				require.Contains(t, failure.Message, `issued by "CN=client CA"`)
			})
			t.Run(name+" expired", func(t *testing.T) {
				_, failure := send(t, core.TLS{CA: root.PEM(), ClientCert: expired.PEM(), ClientKey: expired.KeyPEM(t)}, core.Fetch{}, request(t, "GET", s.URL))
				require.NotNil(t, failure)
				require.Equal(t, "tls.client-certificate-refused", failure.Code, failure.Message)
				require.Equal(t, []string{"tls.client-certificate-dates"}, noteCodes(failure.TLS))
			})
		}
	}
	t.Run("asked for but not needed", func(t *testing.T) {
		config := presents(issue(t, root, server()).Chain())
		config.ClientAuth = tls.RequestClientCert
		response, failure := send(t, core.TLS{CA: root.PEM()}, core.Fetch{}, request(t, "GET", serveTLS(t, config, ok).URL))
		require.Nil(t, failure)
		require.Equal(t, []string{"tls.client-certificate-asked"}, noteCodes(response.TLS))
	})
}

func send2(t *testing.T, options core.TLS, address string) *core.Response {
	t.Helper()
	response, failure := send(t, options, core.Fetch{}, request(t, "GET", address))
	require.Nil(t, failure)
	return response
}

func TestTLSOptionsAreRefusedAtTheirField(t *testing.T) {
	a, b := issue(t, nil, client()), issue(t, nil, client())
	locked := &pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte("key"), // what old versions of openssl write
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}}
	block := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	hex64 := strings.Repeat("ab", 32)
	cases := []struct {
		name        string
		options     core.TLS
		field, code string
	}{
		{"a fingerprint with a letter too far", core.TLS{Fingerprint: "g" + hex64[1:]}, "tls.fingerprint", "tls.fingerprint.hex"},
		{"MD5", core.TLS{Fingerprint: hex64[:32]}, "tls.fingerprint", "tls.fingerprint.algorithm"},
		{"SHA-1", core.TLS{Fingerprint: strings.Repeat("AB:", 19) + "AB"}, "tls.fingerprint", "tls.fingerprint.algorithm"},
		{"SHA-512", core.TLS{Fingerprint: hex64 + hex64}, "tls.fingerprint", "tls.fingerprint.algorithm"},
		{"cut off", core.TLS{Fingerprint: hex64[:63]}, "tls.fingerprint", "tls.fingerprint.length"},
		{"one digit more", core.TLS{Fingerprint: hex64 + "a"}, "tls.fingerprint", "tls.fingerprint.length"},
		{"only a label", core.TLS{Fingerprint: "sha256 Fingerprint="}, "tls.fingerprint", "tls.fingerprint.hex"},
		{"curl's public key pin", core.TLS{Fingerprint: "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE="}, "tls.fingerprint", "tls.fingerprint.public-key"},
		{"a CA that is no PEM", core.TLS{CA: "root.pem"}, "tls.ca", "tls.ca.pem"},
		{"a CA that is a key", core.TLS{CA: a.KeyPEM(t)}, "tls.ca", "tls.ca.private-key"},
		{"a CA that is cut off", core.TLS{CA: block("CERTIFICATE", a.Certificate.Raw[:100])}, "tls.ca", "tls.ca.invalid"},
		{"a second CA that is cut off", core.TLS{CA: a.PEM() + block("CERTIFICATE", a.Certificate.Raw[:100])}, "tls.ca", "tls.ca.invalid"},
		{"a broken CA beside verification off", core.TLS{SkipVerify: true, CA: "x"}, "tls.ca", "tls.ca.pem"},
		{"a key without certificate", core.TLS{ClientKey: a.KeyPEM(t)}, "tls.clientCert", "tls.client-certificate.missing"},
		{"a certificate that is none", core.TLS{ClientCert: "x", ClientKey: a.KeyPEM(t)}, "tls.clientCert", "tls.client-certificate.pem"},
		{"a certificate that is cut off", core.TLS{ClientCert: block("CERTIFICATE", a.Certificate.Raw[:100]), ClientKey: a.KeyPEM(t)}, "tls.clientCert", "tls.client-certificate.invalid"},
		{"a certificate without key", core.TLS{ClientCert: a.PEM()}, "tls.clientKey", "tls.client-key.pem"},
		{"another's key", core.TLS{ClientCert: a.PEM(), ClientKey: b.KeyPEM(t)}, "tls.clientKey", "tls.client-key.mismatch"},
		{"a key that cannot be read", core.TLS{ClientCert: a.PEM(), ClientKey: block("PRIVATE KEY", []byte("x"))}, "tls.clientKey", "tls.client-key.invalid"},
		{"a locked key, PKCS #8", core.TLS{ClientCert: a.PEM(), ClientKey: block("ENCRYPTED PRIVATE KEY", []byte("x"))}, "tls.clientKey", "tls.client-key.encrypted"},
		{"a locked key, RFC 1421", core.TLS{ClientCert: a.PEM(), ClientKey: string(pem.EncodeToMemory(locked))}, "tls.clientKey", "tls.client-key.encrypted"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewTransport(Options{TLS: c.options})
			var refused *core.FieldError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.field, refused.Field, refused.Message)
			require.Equal(t, c.code, refused.Code, refused.Message)
			if c.options.ClientKey != "" {
				require.NotContains(t, refused.Message, c.options.ClientKey)
			}
		})
	}
}
