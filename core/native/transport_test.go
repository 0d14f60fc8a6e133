package native

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestFailuresOfTheNetwork(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + closed.Addr().String()
	closed.Close()
	secure := serveTLS(t, presents(issue(t, nil, server()).Chain()), ok)
	plain := httptest.NewServer(http.HandlerFunc(ok))
	defer plain.Close()
	raw := func(answer string) string { address, _ := rawServer(t, 0, answer); return address }

	cases := []struct {
		name, address, code string
		says                string
	}{
		{"nothing listens", nobody, "refused", "nothing listens at 127.0.0.1:"},
		{"a name that cannot be", "http://a..b/", "dns", "a..b"},
		{"closed without a word", raw(""), "closed", "waiting for the answer"},
		{"closed within the head", raw("HTTP/1.1 200 OK\r\nA: "), "closed", "waiting for the answer"},
		{"no HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n"), "protocol", "did not answer in HTTP"},
		{"a head that does not end", raw("HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", maxHead+10_000)), "protocol.header-too-large", "1 MiB"},
		{"http to a TLS port that answers in TLS", raw("\x15\x03\x01\x00\x02\x02\x0a"), "protocol.tls", "use https"},
		{"https to an HTTP port", strings.Replace(plain.URL, "http:", "https:", 1), "tls.not-tls", "plain HTTP"},
		{"https to something else", "https://" + greeter(t, "SSH-2.0-OpenSSH_9.2\r\n"), "tls.not-tls", "check the port"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := &core.Request{Method: "GET", URL: core.URL{Scheme: "http", Host: "a..b"}}
			if c.code != "dns" {
				req = request(t, "GET", c.address)
			}
			req.URL.Username, req.URL.Password = "user", "hunter2"
			req.Header.Add("Authorization", "Basic hunter2")
			response, failure := send(t, core.TLS{}, core.Fetch{}, req)
			require.Nil(t, response)
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code, failure.Message)
			require.Contains(t, failure.Message, c.says)
			require.NotContains(t, failure.Message, "hunter2")
		})
	}
	t.Run("http to Go's TLS port is an answer", func(t *testing.T) {
		response, failure := send(t, core.TLS{}, core.Fetch{}, request(t, "GET", strings.Replace(secure.URL, "https:", "http:", 1)))
		require.Nil(t, failure)
		require.Equal(t, 400, response.Status)
		require.Nil(t, response.TLS)
	})
}

// greeter speaks first, as SSH and mail servers do, and says no more. The test ends once the client
// has hung up.
func greeter(t *testing.T, greeting string) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	left := make(chan bool)
	t.Cleanup(func() {
		listener.Close()
		<-left
	})
	go func() {
		defer close(left)
		if conn, err := listener.Accept(); err == nil {
			defer conn.Close()
			io.WriteString(conn, greeting)
			io.Copy(io.Discard, conn)
		}
	}()
	return listener.Addr().String()
}

func TestAnAnswerThatBreaksOffIsShownBesideTheFailure(t *testing.T) {
	cases := []struct{ name, answer, code, body string }{
		{"half of a body", "HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nhalf", "closed", "half"},
		{"a chunk too few", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "closed", "half"},
		{"a chunk that is none", "HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", "protocol", "half"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, _ := rawServer(t, 0, c.answer)
			response, failure := send(t, core.TLS{}, core.Fetch{}, request(t, "GET", address))
			requireBroken(t, response, failure, c.code, c.body)
		})
	}
	t.Run("reset", func(t *testing.T) {
		requireReset(t, "http")
	})
	t.Run("reset within TLS, by a server that asked for a client certificate", func(t *testing.T) {
		requireReset(t, "https")
	})
}

func requireBroken(t *testing.T, response *core.Response, failure *core.Failure, code, body string) {
	t.Helper()
	require.NotNil(t, failure)
	require.Equal(t, code, failure.Code, failure.Message)
	require.NotNil(t, response)
	require.Equal(t, 401, response.Status)
	require.Equal(t, body, string(response.Body))
	require.Equal(t, int64(len(body)), response.BodySize)
}

func requireReset(t *testing.T, scheme string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	config := presents(issue(t, nil, server()).Chain())
	config.ClientAuth = tls.RequestClientCert
	read := make(chan bool)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		talk := conn
		if scheme == "https" {
			talk = tls.Server(conn, config)
		}
		http.ReadRequest(bufio.NewReader(talk))
		io.WriteString(talk, "HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\nhalf")
		<-read
		conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}()
	ctx := withFirstBytes(context.Background(), read)
	response, failure := sendWith(ctx, t, core.TLS{SkipVerify: true}, core.Fetch{}, request(t, "GET", scheme+"://"+listener.Addr().String()))
	requireBroken(t, response, failure, "reset", "half")
}

