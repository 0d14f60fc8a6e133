package main

import (
	"encoding/base64"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
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

// net/http has a log of its own, for which a server that answers before it is asked is enough.
func TestRelayLogsNothingOfAnAnswer(t *testing.T) {
	const secret = "hunter2"
	var logged terminal
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	early, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer early.Close()
	go func() {
		for {
			conn, err := early.Accept()
			if err != nil {
				return
			}
			// another one behind it comes on a connection that might be kept
			io.WriteString(conn, strings.Repeat("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: "+secret+"\r\n\r\n", 2))
			defer conn.Close()
		}
	}()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // it is a matter of chance which comes first
	for range 500 {
		r.send(page, map[string]any{"method": "GET", "url": "http://" + early.Addr().String() + "/"}, "")
	}
	require.NotContains(t, logged.String(), secret)
}
