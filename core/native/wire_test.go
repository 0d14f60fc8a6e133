package native

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// rawServer takes one connection, reads size bytes of request body behind the head, and answers with
// these bytes; it returns its address and what it received.
func rawServer(t testing.TB, size int, answer string) (address string, received <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	got := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		reader, head := bufio.NewReader(conn), ""
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := reader.ReadString('\n')
			if head += line; err != nil {
				break
			}
		}
		body := make([]byte, size)
		n, _ := io.ReadFull(reader, body)
		got <- head + string(body[:n])
		io.WriteString(conn, answer)
	}()
	return "http://" + listener.Addr().String(), got
}

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

func TestTheRequestGoesOutAsItIsShown(t *testing.T) {
	big := strings.Repeat("x", 300_000)
	cases := []struct {
		name   string
		method string
		target string
		header core.Header
		body   string
		want   string // HOST stands for the address
		chunks bool
	}{
		{name: "nothing is added but Host", want: "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		{name: "case, order and repeats are kept",
			header: core.Header{{Name: "x-Zebra", Value: "1"}, {Name: "Authorization", Value: "Basic YTpi"}, {Name: "X-ZEBRA", Value: "2"},
				{Name: "accept", Value: "*/*"}, {Name: "x-Zebra", Value: ""}},
			want: "GET / HTTP/1.1\r\nHost: HOST\r\nx-Zebra: 1\r\nAuthorization: Basic YTpi\r\nX-ZEBRA: 2\r\naccept: */*\r\nx-Zebra: \r\n\r\n"},
		{name: "a typed Host stays where it is", header: core.Header{{Name: "A", Value: "1"}, {Name: "host", Value: "virtual.example"}},
			want: "GET / HTTP/1.1\r\nA: 1\r\nhost: virtual.example\r\n\r\n"},
		{name: "a typed User-Agent and Accept-Encoding", header: core.Header{{Name: "user-agent", Value: "a b"}, {Name: "Accept-Encoding", Value: "br"}},
			want: "GET / HTTP/1.1\r\nHost: HOST\r\nuser-agent: a b\r\nAccept-Encoding: br\r\n\r\n"},
		{name: "POST with a body", method: "POST", body: "a=1", header: core.Header{{Name: "Content-Type", Value: "text/plain"}},
			want: "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\na=1"},
		{name: "POST without a body", method: "POST", want: "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"},
		{name: "GET with a body", body: "q", want: "GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\n\r\nq"},
		{name: "PATCH without a body", method: "PATCH", want: "PATCH / HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		{name: "a method of one's own, as typed", method: "patch", want: "patch / HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		{name: "a typed Content-Length is sent once", method: "POST", body: "abc", header: core.Header{{Name: "content-length", Value: "3"}, {Name: "B", Value: "2"}},
			want: "POST / HTTP/1.1\r\nHost: HOST\r\ncontent-length: 3\r\nB: 2\r\n\r\nabc"},
		{name: "chunked where typed", method: "POST", body: "abc", header: core.Header{{Name: "Transfer-Encoding", Value: "chunked"}},
			want: "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"},
		{name: "the target is not normalised", target: "//a/%2e%2F%7e|x?q=%20+&&?", want: "GET //a/%2e%2F%7e|x?q=%20+&&? HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		{name: "a lone question mark", target: "/a?", want: "GET /a? HTTP/1.1\r\nHost: HOST\r\n\r\n"},
		{name: "UTF-8 in a value", header: core.Header{{Name: "A", Value: "é"}}, want: "GET / HTTP/1.1\r\nHost: HOST\r\nA: é\r\n\r\n"},
		{name: "an empty line in a body is no end", method: "PUT", body: "a\r\n\r\nb", want: "PUT / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 6\r\n\r\na\r\n\r\nb"},
		{name: "Connection as typed", header: core.Header{{Name: "Connection", Value: "keep-alive"}}, want: "GET / HTTP/1.1\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n"},
		{name: "a head and a body larger than any buffer", method: "POST", header: core.Header{{Name: "Long", Value: big}}, body: big,
			want: "POST / HTTP/1.1\r\nHost: HOST\r\nLong: " + big + "\r\nContent-Length: 300000\r\n\r\n" + big},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, body, _ := strings.Cut(c.want, "\r\n\r\n")
			address, received := rawServer(t, len(body), okAnswer)
			req := request(t, "GET", address)
			if c.method != "" {
				req.Method = c.method
			}
			if c.target != "" {
				req.URL.Path, req.URL.Query, _ = strings.Cut(c.target, "?")
				if strings.Contains(c.target, "?") {
					req.URL.Query = "?" + req.URL.Query
				}
			}
			req.Header, req.Body = c.header, []byte(c.body)
			response, failure := send(t, core.TLS{}, core.Fetch{}, req)
			require.Nil(t, failure)
			require.Equal(t, 200, response.Status)
			require.Equal(t, strings.Replace(c.want, "HOST", strings.TrimPrefix(address, "http://"), 1), <-received)
		})
	}
}

