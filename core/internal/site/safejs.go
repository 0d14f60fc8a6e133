package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// safejs writes the text of errors with package fmt, which nothing else in the page needs: with its reflection and
// its floating-point numbers it is 70 kB of gzip, for errors that nobody sees but in a crash. The page's module is
// linked with a copy of safejs whose errors are plainer. Tests and everything native use safejs as it is.

// plainer are the changes, by file. Each old text must be there: for another version than the one they were written
// for, the copy is left as it came.
var plainer = map[string][]string{ // old, new, old, new …
	"internal/catch/catch.go": {
		`"fmt"`, `"errors"`,
		`fmt.Errorf("%+v", value)`, `errors.New("a panic with a value that is no error")`,
	},
	"global.go": {
		`"fmt"`, `"errors"`,
		`fmt.Errorf("global %q is not defined", property)`, `errors.New("global " + property + " is not defined")`,
	},
	"value.go": {
		`"fmt"`, `"errors"`,
		`fmt.Errorf("invalid type for instanceof: %v", t.Type())`, `errors.New("invalid type for instanceof")`,
		`fmt.Errorf("invalid constructor type for instanceof: %v", err)`, `err`,
		`fmt.Errorf("invalid constructor type for instanceof: %v", prototype.Type())`, `errors.New("invalid constructor type for instanceof")`,
	},
}

// plainStack stands for the package that adds stack traces to errors.
const plainStack = `package stackerr

func WithStack(err error) error { return err }
`

// copySafeJS copies the module at source, without its tests and its linter's, and makes its errors plainer.
func copySafeJS(source, target string) error {
	files := map[string]string{}
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".mod" && ext != ".sum" && filepath.Base(path) != "LICENSE" {
			return nil
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		return err
	}
	if err := makePlainer(files); err != nil {
		fmt.Fprintln(os.Stderr, err, "- used as it is")
	}
	return writeFiles(target, files)
}

// makePlainer changes all files or none.
func makePlainer(files map[string]string) error {
	changed := map[string]string{}
	for name, edits := range plainer {
		text := files[name]
		for i := 0; i < len(edits); i += 2 {
			if strings.Count(text, edits[i]) != 1 {
				return fmt.Errorf("safejs: %s is not the file that is known", name)
			}
			text = strings.Replace(text, edits[i], edits[i+1], 1)
		}
		changed[name] = text
	}
	const stack = "internal/stackerr/stackerr.go"
	if !strings.Contains(files[stack], "func WithStack(err error) error {") {
		return fmt.Errorf("safejs: %s is not the file that is known", stack)
	}
	changed[stack] = plainStack
	for name, text := range changed {
		files[name] = text
	}
	return nil
}

func writeFiles(target string, files map[string]string) error {
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(target, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
