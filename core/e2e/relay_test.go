//go:build !js

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// The page and the relay of `authpad serve`, against servers that no page may read.

// terminal is what a person sees of the program.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *terminal) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *terminal) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// program is `authpad serve` with its terminal.
type program struct {
	*native.Server
	terminal *terminal
	stop     func()
}

// serveRelay starts what `make run` starts; o may say more than the folder and free ports.
func serveRelay(t testing.TB, o native.ServeOptions) *program {
	t.Helper()
	dist(t)
	log := &terminal{}
	o.Web, o.Log = filepath.Join(repository(), "web"), log
	for _, addr := range []*string{&o.Addr, &o.LabAddr, &o.RelayAddr} {
		if *addr == "" {
			*addr = "127.0.0.1:0"
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	server, err := native.Serve(ctx, o)
	require.NoError(t, err)
	stop := func() { cancel(); server.Close() }
	t.Cleanup(stop)
	return &program{server, log, stop}
}

// code is the one that holds: the last that the terminal shows.
func (s *program) code() string {
	found := regexp.MustCompile(`[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}`).FindAllString(s.terminal.String(), -1)
	if len(found) == 0 {
		return "no code"
	}
	return found[len(found)-1]
}

// openRelayed opens the page of a program of its own, paired and set to send through the relay.
func openRelayed(t testing.TB) (*tab, *program) {
	t.Helper()
	s := serveRelay(t, native.ServeOptions{})
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.visit(s.URL)
	p.ready()
	p.pairWith(s)
	return p, s
}

func (p *tab) pairWith(s *program) {
	p.t.Helper()
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	p.typeCode(s.code())
	p.wait("paired", `document.querySelector("#paired")`)
}

func (p *tab) typeCode(code string) {
	p.t.Helper()
	p.eval(`document.querySelector("#relay-code").select()`, nil)
	p.run(focusAndType("#relay-code", code))
	p.press("#relay-pair")
}

// seen is what arrived at a server, as it was written on the wire.
type seen struct {
	mu    sync.Mutex
	heads []string
}

func (s *seen) add(r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s Host=%s", r.Method, r.URL, r.Host)
	for _, name := range []string{"Authorization", "Cookie", "Date", "User-Agent", "X-Api-Key", "Origin", "Proxy-Authorization"} {
		for _, value := range r.Header.Values(name) {
			fmt.Fprintf(&b, " %s=%s", name, value)
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&b, " body=%s", body)
	}
	s.heads = append(s.heads, b.String())
}

func (s *seen) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heads...)
}

// corsless is a server that has never heard of CORS and says what it got.
func corsless(t testing.TB) (*httptest.Server, *seen) {
	t.Helper()
	got := &seen{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got.add(r, body)
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "first"})
		http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark"})
		w.Header().Set("Trailer", "X-Checksum")
		w.Header().Set("Date", "Tue, 24 Nov 2026 00:00:00 GMT")
		_, _ = io.WriteString(w, "never heard of CORS")
		w.Header().Set("X-Checksum", "of the whole")
	}))
	t.Cleanup(server.Close)
	return server, got
}

func TestRelaySendsWhatNoPageMay(t *testing.T) {
	server, got := corsless(t)
	p, _ := openRelayed(t)
	p.choose("scheme", "basic")
	p.fill("username", "Aladdin")
	p.fill("password", "open sesame")
	p.fill("url", server.URL+"/path?q=1")
	p.eval(`import("./state.js").then(({ change, emit }) => { change((r) => { r.headers.push(["Cookie", "a=b"], ["Date", "yesterday"], ["Host", "elsewhere.example"], ["User-Agent", "me/1"], ["X-Own", "1"]); }); emit("headers-changed"); return null; })`, nil)
	wire := p.panel("wire")
	require.NotContains(t, wire, "not sent")
	require.Contains(t, wire, "Host: elsewhere.example")
	require.Empty(t, p.text(`document.querySelector("#cors-notes")?.innerText ?? ""`), "no CORS is predicted")
	require.Equal(t, "200", p.send())
	require.Equal(t, []string{"GET /path?q=1 Host=elsewhere.example Authorization=Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== Cookie=a=b Date=yesterday User-Agent=me/1"}, got.all())
	p.press("#reveal")
	response := p.panel("response")
	for _, part := range []string{"never heard of CORS", "session=first", "theme=dark", "HTTP/1.1"} {
		require.Contains(t, response, part)
	}
	require.Contains(t, p.text(`document.querySelector("#response-trailers").innerText`), "of the whole")
	require.NotContains(t, p.panel("exchange"), "OPTIONS")
}

