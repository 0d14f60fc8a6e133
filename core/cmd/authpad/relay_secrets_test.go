package main

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// No secret of an order, and nothing of an answer, is shown in the terminal, whatever goes wrong.
func TestRelayShowsNoSecretInTheTerminal(t *testing.T) {
	const secret = "hunter2"
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", secret)
		io.WriteString(w, secret)
		if r.URL.Path == "/broken" {
			panic(http.ErrAbortHandler)
		}
	}))
	defer s.Close()
	secure := httptest.NewTLSServer(nil)
	secure.Config.ErrorLog = nil
	defer secure.Close()
	urls := []string{s.URL, s.URL + "/broken", "http://127.0.0.1:1/", "http://" + r.addr, "https://" + r.addr, "nothing", "http://" + secret + ".invalid", secure.URL, "ftp://" + secret}
	for _, url := range urls {
		o := map[string]any{"method": "POST", "url": strings.Replace(url, "://", "://user:"+secret+"@", 1) + "/?token=" + secret, "headers": [][2]string{{"Authorization", secret}, {secret, secret}, {"bad " + secret, secret}},
			"tls": map[string]any{"clientKey": secret, "pkcs12Password": secret, "pkcs12": base64.StdEncoding.EncodeToString([]byte(secret))}, "proxy": map[string]string{"url": "http://127.0.0.1:1", "password": secret}}
		for _, left := range [][]string{{}, {"headers"}, {"tls"}, {"proxy"}, {"tls", "proxy"}, {"tls", "proxy", "headers"}} {
			some := map[string]any{}
			for name, value := range o {
				if !slices.Contains(left, name) {
					some[name] = value
				}
			}
			r.send(page, some, secret)
		}
	}
	r.ask("POST", "send", with(page, "X-Authpad-Relay", secret), strings.NewReader(secret))
	r.ask("POST", "send", with(page, "Origin", secret), strings.NewReader(secret))
	r.ask("POST", secret, page, strings.NewReader(secret))
	r.tryCode(pageOrigin, secret)
	r.raw("BAD " + secret + "\r\n\r\n")
	r.ask("POST", "forget", page, nil)
	shown := r.terminal.String()
	require.NotContains(t, shown, secret)
	require.NotContains(t, shown, base64.StdEncoding.EncodeToString([]byte(secret)))
	require.NotContains(t, shown, page["X-Authpad-Relay"])
	require.Less(t, strings.Count(shown, "\n"), 10, "what happens is not logged at all: %s", shown)
}
