package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sent is as much of the answer of send as these tests look at.
type sent struct {
	OK struct {
		Exchanges []struct {
			Why      string
			Request  struct{ Text string }
			Response *struct {
				Status             int
				BodyText, Protocol string
			}
			Failure *struct {
				Code, Message string
				TLS           tlsReport
			}
			TLS *tlsReport
		}
	}
	Error struct{ Code, Field, Message string }
}

type tlsReport struct {
	ServerName, Check, Fingerprint, Version string
	Chain                                   []struct {
		Subject, Issuer, NotBefore, NotAfter, Fingerprint string
		Names                                             []string
		SelfSigned                                        bool
	}
	Notes []struct{ Code, Severity, Message string }
}

// callSend runs "authpad call send" as a person would.
func callSend(t *testing.T, url string, options map[string]any) (sent, int) {
	t.Helper()
	params, err := json.Marshal(map[string]any{
		"request": map[string]any{"method": "GET", "url": url, "headers": [][]string{{"x-Zebra", "1"}, {"X-Ant", "2"}}},
		"auth":    map[string]any{"scheme": "basic", "values": map[string]string{"username": "user", "password": "hunter2"}},
		"tls":     options,
	})
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"call", "send"}, bytes.NewReader(params), &stdout, &stderr)
	require.Empty(t, stderr.String())
	var answer sent
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &answer), stdout.String())
	return answer, status
}

// quietServer does not log the handshakes that are meant to fail.
func quietServer(t *testing.T, config *tls.Config, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handler)
	s.TLS, s.Config.ErrorLog = config, log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func TestCallSendChecksTheCertificate(t *testing.T) {
	asked := 0
	s := quietServer(t, &tls.Config{}, func(w http.ResponseWriter, r *http.Request) {
		asked++
		user, _, _ := r.BasicAuth()
		w.Write([]byte("hello " + user))
	})
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	digest := sha256.Sum256(s.Certificate().Raw)
	fingerprint := hex.EncodeToString(digest[:])

	cases := []struct {
		name    string
		options map[string]any
		code    string
		notes   []string
	}{
		{"verification is on", nil, "tls.self-signed", nil},
		{"said aloud", map[string]any{"verify": true}, "tls.self-signed", nil},
		{"off", map[string]any{"verify": false}, "", []string{"tls.verify-off", "tls.self-signed"}},
		{"its CA", map[string]any{"ca": ca}, "", nil},
		{"its fingerprint", map[string]any{"fingerprint": strings.ToUpper(fingerprint)}, "", []string{"tls.pinned"}},
		{"another fingerprint", map[string]any{"fingerprint": strings.Repeat("0", 64)}, "tls.fingerprint", []string{"tls.pinned"}},
		{"another fingerprint and off", map[string]any{"verify": false, "fingerprint": strings.Repeat("0", 64)}, "tls.fingerprint",
			[]string{"tls.pinned", "tls.pin-decides"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			asked = 0
			answer, status := callSend(t, s.URL, c.options)
			require.Zero(t, status, "a failure of the wire is an answer: %v", answer.Error)
			exchange := answer.OK.Exchanges[0]
			report := exchange.TLS
			if c.code == "" {
				require.Nil(t, exchange.Failure)
				require.Equal(t, "hello user", exchange.Response.BodyText)
			} else {
				require.Nil(t, exchange.Response)
				require.Equal(t, c.code, exchange.Failure.Code)
				require.NotContains(t, exchange.Failure.Message, "hunter2")
				require.Zero(t, asked, "nothing was sent to a server that is not trusted")
				report = &exchange.Failure.TLS
			}
			requireWholeReport(t, report, s.Certificate(), fingerprint)
			var notes []string
			for _, n := range report.Notes {
				notes = append(notes, n.Code)
			}
			require.Equal(t, c.notes, notes)
		})
	}
	t.Run("refused at its field", func(t *testing.T) {
		answer, status := callSend(t, s.URL, map[string]any{"clientCert": ca})
		require.Equal(t, 1, status)
		require.Equal(t, "tls.client-key.pem", answer.Error.Code)
		require.Equal(t, "tls.clientKey", answer.Error.Field)
	})
}

