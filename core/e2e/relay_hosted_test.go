//go:build !js

package e2e

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"authpad/core/internal/pki"
	"authpad/core/native"
)

// hostedPage opens the page as it is hosted somewhere out there, over https and in the public address space, in a
// Chromium of its own; what is loopback from there needs a permission.
func hostedPage(t *testing.T) (p *tab, origin string) {
	t.Helper()
	chromium(t) // skips where there is none
	template := pki.Server()
	template.DNSNames = []string{"pad.test"}
	host := pki.Issue(t, nil, template)
	server := pki.Serve(t, pki.Presents(host.Chain()), http.FileServer(http.Dir(dist(t))).ServeHTTP)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	key := sha256.Sum256(host.Certificate.RawSubjectPublicKeyInfo)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("ignore-certificate-errors-spki-list", base64.StdEncoding.EncodeToString(key[:])),
		chromedp.Flag("ip-address-space-overrides", "127.0.0.1:"+port+"=public"))
	allocator, closeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() { closeTab(); closeAllocator() })
	p = &tab{t: t}
	p.enter(ctx)
	origin = "https://pad.test:" + port
	p.visit(origin + "/")
	p.ready()
	return p, origin
}

// permit answers in the person's stead when the page asks for this computer.
func (p *tab) permit(origin string, setting cdpbrowser.PermissionSetting) {
	p.t.Helper()
	control := cdp.WithExecutor(p.ctx, chromedp.FromContext(p.ctx).Browser)
	set := cdpbrowser.SetPermission(&cdpbrowser.PermissionDescriptor{Name: "loopback-network"}, setting).WithOrigin(origin)
	require.NoError(p.t, set.Do(control))
}

func TestHostedPageAsksForPermission(t *testing.T) {
	server, got := corsless(t)
	p, origin := hostedPage(t)
	s := serveRelay(t, native.ServeOptions{RelayOnly: true, AllowOrigins: []string{origin}})
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	require.Contains(t, p.text(`document.querySelector("#relay-command").textContent`), "serve --relay-only --allow-origin "+origin)
	require.Equal(t, "prompt", p.text(`document.querySelector("#relay-permission").dataset.permission`), "the prompt is explained before it comes")
	require.Contains(t, p.text(`document.querySelector("#relay-permission").innerText`), "choose “Allow”")

	p.permit(origin, cdpbrowser.PermissionSettingGranted)
	p.wait("nothing is left to explain", `!document.querySelector("#relay-permission")`)
	p.run(focusAndType("#relay-address", "")) // typed over below
	p.eval(`document.querySelector("#relay-address").select()`, nil)
	p.run(focusAndType("#relay-address", strings.TrimSuffix(s.RelayURL, "/")))
	p.typeCode(s.code())
	p.wait("paired", `document.querySelector("#paired")`)
	p.choose("scheme", "none")
	p.fill("url", server.URL)
	require.Equal(t, "200", p.send())
	require.Len(t, got.all(), 1)
}

func TestHostedPageWithoutPermissionGoesThroughAWindow(t *testing.T) {
	server, got := corsless(t)
	p, origin := hostedPage(t)
	s := serveRelay(t, native.ServeOptions{RelayOnly: true, AllowOrigins: []string{origin}})
	p.permit(origin, cdpbrowser.PermissionSettingDenied)
	p.press("#tab-tls")
	p.press("[data-via=relay]")
	p.wait("the page knows", `document.querySelector("#relay-permission").dataset.permission === "denied"`)
	p.eval(`document.querySelector("#relay-address").select()`, nil)
	p.run(focusAndType("#relay-address", strings.TrimSuffix(s.RelayURL, "/")))
	p.typeCode(s.code())
	p.wait("it says that the browser is in the way", `document.querySelector("#error-relay-code").innerText.includes("connect by a window")`)

	p.press("#relay-window")
	p.wait("the window is there", `document.querySelector("#relay-bridge").dataset.bridge === "open"`)
	p.typeCode(s.code())
	p.wait("paired", `document.querySelector("#paired")`)
	p.choose("scheme", "none")
	p.fill("url", server.URL+"/through-the-window")
	p.eval(`import("./state.js").then(({ change, emit }) => { change((r) => { r.method = "POST"; r.body.kind = "text"; r.body.text = "x".repeat(100000); r.headers.push(["Cookie", "a=b"]); }); emit("headers-changed"); return null; })`, nil)
	require.Equal(t, "200", p.send())
	require.Contains(t, got.all()[0], "POST /through-the-window")
	require.Contains(t, got.all()[0], "Cookie=a=b")
	require.Contains(t, got.all()[0], strings.Repeat("x", 100000))

	p.press("#tab-tls")
	p.press("#relay-forget")
	p.wait("forgotten", `document.querySelector("#relay-code")`)
	require.Eventually(t, func() bool { return strings.Contains(s.terminal.String(), "forgot "+origin) }, patience, 10*time.Millisecond)
}
