//go:build !js

package core_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A text that a person reads has the curly apostrophe everywhere: a straight one is for code. These are no prose.
var straight = map[string]string{
	"It's a Secret to Everybody": "GitHub's published secret",
	"(the browser's own)":        "stands in header lines",
	"(the page's origin)":        "stands in header lines",
}

var straightApostrophe = regexp.MustCompile(`[A-Za-z]'[a-z]|[a-z]s' [a-z]`)

// notOurs are files of web/ that the build copies or makes from the Go sources.
var notOurs = regexp.MustCompile(`testdata|web/(?:schemes|wasm_exec|assets)\.js$`)

// pageText finds the string literals of the page's JavaScript; none of them is broken over lines.
var pageText = regexp.MustCompile("\"(?:[^\"\\\\\n]|\\\\.)*\"")

func TestProseHasCurlyApostrophes(t *testing.T) {
	for file, texts := range proseOf(t) {
		for _, text := range texts {
			if straight[text] == "" {
				require.NotRegexp(t, straightApostrophe, text, file)
			}
		}
	}
}

// proseOf is every text in the sources that may reach a person, by file.
func proseOf(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, root := range []string{".", "../wasm", "../web"} {
		require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || entry.IsDir():
				return err
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				found[path] = goTexts(t, path)
			case strings.HasSuffix(path, ".js") && !notOurs.MatchString(filepath.ToSlash(path)):
				found[path] = jsTexts(t, path)
			}
			return nil
		}))
	}
	require.Greater(t, len(found["schemes/oauth1.go"]), 50)
	require.Greater(t, len(found["../web/resulttext.js"]), 200)
	return found
}

func goTexts(t *testing.T, path string) (texts []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, err := strconv.Unquote(lit.Value)
			require.NoError(t, err)
			texts = append(texts, text)
		}
		return true
	})
	return texts
}

// A comment can hold a quotation mark of its own, so that a literal would seem to begin there.
func jsTexts(t *testing.T, path string) (texts []string) {
	t.Helper()
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	for line := range strings.Lines(string(source)) {
		code, _, _ := strings.Cut(line, " // ")
		if trimmed := strings.TrimSpace(code); !strings.HasPrefix(trimmed, "//") && !strings.HasPrefix(trimmed, "*") && !strings.HasPrefix(trimmed, "/*") {
			texts = append(texts, pageText.FindAllString(code, -1)...)
		}
	}
	return texts
}
