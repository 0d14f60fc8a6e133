package native

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

func startLab(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(LabHandler(lab.New(Env())))
	t.Cleanup(server.Close)
	return server.URL + "/lab/"
}

// askFor is an HTTP request with header lines given as name, value, name, value …
func askFor(t *testing.T, method, url, body string, lines ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(lines); i += 2 {
		req.Header.Add(lines[i], lines[i+1])
	}
	return req
}

// do sends without following redirects and returns the answer with its body.
func do(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

func TestLabOverHTTP(t *testing.T) {
	base := startLab(t)
	tests := []struct {
		name, method, route string
		status              int
		mediaType, contains string
	}{
		{"lists itself", "GET", "", 200, "application/json", `"auth/<scheme>"`},
		{"echoes", "POST", "echo?a=%20b", 200, "application/json", `/lab/echo?a=%20b"`},
		{"prints accounts", "GET", "auth/basic/account", 200, "application/json", `"username"`},
		{"refuses without credentials", "GET", "auth/basic", 401, "application/json", `"authorization.missing"`},
		{"answers with a status", "GET", "status/418", 418, "application/json", `418`},
		{"answers without content", "GET", "status/204", 204, "", ""},
		{"redirects", "GET", "redirect?to=echo&code=307", 307, "application/json", `"echo"`},
		{"waits", "GET", "delay/1", 200, "application/json", `"delayMs": 1`},
		{"sends bytes", "GET", "bytes/10", 200, "application/octet-stream", ""},
		{"streams", "GET", "stream/100", 200, "text/plain;charset=utf-8", "000000000001"},
		{"says", "GET", "say?type=text/html&text=%3Cb%3E", 200, "text/html", "<b>"},
		{"takes unknown methods", "CHICKEN", "echo", 200, "application/json", `"CHICKEN"`},
		{"takes OPTIONS that is no preflight", "OPTIONS", "echo", 200, "application/json", `"OPTIONS"`},
		{"says what there is", "GET", "nothing", 404, "application/json", `"echo"`},
		{"knows no dot segments", "GET", "echo/../../lab/echo", 404, "application/json", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, body := do(t, askFor(t, test.method, base+test.route, ""))
			require.Equal(t, test.status, response.StatusCode, body)
			require.Equal(t, test.mediaType, response.Header.Get("Content-Type"))
			require.Contains(t, body, test.contains)
			require.Equal(t, "sandbox; default-src 'none'", response.Header.Get("Content-Security-Policy"))
			require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
		})
	}
}

func TestLabEchoesWhatWasReceived(t *testing.T) {
	base := startLab(t)
	host := strings.TrimSuffix(strings.TrimPrefix(base, "http://"), "/lab/")
	_, body := do(t, askFor(t, "PUT", base+"echo", "käse", "X-Two", "1", "x-two", "2", "X-Latin", "caf\xe9", "X-UTF8", "café"))
	require.Contains(t, body, `"headers": [
    ["Host","`+host+`"],`, "net/http keeps it apart")
	require.Contains(t, body, `["X-Two","1"],
    ["X-Two","2"]`, "repeated lines stay apart")
	require.Contains(t, body, `["X-Latin","café"]`)
	require.Contains(t, body, `["X-Utf8","café"]`)
	require.Contains(t, body, `"text": "käse"`)
	require.Contains(t, body, `"bodySize": 5`)
}

func TestLabSendsHeadersAsLatin1(t *testing.T) {
	response, _ := do(t, askFor(t, "GET", startLab(t)+"say?type=text/x;a=%C3%A9", ""))
	require.Equal(t, "text/x;a=\xe9", response.Header.Get("Content-Type"))
}

func TestLabHead(t *testing.T) {
	response, body := do(t, askFor(t, "HEAD", startLab(t)+"bytes/1000", ""))
	require.Empty(t, body)
	require.EqualValues(t, 1000, response.ContentLength)
	response, _ = do(t, askFor(t, "HEAD", startLab(t)+"status/204", ""))
	require.Empty(t, response.Header.Get("Content-Length"))
}

