//go:build !js

package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"software.sslmate.com/src/go-pkcs12"

	"authpad/core/internal/pki"
)

func sayOK(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }

// expired and misnamed are templates of servers that nobody should take.
func expired() x509.Certificate {
	c := pki.Server()
	c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	return c
}

func misnamed() x509.Certificate {
	c := pki.Server()
	c.DNSNames, c.IPAddresses = []string{"elsewhere.example"}, nil
	return c
}

// setTLS fills in choices of the Sending tab, as JSON.
func (p *tab) setTLS(choices string) {
	p.t.Helper()
	p.eval(`import("./state.js").then(({ change, emit }) => { change((r) => Object.assign(r.tls, { choice: "verify", fingerprint: "", ca: "", client: "none" }, `+choices+`)); return null; })`, nil)
}

func TestRelayChecksCertificatesAsChosen(t *testing.T) {
	root := pki.Issue(t, nil, pki.CA("A root of this test"))
	between := pki.Issue(t, root, pki.CA("An intermediate"))
	leaf := pki.Issue(t, between, pki.Server())
	alone := pki.Issue(t, nil, pki.Server())
	old := pki.Issue(t, root, expired())
	wrong := pki.Issue(t, root, misnamed())
	other := pki.Issue(t, nil, pki.CA("Another root"))
	serve := func(chain tls.Certificate) string { return pki.Serve(t, pki.Presents(chain), sayOK).URL }
	chain, self, late, stranger := serve(leaf.Chain(between, root)), serve(alone.Chain()), serve(old.Chain(root)), serve(wrong.Chain(root))
	p, _ := openRelayed(t)
	p.choose("scheme", "none")
	ca := func(a *pki.Authority) string { return fmt.Sprintf(`{choice: "ca", ca: %s}`, quoted(a.PEM())) }
	pin := func(fingerprint string) string { return fmt.Sprintf(`{choice: "pin", fingerprint: %q}`, fingerprint) }
	for _, c := range []struct{ name, url, choice, want, check string }{
		{"an unknown root", chain, `{}`, "failure tls.unknown-ca", "chain"},
		{"a root that is given", chain, ca(root), "200", ""},
		{"another root", chain, ca(other), "failure tls.unknown-ca", "chain"},
		{"signed by itself", self, `{}`, "failure tls.self-signed", "chain"},
		{"given as its own CA", self, ca(alone), "200", ""},
		{"the right pin", self, pin(alone.Fingerprint()), "200", ""},
		{"the right pin, with colons", self, pin(colons(alone.Fingerprint())), "200", ""},
		{"another pin", self, pin(leaf.Fingerprint()), "failure tls.fingerprint", "fingerprint"},
		{"a pin of what expired", late, pin(old.Fingerprint()), "200", ""},
		{"expired", late, ca(root), "failure tls.expired", "validity"},
		{"expired, and not verified", late, `{choice: "skip"}`, "200", "validity"},
		{"another name", stranger, ca(root), "failure tls.wrong-name", "name"},
		{"another name, and not verified", stranger, `{choice: "skip"}`, "200", "name"},
		{"no verification", self, `{choice: "skip"}`, "200", "chain"},
		{"a CA that is none", self, `{choice: "ca", ca: "not PEM"}`, "failure tls.ca.pem", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			p.excuse = []string{"status of 400"}
			p.setTLS(c.choice)
			p.fill("url", c.url)
			require.Equal(t, c.want, p.send())
			if !strings.HasPrefix(c.want, "failure") {
				require.NotEmpty(t, p.text(`document.querySelector("#handshake").dataset.check !== undefined`))
				require.Contains(t, p.text(`document.querySelector("#handshake").textContent`), "TLS 1.3")
			}
			if strings.HasPrefix(c.want, "failure") && c.check != "" {
				require.Equal(t, c.check, p.text(`document.querySelector("#handshake").dataset.check`))
				require.True(t, p.is(`document.querySelector("#pin-this").checkVisibility()`))
			}
		})
	}
}

func colons(hex string) string {
	var b strings.Builder
	for i := 0; i < len(hex); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex[i : i+2]))
	}
	return b.String()
}

