//go:build !js

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience bounds every wait. It is long because a loaded machine is slow, not because the page may be.
const patience = 40 * time.Second

// tab is one page in a fresh profile, and everything that went wrong in it.
type tab struct {
	t      testing.TB
	ctx    context.Context
	window window

	mu       sync.Mutex
	console  []string // console.error, uncaught exceptions, what the browser itself logged as an error
	csp      []string // violations of the Content Security Policy
	foreign  []string // requests to another origin
	origin   string
	mayAsk   []string // other origins this test sends to on purpose
	excuse   []string // parts of console lines that this test provokes on purpose
	tampered bool     // the test is about faults: nothing is held against the page when it ends
}

// open goes to an address in a new profile and waits for the document, not for the module.
func open(t testing.TB, address string) *tab {
	t.Helper()
	p := newTab(t)
	p.visit(address)
	return p
}

// newTab makes the profile and starts to record; the test is failed at its end for anything the page did wrong.
func newTab(t testing.TB) *tab {
	t.Helper()
	p := &tab{t: t}
	end := p.open()
	t.Cleanup(func() {
		if t.Failed() {
			p.keepScreenshot()
		} else if !p.tampered {
			p.holdClean()
		}
		end()
	})
	return p
}

// open makes the window; what it returns closes that.
func (p *tab) open() (end func()) {
	p.t.Helper()
	if inFirefox() {
		p.ctx = p.t.Context()
		w, end, err := runningFirefox(p.t).open(p.ctx, p.recordFirefox)
		require.NoError(p.t, err)
		p.window = w
		return end
	}
	ctx, end := newProfile(p.t)
	p.enter(ctx)
	chromedp.ListenTarget(p.ctx, p.record)
	p.run(network.Enable(), log.Enable(), audits.Enable(), page.Enable())
	return end
}

// enter takes a window of Chromium. The first Run of a context makes it; it lives as long as that context.
func (p *tab) enter(ctx context.Context) {
	p.t.Helper()
	p.ctx, p.window = ctx, chromiumWindow{}
	require.NoError(p.t, chromedp.Run(ctx))
}

// newProfile opens an empty window that shares nothing with the others. A profile's first page must be a window of its
// own, which chromedp's WithNewBrowserContext does not ask for.
func newProfile(t testing.TB) (ctx context.Context, end func()) {
	t.Helper()
	whole := chromium(t)
	control := cdp.WithExecutor(whole, chromedp.FromContext(whole).Browser)
	profile, err := target.CreateBrowserContext().Do(control)
	require.NoError(t, err)
	window, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(control)
	require.NoError(t, err)
	ctx, cancel := chromedp.NewContext(whole, chromedp.WithTargetID(window))
	return ctx, func() {
		cancel()
		_ = target.DisposeBrowserContext(profile).Do(control) // with the browser gone, so is the profile
	}
}

// within hands the page to a subtest; what it returns hands it back.
func (p *tab) within(t testing.TB) func() {
	outer := p.t
	p.t = t
	return func() { p.t = outer }
}

func (p *tab) visit(address string) {
	p.t.Helper()
	u, err := url.Parse(address)
	require.NoError(p.t, err)
	p.mu.Lock()
	p.origin = u.Scheme + "://" + u.Host
	p.mu.Unlock()
	p.do(func(ctx context.Context) error { return p.window.navigate(ctx, address) })
}

func (p *tab) reload() {
	p.t.Helper()
	p.do(p.window.reload)
}

func (p *tab) resize(width, height int64) {
	p.t.Helper()
	p.do(func(ctx context.Context) error { return p.window.resize(ctx, width, height) })
}

