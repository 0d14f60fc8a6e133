package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wireServer takes one connection after the other, and tells each request's bytes: its head, and size bytes behind it.
func wireServer(t *testing.T, size int) (url string, received <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	got := make(chan string, 10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			var seen []byte
			for one := make([]byte, 1); !bytes.HasSuffix(seen, []byte("\r\n\r\n")); seen = append(seen, one[0]) {
				if _, err := conn.Read(one); err != nil {
					break
				}
			}
			body := make([]byte, size)
			n, _ := io.ReadFull(conn, body)
			got <- string(seen) + string(body[:n])
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX-odd-CASE: 1\r\nset-cookie: b=2\r\nContent-Length: 2\r\n\r\nok")
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), got
}

// The same request three ways: through net/http as a Go program would send it, through "authpad call send", and
// through the relay. What arrives differs in what net/http does of its own accord: it sorts the lines.
func TestRelaySendsTheBytesThatOthersSend(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	for _, c := range []struct{ method, target, body string }{
		{"GET", "/a%2Fb?q=%20+&x", ""},
		{"GET", "/", "a GET with a body"},
		{"POST", "/data", "name=value\x00\xff\r\n\r\nend"},
		{"POST", "/empty", ""},
		{"PROPFIND", "/dav", "<propfind/>"},
		{"TRACE", "/", ""},
		{"TRACK", "/", ""},
		{"DELETE", "/", ""},
	} {
		t.Run(c.method+" "+c.target, func(t *testing.T) {
			url, received := wireServer(t, len(c.body))
			lines := [][2]string{{"Host", "virtual.example"}, {"Cookie", "session=1; theme=dark"}, {"Date", "Tue, 24 Nov 2026 00:00:00 GMT"}, {"User-Agent", "curl/8.0"},
				{"Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, {"Accept-Encoding", "br"}, {"X-Multi", "1"}, {"X-Multi", "2"}, {"Referer", "https://elsewhere.example/"},
				{"Origin", "https://elsewhere.example"}, {"Sec-Fetch-Mode", "navigate"}, {"Content-Type", "text/x"}}

			req, err := http.NewRequest(c.method, url+c.target, strings.NewReader(c.body))
			require.NoError(t, err)
			for _, line := range lines {
				req.Header.Add(line[0], line[1])
			}
			req.Host = "virtual.example"
			response, err := (&http.Transport{DisableKeepAlives: false}).RoundTrip(req)
			require.NoError(t, err)
			response.Body.Close()
			byHTTP := <-received

			all := r.send(page, map[string]any{"method": c.method, "url": url + c.target, "headers": lines}, c.body)
			require.Equal(t, 200, all.status, all.Error.Message)
			byRelay := <-received
			require.Equal(t, [][2]string{{"Set-Cookie", "a=1"}, {"X-odd-CASE", "1"}, {"set-cookie", "b=2"}, {"Content-Length", "2"}}, all.head.Response.Headers)
			require.Equal(t, "ok", string(all.body))

			params, err := json.Marshal(map[string]any{"request": map[string]any{"method": c.method, "url": url + c.target, "headers": lines,
				"body": map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(c.body))}}, "auth": map[string]any{"scheme": "none"}})
			require.NoError(t, err)
			var stdout bytes.Buffer
			require.Equal(t, 0, run(t.Context(), []string{"call", "send"}, bytes.NewReader(params), &stdout, io.Discard), stdout.String())
			require.Equal(t, <-received, byRelay, "call send and the relay send the same bytes")
			require.Equal(t, sortedHead(byHTTP), sortedHead(byRelay))
		})
	}
}

// sortedHead has the lines of a head in one order; what follows stays.
func sortedHead(request string) []string {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return append(lines, body)
}

