//go:build !js

package e2e

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Answers that end in mid-body. What came before the end is shown beside the failure, as native sending does.

const aboutToBreak = "HTTP/1.1 203 Half Of It\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n" +
	"Content-Type: text/plain\r\nX-Came: yes\r\nConnection: close\r\n"

// breaking are whole connections: all that is ever sent on them.
var breaking = map[string]string{
	"/half":    aboutToBreak + "Content-Length: 1000\r\n\r\n" + strings.Repeat("0123456789", 10),
	"/chunk":   aboutToBreak + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n",
	"/nothing": aboutToBreak + "Content-Length: 1000\r\n\r\n",
	"/large":   aboutToBreak + "Content-Length: 30000000\r\n\r\n" + strings.Repeat("0123456789", 1_800_000),
	"/gzip":    aboutToBreak + "Content-Encoding: gzip\r\nContent-Length: 16\r\n\r\nthis is no gzip.",
}

// breakingHost sends what breaking has for a path, and hangs up when somebody asks for /close: a browser throws away
// what a page has not read by then.
func breakingHost(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	host := &breaker{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go host.serve(conn)
		}
	}()
	return "http://" + listener.Addr().String()
}

type breaker struct {
	mu   sync.Mutex
	open []net.Conn
}

func (b *breaker) serve(conn net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		conn.Close()
		return
	}
	if r.URL.Path == "/close" {
		b.hangUp()
		_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n")
		conn.Close()
		return
	}
	b.mu.Lock()
	b.open = append(b.open, conn)
	b.mu.Unlock()
	_, _ = io.WriteString(conn, breaking[r.URL.Path])
	if r.URL.Path == "/gzip" {
		b.hangUp() // whole, but of another coding than it says
	}
}

func (b *breaker) hangUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, conn := range b.open {
		conn.Close()
	}
	b.open = nil
}

// brokenExchange is what a page and its scripts get of such an answer.
type brokenExchange struct {
	Exchange struct {
		Response *struct {
			Status     int
			StatusText string
			URL        string
			Headers    [][2]string
			BodySize   int64
			BodyText   string
			Truncated  bool
		}
		Failure *struct{ Code, Message string }
	}
	Bytes int    // of the body beside the answer
	Start string // of that body
	Sink  string // what became of the stream it was to be saved to
}

// sendToBreak sends and does something once this many bytes of the body are there.
func (p *tab) sendToBreak(address string, after int, then, options string) brokenExchange {
	p.t.Helper()
	var got brokenExchange
	p.eval(`(async () => {
		let came = 0, end = "open";
		const arrived = Promise.withResolvers();
		const on = `+quoted(address)+`, id = crypto.randomUUID();
		const count = (bytes) => { if ((came += bytes) >= `+strconv.Itoa(after)+`) arrived.resolve(); };
		door.sink(id, new WritableStream({ write(chunk) { count(chunk.length); }, close() { end = "closed"; }, abort() { end = "aborted"; } }));
		const stop = door.on("progress", (p) => { if (p.id === id && p.phase !== "connecting") count(0); });
		const sent = door.call("send", { id, request: { method: "GET", url: on }, auth: { scheme: "none", values: {} } `+options+` });
		await arrived.promise;
		await `+then+`;
		const { ok, bytes } = await sent;
		stop();
		return { Exchange: ok.exchanges[0], Bytes: bytes?.length ?? -1, Start: new TextDecoder().decode(bytes?.subarray(0, 5)), Sink: end };
	})()`, &got)
	return got
}

