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

// browser is the one of this test run; every page gets a profile of its own in it.
var browser struct {
	once      sync.Once
	ctx       context.Context // of Chromium
	firefox   *firefox
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
	if inFirefox() {
		t.Fatal("this test needs what only Chromium has: run it without AUTHPAD_BROWSER")
	}
	if installed("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell") == "" {
		skip(t, "Chromium is missing: install the package chromium, or run make test, which does where it may")
	}
	browser.once.Do(func() { browser.err = behindProxy(startChromium) })
	require.NoError(t, browser.err)
	return browser.ctx
}

// inFirefox says that pages are to be opened there: .ci/interop.
func inFirefox() bool { return os.Getenv("AUTHPAD_BROWSER") == "firefox" }

// runningFirefox is chromium for Firefox.
func runningFirefox(t testing.TB) *firefox {
	t.Helper()
	program := installed("firefox-esr", "firefox")
	if program == "" {
		skip(t, "Firefox is missing: install the package firefox-esr, or run make interop, which does where it may")
	}
	browser.once.Do(func() {
		browser.err = behindProxy(func(proxy string) (end func(), err error) {
			browser.firefox, err = startFirefox(program, proxy)
			return browser.firefox.end, err
		})
	})
	require.NoError(t, browser.err)
	return browser.firefox
}

// installed returns the first of these programs that there is, or "".
func installed(names ...string) string {
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			return name
		}
	}
	return ""
}

func skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// behindProxy starts a browser whose requests off this machine come to elsewhere, which listens at the address it is given.
func behindProxy(start func(proxy string) (end func(), err error)) error {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go http.Serve(proxy, &browser.elsewhere)
	end, err := start(proxy.Addr().String())
	browser.close = func() { end(); proxy.Close() }
	return err
}

func startChromium(proxy string) (end func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("proxy-server", "http://"+proxy), // loopback is never sent through a proxy
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("enable-precise-memory-info", true),
		chromedp.Flag("js-flags", "--expose-gc"),
		chromedp.WindowSize(1280, 900),
	)
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeContext := chromedp.NewContext(allocator)
	browser.ctx = ctx
	return func() { closeContext(); closeAllocator() }, chromedp.Run(ctx)
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

// browsersOwn are the hosts that the browsers themselves call for updates and the like. A page that called them would be
// seen by its tab's record.
func browsersOwn(host string) bool {
	for _, own := range []string{".google.com", ".googleapis.com", ".mozilla.com", ".mozilla.net", ".mozilla.org", ".firefox.com"} {
		if strings.HasSuffix(host, own) {
			return true
		}
	}
	return false
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
