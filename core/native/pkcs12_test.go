package native

import (
	"crypto/tls"
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// exported is what openssl makes of a pair: with -legacy as it was before version 3, when browsers exported so.
func exported(t *testing.T, a *authority, password string, flags ...string) string {
	t.Helper()
	installed(t, "openssl")
	dir := t.TempDir()
	pem := writeFile(t, dir, "pair.pem", a.PEM()+a.KeyPEM(t))
	out := filepath.Join(dir, "pair.p12")
	args := append([]string{"pkcs12", "-export", "-in", pem, "-out", out, "-passout", "pass:" + password}, flags...)
	said, err := exec.Command("openssl", args...).CombinedOutput()
	require.NoError(t, err, "%s", said)
	file, err := os.ReadFile(out)
	require.NoError(t, err)
	return string(file)
}

func TestClientCertificateOfPKCS12(t *testing.T) {
	root, clients := issue(t, nil, ca("root")), issue(t, nil, ca("client CA"))
	right := issue(t, clients, client())
	config := presents(issue(t, root, server()).Chain())
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, clients.Pool()
	s := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.TLS.PeerCertificates[0].Subject.String()))
	})
	for _, c := range []struct {
		name, password string
		flags          []string
	}{
		{"AES, as openssl 3 makes it", "pässword", nil},
		{"without a password", "", nil},
		{"triple DES, as Windows made it", "secret", []string{"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := exported(t, right, c.password, c.flags...)
			response := send2(t, core.TLS{CA: root.PEM(), PKCS12: file, PKCS12Password: c.password}, s.URL)
			require.Equal(t, "CN=client", string(response.Body))
		})
	}
	t.Run("is refused at its field", func(t *testing.T) {
		file := exported(t, right, "hunter2")
		for name, c := range map[string]struct {
			options     core.TLS
			field, code string
		}{
			"no password":    {core.TLS{PKCS12: file}, "tls.pkcs12Password", "tls.pkcs12.password"},
			"wrong password": {core.TLS{PKCS12: file, PKCS12Password: "hunter3"}, "tls.pkcs12Password", "tls.pkcs12.password"},
			"a PEM file":     {core.TLS{PKCS12: right.PEM()}, "tls.pkcs12", "tls.pkcs12.invalid"},
			"base64":         {core.TLS{PKCS12: base64.StdEncoding.EncodeToString([]byte(file))}, "tls.pkcs12", "tls.pkcs12.invalid"},
			"cut off":        {core.TLS{PKCS12: file[:len(file)/2], PKCS12Password: "hunter2"}, "tls.pkcs12", "tls.pkcs12.invalid"},
			"beside PEM":     {core.TLS{PKCS12: file, PKCS12Password: "hunter2", ClientCert: right.PEM()}, "tls.pkcs12", "tls.client-certificate.twice"},
		} {
			_, err := NewTransport(Options{TLS: c.options})
			var refused *core.FieldError
			require.ErrorAs(t, err, &refused, name)
			require.Equal(t, c.field+" "+c.code, refused.Field+" "+refused.Code, name)
			require.NotContains(t, refused.Message, "hunter")
		}
	})
}
