package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func safejsSource(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hack-pad/safejs").Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// A copy that still named fmt would build and be 70 kB heavier: nothing else would tell.
func TestCopiedSafeJSNeedsNoFmt(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "safejs")
	require.NoError(t, copySafeJS(safejsSource(t), copied))
	list := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{.Imports}}", ".")
	list.Dir = copied
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=-mod=mod")
	out, err := list.CombinedOutput()
	require.NoError(t, err, "%s", out)
	ours := 0
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "github.com/hack-pad/safejs") {
			ours++
			require.NotContains(t, line, " fmt ")
			require.NotContains(t, line, "[fmt ")
		}
	}
	require.GreaterOrEqual(t, ours, 3, "safejs, catch and stackerr")
}

func TestUnknownSafeJSIsCopiedAsItIs(t *testing.T) {
	source, target := t.TempDir(), filepath.Join(t.TempDir(), "safejs")
	for name, text := range map[string]string{"go.mod": "module github.com/hack-pad/safejs\n", "value.go": "package safejs\n", "value_test.go": "package safejs\n"} {
		require.NoError(t, os.WriteFile(filepath.Join(source, name), []byte(text), 0o644))
	}
	require.NoError(t, copySafeJS(source, target))
	text, err := os.ReadFile(filepath.Join(target, "value.go"))
	require.NoError(t, err)
	require.Equal(t, "package safejs\n", string(text))
	require.NoFileExists(t, filepath.Join(target, "value_test.go"))
}
