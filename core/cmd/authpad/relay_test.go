package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const pageOrigin, otherOrigin = "https://pages.example", "https://other.example"

// terminal is what a person sees of the program.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // gets something at each write
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case t.more <- struct{}{}:
	default:
	}
	return t.text.Write(p)
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// running is "authpad serve" with its relay.
type running struct {
	t        testing.TB
	addr     string
	terminal *terminal
	stop     func()
}

// startRelay runs the program with the relay alone, for two pages that are hosted elsewhere.
func startRelay(t testing.TB, addr string) *running {
	t.Helper()
	return startProgram(t, "serve", "--relay-only", "--relay-addr", addr, "--allow-origin", pageOrigin, "--allow-origin", otherOrigin)
}

func startProgram(t testing.TB, args ...string) *running {
	t.Helper()
	ctx, interrupt := context.WithCancel(context.Background())
	r := &running{t: t, terminal: &terminal{more: make(chan struct{}, 1)}}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, args, nil, r.terminal, r.terminal) }()
	r.stop = sync.OnceFunc(func() { interrupt(); <-ended })
	t.Cleanup(r.stop)
	r.addr = strings.TrimPrefix(strings.TrimSuffix(r.read(`relay +(http://\S+/) `), "/"), "http://")
	r.code()
	return r
}

// read waits until the terminal shows what the expression describes, and returns the last of it.
func (r *running) read(expression string) string {
	r.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		if found := regexp.MustCompile(expression).FindAllStringSubmatch(r.terminal.String(), -1); found != nil {
			return found[len(found)-1][1]
		}
		select {
		case <-r.terminal.more:
		case <-deadline:
			require.Fail(r.t, "the terminal does not show it", "%s\n%s", expression, r.terminal.String())
		}
	}
}

// code is the last one that was shown.
func (r *running) code() string { return r.read(`\b([0-9A-Z]{4}-[0-9A-Z]{4})\b`) }

// ask is one request to the relay. Lines come as they are given.
func (r *running) ask(method, route string, header map[string]string, body io.Reader) (*http.Response, string) {
	r.t.Helper()
	response := r.begin(context.Background(), method, route, header, body)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	return response, string(text)
}

func (r *running) begin(ctx context.Context, method, route string, header map[string]string, body io.Reader) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.addr+"/relay/"+route, body)
	require.NoError(r.t, err)
	for name, value := range header {
		if name == "Host" {
			req.Host = value
			continue
		}
		req.Header[name] = []string{value}
	}
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	require.NoError(r.t, err)
	return response
}

// pair pairs a page, and returns the lines that its requests have from then on.
func (r *running) pair(origin string) map[string]string {
	r.t.Helper()
	response, text := r.ask("POST", "pair", map[string]string{"Origin": origin, "X-Authpad-Relay": "pair"}, strings.NewReader(`{"code":"`+r.code()+`"}`))
	require.Equal(r.t, 200, response.StatusCode, text)
	var answer struct{ Token string }
	require.NoError(r.t, json.Unmarshal([]byte(text), &answer))
	require.Regexp(r.t, `^[\w-]{43}$`, answer.Token)
	return map[string]string{"Origin": origin, "X-Authpad-Relay": answer.Token, "Content-Type": "application/octet-stream"}
}

// order is an order's bytes before the body.
func order(t testing.TB, members map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

func get(url string) map[string]any { return map[string]any{"method": "GET", "url": url} }

// told is what the relay tells of one send.
type told struct {
	status int // of the relay
	hops   []exchanged
	head   *exchanged
	body   []byte
	end    *struct {
		Size     int64
		Trailers [][2]string
		Failure  *struct{ Code, Message string }
		Request  *struct{ Method, URL string }
		TLS      *tlsReport
	}
	Error struct{ Code, Field, Message string }
}

type exchanged struct {
	Request struct {
		Method, URL string
		Headers     [][2]string
	}
	Response struct {
		Status                              int
		StatusText, URL, Protocol, BodyText string
		Headers                             [][2]string
	}
	TLS   *tlsReport
	Notes []struct{ Code, Message string }
}

// send has an order sent, and reads everything that comes of it.
func (r *running) send(page map[string]string, members map[string]any, body string) *told {
	r.t.Helper()
	response := r.begin(context.Background(), "POST", "send", page, strings.NewReader(string(order(r.t, members))+body))
	defer response.Body.Close()
	return readTold(r.t, response, io.Discard)
}

func readTold(t testing.TB, response *http.Response, into io.Writer) *told {
	t.Helper()
	all := &told{status: response.StatusCode}
	if response.StatusCode != 200 {
		require.NoError(t, json.NewDecoder(response.Body).Decode(all))
		return all
	}
	for all.end == nil {
		kind, payload := readFrame(t, response.Body)
		switch kind {
		case 1:
			all.hops = append(all.hops, exchanged{})
			require.NoError(t, json.Unmarshal(payload, &all.hops[len(all.hops)-1]))
		case 2:
			require.Nil(t, all.head)
			require.NoError(t, json.Unmarshal(payload, &all.head))
		case 3:
			require.NotNil(t, all.head)
			if into != io.Discard {
				into.Write(payload)
			} else {
				all.body = append(all.body, payload...)
			}
		case 4:
			require.NoError(t, json.Unmarshal(payload, &all.end))
		default:
			require.Fail(t, "no such kind of frame", "%d", kind)
		}
	}
	rest, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Empty(t, rest, "the end is the last frame")
	return all
}

func readFrame(t testing.TB, from io.Reader) (kind byte, payload []byte) {
	t.Helper()
	var header [5]byte
	_, err := io.ReadFull(from, header[:])
	require.NoError(t, err)
	payload = make([]byte, binary.BigEndian.Uint32(header[1:]))
	_, err = io.ReadFull(from, payload)
	require.NoError(t, err)
	return header[0], payload
}
