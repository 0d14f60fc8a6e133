//go:build !js

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFirstVisit(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	require.Equal(t, "200", p.send(), "the page opens on an example that its own lab answers")
}

func TestFormBeforeTheModule(t *testing.T) {
	arrive := make(chan struct{})
	files := http.FileServer(http.Dir(dist(t)))
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, ".wasm.") {
			<-arrive
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(slow.Close)
	release := sync.OnceFunc(func() { close(arrive) })
	t.Cleanup(release) // a failed test must not leave the server waiting
	p := open(t, slow.URL+"/")
	p.choose("scheme", "basic")
	p.fill("username", "early")
	p.fill("url", "https://early.example/a?b=c")
	require.Equal(t, "pending", p.text(`Promise.race([globalThis.authpadReady, Promise.resolve("pending")])`))
	require.NotContains(t, p.panel("wire"), "HTTP/1.1", "nothing is signed yet")
	release()
	p.wait("the wire shows what was typed early", `document.querySelector("#panel-wire").textContent.includes("early.example")`)
	require.Equal(t, "early", p.text(`document.querySelector("[data-field=username]").value`))
	require.Contains(t, p.panel("wire"), "GET /a?b=c HTTP/1.1")
}

func TestServedByTheNativeProgram(t *testing.T) {
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	require.Equal(t, "200", p.send())
	// Another origin, with a header that needs a preflight.
	var told struct {
		Account struct{ Username, Password string }
	}
	p.eval(fmt.Sprintf(`fetch(%s).then((r) => r.json())`, quoted(server.LabURL+"auth/basic/account")), &told)
	p.choose("scheme", "basic")
	p.fill("url", server.LabURL+"auth/basic")
	p.fill("username", told.Account.Username)
	p.fill("password", told.Account.Password)
	require.Equal(t, "200", p.send())
	p.fill("password", "wrong")
	require.Equal(t, "401", p.send())
}
