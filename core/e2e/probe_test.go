//go:build !js

package e2e

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// probedHost serves the page, answers everything below /probe/ to every origin, and keeps all bytes that arrive.
type probedHost struct {
	port    string
	mu      sync.Mutex
	arrived []*strings.Builder // of each connection
}

func startProbed(t *testing.T) *probedHost {
	t.Helper()
	host := &probedHost{}
	files := http.FileServer(http.Dir(dist(t)))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/probe/") {
			files.ServeHTTP(w, r)
			return
		}
		for name, value := range map[string]string{
			"Access-Control-Allow-Origin": r.Header.Get("Origin"), "Access-Control-Allow-Credentials": "true",
			"Access-Control-Allow-Methods": r.Header.Get("Access-Control-Request-Method"),
			"Access-Control-Allow-Headers": r.Header.Get("Access-Control-Request-Headers"), "Set-Cookie": "seen=1",
		} {
			w.Header().Set(name, value)
		}
	}))
	server.Listener = probedListener{server.Listener, host}
	server.Start()
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	host.port = port
	return host
}

type probedListener struct {
	net.Listener
	host *probedHost
}

func (l probedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.host.mu.Lock()
	defer l.host.mu.Unlock()
	arrived := &strings.Builder{}
	l.host.arrived = append(l.host.arrived, arrived)
	return probedConn{conn, l.host, arrived}, nil
}

type probedConn struct {
	net.Conn
	host    *probedHost
	arrived *strings.Builder
}

func (c probedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.host.mu.Lock()
	defer c.host.mu.Unlock()
	c.arrived.Write(p[:n])
	return n, err
}

// heads are the lines of all requests for a path: the method, then the header lines. The path is one that no other
// request has. No body may end in a letter: a method follows it.
func (h *probedHost) heads(path string) (heads [][]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, conn := range h.arrived {
		stream := conn.String()
		for {
			before, after, found := strings.Cut(stream, " "+path+" HTTP/1.1\r\n")
			if !found {
				break
			}
			method := before[strings.LastIndexFunc(before, func(r rune) bool { return !isLetter(r) })+1:]
			lines, rest, _ := strings.Cut(after, "\r\n\r\n")
			heads = append(heads, append([]string{method}, strings.Split(lines, "\r\n")...))
			stream = rest
		}
	}
	return heads
}

func isLetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

// openWithNames opens an address in a Chromium of its own, for which every name under .test is this machine. The names
// are those of no trustworthy origin, as of any server out there without TLS.
func openWithNames(t *testing.T, address string) *tab {
	t.Helper()
	chromium(t) // skips where there is none
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() { closeTab(); closeAllocator() })
	p := &tab{t: t}
	p.enter(ctx)
	p.visit(address)
	return p
}