func TestTheResponseIsShownAsItCame(t *testing.T) {
	cases := []struct {
		name, answer, text, body string
		status                   int
		header                   core.Header
	}{
		{name: "case, order and repeats are kept", status: 401, text: "Who are you", body: "no", answer: "HTTP/1.1 401 Who are you\r\n" +
			"www-AUTHENTICATE: Digest a=1\r\nX-A:  padded \r\nWWW-Authenticate: Basic\r\nEmpty:\r\nContent-Length: 2\r\n\r\nno",
			header: core.Header{{Name: "www-AUTHENTICATE", Value: "Digest a=1"}, {Name: "X-A", Value: "padded"},
				{Name: "WWW-Authenticate", Value: "Basic"}, {Name: "Empty", Value: ""}, {Name: "Content-Length", Value: "2"}}},
		{name: "interim answers are not the answer", status: 204, text: "No Content", answer: "HTTP/1.1 100 Continue\r\n\r\n" +
			"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\nA: 1\r\n\r\n", header: core.Header{{Name: "A", Value: "1"}}},
		{name: "a folded line goes on", status: 200, text: "OK", answer: "HTTP/1.1 200 OK\r\nA: 1\r\n\t2\r\nContent-Length: 0\r\n\r\n",
			header: core.Header{{Name: "A", Value: "1 2"}, {Name: "Content-Length", Value: "0"}}},
		{name: "lines that end in LF alone", status: 200, text: "OK", body: "x", answer: "HTTP/1.1 200 OK\nA: 1\n\nx", header: core.Header{{Name: "A", Value: "1"}}},
		{name: "no reason phrase, no header", status: 599, answer: "HTTP/1.0 599\r\n\r\nbye", body: "bye"},
		{name: "Latin-1 is readable, UTF-8 stays", status: 200, text: "OK", answer: "HTTP/1.1 200 OK\r\nA: caf\xe9\r\nB: café\r\nContent-Length: 0\r\n\r\n",
			header: core.Header{{Name: "A", Value: "café"}, {Name: "B", Value: "café"}, {Name: "Content-Length", Value: "0"}}},
		{name: "framing lines are shown, chunks are not", status: 200, text: "OK", body: "abcde",
			answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
			header: core.Header{{Name: "Transfer-Encoding", Value: "chunked"}, {Name: "Connection", Value: "close"}}},
		{name: "gzip is delivered as sent", status: 200, text: "OK", body: "\x1f\x8b\x08",
			answer: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
			header: core.Header{{Name: "Content-Encoding", Value: "gzip"}, {Name: "Content-Length", Value: "3"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, _ := rawServer(t, 0, c.answer)
			response, failure := send(t, core.TLS{}, core.Fetch{}, request(t, "GET", address+"/p?q#f"))
			require.Nil(t, failure)
			require.Equal(t, &core.Response{Status: c.status, StatusText: c.text, URL: address + "/p?q", Header: c.header,
				Body: response.Body, BodySize: int64(len(c.body)), Protocol: c.answer[:len("HTTP/1.1")]}, response)
			require.Equal(t, c.body, string(response.Body))
		})
	}
}

func TestRequestsThatWouldBreakTheirFramingAreRefused(t *testing.T) {
	cases := []struct {
		name, code string
		change     func(*core.Request)
	}{
		{"a line break in a value", "request.header", func(r *core.Request) { r.Header.Add("A", "1\r\nB: 2") }},
		{"a line break in a name", "request.header", func(r *core.Request) { r.Header.Add("A\nB", "1") }},
		{"a blank in a name", "request.header", func(r *core.Request) { r.Header.Add("A B", "1") }},
		{"a name that is no token", "request.header", func(r *core.Request) { r.Header.Add("Å", "1") }},
		{"a control character", "request.header", func(r *core.Request) { r.Header.Add("A", "\x01") }},
		{"a method that is no token", "request.header", func(r *core.Request) { r.Method = "GET /x HTTP/1.1\r\nA:" }},
		{"no name", "request.header", func(r *core.Request) { r.Header.Add("", "1") }},
		{"a Content-Length that is not so", "request.content-length", func(r *core.Request) { r.Header.Add("Content-Length", "5") }},
		{"a second Content-Length that is not so", "request.content-length", func(r *core.Request) {
			r.Header = core.Header{{Name: "Content-Length", Value: "0"}, {Name: "content-length", Value: "1"}}
		}},
		{"two lines that frame the body", "request.framing", func(r *core.Request) {
			r.Header = core.Header{{Name: "Content-Length", Value: "0"}, {Name: "transfer-encoding", Value: "chunked"}}
		}},
		{"a Transfer-Encoding there is no writer for", "request.transfer-encoding", func(r *core.Request) { r.Header.Add("Transfer-Encoding", "gzip, chunked") }},
		{"a scheme that is not HTTP", "request.scheme", func(r *core.Request) { r.URL.Scheme = "ftp" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			address, received := rawServer(t, 0, okAnswer)
			req := request(t, "GET", address)
			c.change(req)
			_, failure := send(t, core.TLS{}, core.Fetch{}, req)
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code, failure.Message)
			select {
			case head := <-received:
				require.Empty(t, head, "nothing goes out")
			default:
			}
		})
	}
}

