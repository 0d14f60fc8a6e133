package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// goModule builds a small Go program for the browser.
func goModule(t *testing.T) []byte {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":  "module small\n\ngo 1.26\n",
		"main.go": "package main\n\nfunc main() { println(len(recovered())) }\n\nfunc recovered() (s string) {\n\tdefer func() { s = recover().(string) }()\n\tpanic(\"gone\")\n}\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", "small.wasm", ".")
	build.Dir = folder
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	module, err := os.ReadFile(filepath.Join(folder, "small.wasm"))
	require.NoError(t, err)
	return module
}

// That a shrunk module still collects garbage, grows stacks, panics and recovers is what every test
// in core/e2e shows: they run on one.
func TestShrink(t *testing.T) {
	module := goModule(t)

	t.Run("makes the module a tenth lighter and keeps its length", func(t *testing.T) {
		shrunk := bytes.Clone(module)
		require.NoError(t, shrink(shrunk))
		require.Len(t, shrunk, len(module))
		require.Less(t, float64(gzipSize(shrunk)), 0.92*float64(gzipSize(module)))
	})
	t.Run("changes nothing outside the data section", func(t *testing.T) {
		shrunk := bytes.Clone(module)
		require.NoError(t, shrink(shrunk))
		data, err := readMemory(module)
		require.NoError(t, err)
		start := data.segments[0].at
		require.Equal(t, module[:start], shrunk[:start])
		require.NotEqual(t, module[start:], shrunk[start:])
		require.Contains(t, string(shrunk), "main.recovered", "function names stay")
	})
	t.Run("does the same to a shrunk module as to a fresh one", func(t *testing.T) {
		once := bytes.Clone(module)
		require.NoError(t, shrink(once))
		twice := bytes.Clone(once)
		require.NoError(t, shrink(twice))
		require.Equal(t, once, twice)
	})
}

func TestShrinkLeavesWhatItDoesNotKnow(t *testing.T) {
	module := goModule(t)
	otherMagic := bytes.Clone(module)
	magic := bytes.Index(module, []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8})
	require.Positive(t, magic)
	otherMagic[magic] = 0xf2
	for name, given := range map[string][]byte{
		"nothing":          {},
		"text":             []byte("authpad"),
		"an empty module":  []byte("\x00asm\x01\x00\x00\x00"),
		"half a module":    module[:len(module)/2],
		"another magic":    otherMagic,
		"no WebAssembly":   append([]byte("\x7fELF"), module[4:]...),
		"a broken section": append([]byte("\x00asm\x01\x00\x00\x00\x0b\xff\xff\xff\xff\x0f"), module[100:400]...),
	} {
		t.Run(name, func(t *testing.T) {
			kept := bytes.Clone(given)
			require.ErrorIs(t, shrink(given), errLayout)
			require.True(t, bytes.Equal(kept, given), "it changed something")
		})
	}
}
