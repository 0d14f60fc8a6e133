//go:build !js

package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hostile answers what a server that hates its readers would. Its scripts would call /leak, were they run.
func hostile(t *testing.T) (address string, leaks func() int) {
	leaked := make(chan string, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		body, known := hostileBodies[r.URL.Path]
		switch {
		case r.URL.Path == "/json":
			writeHugeJSON(w)
		case known:
			w.Header().Set("Content-Type", body.mediaType)
			_, _ = w.Write([]byte(strings.ReplaceAll(body.text, "LEAK", "http://"+r.Host+"/leak")))
		default:
			leaked <- r.URL.Path
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() int { return len(leaked) }
}

var hostileBodies = map[string]struct{ mediaType, text string }{
	"/html": {"text/html", `<!doctype html><title>owned</title><script>top.owned = 1; fetch("LEAK")</script>
		<img src="LEAK" onerror="top.owned = 2"><iframe srcdoc="<script>top.owned = 3</script>"></iframe>
		<link rel="stylesheet" href="LEAK"><meta http-equiv="refresh" content="0;url=LEAK">
		<form action="LEAK"><button autofocus>ok</button></form><p>the words of the body</p>`},
	"/svg": {"image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" onload="top.owned = 4"><script>top.owned = 5; fetch("LEAK")</script>
		<image href="LEAK" width="9" height="9"/><foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><img src="LEAK"/></body></foreignObject></svg>`},
	"/xml":     {"application/xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "LEAK">]><a>&b;<script xmlns="http://www.w3.org/1999/xhtml">top.owned = 6</script></a>`},
	"/invalid": {"text/plain; charset=utf-8", "before \xff\xfe\xc3( after \x00\x1b[31m\u202e reversed"},
	"/deep":    {"application/json", strings.Repeat(`[`, 100_000)},
	"/line":    {"text/plain", strings.Repeat("long ", 1_000_000)},
}

// writeHugeJSON sends 200 MB of JSON that is one value.
func writeHugeJSON(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	row := []byte(strings.Repeat(`{"name": "<script>top.owned = 7</script>", "list": [1, 2, 3]},`, 1000))
	_, _ = w.Write([]byte("["))
	for sent := 0; sent < 200_000_000; sent += len(row) {
		if _, err := w.Write(row); err != nil {
			return // the page gave up, which a test will see
		}
	}
	_, _ = w.Write([]byte("null]"))
}

func TestHostileBodies(t *testing.T) {
	address, leaks := hostile(t)
	p := newTab(t)
	p.mayAsk = []string{address}
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	title := p.text("document.title")
	for _, path := range []string{"/html", "/svg", "/xml", "/invalid", "/deep", "/line", "/json"} {
		t.Run(path[1:], func(t *testing.T) {
			defer p.within(t)()
			p.fill("url", address+path)
			require.Equal(t, "200", p.send())
			p.lookAtAllViews()
			require.Equal(t, "undefined", p.text("typeof globalThis.owned"), "a script of the body ran")
			require.Equal(t, title, p.text("document.title"))
			require.Zero(t, leaks(), "the body made the page ask for something")
			p.fill("url", "lab/echo")
			require.Equal(t, "200", p.send(), "the page still works")
		})
	}
}

// lookAtAllViews opens every way of reading that the Response tab offers, and waits for what a frame or a picture loads.
func (p *tab) lookAtAllViews() {
	p.t.Helper()
	var views []string
	p.eval(`[...document.querySelectorAll("[data-body-way]")].map((way) => way.value)`, &views)
	require.NotEmpty(p.t, views)
	for _, view := range views {
		p.eval(`(async () => {
			const loaded = new Promise((done) => {
				for (const end of ["load", "error"]) document.addEventListener(end, done, { capture: true, once: true });
			});
			const way = document.querySelector('[data-body-way=`+quoted(view)+`]'), first = way.checked;
			way.click();
			if (first) await document.querySelector("#body-view img")?.decode().catch(() => {});
			else if (document.querySelector("#body-view iframe, #body-view img")) await loaded;
		})()`, nil)
	}
}
