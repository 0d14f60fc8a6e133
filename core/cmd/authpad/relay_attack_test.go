package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each of these attacks the running program, from this machine, as what it is: another page in the person's
// browser, another machine, a server that answers. None may make the relay send, or learn anything.

// victim counts what arrives.
func victim(t *testing.T) (url string, arrived *atomic.Int32) {
	arrived = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		io.WriteString(w, "secret of the victim")
	}))
	t.Cleanup(s.Close)
	return s.URL, arrived
}

func with(page map[string]string, changed ...string) map[string]string {
	header := map[string]string{}
	for name, value := range page {
		header[name] = value
	}
	for i := 0; i < len(changed); i += 2 {
		if header[changed[i]] = changed[i+1]; changed[i+1] == "-" {
			delete(header, changed[i])
		}
	}
	return header
}

// requireRefused holds that a page of a browser could read nothing of the answer.
func requireRefused(t *testing.T, response *http.Response, text string, status int, code string) {
	t.Helper()
	require.Equal(t, status, response.StatusCode, text)
	require.Contains(t, text, `"code":"`+code+`"`)
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
	if code == "relay.host" || code == "relay.origin" {
		for name := range response.Header {
			require.False(t, strings.HasPrefix(name, "Access-Control-") || name == "Timing-Allow-Origin", name)
		}
	}
}

// routes are all there are, and what would be sent to them with a token that is right.
var routes = map[string]string{"pair": "POST", "status": "GET", "forget": "POST", "send": "POST", "cancel": "POST"}