func TestRelaySendsMethodsAndBodiesThatFetchRefuses(t *testing.T) {
	server, got := corsless(t)
	p, _ := openRelayed(t)
	p.choose("scheme", "none")
	p.fill("url", server.URL+"/search")
	p.press("#tab-body")
	p.press(`[data-body-kind=text]`)
	p.run(focusAndType("#body-text", "a query"))
	require.Equal(t, "200", p.send())
	p.eval(`import("./state.js").then(({ change }) => { change((r) => { r.method = "TRACE"; r.body.kind = "none"; }); return null; })`, nil)
	require.Equal(t, "200", p.send())
	require.Equal(t, []string{"GET /search", "TRACE /search"}, []string{got.all()[0][:11], got.all()[1][:13]})
	require.Contains(t, got.all()[0], "body=a query")
}

func TestRelayIsPairedByItsCode(t *testing.T) {
	server, got := corsless(t)
	s := serveRelay(t, native.ServeOptions{})
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.excuse = []string{"status of 401"}
	p.visit(s.URL)
	p.ready()
	p.fill("url", server.URL)
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	require.Contains(t, p.text(`document.querySelector("#relay-address").value`), strings.TrimSuffix(s.RelayURL, "/"), "the program tells its page")
	require.Equal(t, "failure relay.unpaired", p.send(), "nothing goes to it before")
	p.press("#to-relay")

	right := s.code()
	p.typeCode("2222-2222")
	p.wait("a wrong code is told", `document.querySelector("#error-relay-code").innerText.includes("not the code")`)
	p.typeCode(strings.ToLower(strings.ReplaceAll(right, "-", " ")))
	p.wait("the right one pairs", `document.querySelector("#paired")`)
	require.NotEqual(t, right, s.code(), "a code works once")
	require.Equal(t, "200", p.send())

	p.press("#tab-tls")
	p.press("#relay-forget")
	p.wait("forgotten", `document.querySelector("#relay-code")`)
	require.Equal(t, "failure relay.unpaired", p.send())
	require.Len(t, got.all(), 1)
}

func TestRelayThatWasStartedAnewKnowsNobody(t *testing.T) {
	server, got := corsless(t)
	p, s := openRelayed(t)
	p.excuse = []string{"ERR_CONNECTION", "status of 401"}
	p.fill("url", server.URL)
	address := strings.TrimSuffix(strings.TrimPrefix(s.RelayURL, "http://"), "/")
	page := strings.TrimSuffix(s.URL, "/")
	s.stop()
	require.Equal(t, "failure relay.absent", p.send())
	p.press("#tab-tls")
	p.wait("the tab says so", `document.querySelector("#paired")?.innerText.includes("No relay answers")`)
	again := serveRelay(t, native.ServeOptions{RelayAddr: address, AllowOrigins: []string{page}})
	require.Equal(t, "failure relay.token", p.send())
	p.press("#to-relay")
	p.wait("the pairing has ended", `document.querySelector("#relay-ended")`)
	p.typeCode(again.code())
	p.wait("paired", `document.querySelector("#paired")`)
	require.Equal(t, "200", p.send())
	require.Len(t, got.all(), 1)
}