// FuzzResponseHead: whatever net/http accepts, every line it found is shown, in the same order.
func FuzzResponseHead(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n")
	f.Add("HTTP/1.1 200 OK\r\nA:\r\n \r\n\r\n") // found by fuzzing: an empty value, folded
	f.Add("HTTP/1.1 401 N\nWWW-Authenticate: a\n b\nWWW-Authenticate: c\n\nbody: x\n\n")
	f.Add("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 401 N\r\nA:\xe9\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		conn := &wireConn{seen: []byte(text)}
		_, shown := conn.responseHead()
		require.Empty(t, conn.seen)
		answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), nil)
		if err != nil || answer.StatusCode < 200 {
			return
		}
		for name, values := range answer.Header {
			for i := range values {
				values[i] = strings.Trim(readable(values[i]), " ")
			}
			require.Equal(t, values, shown.Values(name), name)
		}
	})
}

func TestWireConnCountsWhatItTook(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	conn := &wireConn{Conn: near, head: []byte("HEAD\r\n\r\n")}
	got := make(chan []byte, 1)
	go func() {
		var all bytes.Buffer
		io.Copy(&all, far)
		got <- all.Bytes()
	}()
	for i, piece := range []string{"GET / HT", "TP/1.1\r\nA: 1\r", "\n\r\nbo", "dy\r\n\r\n"} {
		n, err := conn.Write([]byte(piece))
		require.NoError(t, err)
		require.Equal(t, len(piece), n, strconv.Itoa(i))
	}
	near.Close()
	require.Equal(t, "HEAD\r\n\r\nbody\r\n\r\n", string(<-got))
}