func TestTimeout(t *testing.T) {
	release := make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(401)
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
		}
		<-release
	}))
	defer s.Close()
	defer close(release)
	t.Run("before the answer", func(t *testing.T) {
		response, failure := send(t, core.TLS{}, core.Fetch{TimeoutMs: 200}, request(t, "GET", s.URL))
		require.Nil(t, response)
		require.Equal(t, "timeout", failure.Code)
		require.Contains(t, failure.Message, "waiting for the answer")
	})
	t.Run("within the body", func(t *testing.T) {
		response, failure := send(t, core.TLS{}, core.Fetch{TimeoutMs: 1000}, request(t, "GET", s.URL+"/body"))
		requireBroken(t, response, failure, "timeout", "half")
	})
	t.Run("while agreeing on TLS", func(t *testing.T) {
		silent, err := net.Listen("tcp", "127.0.0.1:0") // accepted by the system, answered by nobody
		require.NoError(t, err)
		defer silent.Close()
		_, failure := send(t, core.TLS{}, core.Fetch{TimeoutMs: 200}, request(t, "GET", "https://"+silent.Addr().String()))
		require.Equal(t, "timeout", failure.Code)
		require.Contains(t, failure.Message, "agreeing on TLS")
	})
	t.Run("a deadline of the caller", func(t *testing.T) {
		ctx, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
		defer cancel()
		_, failure := sendWith(ctx, t, core.TLS{}, core.Fetch{}, request(t, "GET", s.URL))
		require.Equal(t, "timeout", failure.Code)
		require.Contains(t, failure.Message, "connecting")
	})
}

func TestCancel(t *testing.T) {
	for _, path := range []string{"/body", "/"} {
		for _, protocol := range []string{"http/1.1", "h2"} {
			t.Run(protocol+path, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				gone := make(chan bool)
				config := presents(issue(t, nil, server()).Chain())
				config.NextProtos = []string{protocol}
				s := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) {
					if path == "/body" {
						w.WriteHeader(401)
						io.WriteString(w, "half")
						w.(http.Flusher).Flush()
					} else {
						cancel()
					}
					<-r.Context().Done()
					close(gone)
				})
				if path == "/body" {
					first := make(chan bool)
					ctx = withFirstBytes(ctx, first)
					go func() { <-first; cancel() }()
				}
				_, failure := sendWith(ctx, t, core.TLS{SkipVerify: true}, core.Fetch{}, request(t, "GET", s.URL+path))
				require.NotNil(t, failure)
				require.Equal(t, "cancelled", failure.Code)
				<-gone // the server sees it go
			})
		}
	}
}

func TestHTTP2(t *testing.T) {
	root := issue(t, nil, ca("root"))
	config := presents(issue(t, root, server()).Chain())
	config.NextProtos = []string{"h2", "http/1.1"}
	s := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("WWW-Authenticate", "Digest a=1")
		w.Header().Add("WWW-Authenticate", "Basic")
		w.Header().Set("Proto", r.Proto)
		w.Header().Set("Date", "-")
		w.WriteHeader(401)
		io.Copy(w, strings.NewReader(r.RequestURI+" "+r.Host+" "+r.UserAgent()+r.Header.Get("Accept-Encoding")+" "))
		io.Copy(w, r.Body)
	})
	req := request(t, "POST", s.URL+"//a%2Fb?c=%7e")
	req.Header = core.Header{{Name: "Host", Value: "virtual.example"}, {Name: "X-A", Value: "1"}}
	req.Body = []byte("body")
	response, failure := send(t, core.TLS{CA: root.PEM()}, core.Fetch{}, req)
	require.Nil(t, failure)
	require.Equal(t, "//a%2Fb?c=%7e virtual.example  body", string(response.Body))
	require.Empty(t, response.StatusText, "HTTP/2 has none")
	require.Equal(t, "h2", response.Protocol)
	require.Equal(t, []string{"Digest a=1", "Basic"}, response.Header.Values("WWW-Authenticate"))
	proto, _ := response.Header.Get("proto")
	require.Equal(t, "HTTP/2.0", proto)
	require.Equal(t, core.HeaderField{Name: "www-authenticate", Value: "Digest a=1"}, response.Header[len(response.Header)-2], "lower case, sorted")

	req.Header.Add("Connection", "close")
	response, failure = send(t, core.TLS{CA: root.PEM()}, core.Fetch{}, req)
	require.Nil(t, failure)
	require.Equal(t, []string{"HTTP/1.1"}, response.Header.Values("Proto"), "a Connection line is for HTTP/1.1")
}