func TestRelayLimitsWrongCodes(t *testing.T) {
	s := serveRelay(t, native.ServeOptions{})
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.excuse = []string{"status of 401", "status of 429"}
	p.visit(s.URL)
	p.ready()
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	for range 12 {
		p.typeCode("2222-2222")
		p.wait("an answer", `document.querySelector("#relay-pair").textContent === "Pair" && document.querySelector("#error-relay-code").innerText`)
	}
	require.Contains(t, p.text(`document.querySelector("#error-relay-code").innerText`), "Wait a minute")
}

// The relay is never used unless a person chose it, and a link is no person.
func TestRelayIsUsedOnlyWhereChosen(t *testing.T) {
	server, got := corsless(t)
	p, s := openRelayed(t)
	p.press("[data-via=fetch]")
	p.fill("url", server.URL+"/by-fetch")
	p.excuse = []string{"CORS policy", "ERR_FAILED"}
	p.mayAsk = append(p.mayAsk, server.URL)
	require.Equal(t, "failure network", p.send())
	require.Contains(t, p.text(`document.querySelector("#panel-response [data-offer]").innerText`), "relay")
	require.Contains(t, got.all()[0], "Origin="+strings.TrimSuffix(s.URL, "/"), "it came from the browser")
	p.press("#panel-response [data-offer] button")
	p.wait("the choice is in sight", `document.activeElement.dataset.via === "relay"`)
	require.True(t, p.is(`document.querySelector("[data-via=fetch]").checked`), "it is a person's to make")

	p.press("[data-via=relay]")
	p.wait("the line under the URL", `document.querySelector("#via-line").checkVisibility()`)
	p.press("#share")
	link := p.text(`document.querySelector("#share-link").value`)
	p.press("#share-dialog [data-close]")
	p.eval(`void (location.hash = new URL(`+quoted(link)+`).hash)`, nil)
	p.wait("a link is for the browser", `document.querySelector("#via-line").hidden`)
	other := newTab(t)
	other.visit(link)
	other.ready()
	require.True(t, other.is(`document.querySelector("#via-line").hidden`))
}

func TestRelayCancels(t *testing.T) {
	ended := make(chan struct{}, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = io.WriteString(w, strings.Repeat("begun ", 100))
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
		ended <- struct{}{}
	}))
	t.Cleanup(server.Close)
	p, _ := openRelayed(t)
	for _, path := range []string{"/head", "/body"} {
		p.fill("url", server.URL+path)
		p.expectAnswer()
		p.press("#send")
		p.press("#cancel")
		p.answer()
		require.Equal(t, "cancelled", p.text(`document.querySelector("#failure").dataset.code`), path)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			require.Fail(t, "the server still waits", path)
		}
	}
}

func TestRelayKeepsSecretsInMemory(t *testing.T) {
	const secret = "s3cret-of-the-relay"
	server, _ := corsless(t)
	p, s := openRelayed(t)
	p.excuse = []string{"status of 400"} // this is no PKCS #12 file
	p.fill("url", server.URL)
	p.eval(fmt.Sprintf(`import("./state.js").then(({ change }) => { change((r) => { Object.assign(r.tls, { client: "pkcs12", pkcs12: btoa(%[1]q), pkcs12Password: %[1]q, clientKey: %[1]q }); Object.assign(r.proxy, { url: "http://127.0.0.1:9", password: %[1]q }); }); return null; })`, secret), nil)
	p.send()
	p.press("#share")
	link := p.text(`document.querySelector("#share-link").value`)
	require.NotContains(t, p.text(`atob(new URL(`+quoted(link)+`).hash.slice(3).replaceAll("-", "+").replaceAll("_", "/"))`), secret)
	p.eval(`import("./keep.js").then(({ keep }) => { keep(); return null })`, nil)
	for _, place := range []string{`JSON.stringify({ ...localStorage })`, `JSON.stringify({ ...sessionStorage })`, everythingInIndexedDB, everythingInCaches, `location.href`} {
		kept := p.text(place)
		require.NotContains(t, kept, secret, place)
		require.NotContains(t, kept, "relay\":", place)
	}
	require.NotContains(t, s.terminal.String(), secret)
}