func (p *tab) record(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *cdpruntime.EventConsoleAPICalled:
		if e.Type == cdpruntime.APITypeError || e.Type == cdpruntime.APITypeAssert {
			p.console = append(p.console, "console."+string(e.Type)+": "+described(e.Args))
		}
	case *cdpruntime.EventExceptionThrown:
		p.console = append(p.console, "uncaught: "+e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		// A refused login is an answer, and the browser logs each 4xx all the same.
		ownAnswer := e.Entry.Source == log.SourceNetwork && strings.Contains(e.Entry.URL, "/lab/")
		if e.Entry.Level == log.LevelError && !ownAnswer {
			p.console = append(p.console, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *audits.EventIssueAdded:
		if e.Issue.Code == audits.InspectorIssueCodeContentSecurityPolicyIssue {
			details, _ := json.Marshal(e.Issue.Details.ContentSecurityPolicyIssueDetails)
			p.csp = append(p.csp, string(details))
		}
	case *network.EventRequestWillBeSent:
		p.recordRequest(e.Request.URL)
	}
}

func (p *tab) recordRequest(address string) {
	own := append([]string{p.origin + "/", "data:", "blob:", "about:"}, p.mayAsk...)
	for _, prefix := range own {
		if strings.HasPrefix(address, prefix) {
			return
		}
	}
	p.foreign = append(p.foreign, address)
}

func described(args []*cdpruntime.RemoteObject) string {
	var words []string
	for _, arg := range args {
		word := string(arg.Value)
		if word == "" {
			word = arg.Description
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// holdClean is what every test asks of the page besides its own subject.
func (p *tab) holdClean() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.console {
		excused := false
		for _, part := range p.excuse {
			excused = excused || strings.Contains(line, part)
		}
		if !excused {
			p.t.Errorf("error in the console: %s", line)
		}
	}
	for _, violation := range p.csp {
		p.t.Errorf("violation of the page's CSP: %s", violation)
	}
	for _, address := range p.foreign {
		p.t.Errorf("request to another origin: %s", address)
	}
	for _, address := range browser.elsewhere.all() {
		p.t.Errorf("request off this machine: %s", address)
	}
}

// keepScreenshot saves what the failed page looked like where AUTHPAD_SCREENSHOTS says, and prints its console.
func (p *tab) keepScreenshot() {
	p.mu.Lock()
	p.t.Logf("console: %q\nCSP: %q", p.console, p.csp)
	p.mu.Unlock()
	folder := os.Getenv("AUTHPAD_SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	if picture, err := p.window.screenshot(ctx); err == nil {
		name := strings.NewReplacer("/", "-", " ", "_").Replace(p.t.Name())
		_ = os.WriteFile(folder+"/"+name+".png", picture, 0o644)
	}
}

// do has the browser act in time.
func (p *tab) do(act func(ctx context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	require.NoError(p.t, act(ctx))
}

// run does actions of Chromium in order.
func (p *tab) run(actions ...chromedp.Action) {
	p.t.Helper()
	require.Equal(p.t, chromiumWindow{}, p.window, "this test needs what only Chromium has: run it without AUTHPAD_BROWSER")
	p.do(func(ctx context.Context) error { return chromedp.Run(ctx, actions...) })
}

// beforeEachDocument runs a script ahead of the page's own.
func (p *tab) beforeEachDocument(script string) {
	p.t.Helper()
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// eval computes an expression in the page, awaits it and decodes its JSON into out, which may be nil.
func (p *tab) eval(expression string, out any) {
	p.t.Helper()
	var text string
	wrapped := `(async () => JSON.stringify(await (` + expression + `)) ?? "null")()`
	p.do(func(ctx context.Context) (err error) {
		text, err = p.window.evaluate(ctx, wrapped)
		return err
	})
	if out != nil {
		require.NoError(p.t, json.Unmarshal([]byte(text), out), text)
	}
}

// text is eval for a string.
func (p *tab) text(expression string) string {
	p.t.Helper()
	var s string
	p.eval("(async () => String(await ("+expression+")))()", &s)
	return s
}

// wait returns once a condition in the page is true, and fails with its description if it never is.
func (p *tab) wait(what, condition string) {
	p.t.Helper()
	var failure string
	p.eval(fmt.Sprintf(`new Promise((done) => {
		const started = performance.now();
		const look = () => {
			let problem = "";
			try { if (%s) return done(""); } catch (e) { problem = String(e); }
			if (performance.now() - started > %d) return done("never " + problem);
			setTimeout(look, 10);
		};
		look();
	})`, condition, (patience-5*time.Second).Milliseconds()), &failure)
	require.Empty(p.t, failure, what)
}
