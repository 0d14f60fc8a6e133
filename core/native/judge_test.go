package native

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// The judge of fingerprints and of real servers' ways is OpenSSL: it knows nothing of Go.

func openssl(t *testing.T, stdin string, arguments ...string) string {
	t.Helper()
	command := exec.Command(installed(t, "openssl"), arguments...)
	command.Stdin = strings.NewReader(stdin)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

// opensslServer runs "openssl s_server -www" with a certificate of its own making.
func opensslServer(t *testing.T, arguments ...string) (address string, certificate string) {
	t.Helper()
	folder := t.TempDir()
	key, cert := filepath.Join(folder, "key.pem"), filepath.Join(folder, "cert.pem")
	openssl(t, "", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
		"-keyout", key, "-out", cert, "-subj", "/O=Judge/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
	arguments = append([]string{"s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", cert}, arguments...)
	command := exec.Command("openssl", arguments...)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	command.Stderr = io.Discard
	require.NoError(t, command.Start())
	t.Cleanup(func() { command.Process.Kill(); command.Wait() })
	text, err := os.ReadFile(cert)
	require.NoError(t, err)
	return "https://" + acceptAddress(t, out), string(text)
}

// acceptAddress reads the line in which s_server says where it listens, and lets the rest flow.
func acceptAddress(t *testing.T, out io.Reader) string {
	t.Helper()
	line := regexp.MustCompile(`ACCEPT (\S+)`)
	var said bytes.Buffer
	for piece := make([]byte, 256); ; {
		n, err := out.Read(piece)
		said.Write(piece[:n])
		if found := line.FindSubmatch(said.Bytes()); found != nil && bytes.HasSuffix(said.Bytes(), []byte("\n")) {
			go io.Copy(io.Discard, out)
			host, port, err := net.SplitHostPort(string(found[1]))
			require.NoError(t, err)
			return net.JoinHostPort(host, port)
		}
		require.NoError(t, err, said.String())
	}
}

func TestOpenSSLAgreesOnTheFingerprint(t *testing.T) {
	address, certificate := opensslServer(t)
	printed := openssl(t, certificate, "x509", "-noout", "-fingerprint", "-sha256")
	response, failure := send(t, core.TLS{Fingerprint: printed}, core.Fetch{}, request(t, "GET", address))
	require.Nil(t, failure, "the line openssl prints is a pin")
	require.Equal(t, 200, response.Status)
	want := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(printed[strings.Index(printed, "=")+1:]), ":", ""))
	require.Equal(t, want, response.TLS.Fingerprint)
	require.Equal(t, []string{"localhost", "127.0.0.1"}, response.TLS.Chain[0].Names)
}

func TestOpenSSLServersAreUnderstood(t *testing.T) {
	mine := issue(t, nil, client())
	pair := core.TLS{SkipVerify: true, ClientCert: mine.PEM(), ClientKey: mine.KeyPEM(t)}
	off := core.TLS{SkipVerify: true}
	cases := []struct {
		name      string
		arguments []string
		options   core.TLS
		code      string
	}{
		{"self-signed", nil, core.TLS{}, "tls.self-signed"},
		{"TLS 1.1 only", []string{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}, off, "tls.version"},
		{"no cipher suite in common", []string{"-tls1_2", "-cipher", "ECDHE-ECDSA-ARIA128-GCM-SHA256"}, off, "tls.handshake"},
		{"client certificate missing, TLS 1.3", []string{"-Verify", "1", "-tls1_3"}, off, "tls.client-certificate-required"},
		{"client certificate missing, TLS 1.2", []string{"-Verify", "1", "-tls1_2"}, off, "tls.client-certificate-required"},
		{"client certificate refused, TLS 1.3", []string{"-Verify", "1", "-verify_return_error", "-tls1_3"}, pair, "tls.client-certificate-refused"},
		{"client certificate refused, TLS 1.2", []string{"-Verify", "1", "-verify_return_error", "-tls1_2"}, pair, "tls.client-certificate-refused"},
		{"client certificate taken", []string{"-Verify", "1"}, pair, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, _ := opensslServer(t, c.arguments...)
			_, failure := send(t, c.options, core.Fetch{TimeoutMs: 5000}, request(t, "GET", address))
			if c.code == "" {
				require.Nil(t, failure)
				return
			}
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code, failure.Message)
			t.Log(failure.Message)
		})
	}
}
