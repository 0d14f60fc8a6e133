package native

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func startServer(t *testing.T) *Server {
	t.Helper()
	server, err := Serve(t.Context(), ServeOptions{Web: webFolder(t), Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0", RelayAddr: "127.0.0.1:0"})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	return server
}

func TestServe(t *testing.T) {
	server := startServer(t)
	t.Run("serves the page and tells it where the other lab is", func(t *testing.T) {
		response, body := do(t, askFor(t, "GET", server.URL, ""))
		require.Equal(t, 200, response.StatusCode)
		require.Contains(t, body, `<meta name="authpad-lab" content="`+server.LabURL+`">`)
	})
	t.Run("serves a relay for the page, and tells it where", func(t *testing.T) {
		_, body := do(t, askFor(t, "GET", server.URL, ""))
		require.Contains(t, body, `<meta name="authpad-relay" content="`+server.RelayURL+`">`)
		page := strings.TrimSuffix(server.URL, "/")
		for origin, status := range map[string]int{page: 401, strings.Replace(page, "127.0.0.1", "localhost", 1): 403,
			strings.TrimSuffix(server.LabURL, "/lab/"): 403, strings.TrimSuffix(server.RelayURL, "/"): 403} {
			response, _ := do(t, askFor(t, "GET", server.RelayURL+"relay/status", "", "Origin", origin))
			require.Equal(t, status, response.StatusCode, origin)
		}
	})
	t.Run("serves neither page nor lab where the relay is", func(t *testing.T) {
		for _, path := range []string{"", "lab/echo", "index.html", "relay/", "relay"} {
			response, _ := do(t, askFor(t, "GET", server.RelayURL+path, "", "Origin", strings.TrimSuffix(server.URL, "/")))
			require.Equal(t, 404, response.StatusCode, path)
		}
	})
	t.Run("serves the lab under both origins", func(t *testing.T) {
		require.NotEqual(t, server.URL+"lab/", server.LabURL)
		for _, url := range []string{server.URL + "lab/", server.LabURL} {
			response, body := do(t, askFor(t, "GET", url+"echo", ""))
			require.Equal(t, 200, response.StatusCode)
			require.Contains(t, body, url+"echo")
		}
	})
	t.Run("serves no page on the second port", func(t *testing.T) {
		response, _ := do(t, askFor(t, "GET", strings.TrimSuffix(server.LabURL, "lab/"), ""))
		require.Equal(t, 404, response.StatusCode)
	})
	t.Run("does not redirect to tidier paths", func(t *testing.T) {
		response, _ := do(t, askFor(t, "GET", server.URL+"lab//echo", ""))
		require.Equal(t, 404, response.StatusCode)
	})
}

func TestServeAnswersToLoopbackNamesOnly(t *testing.T) {
	server := startServer(t)
	for _, address := range []string{server.URL, strings.TrimSuffix(server.LabURL, "lab/")} {
		addr := strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/")
		_, port, err := net.SplitHostPort(addr)
		require.NoError(t, err)
		for host, status := range map[string]int{
			"127.0.0.1:" + port: 200, "localhost:" + port: 200, "LOCALHOST:" + port: 200, "[::1]:" + port: 200,
			"evil.example": 421, "evil.example:" + port: 421, "127.0.0.1": 421, "127.0.0.1:1": 421, "localhost.evil.example:" + port: 421,
		} {
			response, body := raw(t, addr, "GET /lab/echo HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
			require.Equal(t, status, response.StatusCode, host)
			require.Equal(t, status == 200, strings.Contains(body, "method"), host)
		}
	}
}

func TestServeListensOnLoopbackOnly(t *testing.T) {
	web := webFolder(t)
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.168.0.1:0", "[::]:0", "example.com:0", "8765", "localhost.evil.example:0"} {
		_, err := Serve(t.Context(), ServeOptions{Web: web, Addr: addr})
		require.Error(t, err, addr)
		_, err = Serve(t.Context(), ServeOptions{Web: web, Addr: "127.0.0.1:0", LabAddr: addr})
		require.Error(t, err, addr)
	}
}

func TestServePorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	t.Run("takes a free port instead of the usual one", func(t *testing.T) {
		listener, err := listenLoopback(t.Context(), "", taken.Addr().String())
		require.NoError(t, err)
		defer listener.Close()
		require.NotEqual(t, taken.Addr().String(), listener.Addr().String())
		require.True(t, listener.Addr().(*net.TCPAddr).IP.IsLoopback())
	})
	t.Run("does not leave a port that was asked for", func(t *testing.T) {
		_, err := Serve(t.Context(), ServeOptions{Web: webFolder(t), Addr: taken.Addr().String()})
		require.ErrorContains(t, err, "in use")
		_, err = Serve(t.Context(), ServeOptions{Web: webFolder(t), Addr: "127.0.0.1:0", LabAddr: taken.Addr().String()})
		require.ErrorContains(t, err, "in use")
	})
}

func TestServeWithoutRelayOrWithoutPage(t *testing.T) {
	web := webFolder(t)
	server, err := Serve(t.Context(), ServeOptions{Web: web, Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0", NoRelay: true})
	require.NoError(t, err)
	defer server.Close()
	require.Empty(t, server.RelayURL)
	_, body := do(t, askFor(t, "GET", server.URL, ""))
	require.Contains(t, body, `<meta name="authpad-relay" content="">`)

	alone, err := Serve(t.Context(), ServeOptions{Web: "nowhere", RelayOnly: true, RelayAddr: "127.0.0.1:0", AllowOrigins: []string{"https://pages.example/"}})
	require.NoError(t, err)
	defer alone.Close()
	require.Empty(t, alone.URL+alone.LabURL)
	response, _ := do(t, askFor(t, "GET", alone.RelayURL+"relay/status", "", "Origin", "https://pages.example"))
	require.Equal(t, 401, response.StatusCode)

	_, err = Serve(t.Context(), ServeOptions{RelayOnly: true, NoRelay: true})
	require.ErrorContains(t, err, "nothing to serve")
}

func TestServeSaysWhatIsMissing(t *testing.T) {
	web := webFolder(t)
	require.NoError(t, os.Remove(filepath.Join(web, "authpad.wasm.gz")))
	_, err := Serve(t.Context(), ServeOptions{Web: web, Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0"})
	require.ErrorContains(t, err, `authpad.wasm.gz is missing: run "make build"`)
}

func TestServePrintsItsAddresses(t *testing.T) {
	var log bytes.Buffer
	server, err := Serve(t.Context(), ServeOptions{Web: webFolder(t), Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0", Log: &log})
	require.NoError(t, err)
	defer server.Close()
	require.Contains(t, log.String(), server.URL)
	require.Contains(t, log.String(), server.LabURL)
}

func TestServeEnds(t *testing.T) {
	t.Run("with its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, err := Serve(ctx, ServeOptions{Web: webFolder(t), Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0"})
		require.NoError(t, err)
		cancel()
		require.NoError(t, server.Wait())
		_, err = net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(server.URL, "http://"), "/"))
		require.Error(t, err)
	})
	t.Run("and breaks a stream off rather than ending it early", func(t *testing.T) {
		server := startServer(t)
		response, err := http.DefaultTransport.RoundTrip(askFor(t, "GET", server.LabURL+"stream/10737418240", ""))
		require.NoError(t, err)
		defer response.Body.Close()
		go server.Close()
		_, err = io.Copy(io.Discard, response.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.NoError(t, server.Wait())
	})
}