func TestLabChecksCredentials(t *testing.T) {
	base := startLab(t)
	for _, scheme := range schemes.All() {
		t.Run(scheme.ID, func(t *testing.T) {
			response, body := do(t, signedRequest(t, base, scheme))
			require.Equal(t, 200, response.StatusCode, body)
			require.Contains(t, body, `"authenticated": true`)
		})
	}
	t.Run("sends each challenge as a line of its own", func(t *testing.T) {
		response, _ := do(t, askFor(t, "GET", base+"auth/basic", ""))
		require.Len(t, response.Header.Values("WWW-Authenticate"), 1)
		require.True(t, strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Basic realm="))
		response, _ = do(t, askFor(t, "GET", base+"auth/digest", ""))
		require.Greater(t, len(response.Header.Values("WWW-Authenticate")), 1)
	})
	t.Run("sends a page all of them in one", func(t *testing.T) {
		several, _ := do(t, askFor(t, "GET", base+"auth/digest", ""))
		one, _ := do(t, askFor(t, "GET", base+"auth/digest", "", "Origin", "http://page.example"))
		require.Len(t, one.Header.Values("WWW-Authenticate"), 1)
		require.Len(t, syntax.ParseChallenges(one.Header.Values("WWW-Authenticate")), len(several.Header.Values("WWW-Authenticate")))
	})
}

// signedRequest carries the scheme's example account, by whichever header or query it uses.
func signedRequest(t *testing.T, base string, scheme *core.Scheme) *http.Request {
	t.Helper()
	values, err := scheme.Fill(scheme.Example.Values)
	require.NoError(t, err)
	host, port, err := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(base, "http://"), "/lab/"))
	require.NoError(t, err)
	req := &core.Request{Method: "GET", URL: core.URL{Scheme: "http", Host: host, Port: port, Path: "/lab/auth/" + scheme.ID}}
	in := core.Input{Values: values, Env: Env()}
	if scheme.Challenge != nil {
		asked, _ := do(t, askFor(t, "GET", base+"auth/"+scheme.ID, ""))
		in.Challenges = syntax.ParseChallenges(asked.Header.Values("WWW-Authenticate"))
		for name, values := range asked.Header {
			in.Told.Add(name, values[0])
		}
	}
	if scheme.Sign != nil {
		require.NoError(t, scheme.Sign(in, req, &core.Trace{}))
	}
	sent := askFor(t, req.Method, req.URL.String(), "")
	for _, line := range req.Header {
		sent.Header.Add(line.Name, line.Value)
	}
	return sent
}

func TestLabCORS(t *testing.T) {
	base := startLab(t)
	t.Run("answers a preflight before asking for credentials", func(t *testing.T) {
		response, body := do(t, askFor(t, "OPTIONS", base+"auth/basic", "", "Origin", "http://page.example",
			"Access-Control-Request-Method", "chicken", "Access-Control-Request-Headers", "authorization,x-date"))
		require.Equal(t, 204, response.StatusCode)
		require.Empty(t, body)
		require.Equal(t, "http://page.example", response.Header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "authorization,x-date", response.Header.Get("Access-Control-Allow-Headers"), "by name: * would not cover Authorization")
		methods := strings.Split(response.Header.Get("Access-Control-Allow-Methods"), ", ")
		require.Subset(t, methods, []string{"GET", "PUT", "PATCH", "DELETE", "chicken"})
		require.Equal(t, "7200", response.Header.Get("Access-Control-Max-Age"))
		require.Empty(t, response.Header.Get("WWW-Authenticate"))
	})
	t.Run("lets a page read every header of every answer", func(t *testing.T) {
		for _, route := range []string{"echo", "auth/basic", "status/401", "redirect?to=echo", "nothing", "bytes/5"} {
			response, _ := do(t, askFor(t, "GET", base+route, "", "Origin", "null"))
			require.Equal(t, "null", response.Header.Get("Access-Control-Allow-Origin"), "the origin after a redirect")
			require.Empty(t, response.Header.Get("Access-Control-Allow-Credentials"))
			require.Equal(t, "*", response.Header.Get("Timing-Allow-Origin"))
			require.Contains(t, response.Header.Values("Vary"), "Origin")
			exposed := strings.Split(response.Header.Get("Access-Control-Expose-Headers"), ", ")
			require.Contains(t, exposed, "*", "so that the page knows it")
			for name := range response.Header {
				require.True(t, strings.HasPrefix(name, "Access-Control-") || slices.Contains(exposed, name), "%s: %s", route, name)
			}
		}
	})
	t.Run("allows no origin that did not ask", func(t *testing.T) {
		response, _ := do(t, askFor(t, "GET", base+"echo", ""))
		require.Empty(t, response.Header.Values("Access-Control-Allow-Origin"))
	})
}

