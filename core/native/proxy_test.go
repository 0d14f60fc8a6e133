package native

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// proxyServer is an HTTP proxy that wants Basic credentials, tunnels, and tells each head it got.
type proxyServer struct {
	url   string
	heads chan string
}

// Aladdin's, RFC 7617, section 2.
const proxyCredentials = "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"

func startProxy(t *testing.T, answer string) *proxyServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	p := &proxyServer{url: "http://" + listener.Addr().String(), heads: make(chan string, 10)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn, answer)
		}
	}()
	return p
}

func (p *proxyServer) serve(conn net.Conn, answer string) {
	defer conn.Close()
	reader, head := bufio.NewReader(conn), ""
	for !strings.HasSuffix(head, "\r\n\r\n") {
		line, err := reader.ReadString('\n')
		if head += line; err != nil {
			return
		}
	}
	p.heads <- head
	target, tunnel := strings.CutPrefix(head, "CONNECT ")
	switch {
	case answer != "":
		io.WriteString(conn, answer)
	case !strings.Contains(head, proxyCredentials):
		io.WriteString(conn, "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n")
	case !tunnel:
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nby proxy!")
	default:
		address, _, _ := strings.Cut(target, " ")
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		io.WriteString(conn, "HTTP/1.1 200 Connection established\r\nVia: 1.1 p\r\n\r\n")
		go io.Copy(server, reader)
		io.Copy(conn, server)
	}
}

func through(p *proxyServer) core.Proxy {
	return core.Proxy{URL: p.url, Username: "Aladdin", Password: "open sesame"}
}

func sendThrough(t *testing.T, o Options, req *core.Request) (*core.Response, *core.Failure) {
	t.Helper()
	transport, err := NewTransport(o)
	require.NoError(t, err)
	response, err := transport.Send(t.Context(), req)
	if err == nil {
		return response, nil
	}
	var failure *core.Failure
	require.ErrorAs(t, err, &failure)
	return response, failure
}

func TestProxy(t *testing.T) {
	root := issue(t, nil, ca("root"))
	var seen http.Header
	config := presents(issue(t, root, server()).Chain())
	s := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) { seen = r.Header; io.WriteString(w, "by tunnel") })
	address := strings.TrimPrefix(s.URL, "https://")

	t.Run("http in absolute form, with credentials", func(t *testing.T) {
		p := startProxy(t, "")
		req := request(t, "GET", "http://elsewhere.invalid/a%2Fb?q#f")
		req.Header = core.Header{{Name: "x-A", Value: "1"}}
		response, failure := sendThrough(t, Options{Proxy: through(p)}, req)
		require.Nil(t, failure)
		require.Equal(t, "by proxy!", string(response.Body))
		require.Equal(t, "GET http://elsewhere.invalid/a%2Fb?q HTTP/1.1\r\nHost: elsewhere.invalid\r\nx-A: 1\r\n"+proxyCredentials+"\r\n", <-p.heads)
	})
	t.Run("https through a tunnel, and the server sees no credentials of the proxy", func(t *testing.T) {
		p := startProxy(t, "")
		response, failure := sendThrough(t, Options{Proxy: through(p), TLS: core.TLS{CA: root.PEM()}}, request(t, "GET", s.URL))
		require.Nil(t, failure)
		require.Equal(t, "by tunnel", string(response.Body))
		require.Equal(t, "127.0.0.1", response.TLS.ServerName)
		require.Equal(t, "CONNECT "+address+" HTTP/1.1\r\nHost: "+address+"\r\n"+proxyCredentials+"\r\n", <-p.heads)
		require.Empty(t, seen.Get("Proxy-Authorization"))
	})
	t.Run("HTTP/2 through a tunnel", func(t *testing.T) {
		config := presents(issue(t, root, server()).Chain())
		config.NextProtos = []string{"h2"}
		response, failure := sendThrough(t, Options{Proxy: through(startProxy(t, "")), TLS: core.TLS{CA: root.PEM()}}, request(t, "GET", serveTLS(t, config, ok).URL))
		require.Nil(t, failure)
		require.Equal(t, "h2", response.Protocol)
	})
	t.Run("the server's certificate is checked through a tunnel", func(t *testing.T) {
		_, failure := sendThrough(t, Options{Proxy: through(startProxy(t, ""))}, request(t, "GET", s.URL))
		require.Equal(t, "tls.unknown-ca", failure.Code)
	})
	t.Run("credentials in its address", func(t *testing.T) {
		p := startProxy(t, "")
		_, failure := sendThrough(t, Options{Proxy: core.Proxy{URL: strings.Replace(p.url, "//", "//Aladdin:open%20sesame@", 1)}}, request(t, "GET", "http://elsewhere.invalid/"))
		require.Nil(t, failure)
		require.Contains(t, <-p.heads, proxyCredentials)
	})
	t.Run("without credentials an http request has the proxy's 407 for an answer", func(t *testing.T) {
		p := startProxy(t, "")
		response, failure := sendThrough(t, Options{Proxy: core.Proxy{URL: p.url}}, request(t, "GET", "http://elsewhere.invalid/"))
		require.Nil(t, failure)
		require.Equal(t, 407, response.Status)
		require.NotContains(t, <-p.heads, "Proxy-Authorization")
	})
}