// A failed check leads to what is better than no check, with one press each.
func TestFailedCheckOffersWhatToTrust(t *testing.T) {
	root := pki.Issue(t, nil, pki.CA("A root of this test"))
	leaf := pki.Issue(t, root, pki.Server())
	address := pki.Serve(t, pki.Presents(leaf.Chain(root)), sayOK).URL
	p, _ := openRelayed(t)
	p.choose("scheme", "none")
	p.fill("url", address)

	require.Equal(t, "failure tls.unknown-ca", p.send())
	report := p.text(`document.querySelector("#handshake").innerText`)
	for _, part := range []string{"TLS 1.3", "TLS_AES_128_GCM_SHA256", "A root of this test", leaf.Fingerprint(), "127.0.0.1", "ECDSA"} {
		require.Contains(t, report, part)
	}
	p.press("#pin-this")
	p.wait("the choice is shown", `document.querySelector("[data-tls=pin]").checked && document.querySelector("#tls-fingerprint").value === `+quoted(leaf.Fingerprint()))
	require.Equal(t, "200", p.send())
	p.press("#tab-tls")

	p.press("[data-tls=verify]")
	require.Equal(t, "failure tls.unknown-ca", p.send())
	p.press("#trust-ca")
	p.wait("the CA is shown", `document.querySelector("[data-tls=ca]").checked && document.querySelector("#tls-ca").value.includes("BEGIN CERTIFICATE")`)
	require.Equal(t, root.PEM(), p.text(`document.querySelector("#tls-ca").value`))
	require.Equal(t, "200", p.send())
}

func TestRelayShowsClientCertificates(t *testing.T) {
	root, clients := pki.Issue(t, nil, pki.CA("root")), pki.Issue(t, nil, pki.CA("client CA"))
	mine := pki.Issue(t, clients, pki.Client())
	config := pki.Presents(pki.Issue(t, root, pki.Server()).Chain())
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, clients.Pool()
	address := pki.Serve(t, config, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "you are "+r.TLS.PeerCertificates[0].Subject.CommonName)
	}).URL
	file, err := pkcs12.Modern.Encode(mine.Key, mine.Certificate, nil, "opens it")
	require.NoError(t, err)
	p, _ := openRelayed(t)
	p.excuse = []string{"status of 400"}
	p.choose("scheme", "none")
	p.fill("url", address)
	ca := `choice: "ca", ca: ` + quoted(root.PEM())
	for _, c := range []struct{ name, client, want string }{
		{"none", `client: "none"`, "failure tls.client-certificate-required"},
		{"PEM", `client: "pem", clientCert: ` + quoted(mine.PEM()) + `, clientKey: ` + quoted(mine.KeyPEM(t)), "200"},
		{"a key of another", `client: "pem", clientCert: ` + quoted(mine.PEM()) + `, clientKey: ` + quoted(root.KeyPEM(t)), "failure tls.client-key.mismatch"},
		{"PKCS #12", `client: "pkcs12", pkcs12Password: "opens it", pkcs12: "` + base64.StdEncoding.EncodeToString(file) + `"`, "200"},
		{"PKCS #12 with another password", `client: "pkcs12", pkcs12Password: "does not", pkcs12: "` + base64.StdEncoding.EncodeToString(file) + `"`, "failure tls.pkcs12.password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			p.setTLS("{" + ca + ", " + c.client + "}")
			require.Equal(t, c.want, p.send())
			if c.want == "200" {
				require.Contains(t, p.text(`document.querySelector("#body-view").innerText`), "you are client")
			}
		})
	}
}

