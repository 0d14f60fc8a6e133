package native

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
)

// startRecordedLab is the lab as Serve has it.
func startRecordedLab(t *testing.T) (address string) {
	t.Helper()
	labs := LabHandler(lab.New(Env()))
	server := httptest.NewUnstartedServer(underLab(labs, http.NotFoundHandler()))
	server.Listener = recordHeads(server.Config, server.Listener)
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// rawClient writes bytes and reads answers.
type rawClient struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dialRaw(t *testing.T, address string) *rawClient {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return &rawClient{t, conn, bufio.NewReader(conn)}
}

func (c *rawClient) write(text string) {
	c.t.Helper()
	_, err := io.WriteString(c.conn, text)
	require.NoError(c.t, err)
}

// echoed reads one answer of lab/echo.
func (c *rawClient) echoed() (lines [][2]string, body string) {
	c.t.Helper()
	response, err := http.ReadResponse(c.in, nil)
	require.NoError(c.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	require.Equal(c.t, 200, response.StatusCode, "%s", text)
	var echo struct {
		Headers [][2]string
		Body    struct{ Text string }
	}
	require.NoError(c.t, json.Unmarshal(text, &echo))
	return echo.Headers, echo.Body.Text
}

// linesOf reads "name: value|name: value".
func linesOf(text string) (lines [][2]string) {
	for _, line := range strings.Split(text, "|") {
		name, value, _ := strings.Cut(line, ": ")
		lines = append(lines, [2]string{name, value})
	}
	return lines
}

func TestLabEchoesLinesAsTheyArrived(t *testing.T) {
	address := startRecordedLab(t)
	const get = "GET /lab/echo HTTP/1.1\r\n"
	type answer struct{ lines, body string }
	for _, row := range []struct {
		name, sent string
		want       []answer // in order, all on one connection
	}{
		{"in order and spelling", get + "x-LAST: 1\r\nHOST: a\r\nX-First: 2\r\nx-last: 3\r\n\r\n", []answer{{lines: "x-LAST: 1|HOST: a|X-First: 2|x-last: 3"}}},
		{"without a host, as HTTP/1.0 may be", "GET /lab/echo HTTP/1.0\r\nb: 1\r\na: 2\r\n\r\n", []answer{{lines: "b: 1|a: 2"}}},
		{"what net/http takes out or puts in", "POST /lab/echo HTTP/1.1\r\nTRAILER: x-sum\r\nTransfer-encoding: Chunked\r\nPragma: no-cache\r\nhost: a\r\n\r\n0\r\nX-Sum: 1\r\n\r\n",
			[]answer{{lines: "TRAILER: x-sum|Transfer-encoding: Chunked|Pragma: no-cache|host: a"}}},
		{"a length twice", "POST /lab/echo HTTP/1.1\r\ncontent-length: 2\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", []answer{{"content-length: 2|Host: a|Content-Length: 2", "ab"}}},
		{"the absolute form of a target", "GET http://b/lab/echo HTTP/1.1\r\nhost: a\r\n\r\n", []answer{{lines: "host: a"}}},
		{"line feeds alone", "GET /lab/echo HTTP/1.1\nhost: a\nB: c\n\n", []answer{{lines: "host: a|B: c"}}},
		{"values folded over lines", get + "host: a\r\nB: c\r\n \td\r\n  \r\nE: f\r\n\r\n", []answer{{lines: "host: a|B: c d|E: f"}}},
		{"blanks and bytes in values", get + "host:a\r\nempty:\r\nB: \t c  d \t\r\nlatin: caf\xe9\r\nutf8: café\r\n\r\n", []answer{{lines: "host: a|empty: |B: c  d|latin: café|utf8: café"}}},
		{"a head longer than any buffer", get + "host: a\r\nlong: " + strings.Repeat("x", 100_000) + "\r\nz: 1\r\n\r\n" + get + "z: 2\r\nhost: a\r\n\r\n",
			[]answer{{lines: "host: a|long: " + strings.Repeat("x", 100_000) + "|z: 1"}, {lines: "z: 2|host: a"}}},
		{"requests sent ahead", get + "host: a\r\nB: 1\r\n\r\n" + get + "b: 2\r\nHOST: a\r\n\r\n" + get + "hosT: a\r\n\r\n",
			[]answer{{lines: "host: a|B: 1"}, {lines: "b: 2|HOST: a"}, {lines: "hosT: a"}}},
		{"a body that looks like a head", "POST /lab/echo HTTP/1.1\r\nhost: a\r\nContent-LENGTH: 37\r\n\r\n" + get + "HOST: a\r\n\r\n\r\n" + get + "HoSt: a\r\n\r\n",
			[]answer{{"host: a|Content-LENGTH: 37", get + "HOST: a\r\n\r\n\r\n"}, {lines: "HoSt: a"}}},
		{"a body in chunks", "POST /lab/echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n" +
			"6;a=\"b\"\r\n\r\n0\r\n\n\r\nA\r\n0123456789\r\n0\r\nX: y\r\nz: 1\r\n\r\n" + get + "HoSt: a\r\n\r\n",
			[]answer{{"host: a|transfer-encoding: chunked", "\r\n0\r\n\n0123456789"}, {lines: "HoSt: a"}}},
		{"empty lines behind a POST", "POST /lab/echo HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx\r\n\r\n" + get + "HoSt: a\r\n\r\n",
			[]answer{{"host: a|content-length: 1", "x"}, {lines: "HoSt: a"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for how, write := range map[string]func(c *rawClient){
				"at once":      func(c *rawClient) { c.write(row.sent) },
				"byte by byte": func(c *rawClient) { slowly(c, row.sent) },
			} {
				c := dialRaw(t, address)
				write(c)
				for i, want := range row.want {
					lines, body := c.echoed()
					require.Equal(t, fmt.Sprint(linesOf(want.lines)), fmt.Sprint(lines), "%s, answer %d", how, i)
					require.Equal(t, want.body, body)
				}
			}
		})
	}
}

// slowly hands every byte to the system alone; of a long text only its ends.
func slowly(c *rawClient, text string) {
	for len(text) > 0 {
		piece := 1
		if len(text) > 5000 {
			piece = len(text) - 4000
		}
		c.write(text[:piece])
		text = text[piece:]
	}
}

// TestLabEchoesOnAKeptConnection: most clients wait for an answer before they send again, and other
// handlers answer in between.
func TestLabEchoesOnAKeptConnection(t *testing.T) {
	c := dialRaw(t, startRecordedLab(t))
	for i := range 50 {
		c.write(fmt.Sprintf("POST /lab/echo HTTP/1.1\r\nb: %d\r\nhost: a\r\ncontent-length: 2\r\nA: %d\r\n\r\nxy", i, i))
		lines, body := c.echoed()
		require.Equal(t, linesOf(fmt.Sprintf("b: %d|host: a|content-length: 2|A: %d", i, i)), lines)
		require.Equal(t, "xy", body)
		for _, elsewhere := range []string{"GET /elsewhere HTTP/1.1\r\nHOST: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHOST: a\r\n\r\n"} {
			c.write(elsewhere)
			response, err := http.ReadResponse(c.in, nil)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
		}
	}
}

func TestLabEchoWaitsForALeaveToSendTheBody(t *testing.T) {
	c := dialRaw(t, startRecordedLab(t))
	c.write("POST /lab/echo HTTP/1.1\r\nhost: a\r\nEXPECT: 100-continue\r\ncontent-length: 2\r\n\r\n")
	interim, err := http.ReadResponse(c.in, nil)
	require.NoError(t, err)
	require.Equal(t, 100, interim.StatusCode)
	c.write("xy")
	lines, body := c.echoed()
	require.Equal(t, linesOf("host: a|EXPECT: 100-continue|content-length: 2"), lines)
	require.Equal(t, "xy", body)
}

func TestServedLabsEchoLinesAsTheyArrived(t *testing.T) {
	server := startServer(t)
	for _, address := range []string{server.URL, server.LabURL} {
		host, _, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
		c := dialRaw(t, host)
		c.write("GET /lab/echo HTTP/1.1\r\nx-b: 1\r\nhost: " + host + "\r\nX-A: 2\r\n\r\n")
		lines, _ := c.echoed()
		require.Equal(t, linesOf("x-b: 1|host: "+host+"|X-A: 2"), lines)
	}
}

// TestUnprovenHeadsAreNotShown: a head that is not the request's is left out, and the next one is looked at.
func TestUnprovenHeadsAreNotShown(t *testing.T) {
	var kept heads
	kept.read([]byte("GET /other HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\nX: 1\r\n\r\n"))
	request := func(line string) *http.Request {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n")))
		require.NoError(t, err)
		return r
	}
	kept.begin(request("X: 2"))
	require.Nil(t, kept.current.request, "another value")
	kept.read([]byte("GET / HTTP/1.1\r\nhost: a\r\nx: 1\r\n\r\n"))
	kept.begin(request("X: 1"))
	require.Equal(t, core.Header{{Name: "host", Value: "a"}, {Name: "x", Value: "1"}}, kept.current.header)
	kept.begin(request("X: 1"))
	require.Nil(t, kept.current.request, "each head is of one request")
}

// FuzzHeads compares with a server that reads the same bytes: each request must be given its own head.
func FuzzHeads(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\nb: c\r\n\r\nGET / HTTP/1.1\nhost: a\n\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc\r\n\r\nGET / HTTP/1.0\r\n\r\n",
		"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nhOST: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n d\r\n\r\n",
	} {
		f.Add([]byte(seed), uint16(7))
	}
	f.Fuzz(func(t *testing.T, stream []byte, step uint16) {
		var kept heads
		for rest := stream; len(rest) > 0; {
			n := min(int(step)%100+1, len(rest))
			kept.read(rest[:n])
			rest = rest[n:]
		}
		for r, head := range served(stream) {
			kept.begin(r)
			require.NotNil(t, kept.current.request, "%q", head)
			_, lines, _ := strings.Cut(string(head), "\n")
			want, rest := cutHeader(lines)
			require.Empty(t, rest)
			require.Equal(t, want, kept.current.header)
		}
	})
}

// served yields what a server of net/http would read, with the bytes of each head.
func served(stream []byte) func(yield func(*http.Request, []byte) bool) {
	return func(yield func(*http.Request, []byte) bool) {
		source := bytes.NewReader(stream)
		in := bufio.NewReader(source)
		at := func() int { return len(stream) - source.Len() - in.Buffered() }
		posted := false
		for {
			if posted { // what it forgives old clients (RFC 9112, section 2.2)
				next, _ := in.Peek(4)
				_, _ = in.Discard(len(next) - len(bytes.TrimLeft(next, "\r\n")))
			}
			start := at()
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			if !yield(r, stream[start:at()]) {
				return
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			posted = r.Method == "POST"
		}
	}
}
