//go:build !js

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// crashing is the page with a core that breaks on demand.
func crashing(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(dist(t))))
	module := filepath.Join(t.TempDir(), "authpad.wasm")
	build := exec.Command("go", "build", "-tags", "crash", "-trimpath", "-ldflags=-s -w", "-o", module, "./wasm")
	build.Dir = repository()
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, string(out))
	packed, err := exec.Command("gzip", "-1nc", module).Output()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(moduleIn(t, folder), packed, 0o644))
	return folder
}

func TestPanicInTheCore(t *testing.T) {
	folder := crashing(t)
	for _, call := range []string{"crash", "crash-async", "crash-exit"} {
		t.Run(call, func(t *testing.T) {
			p := open(t, startStatic(t, folder).URL)
			p.excuse = []string{"the core ran into a bug", "index out of range", "goroutine", "exit"} // the console says where
			p.ready()
			p.choose("scheme", "basic")
			p.press("#reveal")
			p.fill("url", "https://typed.example/kept")
			p.fill("username", "typed-before")
			p.fill("password", "kept too")
			rejected := p.text(`authpad(` + quoted(call) + `).then(() => "no", (crash) => crash.name)`)
			require.Equal(t, "CoreCrashed", rejected)
			p.wait("an offer to reload", `document.querySelector("#crashed") && document.querySelector("#reload")`)
			p.fill("username", "typed after") // the form is not taken away
			require.Equal(t, "https://typed.example/kept", p.text(`document.querySelector("#url").value`))
			require.Equal(t, "kept too", p.text(`document.querySelector("[data-field=password]").value`))
			p.press("#reload")
			p.wait("the new core has started", `!document.querySelector("#crashed")`)
			p.wait("the wire is that of the same request", `document.querySelector("#panel-wire").textContent.includes("typed.example")`)
			require.Equal(t, "typed after", p.text(`document.querySelector("[data-field=username]").value`))
			require.Equal(t, "kept too", p.text(`document.querySelector("[data-field=password]").value`))
			p.fill("url", "lab/auth/basic")
			require.Equal(t, "401", p.send(), "the new core sends, and its lab refuses what was typed")
			require.Equal(t, "typed after:kept too", p.text(`atob(document.querySelector("#panel-wire [data-header=authorization] .text").textContent.replace("Authorization: Basic ", ""))`))
		})
	}
}
