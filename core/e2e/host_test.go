//go:build !js

package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// host is the built page, copied once as `make dist` copies it.
var host struct {
	once sync.Once
	dir  string
	err  error
}

// dist returns the folder that would be published.
func dist(t testing.TB) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(repository(), "web", "assets.js")); err != nil {
		skip(t, "the page is not built: run make build, or make test, which does")
	}
	host.once.Do(func() {
		if host.dir, host.err = os.MkdirTemp("", "authpad-dist-"); host.err != nil {
			return
		}
		cmd := exec.Command("make", "published", "DIST="+host.dir)
		cmd.Dir = repository()
		cmd.Stderr = os.Stderr
		host.err = cmd.Run()
	})
	require.NoError(t, host.err)
	return host.dir
}

// moduleIn returns the packed module's path; how it is packed the page sees by its first bytes, not by the name.
func moduleIn(t testing.TB, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "authpad.wasm.*"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}

// staticHost is a web server that knows files and nothing else; the page lives below a sub-path.
type staticHost struct {
	URL    string // of the page
	server *httptest.Server
	mu     sync.Mutex
	served []string // "GET /some/where/app.js 200", in order of arrival
	sent   int64    // bytes of bodies
}

func startStatic(t testing.TB, dir string) *staticHost {
	t.Helper()
	const below = "/some/where/"
	h := &staticHost{}
	files := http.StripPrefix(below, http.FileServer(http.Dir(dir)))
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		if strings.HasPrefix(r.URL.Path, below) {
			files.ServeHTTP(counted, r)
		} else {
			http.NotFound(counted, r)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.served = append(h.served, r.Method+" "+r.URL.Path+" "+http.StatusText(counted.status))
		h.sent += counted.sent
	}))
	h.URL = h.server.URL + below
	t.Cleanup(h.stop)
	return h
}

// stop ends the host, as a lost network would: nothing is reached any more.
func (h *staticHost) stop() { h.server.CloseClientConnections(); h.server.Close() }

// forget starts the record anew; requests tells what came since.
func (h *staticHost) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.served, h.sent = nil, 0
}

func (h *staticHost) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.served...)
}

func (h *staticHost) bytes() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sent
}

type countingWriter struct {
	http.ResponseWriter
	status int
	sent   int64
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.sent += int64(n)
	return n, err
}