func TestTheServerIsAskedForByName(t *testing.T) {
	root := issue(t, nil, ca("root"))
	for host, want := range map[string]string{"127.0.0.1": "", "localhost": "localhost", "[::1]": ""} {
		t.Run(host, func(t *testing.T) {
			asked := make(chan string, 1)
			config := presents(issue(t, root, server()).Chain())
			config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				asked <- hello.ServerName
				return nil, nil
			}
			address := "127.0.0.1:0"
			if host == "[::1]" {
				address = "[::1]:0"
			}
			listener, err := net.Listen("tcp", address)
			if err != nil {
				t.Skip("no IPv6 on this machine")
			}
			served := tls.NewListener(listener, config)
			go http.Serve(served, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
			defer served.Close()
			_, port, _ := net.SplitHostPort(listener.Addr().String())
			req := request(t, "GET", "https://"+host+":"+port)
			req.Header.Add("Host", "virtual.example") // changes the Host line, not the name that is checked
			response, failure := send(t, core.TLS{CA: root.PEM()}, core.Fetch{}, req)
			require.Nil(t, failure)
			require.Equal(t, want, <-asked)
			require.Equal(t, "virtual.example", string(response.Body))
		})
	}
}

func TestTLSVersions(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*tls.Config)
		code   string
	}{
		"TLS 1.1 only": {func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, "tls.version"},
		"no cipher suite in common": {func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}
		}, "tls.handshake"},
		"no protocol in common": {func(c *tls.Config) { c.NextProtos = []string{"mqtt"} }, "tls.alert"},
		"refused by the server": {func(c *tls.Config) {
			c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, io.EOF }
		}, "tls.alert"},
	} {
		t.Run(name, func(t *testing.T) {
			config := presents(issue(t, nil, server()).Chain())
			c.change(config)
			listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
			require.NoError(t, err)
			defer listener.Close()
			go func() {
				if conn, err := listener.Accept(); err == nil {
					conn.(*tls.Conn).Handshake()
					conn.Close()
				}
			}()
			_, failure := send(t, core.TLS{SkipVerify: true}, core.Fetch{}, request(t, "GET", "https://"+listener.Addr().String()))
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code, failure.Message)
			require.Nil(t, failure.TLS, "no certificate was seen")
		})
	}
}

// TestALargeBodyIsCountedNotHeld: 256 MiB pass; what is kept is the limit.
func TestALargeBodyIsCountedNotHeld(t *testing.T) {
	const size = 256 << 20
	piece := make([]byte, 1<<20)
	var live uint64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := range size / len(piece) {
			w.Write(piece)
			if i%32 == 31 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				live = max(live, m.HeapAlloc)
			}
		}
	}))
	defer s.Close()
	response, failure := send(t, core.TLS{}, core.Fetch{}, request(t, "GET", s.URL))
	require.Nil(t, failure)
	require.Equal(t, int64(size), response.BodySize)
	require.Len(t, response.Body, bodyLimit)
	require.Less(t, live, uint64(64<<20), "the heap stays near what is kept")
}

// TestABodyIsSavedWhole: all of it goes to the file, however little is kept.
func TestABodyIsSavedWhole(t *testing.T) {
	const size = 20 << 20
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/end" {
			http.Redirect(w, r, "/end", http.StatusFound) // its text does not belong into the file
			return
		}
		w.Write(bytes.Repeat([]byte("x"), size))
	}))
	defer s.Close()
	saved := &keeper{limit: 4}
	transport, err := NewTransport(Options{Into: saved})
	require.NoError(t, err)
	response, err := transport.Send(t.Context(), request(t, "GET", s.URL))
	require.NoError(t, err)
	require.Equal(t, int64(size), saved.size)
	require.Equal(t, "xxxx", string(saved.bytes))
	require.Equal(t, int64(size), response.BodySize)
	t.Run("but for answers that are answered in turn", func(t *testing.T) {
		saved.size = 0
		transport.(core.Saver).Hold(401, 200)
		_, err = transport.Send(t.Context(), request(t, "GET", s.URL))
		require.NoError(t, err)
		require.Zero(t, saved.size)
		transport.(core.Saver).Hold()
		_, err = transport.Send(t.Context(), request(t, "GET", s.URL))
		require.NoError(t, err)
		require.Equal(t, int64(size), saved.size)
	})
	t.Run("a full disk ends it", func(t *testing.T) {
		full, none := io.Pipe()
		full.Close()
		transport, err := NewTransport(Options{Into: none})
		require.NoError(t, err)
		_, err = transport.Send(t.Context(), request(t, "GET", s.URL))
		var failure *core.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "sink", failure.Code)
	})
}

func TestNoGoroutineOutlivesSend(t *testing.T) {
	s := redirector(t)
	root := issue(t, nil, ca("root"))
	config := presents(issue(t, root, server()).Chain())
	config.NextProtos = []string{"h2"}
	secure := serveTLS(t, config, ok)
	send2(t, core.TLS{CA: root.PEM()}, secure.URL)
	before := runtime.NumGoroutine()
	for range 20 {
		send2(t, core.TLS{}, s.URL+"/302?to=/end")
		send2(t, core.TLS{CA: root.PEM()}, secure.URL)
	}
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 5*time.Second, 5*time.Millisecond)
}
