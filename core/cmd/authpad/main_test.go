package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	tests := []struct {
		name, args, stdout, stderr string
		status                     int
	}{
		{"prints its usage when asked", "help", "authpad serve", "", 0},
		{"prints its usage when at a loss", "", "", "authpad serve", 2},
		{"names an unknown command", "brew", "", `no command "brew"`, 2},
		{"prints a version", "version", "authpad ", "", 0},
		{"explains serve", "serve --help", "", "-lab-addr", 0},
		{"names an unknown flag of serve", "serve --port 1", "", "-port", 2},
		{"names a stray argument of serve", "serve web", "", `"web"`, 2},
		{"serves this machine only", "serve --web WEB --addr 0.0.0.0:0", "", "open to the network", 1},
		{"serves the relay to this machine only", "serve --web WEB --addr 127.0.0.1:0 --lab-addr 127.0.0.1:0 --relay-addr 0.0.0.0:0", "", "open to the network", 1},
		{"says whom the relay alone is for", "serve --relay-only", "", "--allow-origin", 1},
		{"says how to build the page", "serve --web nowhere", "", `run "make build"`, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			args := strings.Fields(strings.ReplaceAll(test.args, "WEB", page(t)))
			require.Equal(t, test.status, run(t.Context(), args, strings.NewReader(""), &stdout, &stderr))
			require.Contains(t, stdout.String(), test.stdout)
			require.Contains(t, stderr.String(), test.stderr)
		})
	}
}

func page(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"index.html", "authpad.wasm.gz"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("page"), 0o644))
	}
	return dir
}

// firstURL answers each write until it has seen an address, which it sends.
type firstURL struct {
	seen bytes.Buffer
	url  chan string
}

func (w *firstURL) Write(p []byte) (int, error) {
	w.seen.Write(p)
	if url := regexp.MustCompile(`http://\S+`).FindString(w.seen.String()); url != "" && w.url != nil {
		w.url <- url
		w.url = nil
	}
	return len(p), nil
}

func TestServeUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	out := &firstURL{url: make(chan string, 1)}
	urls, status, stderr := out.url, make(chan int, 1), new(bytes.Buffer)
	go func() {
		status <- run(ctx, []string{"serve", "--web", page(t), "--addr", "127.0.0.1:0", "--lab-addr", "127.0.0.1:0", "--relay-addr", "127.0.0.1:0"}, nil, out, stderr)
	}()
	response, err := http.Get(<-urls)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
	interrupt()
	require.Equal(t, 0, <-status, stderr.String())
}