func TestBrokenAnswersKeepWhatCame(t *testing.T) {
	base := breakingHost(t)
	hangUp := "fetch(" + quoted(base+"/close") + ")"
	p, _ := openDoor(t, "")
	p.mayAsk = []string{base}
	p.excuse = []string{"net::ERR_CONTENT_LENGTH_MISMATCH", "net::ERR_INCOMPLETE_CHUNKED_ENCODING", "net::ERR_CONTENT_DECODING_FAILED"}
	for _, c := range []struct {
		name, path, then, options string
		size, kept                int
		code                      string
	}{
		{"of a declared length", "/half", hangUp, "", 100, 100, "body"},
		{"in chunks", "/chunk", hangUp, "", 5, 5, "body"},
		{"before the body", "/nothing", hangUp, "", 0, 0, "body"},
		{"beyond what is kept", "/large", hangUp, "", 18_000_000, 16 << 20, "body"},
		{"packed otherwise than it says", "/gzip", "null", "", 0, 0, "body"},
		{"by a person", "/half", `door.call("cancel", { id })`, "", 100, 100, "cancelled"},
		{"by a time limit", "/half", "null", ", fetch: { timeoutMs: 1000 }", 100, 100, "timeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			got := p.sendToBreak(base+c.path, c.size, c.then, c.options)
			require.Equal(t, c.code, got.Exchange.Failure.Code)
			r := got.Exchange.Response
			require.NotNil(t, r, "the part that came")
			require.Equal(t, 203, r.Status)
			require.Equal(t, "Half Of It", r.StatusText)
			require.Equal(t, base+c.path, r.URL)
			require.Contains(t, r.Headers, [2]string{"x-came", "yes"})
			require.EqualValues(t, c.size, r.BodySize)
			require.Equal(t, c.size > c.kept, r.Truncated)
			require.Equal(t, c.kept, got.Bytes)
			if c.kept > 0 {
				require.Equal(t, "01234", got.Start)
			}
			require.Equal(t, "aborted", got.Sink, "what was to be saved is not whole")
		})
	}
}

// closeOnceRead has the host hang up when the first part of a short body was read: a stream that fails forgets what
// nobody has read.
func closeOnceRead(base string) string {
	return `const reader = ReadableStreamDefaultReader.prototype, { read } = reader;
		reader.read = async function () {
			const part = await read.call(this);
			if (part.value) fetch(` + quoted(base+"/close") + `);
			return part;
		};`
}

// Without a sink a short body is read another way.
func TestBrokenShortAnswer(t *testing.T) {
	base := breakingHost(t)
	p, _ := openDoor(t, "")
	p.mayAsk = []string{base}
	p.excuse = []string{"net::ERR_CONTENT_LENGTH_MISMATCH"}
	require.Equal(t, "body 203 100 100", p.said(`(async () => {
		`+closeOnceRead(base)+`
		const { ok, bytes } = await door.call("send", { id: "short", request: { method: "GET", url: `+quoted(base+"/half")+` }, auth: { scheme: "none", values: {} } });
		const [{ response, failure }] = ok.exchanges;
		return [failure.code, response?.status, response?.bodySize, bytes?.length].join(" ");
	})()`))
}

// The browser does not say which of the two it was, so the text may not either.
func TestBrokenBodySaysBothReasons(t *testing.T) {
	base := breakingHost(t)
	p, _ := openDoor(t, "")
	p.tampered = true
	message := p.sendToBreak(base+"/gzip", 0, "null", "").Exchange.Failure.Message
	require.Contains(t, message, "203")
	require.Contains(t, message, "connection")
	require.Contains(t, message, "Content-Encoding")
	require.Contains(t, message, "does not say which")
}

func TestThePageShowsFailureAndPart(t *testing.T) {
	base := breakingHost(t)
	p := newTab(t)
	p.mayAsk = []string{base}
	p.excuse = []string{"net::ERR_CONTENT_LENGTH_MISMATCH", "net::ERR_CONTENT_DECODING_FAILED"}
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	p.eval("(() => { "+closeOnceRead(base)+" })()", nil)
	for _, c := range []struct{ path, body string }{{"/half", "0123456789"}, {"/gzip", ""}} {
		t.Run(c.path[1:], func(t *testing.T) {
			defer p.within(t)()
			p.fill("url", base+c.path)
			p.send()
			shown := p.panel("response")
			require.Equal(t, "body", p.text(`document.querySelector("#failure").dataset.code`))
			require.Equal(t, "203", p.text(`document.querySelector("#status").dataset.status`))
			require.Contains(t, shown, "x-came")
			require.Contains(t, shown, c.body)
			drawn := p.panel("exchange")
			require.Contains(t, drawn, "203")
			p.press("[data-arrow=response-0]")
			opened := p.text(`document.querySelector("#exchange-detail").innerText`)
			require.Contains(t, opened, "203 Half Of It")
			require.Contains(t, opened, "x-came: yes")
			require.Contains(t, opened, "Content-Encoding", "the failure's own words")
		})
	}
}
