package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// page writes a small page and returns the folder above its web/.
func page(t *testing.T, changes map[string]string) string {
	t.Helper()
	root := t.TempDir()
	files := map[string]string{
		"go.mod":         "module authpad",
		"web/index.html": `<link href="style.css"><link rel="modulepreload" href="core.js"><script type="module" src="app.js"></script>`,
		"web/app.js":     `import { call } from "./core.js";`,
		"web/core.js":    `export const call = () => fetch("authpad.wasm.gz");`,
		"web/style.css":  `body { margin: 0 }`,
		"web/sw.js":      `importScripts("assets.js");`,
		"web/assets.js":  `self.AUTHPAD_ASSETS = {};`,
	}
	for name, content := range changes {
		files[name] = content
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
	return root
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, file, content, fault string
	}{
		{name: "accepts a clean page"},
		{name: "refuses a new name at the top level", file: "tools/x", fault: "tools: does not belong"},
		{name: "refuses innerHTML", file: "web/core.js", content: "let a;\na.innerHTML = b;", fault: "web/core.js:2: .innerHTML is banned"},
		{name: "refuses eval", file: "web/core.js", content: "eval(text)", fault: "eval( is banned"},
		{name: "refuses an inline handler", file: "web/index.html", content: `<b onclick="x()">`, fault: "onclick= is banned"},
		{name: "refuses an inline script", file: "web/index.html", content: `<script>x()</script>`, fault: "<script> is banned"},
		{name: "refuses an inline style", file: "web/index.html", content: `<b style="top:0">`, fault: "style= is banned"},
		{name: "refuses a module that is missing", file: "web/core.js", content: `import "./gone.js";`, fault: `"./gone.js" does not exist`},
		{name: "refuses a path from the root", file: "web/index.html", content: `<script src="/app.js"></script>`, fault: "not relative"},
		{name: "refuses another origin", file: "web/index.html", content: `<link href="https://a.example/b.css">`, fault: "not relative"},
		{name: "refuses a font from elsewhere", file: "web/style.css", content: `src: url("//a.example/f")`, fault: "is banned"},
		{name: "refuses a module that is found late", file: "web/index.html", content: `<link href="style.css"><script src="app.js"></script>`, fault: "web/core.js: index.html does not preload it"},
		{name: "refuses a file that nothing loads", file: "web/old.js", content: "1", fault: "web/old.js: nothing loads it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			changes := map[string]string{}
			if test.file != "" {
				changes[test.file] = test.content
			}
			var out bytes.Buffer
			err := check(&out, page(t, changes))
			if test.fault == "" {
				require.NoError(t, err, out.String())
				return
			}
			require.Error(t, err)
			require.Contains(t, out.String(), test.fault)
		})
	}
}

func TestAssets(t *testing.T) {
	list := func(changes map[string]string) string {
		var out bytes.Buffer
		require.NoError(t, writeAssets(&out, filepath.Join(page(t, changes), "web")))
		return out.String()
	}
	first := list(nil)
	require.Contains(t, first, `"files":["./","app.js","core.js","index.html","style.css"]`)
	require.NotContains(t, first, `"sw.js"`)
	require.Equal(t, first, list(nil), "the same page has the same version")
	require.NotEqual(t, first, list(map[string]string{"web/style.css": "b {}"}))
	require.NotEqual(t, first, list(map[string]string{"web/sw.js": "// new"}), "a new worker is a new version too")
	require.Equal(t, first, list(map[string]string{"web/assets.js": "// old list", "web/.swp": "x"}))
}

func TestDistHoldsWhatThePageLoads(t *testing.T) {
	target := filepath.Join(t.TempDir(), "dist")
	root := page(t, map[string]string{"web/authpad.wasm": "raw", "web/.swp": "x"})
	require.NoError(t, copyDist(filepath.Join(root, "web"), target, ""))
	entries, err := os.ReadDir(target)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, "- .nojekyll app.js assets.js core.js index.html style.css sw.js", "- "+strings.Join(names, " "))
}

func TestDistWithAnotherModule(t *testing.T) {
	target := filepath.Join(t.TempDir(), "dist")
	root := page(t, map[string]string{"web/authpad.wasm.gz": "gzip", "web/module.js": `fetch("authpad.wasm.gz")`, "other.xz": "xz"})
	require.NoError(t, copyDist(filepath.Join(root, "web"), target, filepath.Join(root, "other.xz")))
	content := func(name string) string {
		text, err := os.ReadFile(filepath.Join(target, name))
		require.NoError(t, err)
		return string(text)
	}
	require.NoFileExists(t, filepath.Join(target, "authpad.wasm.gz"))
	require.Equal(t, "xz", content("authpad.wasm.xz"))
	require.Contains(t, content("module.js"), `fetch("authpad.wasm.xz")`)

	root = page(t, map[string]string{"other.xz": "xz"})
	err := copyDist(filepath.Join(root, "web"), target, filepath.Join(root, "other.xz"))
	require.ErrorContains(t, err, "neither index.html nor module.js names authpad.wasm.gz")
}

func TestSizeFailsAboveTheBudget(t *testing.T) {
	web := filepath.Join(page(t, nil), "web")
	var out bytes.Buffer
	require.NoError(t, weigh(&out, web, 1))
	require.Contains(t, out.String(), "total")
	require.ErrorContains(t, weigh(&out, web, 0.1), "more than 0.1")
}