func TestProxyFailures(t *testing.T) {
	nobody := core.Proxy{URL: "http://127.0.0.1:1"}
	endless := "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", maxHead+1)
	cases := []struct {
		name, address, code string
		proxy               core.Proxy
	}{
		{"nothing listens", "http://elsewhere.invalid/", "proxy.refused", nobody},
		{"the same, for a tunnel", "https://elsewhere.invalid/", "proxy.refused", nobody},
		{"no credentials", "https://elsewhere.invalid/", "proxy.credentials", core.Proxy{URL: startProxy(t, "").url}},
		{"wrong credentials", "https://elsewhere.invalid/", "proxy.credentials", core.Proxy{URL: startProxy(t, "").url, Username: "Aladdin", Password: "hunter2"}},
		{"it makes no connection", "https://elsewhere.invalid/", "proxy.tunnel", through(startProxy(t, "HTTP/1.1 502 Bad Gateway\r\n\r\n"))},
		{"it hangs up", "https://elsewhere.invalid/", "proxy.protocol", through(startProxy(t, "HTTP/1.1 2"))},
		{"it is none", "https://elsewhere.invalid/", "proxy.protocol", through(startProxy(t, "SSH-2.0-OpenSSH_9.2\r\n\r\n"))},
		{"its head does not end", "https://elsewhere.invalid/", "proxy.closed", through(startProxy(t, endless))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, failure := sendThrough(t, Options{Proxy: c.proxy}, request(t, "GET", c.address))
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code, failure.Message)
			require.NotContains(t, failure.Message, "hunter2")
			require.NotContains(t, failure.Message, "sesame")
		})
	}
	t.Run("its silence ends after the time that was set", func(t *testing.T) {
		silent, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer silent.Close()
		_, failure := sendThrough(t, Options{Proxy: core.Proxy{URL: "http://" + silent.Addr().String()}, Fetch: core.Fetch{TimeoutMs: 100}}, request(t, "GET", "https://elsewhere.invalid/"))
		require.Equal(t, "timeout", failure.Code)
	})
}

func TestProxyOptionsAreRefusedAtTheirField(t *testing.T) {
	for url, code := range map[string]string{"proxy": "proxy.url", "https://p": "proxy.scheme", "socks5://p": "proxy.scheme", "http://p/path": "proxy.url", "http://p/?q": "proxy.url"} {
		_, err := NewTransport(Options{Proxy: core.Proxy{URL: url}})
		var refused *core.FieldError
		require.ErrorAs(t, err, &refused, url)
		require.Equal(t, "proxy.url "+code, refused.Field+" "+refused.Code)
	}
	_, err := NewTransport(Options{Proxy: core.Proxy{URL: "http://p", Username: "a:b"}})
	var refused *core.FieldError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "proxy.username", refused.Field)
	_, err = NewTransport(Options{Proxy: core.Proxy{URL: " "}})
	require.NoError(t, err)
}