func TestLabRefusesHugeBodies(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), "POST", startLab(t)+"echo", io.LimitReader(zeros{}, lab.MaxRequestBody+1))
	require.NoError(t, err)
	response, body := do(t, req)
	require.Equal(t, 413, response.StatusCode)
	require.Contains(t, body, "lab.body")
}

// A body that cannot be read is not one that is too long.
func TestLabRefusesBrokenBodies(t *testing.T) {
	c := dialRaw(t, strings.Split(startLab(t), "/")[2])
	c.write("POST /lab/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n012345\r\n0\r\n\r\n")
	response, err := http.ReadResponse(c.in, nil)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, 400, response.StatusCode)
	require.Contains(t, string(body), "lab.broken-body")
	require.Equal(t, "sandbox; default-src 'none'", response.Header.Get("Content-Security-Policy"))
	require.True(t, response.Close, "what follows cannot be told from the body")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestLabStreamsInConstantMemory(t *testing.T) {
	const size = 256 << 20
	base := startLab(t)
	for _, route := range []string{"bytes/", "stream/"} {
		response, err := http.DefaultTransport.RoundTrip(askFor(t, "GET", base+route+strconv.Itoa(size), ""))
		require.NoError(t, err)
		var before, after runtime.MemStats
		piece := make([]byte, 64<<10)
		runtime.ReadMemStats(&before)
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, response.Body, piece)
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.EqualValues(t, size, n)
		require.NoError(t, response.Body.Close())
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20), "of client and server together")
	}
}

// watched tells when the handler has begun and when it has returned.
func watched(t *testing.T) (base string, begun, ended chan struct{}) {
	t.Helper()
	begun, ended = make(chan struct{}), make(chan struct{})
	labs := LabHandler(lab.New(Env()))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		close(begun)
		labs.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/lab/", begun, ended
}

func TestLabStopsWhenTheClientGoes(t *testing.T) {
	t.Run("during a stream", func(t *testing.T) {
		base, _, ended := watched(t)
		response, err := http.DefaultTransport.RoundTrip(askFor(t, "GET", base+"stream/10737418240", ""))
		require.NoError(t, err)
		line, err := bufio.NewReader(response.Body).ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, line, "000000000000")
		require.NoError(t, response.Body.Close())
		<-ended
	})
	t.Run("during a delay", func(t *testing.T) {
		base, begun, ended := watched(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-begun; cancel() }()
		_, err := http.DefaultTransport.RoundTrip(askFor(t, "GET", base+"delay/60000", "").WithContext(ctx))
		require.ErrorIs(t, err, context.Canceled)
		<-ended
	})
}

func TestReceivedURL(t *testing.T) {
	tests := []struct{ name, host, target, want string }{
		{"keeps the bytes of path and query", "127.0.0.1:8765", "/lab/a%2fb//c/../d?x=%zz&?", "http://127.0.0.1:8765/lab/a%2fb//c/../d?x=%zz&?"},
		{"keeps a bare question mark", "localhost", "/lab/?", "http://localhost/lab/?"},
		{"leaves the default port out", "LOCALHOST:80", "/", "http://localhost/"},
		{"reads IPv6", "[::1]:8765", "/", "http://[::1]:8765/"},
		{"reads IPv6 without a port", "[::1]", "/", "http://[::1]/"},
		{"reads the absolute form", "a:1", "http://a:1/lab/x?y", "http://a:1/lab/x?y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", test.target, nil)
			r.Host = test.host
			require.Equal(t, test.want, receivedURL(r).String())
		})
	}
}