func requireWholeReport(t *testing.T, r *tlsReport, certificate *x509.Certificate, fingerprint string) {
	t.Helper()
	require.Equal(t, "127.0.0.1", r.ServerName)
	require.Equal(t, "TLS 1.3", r.Version)
	require.Equal(t, fingerprint, r.Fingerprint)
	require.Len(t, r.Chain, 1)
	require.Equal(t, certificate.Subject.String(), r.Chain[0].Subject)
	require.Equal(t, certificate.NotAfter.UTC().Format("2006-01-02T15:04:05Z"), r.Chain[0].NotAfter)
	require.Contains(t, r.Chain[0].Names, "example.com")
	require.True(t, r.Chain[0].SelfSigned)
}

func TestCallSendGivesAClientCertificate(t *testing.T) {
	s := quietServer(t, &tls.Config{ClientAuth: tls.RequireAnyClientCert}, func(w http.ResponseWriter, r *http.Request) {
		w.Write(r.TLS.PeerCertificates[0].Raw[:1])
	})
	der, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	require.NoError(t, err)
	options := map[string]any{"verify": false,
		"clientCert": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))}

	answer, _ := callSend(t, s.URL, map[string]any{"verify": false})
	require.Equal(t, "tls.client-certificate-required", answer.OK.Exchanges[0].Failure.Code)
	options["clientKey"] = string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	answer, _ = callSend(t, s.URL, options)
	require.Nil(t, answer.OK.Exchanges[0].Failure)
	require.Equal(t, 200, answer.OK.Exchanges[0].Response.Status)
}

// TestCallSendShowsWhatItSends compares the text of the answer with the bytes on the wire.
func TestCallSendShowsWhatItSends(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	wire := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		head := make([]byte, 4096)
		n := 0
		for n < len(head) && !bytes.Contains(head[:n], []byte("\r\n\r\n")) {
			more, err := conn.Read(head[n:])
			if n += more; err != nil {
				break
			}
		}
		wire <- string(head[:n])
		conn.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n"))
	}()
	answer, _ := callSend(t, "http://"+listener.Addr().String()+"/a%2fb?c", nil)
	require.Nil(t, answer.OK.Exchanges[0].Failure)
	require.Equal(t, strings.ReplaceAll(<-wire, "\r\n", "\n"), answer.OK.Exchanges[0].Request.Text)
}

func TestCallSendTakesPKCS12AndAProxy(t *testing.T) {
	send := func(members string) (code, field string, text string) {
		var stdout bytes.Buffer
		run(t.Context(), []string{"call", "send"}, strings.NewReader(`{"request":{"method":"GET","url":"http://elsewhere.invalid/"},"auth":{"scheme":"none"},`+members+`}`), &stdout, io.Discard)
		var answer sent
		require.NoError(t, json.Unmarshal(stdout.Bytes(), &answer))
		return answer.Error.Code, answer.Error.Field, stdout.String()
	}
	for members, want := range map[string]string{
		`"tls":{"pkcs12":"no base64"}`:                        "tls.pkcs12.base64 tls.pkcs12",
		`"tls":{"pkcs12":"AAAA","pkcs12Password":"hunter2"}`:  "tls.pkcs12.invalid tls.pkcs12",
		`"proxy":{"url":"socks5://127.0.0.1"}`:                "proxy.scheme proxy.url",
		`"proxy":{"url":"http://127.0.0.1","username":"a:b"}`: "proxy.colon proxy.username",
	} {
		code, field, text := send(members)
		require.Equal(t, want, code+" "+field)
		require.NotContains(t, text, "hunter2")
	}
	proxy := quietProxy(t)
	_, _, text := send(`"proxy":{"url":"` + proxy + `","username":"Aladdin","password":"open sesame"}`)
	require.Contains(t, text, `"bodyText":"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==`) // RFC 7617, section 2
}

// quietProxy answers with the credentials it got.
func quietProxy(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Header.Get("Proxy-Authorization")+" "+r.RequestURI)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
