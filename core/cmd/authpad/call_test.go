package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// callWith runs "authpad call" as a shell would.
func callWith(t *testing.T, stdin string, args ...string) (status int, answer, stderr string) {
	t.Helper()
	var out, errOut bytes.Buffer
	status = run(t.Context(), append([]string{"call"}, args...), strings.NewReader(stdin), &out, &errOut)
	return status, out.String(), errOut.String()
}

func TestCall(t *testing.T) {
	t.Run("answers with status 0", func(t *testing.T) {
		status, answer, stderr := callWith(t, `{"request":{"url":"https://a.test/"},"auth":{"scheme":"basic","values":{"username":"Aladdin","password":"open sesame"}}}`, "build")
		require.Zero(t, status)
		require.Empty(t, stderr)
		require.True(t, strings.HasSuffix(answer, "}\n"))
		require.Contains(t, answer, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
	})
	t.Run("takes nothing for {}", func(t *testing.T) {
		status, answer, _ := callWith(t, "", "version")
		require.Zero(t, status)
		require.Contains(t, answer, `{"ok":{"version":`)
	})
	t.Run("predicts for a page that it does not know", func(t *testing.T) {
		_, answer, _ := callWith(t, `{"request":{"url":"https://a.test/","headers":[["Cookie","a=1"]]}}`, "build")
		require.Contains(t, answer, `"dropped":[{"name":"Cookie"`)
		require.Contains(t, answer, `"code":"fetch.origin-unknown"`)
	})
	t.Run("answers an error with status 1", func(t *testing.T) {
		status, answer, _ := callWith(t, `{}`, "build")
		require.Equal(t, 1, status)
		require.Contains(t, answer, `{"error":{"code":"url.empty"`)
	})
	for name, args := range map[string][]string{"no name": {}, "two names": {"version", "build"}, "an unknown flag": {"--nope", "version"},
		"a body that is not there": {"build", "--body", filepath.Join(t.TempDir(), "none")},
		"an output nowhere":        {"version", "--out", filepath.Join(t.TempDir(), "none", "x")}} {
		t.Run("refuses "+name+" with status 2", func(t *testing.T) {
			status, _, stderr := callWith(t, "{}", args...)
			require.Equal(t, 2, status)
			require.NotEmpty(t, stderr)
		})
	}
	t.Run("explains its flags", func(t *testing.T) {
		status, _, stderr := callWith(t, "", "--help")
		require.Zero(t, status)
		require.Contains(t, stderr, "-body")
	})
}

func TestCallSend(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := new(bytes.Buffer)
		body.ReadFrom(r.Body)
		user, password, _ := r.BasicAuth()
		w.Write([]byte(r.Method + " " + user + ":" + password + " " + body.String()))
	}))
	defer server.Close()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	require.NoError(t, os.WriteFile(in, []byte{0, 1, 0xff}, 0o600))
	credentials := strings.Replace(server.URL, "//", "//Aladdin:open%20sesame@", 1)
	status, answer, stderr := callWith(t, `{"request":{"method":"PUT","url":"`+credentials+`"}}`, "send", "--body", in, "--out", out)
	require.Zero(t, status, stderr)
	received, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "PUT Aladdin:open sesame \x00\x01\xff", string(received))
	var read struct {
		OK struct {
			Exchanges []struct {
				Response struct{ Status, BodySize, BodyLimit int }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &read))
	require.Equal(t, 200, read.OK.Exchanges[0].Response.Status)
	require.Equal(t, len(received), read.OK.Exchanges[0].Response.BodySize)
	require.NotZero(t, read.OK.Exchanges[0].Response.BodyLimit)
}

// TestCallSendSavesTheWholeBody: more than an answer keeps, and without holding it.
func TestCallSendSavesTheWholeBody(t *testing.T) {
	const size = 40 << 20
	sum := sha256.New()
	var live uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := make([]byte, 1<<20)
		for i := range size / len(piece) {
			for k := range piece {
				piece[k] = byte(k * (i + 1))
			}
			sum.Write(piece)
			w.Write(piece)
			if i%8 == 7 {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				live = max(live, m.HeapAlloc)
			}
		}
	}))
	defer server.Close()
	out := filepath.Join(t.TempDir(), "out")
	status, answer, stderr := callWith(t, `{"request":{"url":"`+server.URL+`"}}`, "send", "--out", out)
	require.Zero(t, status, stderr)
	require.Contains(t, answer, `"bodySize":41943040`)
	require.Contains(t, answer, `"truncated":true`)
	saved, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Len(t, saved, size)
	require.Equal(t, sum.Sum(nil), sha256Of(saved))
	require.Less(t, live, uint64(48<<20), "near what an answer keeps: 16 MiB, and as much again while it grows")
}

func sha256Of(octets []byte) []byte {
	sum := sha256.Sum256(octets)
	return sum[:]
}

func TestCallSendShowsRedirects(t *testing.T) {
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(401) }))
	defer there.Close()
	here := httptest.NewServer(http.RedirectHandler(there.URL+"/x", http.StatusFound))
	defer here.Close()
	answer, status := callSend(t, here.URL, nil)
	require.Zero(t, status)
	require.Len(t, answer.OK.Exchanges, 2)
	first, second := answer.OK.Exchanges[0], answer.OK.Exchanges[1]
	require.Equal(t, "first", first.Why)
	require.Equal(t, 302, first.Response.Status)
	require.Contains(t, first.Response.BodyText, "Found")
	require.Contains(t, first.Request.Text, "\nAuthorization: Basic ")
	require.Equal(t, "redirect", second.Why)
	require.Equal(t, 401, second.Response.Status)
	require.Equal(t, "HTTP/1.1", second.Response.Protocol)
	require.True(t, strings.HasPrefix(second.Request.Text, "GET /x HTTP/1.1\nHost: "+strings.TrimPrefix(there.URL, "http://")+"\n"))
	require.NotContains(t, second.Request.Text, "Authorization", "it is another origin")
}

func TestCallSendFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close()) // nobody listens there now
	status, answer, _ := callWith(t, `{"request":{"url":"http://`+address+`/"}}`, "send")
	require.Zero(t, status, "a failure on the wire is an answer")
	require.Contains(t, answer, `"failure":{"code":"`)
}

func TestCallSendTellsOfRedirectsAndTrailers(t *testing.T) {
	end := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "end")
		w.Header().Set("X-Sum", "42")
	}))
	defer end.Close()
	params := `{"request":{"method":"GET","url":"` + redirectTo(t) + end.URL + `/"},"auth":{"scheme":"basic","values":{"username":"Aladdin","password":"open sesame"}}}`
	var stdout bytes.Buffer
	require.Equal(t, 0, run(t.Context(), []string{"call", "send"}, strings.NewReader(params), &stdout, io.Discard))
	var answer struct {
		OK struct {
			Exchanges []struct {
				Why      string
				Notes    []struct{ Code string }
				Response struct{ Trailers [][2]string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &answer))
	require.Len(t, answer.OK.Exchanges, 2)
	require.Equal(t, "redirect.credentials-dropped", answer.OK.Exchanges[0].Notes[0].Code)
	require.Equal(t, "redirect", answer.OK.Exchanges[1].Why)
	require.Equal(t, [][2]string{{"X-Sum", "42"}}, answer.OK.Exchanges[1].Response.Trailers)
}