// Each hop is shown, with what it received: a redirect to another origin carries no Authorization and no Cookie.
func TestRelayShowsRedirectsOneByOne(t *testing.T) {
	last, atLast := corsless(t)
	first, got := redirecting(t, last.URL)
	p, _ := openRelayed(t)
	p.choose("scheme", "basic")
	p.fill("username", "Aladdin")
	p.fill("password", "open sesame")
	p.eval(`import("./state.js").then(({ change, emit }) => { change((r) => { r.headers.push(["Cookie", "a=b"], ["X-Api-Key", "k"]); }); emit("headers-changed"); return null; })`, nil)
	p.fill("url", first+"/start")
	require.Equal(t, "200", p.send())
	require.Len(t, got.all(), 2)
	require.Contains(t, got.all()[1], "Authorization=Basic")
	require.NotContains(t, atLast.all()[0], "Authorization")
	require.NotContains(t, atLast.all()[0], "Cookie")
	require.Contains(t, atLast.all()[0], "X-Api-Key=k")

	p.panel("exchange")
	require.Equal(t, "request-0 response-0 request-1 response-1 request-2 response-2", p.text(`[...document.querySelectorAll("[data-arrow]")].map((a) => a.dataset.arrow).join(" ")`))
	var rows []string
	p.eval(`[...document.querySelectorAll("#hops > ol > li")].map((li) => li.innerText)`, &rows)
	require.Len(t, rows, 3)
	require.Contains(t, rows[0], "Received Cookie, X-Api-Key, Authorization.")
	require.Contains(t, rows[1], "did not go on")
	require.Contains(t, rows[1], "aiohttp")
	require.Contains(t, rows[2], "another origin")
	require.Contains(t, rows[2], "Received X-Api-Key.")
	p.panel("response")
	require.Contains(t, p.text(`document.querySelector("#answered-url").innerText`), last.URL+"/end")
}

// redirecting sends on from /start to /middle, and from there to another server.
func redirecting(t testing.TB, to string) (address string, got *seen) {
	t.Helper()
	got = &seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.add(r, nil)
		if r.URL.Path == "/start" {
			http.Redirect(w, r, "/middle", http.StatusFound)
			return
		}
		http.Redirect(w, r, to+"/end", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

// A redirect that ends where nobody listens names the hop that failed.
func TestRelayNamesTheHopThatFailed(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	dead := gone.Addr().String()
	require.NoError(t, gone.Close())
	first := httptest.NewServer(http.RedirectHandler("http://"+dead+"/gone", http.StatusFound))
	t.Cleanup(first.Close)
	p, _ := openRelayed(t)
	p.choose("scheme", "none")
	p.fill("url", first.URL)
	require.Equal(t, "failure refused", p.send())
	require.Contains(t, p.text(`document.querySelector("#failure").innerText`), dead)
	require.Contains(t, p.panel("exchange"), dead)
}

func TestRelayGoesThroughAProxy(t *testing.T) {
	server, got := corsless(t)
	secure := pki.Issue(t, nil, pki.Server())
	safe := pki.Serve(t, pki.Presents(secure.Chain()), sayOK).URL
	proxy, asked := startProxy(t, "someone", "knows")
	p, _ := openRelayed(t)
	p.choose("scheme", "none")
	p.fill("url", server.URL+"/by-proxy")
	set := func(password string) {
		p.eval(fmt.Sprintf(`import("./state.js").then(({ change }) => { change((r) => Object.assign(r.proxy, { url: %q, username: "someone", password: %q })); return null; })`, proxy, password), nil)
	}
	set("knows")
	require.Equal(t, "200", p.send())
	require.Equal(t, []string{"GET " + server.URL + "/by-proxy"}, asked())
	require.NotContains(t, got.all()[0], "Proxy-Authorization")
	p.setTLS(`{choice: "pin", fingerprint: "` + secure.Fingerprint() + `"}`)
	p.fill("url", safe)
	require.Equal(t, "200", p.send())
	require.Equal(t, "CONNECT "+strings.TrimPrefix(safe, "https://"), asked()[1])
	set("guesses")
	require.Equal(t, "failure proxy.credentials", p.send())
}

// startProxy is an HTTP proxy with Basic credentials.
func startProxy(t *testing.T, username, password string) (address string, asked func() []string) {
	t.Helper()
	requests := &seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		want := "Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))
		if r.Header.Get("Proxy-Authorization") != want {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		requests.mu.Lock()
		target := r.URL.String()
		if r.Method == http.MethodConnect {
			target = r.Host
		}
		requests.heads = append(requests.heads, r.Method+" "+target)
		requests.mu.Unlock()
		if r.Method == http.MethodConnect {
			tunnel(w, r.Host)
			return
		}
		r.RequestURI = ""
		r.Header.Del("Proxy-Authorization")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests.all
}

func tunnel(w http.ResponseWriter, to string) {
	server, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client); server.Close() }()
	_, _ = io.Copy(client, server)
	client.Close()
}
