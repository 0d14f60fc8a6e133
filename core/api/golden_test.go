package api_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/api"
	"authpad/core/platform"
)

// Every file of testdata is one call with the answer that the page and scripts rely on. A new one is
// a file without "answer"; "make golden" writes the answers, and their diff is reviewed like code.

// golden is the shape of a file.
type golden struct {
	About   string          `json:"about"`
	Native  bool            `json:"native,omitempty"` // as of "authpad call", not of a page
	Call    string          `json:"call"`
	Params  json.RawMessage `json:"params"`
	Body    []byte          `json:"body,omitempty"` // base64
	Answer  json.RawMessage `json:"answer,omitempty"`
	OutBody []byte          `json:"outBody,omitempty"` // base64
}

func TestGolden(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, paths, "no golden files")
	seen := map[string]bool{}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			g := readGolden(t, path)
			seen[g.Call] = true
			answer, outBody := apiOf(g.Native).Call(t.Context(), g.Call, g.Params, g.Body)
			answer = steady(answer)
			if os.Getenv("AUTHPAD_GOLDEN") == "update" {
				g.Answer, g.OutBody = answer, outBody
				writeGolden(t, path, g)
				return
			}
			require.NotEmpty(t, g.Answer, "no answer in the file: run “make golden”")
			require.Equal(t, string(indented(t, g.Answer)), string(indented(t, answer)))
			require.Equal(t, g.OutBody, outBody)
		})
	}
	for _, name := range api.CallNames() {
		require.True(t, seen[name], "no golden file for the call %q", name)
	}
}

func readGolden(t *testing.T, path string) golden {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var g golden
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&g))
	require.NotEmpty(t, g.Call)
	require.NotEmpty(t, g.About)
	return g
}

func writeGolden(t *testing.T, path string, g golden) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(g))
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o644))
}

func indented(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, text, "", "  "))
	return out.Bytes()
}

var duration = regexp.MustCompile(`"ms":[0-9.e+-]+`)

// steady replaces what differs from run to run and from toolchain to toolchain.
func steady(answer []byte) []byte {
	answer = bytes.ReplaceAll(answer, []byte(`"`+runtime.Version()+`"`), []byte(`"go1"`))
	return duration.ReplaceAll(answer, []byte(`"ms":0`))
}

// testAPI is a page at a fixed address, at a fixed time, with known nonces.
func testAPI() *api.API { return apiOf(false) }

// nonceByName has one for each name, as if it were drawn.
func nonceByName(name string, bytes int) string {
	if bytes == 0 {
		return ""
	}
	return name + "-nonce"
}

func apiOf(native bool) *api.API {
	return apiWhere(func(h *api.Host) {
		if native {
			h.PageURL = ""
			h.Transport = func(o api.SendOptions) (core.Transport, error) { return scripted{o, false}, nil }
		}
	})
}

// apiWhere is a page whose host differs in something.
func apiWhere(differs func(*api.Host)) *api.API {
	host := api.Host{
		Env: core.Env{
			Now:   func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
			Nonce: nonceByName,
			Seen:  func(string, time.Duration) bool { return false },
			Keys:  platform.Keys(),
		},
		PageURL: "http://127.0.0.1:8765/", Version: "v0.0.0-test",
		Transport: func(o api.SendOptions) (core.Transport, error) { return scripted{o, true}, nil },
	}
	differs(&host)
	return api.New(host)
}

// scripted answers by the path.
type scripted struct {
	options api.SendOptions
	browser bool
}

func (s scripted) Limits() core.Limits { return core.Limits{Browser: s.browser, Body: 8} }

func (s scripted) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	switch req.URL.Path {
	case "/wait":
		<-ctx.Done()
		return nil, &core.Failure{Code: "network", Message: "aborted"}
	case "/expired":
		return nil, &core.Failure{Code: "tls.expired", Message: "the certificate expired on 2025-01-02", TLS: &core.TLSReport{
			ServerName: req.URL.Host, Check: "validity", Fingerprint: "00ff", Version: "TLS 1.3", CipherSuite: "TLS_AES_128_GCM_SHA256",
			Chain: []core.Certificate{{Subject: "CN=a.test", Issuer: "CN=a.test", Names: []string{"a.test"},
				NotBefore: "2025-01-01T00:00:00Z", NotAfter: "2025-01-02T00:00:00Z", Fingerprint: "00ff", SelfSigned: true}}}}
	case "/bug":
		panic("a value that must not be repeated: hunter2")
	case "/digest":
		return digestAnswer(s.options, req), nil
	case "/binary":
		return &core.Response{Status: 200, URL: req.URL.String(), Body: []byte("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"), BodySize: 1 << 30}, nil
	}
	return &core.Response{Status: 401, StatusText: "Unauthorized", URL: req.URL.String(), Hidden: true,
		Header: core.Header{{Name: "www-authenticate", Value: `Basic realm="a, b"`}, {Name: "www-authenticate", Value: "Bearer"}},
		Body:   []byte("{}"), BodySize: 2}, nil
}
