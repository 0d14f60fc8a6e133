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
		"main.go": "package main\n\nimport (\n\t\"strconv\"\n\t\"time\"\n)\n\nvar named interface{ String() string } = time.May\n\nfunc main() { println(len(recovered()), strconv.Quote(named.String())) }\n\nfunc recovered() (s string) {\n\tdefer func() { s = recover().(string) }()\n\tpanic(\"gone\")\n}\n",
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

	shrunk, err := shrink(module)
	require.NoError(t, err)

	t.Run("makes the module a fifth lighter", func(t *testing.T) {
		require.Less(t, float64(gzipSize(shrunk)), 0.8*float64(gzipSize(module)))
	})
	t.Run("changes nothing outside the data section", func(t *testing.T) {
		before, err := readMemory(module)
		require.NoError(t, err)
		after, err := readMemory(shrunk)
		require.NoError(t, err)
		require.True(t, bytes.Equal(module[:before.start], shrunk[:after.start]))
		require.True(t, bytes.Equal(module[before.end:], shrunk[after.end:]))
	})
	t.Run("keeps the names that somebody reads", func(t *testing.T) {
		require.True(t, bytes.Contains(shrunk, []byte("main.recovered")), "ours")
		require.True(t, bytes.Contains(shrunk, []byte("time.(*Month).String")), "the runtime reads it when it is called on nil")
		require.True(t, bytes.Contains(module, []byte("strconv.appendQuoted")))
		require.False(t, bytes.Contains(shrunk, []byte("strconv.appendQuoted")))
	})
	t.Run("does the same to a shrunk module as to a fresh one", func(t *testing.T) {
		twice, err := shrink(shrunk)
		require.NoError(t, err)
		require.True(t, bytes.Equal(shrunk, twice))
	})
}

// The data is the same memory, whatever segments it comes in.
func TestDataSection(t *testing.T) {
	data, err := readMemory(goModule(t))
	require.NoError(t, err)
	module := append([]byte("\x00asm\x01\x00\x00\x00"), dataSection)
	section := data.section()
	again, err := readMemory(append(appendNumber(module, len(section)), section...))
	require.NoError(t, err)
	require.True(t, bytes.Equal(bytes.TrimRight(data.bytes, "\x00"), bytes.TrimRight(again.bytes, "\x00")))
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
			_, err := shrink(given)
			require.ErrorIs(t, err, errLayout)
		})
	}
}
