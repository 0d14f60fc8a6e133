//go:build !js

package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browser is the one Chromium of this test run; every page gets a profile of its own in it.
var browser struct {
	once      sync.Once
	ctx       context.Context
	close     func()
	err       error
	elsewhere elsewhere
}

func TestMain(m *testing.M) {
	code := m.Run()
	printTable()
	if browser.close != nil {
		browser.close()
	}
	if host.dir != "" {
		os.RemoveAll(host.dir)
	}
	os.Exit(code)
}

// chromium starts the browser with the first test that asks. Where none is installed tests skip, except under CI.
func chromium(t testing.TB) context.Context {
	t.Helper()
	if !installed("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell") {
		skip(t, "Chromium is missing: install the package chromium, or run make test, which does where it may")
	}
	browser.once.Do(startBrowser)
	require.NoError(t, browser.err)
	return browser.ctx
}

func installed(names ...string) bool {
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}

func skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

func startBrowser() {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		browser.err = err
		return
	}
	go http.Serve(proxy, &browser.elsewhere)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("proxy-server", "http://"+proxy.Addr().String()), // loopback is never sent through a proxy
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("enable-precise-memory-info", true),
		chromedp.Flag("js-flags", "--expose-gc"),
		chromedp.WindowSize(1280, 900),
	)
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeContext := chromedp.NewContext(allocator)
	browser.ctx, browser.err = ctx, chromedp.Run(ctx)
	browser.close = func() { closeContext(); closeAllocator(); proxy.Close() }
}

// browserVersion is the product and its version, for the table of figures.
func browserVersion() string {
	if browser.ctx == nil || browser.err != nil {
		return "no browser"
	}
	control := cdp.WithExecutor(browser.ctx, chromedp.FromContext(browser.ctx).Browser)
	_, product, _, _, _, err := cdpbrowser.GetVersion().Do(control)
	if err != nil {
		return "a browser that does not answer: " + err.Error()
	}
	return product
}

// elsewhere is the browser's proxy. It answers nothing and remembers every address off this machine that was asked
// for, by pages, workers and the browser itself.
type elsewhere struct {
	mu    sync.Mutex
	asked []string
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !browsersOwn(r.URL.Hostname()) {
		e.mu.Lock()
		e.asked = append(e.asked, r.Method+" "+r.Host)
		e.mu.Unlock()
	}
	http.Error(w, "nothing is reached from a test", http.StatusBadGateway)
}

// browsersOwn are the hosts that Chromium itself calls for updates and the like. A page that called them would be seen
// by its tab's record.
func browsersOwn(host string) bool {
	return strings.HasSuffix(host, ".google.com") || strings.HasSuffix(host, ".googleapis.com")
}

func (e *elsewhere) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string(nil), e.asked...)
}

// repository is the top of the source tree.
func repository() string {
	root, err := filepath.Abs("../..")
	if err != nil {
		panic(fmt.Sprintf("no working directory: %v", err))
	}
	return root
}