func TestRelayIsClosedToPagesThatWereNotAllowed(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	url, arrived := victim(t)
	for name, origin := range map[string]string{
		"none, as of no-cors requests and of images": "-",
		"a page opened from disk":                    "null",
		"a stranger":                                 "https://evil.example",
		"one that begins alike":                      pageOrigin + ".evil.example",
		"one that ends alike":                        "https://evil-pages.example",
		"another port":                               pageOrigin + ":8443",
		"another scheme":                             "http://pages.example",
		"a path behind it":                           pageOrigin + "/",
		"other letters":                              "https://PAGES.example",
		"two in one line":                            pageOrigin + ", https://evil.example",
		"any":                                        "*",
		"nothing":                                    "",
	} {
		t.Run(name, func(t *testing.T) {
			for route, method := range routes {
				response, text := r.ask(method, route, with(page, "Origin", origin), bytes.NewReader(order(t, get(url))))
				requireRefused(t, response, text, 403, "relay.origin")
				response, text = r.ask("OPTIONS", route, with(page, "Origin", origin, "Access-Control-Request-Method", method, "Access-Control-Request-Headers", "x-authpad-relay"), nil)
				requireRefused(t, response, text, 403, "relay.origin")
			}
		})
	}
	t.Run("two lines", func(t *testing.T) {
		status, text := r.raw("POST /relay/send HTTP/1.1\r\nHost: " + r.addr + "\r\nOrigin: " + pageOrigin + "\r\nOrigin: https://evil.example\r\nX-Authpad-Relay: " +
			page["X-Authpad-Relay"] + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		require.Equal(t, 403, status, text)
	})
	require.Zero(t, arrived.Load())
	require.Equal(t, 200, r.send(page, get(url), "").status, "the page itself still may")
}

// raw sends these bytes, and returns status and text of the answer.
func (r *running) raw(text string) (int, string) {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	require.NoError(r.t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, text)
	require.NoError(r.t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(r.t, err)
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func TestRelayIsClosedToDNSRebinding(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	url, arrived := victim(t)
	_, port, _ := net.SplitHostPort(r.addr)
	for _, host := range []string{"evil.example", "evil.example:" + port, "localhost:" + port, "127.0.0.1", "127.0.0.1:1", "127.0.0.1:" + port + ".evil.example",
		"127.0.0.1.:" + port, "127.1:" + port, "[::1]:" + port, "127.0.0.2:" + port, "0.0.0.0:" + port} {
		// a rebound page is of the origin that its name makes
		for _, origin := range []string{pageOrigin, "http://" + host, "-"} {
			for route, method := range routes {
				response, text := r.ask(method, route, with(page, "Host", host, "Origin", origin), bytes.NewReader(order(t, get(url))))
				requireRefused(t, response, text, 421, "relay.host")
			}
		}
		response, text := r.ask("GET", "bridge", map[string]string{"Host": host}, nil)
		requireRefused(t, response, text, 421, "relay.host")
	}
	status, _ := r.raw("GET http://evil.example/relay/status HTTP/1.1\r\nHost: " + r.addr + "\r\nOrigin: " + pageOrigin + "\r\nX-Authpad-Relay: " + page["X-Authpad-Relay"] + "\r\nConnection: close\r\n\r\n")
	require.Equal(t, 421, status, "the address in the request line counts")
	require.Zero(t, arrived.Load())
}

func TestRelayIsClosedToRequestsWithoutAPreflight(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	url, arrived := victim(t)
	// What a form or a no-cors request can say: a method, one of three types, any body, no header of its own.
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		for _, origin := range []string{pageOrigin, otherOrigin} {
			for route := range routes {
				response, text := r.ask("POST", route, map[string]string{"Origin": origin, "Content-Type": kind}, bytes.NewReader(order(t, get(url))))
				requireRefused(t, response, text, 401, "relay.token")
			}
		}
	}
	for _, target := range []string{"send?X-Authpad-Relay=" + page["X-Authpad-Relay"], "send?token=" + page["X-Authpad-Relay"]} {
		response, text := r.ask("POST", target, with(page, "X-Authpad-Relay", "-", "Cookie", "X-Authpad-Relay="+page["X-Authpad-Relay"], "Authorization", "Bearer "+page["X-Authpad-Relay"]), bytes.NewReader(order(t, get(url))))
		requireRefused(t, response, text, 401, "relay.token")
	}
	response, text := r.ask("GET", "send", page, nil)
	requireRefused(t, response, text, 405, "relay.method")
	require.Zero(t, arrived.Load())
}

func TestRelayAnswersThePreflightOfAnAllowedPage(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	response, text := r.ask("OPTIONS", "send", map[string]string{"Origin": pageOrigin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-authpad-relay"}, nil)
	require.Equal(t, 204, response.StatusCode, text)
	require.Equal(t, pageOrigin, response.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "x-authpad-relay, content-type", response.Header.Get("Access-Control-Allow-Headers"))
	require.Equal(t, "GET, POST", response.Header.Get("Access-Control-Allow-Methods"))
	require.Empty(t, response.Header.Get("Access-Control-Allow-Credentials"))
	require.Equal(t, "Origin", response.Header.Get("Vary"))
	require.NotEmpty(t, response.Header.Get("Access-Control-Max-Age"))
}

func TestRelayListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.168.0.1:0", "example.com:0", "localhost.evil.example:0"} {
		var stderr bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel() // it ends by itself
		status := run(ctx, []string{"serve", "--relay-only", "--relay-addr", addr, "--allow-origin", pageOrigin}, nil, io.Discard, &stderr)
		require.Equal(t, 1, status, addr)
		require.Contains(t, stderr.String(), "open to the network", addr)
	}
	t.Run("so that no other address of this machine leads there", func(t *testing.T) {
		r := startRelay(t, "127.0.0.1:0")
		_, port, _ := net.SplitHostPort(r.addr)
		addresses, err := net.InterfaceAddrs()
		require.NoError(t, err)
		for _, a := range addresses {
			ip := a.(*net.IPNet).IP
			if ip.IsLoopback() || ip.IsLinkLocalUnicast() {
				continue
			}
			_, err := net.Dial("tcp", net.JoinHostPort(ip.String(), port))
			require.Error(t, err, ip)
		}
	})
}

func TestRelayAllowsOnlyOriginsThatAreProtected(t *testing.T) {
	for _, origin := range []string{"*", "null", "", "pages.example", "http://pages.example", "https://pages.example/path", "https://user@pages.example", "https://*.example", "file:///", "ftp://a"} {
		var stderr bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel() // it ends by itself
		require.Equal(t, 1, run(ctx, []string{"serve", "--relay-only", "--relay-addr", "127.0.0.1:0", "--allow-origin", origin}, nil, io.Discard, &stderr), origin)
	}
	var stderr bytes.Buffer
	require.Equal(t, 1, run(t.Context(), []string{"serve", "--relay-only", "--relay-addr", "127.0.0.1:0"}, nil, io.Discard, &stderr))
	require.Contains(t, stderr.String(), "--allow-origin")
}

func TestRelayBridgeWorksForAllowedPagesOnly(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	own := "http://" + r.addr
	url, arrived := victim(t)
	for _, opener := range []string{"-", "null", "https://evil.example", own, pageOrigin + "/"} {
		response, text := r.ask("POST", "send", with(page, "Origin", own, "X-Authpad-Opener", opener), bytes.NewReader(order(t, get(url))))
		requireRefused(t, response, text, 403, "relay.origin")
	}
	response, text := r.ask("POST", "send", with(page, "Origin", "https://evil.example", "X-Authpad-Opener", pageOrigin), bytes.NewReader(order(t, get(url))))
	requireRefused(t, response, text, 403, "relay.origin")
	require.Zero(t, arrived.Load())
	require.Equal(t, 200, r.send(with(page, "Origin", own, "X-Authpad-Opener", pageOrigin), get(url), "").status)

	response, text = r.ask("GET", "bridge", nil, nil)
	require.Equal(t, 200, response.StatusCode)
	require.Contains(t, text, `content="`+pageOrigin+" "+otherOrigin+`"`)
	policy := response.Header.Get("Content-Security-Policy")
	for _, rule := range []string{"default-src 'none'", "frame-ancestors 'none'", "connect-src 'self'", "script-src 'self'", "form-action 'none'"} {
		require.Contains(t, policy, rule)
	}
	require.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
}
