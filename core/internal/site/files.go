package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The service worker and its list are loaded by the browser itself, not out of the cache they fill.
var workerFiles = []string{"sw.js", "assets.js"}

// file is one file of the page; its name is relative to web/, with slashes.
type file struct {
	name  string
	bytes []byte
}

// pageFiles reads what the page loads: everything in web/ but dot-files, the worker's own files and the raw module.
func pageFiles(web string) ([]file, error) {
	var files []file
	err := filepath.WalkDir(web, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(web, path)
		name = filepath.ToSlash(name)
		if err != nil || !isPageFile(name) {
			return err
		}
		content, err := os.ReadFile(path)
		files = append(files, file{name, content})
		return err
	})
	return files, err
}

func isPageFile(name string) bool {
	for _, own := range workerFiles {
		if name == own {
			return false
		}
	}
	return !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.") && !strings.HasSuffix(name, ".wasm")
}

// writeAssets prints the script that sw.js imports. The version changes with any byte of the page, and so the
// browser sees a new worker.
func writeAssets(out io.Writer, web string) error {
	files, err := pageFiles(web)
	if err != nil {
		return err
	}
	worker, err := os.ReadFile(filepath.Join(web, "sw.js"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	hash := sha256.New()
	names := []string{"./"}
	for _, f := range append(files, file{"sw.js", worker}) {
		fmt.Fprintf(hash, "%s %d\n", f.name, len(f.bytes))
		hash.Write(f.bytes)
		if f.name != "sw.js" {
			names = append(names, f.name)
		}
	}
	list, err := json.Marshal(map[string]any{"version": hex.EncodeToString(hash.Sum(nil))[:16], "files": names})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "self.AUTHPAD_ASSETS = %s;\n", list)
	return err
}

// copyDist writes the page into a folder that any static host can serve from any path. packed is a file that stands for
// authpad.wasm.gz there, named after its ending; empty: none.
func copyDist(web, target, packed string) error {
	files, err := allFiles(web)
	if err == nil && packed != "" {
		err = repack(files, packed)
	}
	if err != nil {
		return err
	}
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	// GitHub Pages would otherwise run Jekyll over the folder.
	for _, f := range append(files, file{".nojekyll", nil}) {
		path := filepath.Join(target, filepath.FromSlash(f.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.bytes, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// repack puts another module into the list, and its name where the page says the first one's.
func repack(files []file, packed string) error {
	const first = "authpad.wasm.gz"
	other := strings.TrimSuffix(first, ".gz") + filepath.Ext(packed)
	content, err := os.ReadFile(packed)
	if err != nil {
		return err
	}
	named := 0
	for i, f := range files {
		switch f.name {
		case first:
			files[i] = file{other, content}
		case "index.html", "module.js":
			named += bytes.Count(f.bytes, []byte(first))
			files[i].bytes = bytes.ReplaceAll(f.bytes, []byte(first), []byte(other))
		}
	}
	if named == 0 {
		return fmt.Errorf("neither index.html nor module.js names %s", first)
	}
	return nil
}

// allFiles is pageFiles and the worker's own.
func allFiles(web string) ([]file, error) {
	files, err := pageFiles(web)
	for _, name := range workerFiles {
		content, readErr := os.ReadFile(filepath.Join(web, name))
		err = errors.Join(err, readErr)
		files = append(files, file{name, content})
	}
	return files, err
}

// weigh prints what a first visit loads, in kB of 1000 bytes, raw and as a host that compresses would send it.
func weigh(out io.Writer, web string, budget float64) error {
	files, err := allFiles(web)
	if err != nil {
		return err
	}
	var raw, packed int
	fmt.Fprintf(out, "%-28s %10s %10s\n", "file", "raw kB", "gzip kB")
	for _, f := range files {
		size := len(f.bytes)
		if end := filepath.Ext(f.name); end != ".gz" && end != ".xz" { // those are sent as they are
			size = gzipSize(f.bytes)
		}
		raw, packed = raw+len(f.bytes), packed+size
		fmt.Fprintf(out, "%-28s %10.1f %10.1f\n", f.name, kB(len(f.bytes)), kB(size))
	}
	fmt.Fprintf(out, "%-28s %10.1f %10.1f  of at most %g\n", "total", kB(raw), kB(packed), budget)
	if kB(packed) > budget {
		return fmt.Errorf("a first visit loads %.1f kB of gzip, more than %g", kB(packed), budget)
	}
	return nil
}

func gzipSize(content []byte) int {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid, and a Buffer does not fail
	_, _ = w.Write(content)
	_ = w.Close()
	return packed.Len()
}

func kB(bytes int) float64 { return float64(bytes) / 1000 }
