package native

import (
	"bufio"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// webFolder is a page as "make build" would leave it, in a folder with a neighbour that is private.
func webFolder(t *testing.T) string {
	t.Helper()
	parent := t.TempDir()
	web := filepath.Join(parent, "web")
	require.NoError(t, os.MkdirAll(filepath.Join(web, "sub"), 0o755))
	for name, content := range map[string]string{
		"secret.txt": "secret", "web/.hidden": "secret", "web/sub/.hidden": "secret", "web/sub/a.js": "1",
		"web/index.html": `<!doctype html><meta name="authpad-lab" content=""><meta name="authpad-relay" content=""><p>`, "web/app.js": "app", "web/x.wasm": "x",
		"web/authpad.wasm.gz": "\x1f\x8b", "web/schemes.json": "{}", "web/style.css": "p{}", "web/i.svg": "<svg/>", "web/unknown": "?",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(parent, name), []byte(content), 0o644))
	}
	require.NoError(t, os.Symlink("../secret.txt", filepath.Join(web, "link.txt")))
	return web
}

func TestStatic(t *testing.T) {
	server := httptest.NewServer(Static(webFolder(t)))
	defer server.Close()
	types := map[string]string{
		"": "text/html; charset=utf-8", "index.html": "text/html; charset=utf-8", "app.js": "text/javascript; charset=utf-8",
		"sub/a.js": "text/javascript; charset=utf-8", "x.wasm": "application/wasm", "authpad.wasm.gz": "application/gzip",
		"schemes.json": "application/json", "style.css": "text/css; charset=utf-8", "i.svg": "image/svg+xml", "unknown": "application/octet-stream",
		"app.js?v=1": "text/javascript; charset=utf-8",
	}
	for name, mediaType := range types {
		t.Run("serves "+name, func(t *testing.T) {
			response, body := do(t, askFor(t, "GET", server.URL+"/"+name, "", "Accept-Encoding", "gzip"))
			require.Equal(t, 200, response.StatusCode)
			require.Equal(t, mediaType, response.Header.Get("Content-Type"))
			require.NotEmpty(t, body)
			require.Empty(t, response.Header.Get("Content-Encoding"), "the page unpacks .gz itself")
			require.Equal(t, "no-cache", response.Header.Get("Cache-Control"))
			require.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
			isPage := strings.HasPrefix(mediaType, "text/html")
			require.Equal(t, isPage, response.Header.Get("Content-Security-Policy") == "frame-ancestors 'none'")

			again, body := do(t, askFor(t, "GET", server.URL+"/"+name, "", "If-None-Match", response.Header.Get("ETag")))
			require.Equal(t, 304, again.StatusCode)
			require.Empty(t, body)

			head, body := do(t, askFor(t, "HEAD", server.URL+"/"+name, ""))
			require.Equal(t, 200, head.StatusCode)
			require.Empty(t, body)
			require.Equal(t, response.ContentLength, head.ContentLength)
		})
	}
}

func TestStaticRefuses(t *testing.T) {
	web := webFolder(t)
	server := httptest.NewServer(Static(web))
	defer server.Close()
	targets := []string{"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/sub/../../secret.txt", "/sub/..%5c..%5csecret.txt",
		"//secret.txt", "/" + filepath.Dir(web) + "/secret.txt", "/link.txt", "/.hidden", "/sub/.hidden", "/sub", "/sub/", "/nothing", "/app.js/",
		"/index.html%00.js", "/./app.js"}
	for _, target := range targets {
		t.Run(target, func(t *testing.T) {
			response, body := raw(t, server.Listener.Addr().String(), "GET "+target+" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
			require.Equal(t, 404, response.StatusCode)
			require.NotContains(t, body, "secret")
			require.NotContains(t, body, "a.js", "no listing")
		})
	}
	response, _ := do(t, askFor(t, "POST", server.URL+"/app.js", "x"))
	require.Equal(t, 405, response.StatusCode)
	require.Equal(t, "GET, HEAD", response.Header.Get("Allow"))
}

// raw sends bytes that no client would.
func raw(t *testing.T, addr, text string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte(text))
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	body := new(strings.Builder)
	_, err = bufio.NewReader(response.Body).WriteTo(body)
	require.NoError(t, err)
	return response, body.String()
}