func TestRelayTellsOfEachRedirect(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	var last http.Header
	var body []byte
	end := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		last = r.Header
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "the end")
		w.Header().Set("X-Sum", "42")
		w.Header().Set(http.TrailerPrefix+"X-Late", "1")
	}))
	defer end.Close()
	away := redirectTo(t)
	o := map[string]any{"method": "POST", "url": away + away + end.URL + "/end", "headers": [][2]string{{"Authorization", "Basic x"}, {"Cookie", "a=1"}, {"X-Other", "2"}}}
	all := r.send(page, o, "sent again")
	require.Nil(t, all.end.Failure)
	require.Len(t, all.hops, 2)
	require.Equal(t, 307, all.hops[0].Response.Status)
	require.Equal(t, [][2]string{{"Authorization", "Basic x"}, {"Cookie", "a=1"}, {"X-Other", "2"}}, all.hops[1].Request.Headers, "the same origin")
	require.Empty(t, all.hops[0].Notes)
	require.Equal(t, "redirect.credentials-dropped", all.hops[1].Notes[0].Code)
	require.Equal(t, end.URL+"/end", all.head.Request.URL)
	require.Equal(t, [][2]string{{"X-Other", "2"}}, all.head.Request.Headers)
	require.Equal(t, "the end", string(all.body))
	require.Equal(t, int64(7), all.end.Size)
	require.Equal(t, [][2]string{{"X-Late", "1"}, {"X-Sum", "42"}}, all.end.Trailers)
	require.Equal(t, "sent again", string(body))
	require.Empty(t, last.Get("Authorization")+last.Get("Cookie"))

	t.Run("and of the one that failed", func(t *testing.T) {
		all := r.send(page, get(away+"http://127.0.0.1:1/nobody"), "")
		require.Nil(t, all.head)
		require.Equal(t, "refused", all.end.Failure.Code)
		require.Equal(t, "http://127.0.0.1:1/nobody", all.end.Request.URL)
		require.Nil(t, r.send(page, get(end.URL), "").end.Request, "the head has told it")
	})
	t.Run("but does not send a large body twice", func(t *testing.T) {
		all := r.send(page, map[string]any{"method": "POST", "url": redirectAfterBody(t) + end.URL}, strings.Repeat("x", 3<<20))
		require.Empty(t, all.hops)
		require.Equal(t, 307, all.head.Response.Status)
		require.Equal(t, "redirect.body", all.end.Failure.Code)
	})
	for choice, status := range map[string]int{"manual": 307, "error": 307} {
		o["redirect"] = choice
		require.Equal(t, status, r.send(page, o, "").head.Response.Status)
	}
}

func redirectAfterBody(t *testing.T) (url string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Location", r.URL.RawQuery)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/?"
}

func TestRelayRefusesWhatIsNoOrder(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	for name, body := range map[string]string{"nothing": "", "half a length": "\x00\x00", "a length of more than there is": "\x00\x00\x00\x09{}", "a length of more than is taken": "\xff\xff\xff\xff",
		"no JSON": "\x00\x00\x00\x02xx", "a header line of three": string(order(t, map[string]any{"headers": []any{[]int{1}}})), "a negative timeout": string(order(t, map[string]any{"method": "GET", "url": "http://a/", "timeoutMs": -1}))} {
		response, text := r.ask("POST", "send", page, strings.NewReader(body))
		requireRefused(t, response, text, 400, "relay.order")
		require.Equal(t, pageOrigin, response.Header.Get("Access-Control-Allow-Origin"), name)
	}
	for field, o := range map[string]map[string]any{
		"url":                get("nothing"),
		"redirect":           {"method": "GET", "url": "http://a/", "redirect": "x"},
		"tls.ca":             {"method": "GET", "url": "https://a/", "tls": map[string]string{"ca": "x"}},
		"tls.pkcs12":         {"method": "GET", "url": "https://a/", "tls": map[string]string{"pkcs12": "AAAA"}},
		"proxy.url":          {"method": "GET", "url": "https://a/", "proxy": map[string]string{"url": "socks5://a"}},
		"tls.clientKey":      {"method": "GET", "url": "https://a/", "tls": map[string]string{"clientCert": certificatePEM(t)}},
		"tls.pkcs12Password": nil,
	} {
		if o == nil {
			continue // native/pkcs12_test.go
		}
		require.Equal(t, field, r.send(page, o, "").Error.Field)
	}
}

func certificatePEM(t *testing.T) string {
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return pemOf(s.Certificate().Raw)
}

func pemOf(certificate []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))
}
