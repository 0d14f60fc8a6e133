//go:build !js

package core_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ranks holds the direction of imports: a package may import only packages of a lower rank.
var ranks = map[string]int{
	"authpad/core":              0,
	"authpad/core/json":         1,
	"authpad/core/syntax":       1,
	"authpad/core/keys":         2,
	"authpad/core/platform":     3,
	"authpad/core/schemes":      4,
	"authpad/core/fetchrules":   5,
	"authpad/core/diagnose":     5,
	"authpad/core/session":      6,
	"authpad/core/codegen":      6,
	"authpad/core/importer":     6,
	"authpad/core/lab":          6,
	"authpad/core/api":          7,
	"authpad/core/native/relay": 8,
	"authpad/core/native":       9,
	"authpad/wasm":              8,
	"authpad/core/cmd/authpad":  10,
}

// apart are packages that only tests and make use; nothing above may import them.
var apart = map[string]bool{
	"authpad/core/internal/vectors": true,
	"authpad/core/internal/pki":     true,
	"authpad/core/internal/site":    true,
	"authpad/core/e2e":              true,
}

// Measured cost in kB of gzip over safejs alone: net/http +1956, text/template +533, rsa and ecdsa +553,
// encoding/json +164, regexp +144.
var tooHeavy = []string{
	"net/http", "net/textproto", "net/url", "encoding/json", "text/template", "html/template", "regexp",
	"mime/multipart", "crypto/rsa", "crypto/ecdsa", "crypto/x509",
}

// What no package of ours may import on its way to the page: each brings package fmt, of which the page's module is
// otherwise free (core/internal/site, safejs.go), or the standard library's own randomness.
var fmtBringers = []string{"fmt", "encoding/hex", "log", "math/big", "crypto/rand", "runtime/debug"}

func TestNothingOfOursBringsFmt(t *testing.T) {
	for _, line := range goList(t, "js", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./wasm") {
		names := strings.Fields(line)
		if !strings.HasPrefix(names[0], "authpad/") {
			continue
		}
		for _, imported := range names[1:] {
			require.NotContains(t, fmtBringers, imported, names[0])
		}
	}
}

func TestImports(t *testing.T) {
	for _, target := range []string{"native", "js"} {
		for _, line := range goList(t, target, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
			names := strings.Fields(line)
			t.Run(target+"/"+names[0], func(t *testing.T) { checkImports(t, names[0], names[1:]) })
		}
	}
}

func checkImports(t *testing.T, importer string, imports []string) {
	if apart[importer] {
		return
	}
	rank, known := ranks[importer]
	require.True(t, known, "%s has no place in the order of imports: give it one in ranks", importer)
	for _, imported := range imports {
		if imported != "authpad/core" && !strings.HasPrefix(imported, "authpad/") {
			continue
		}
		below, known := ranks[imported]
		require.True(t, known, "%s imports %s, which is for tests only", importer, imported)
		require.Less(t, below, rank, "%s imports %s: imports point one way", importer, imported)
	}
}

func TestImportsOfThePage(t *testing.T) {
	linked := map[string]bool{}
	for _, name := range goList(t, "js", "-deps", "./wasm") {
		linked[name] = true
	}
	require.True(t, linked["authpad/core/api"], "the page is built from core/api")
	for _, name := range tooHeavy {
		require.False(t, linked[name], "%s reaches the browser; who needs it: GOOS=js GOARCH=wasm go list -deps -f '{{.ImportPath}}: {{.Imports}}' ./wasm", name)
	}
}

// goList runs go list at the top of the module, for the machine itself or for the browser.
func goList(t *testing.T, target string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	if target == "js" {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	}
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	require.NoError(t, err, problems.String())
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.NotEmpty(t, lines[0])
	return lines
}
