package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// topLevel is fixed by the people the project is for; dot-files may stand beside it, and dist/ is built there.
var topLevel = map[string]bool{
	"go.mod": true, "go.sum": true, "Makefile": true, "README.md": true, "LICENSE": true,
	"core": true, "wasm": true, "web": true, "dist": true,
}

// generated are the files of web/ that the build makes: references to them are good before it ran.
var generated = []string{"authpad.wasm.gz", "wasm_exec.js", "schemes.js", "assets.js"}

// banned turns text from a stranger into markup or code. The page's CSP stops most of it in the browser; this stops it
// in the editor.
var banned = map[string]*regexp.Regexp{
	".js": regexp.MustCompile(`\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|` +
		`setHTMLUnsafe|createContextualFragment|set(Timeout|Interval)\(["'` + "`" + `]|javascript:`),
	".html": regexp.MustCompile(`(?i)\son[a-z]+\s*=|<script(\s+type="module")?\s*>|<style|\sstyle\s*=|javascript:`),
	".css":  regexp.MustCompile(`@import|url\(\s*["']?(https?:)?//`),
}

// loads are the places where one file of the page makes the browser load another.
var loads = map[string]*regexp.Regexp{
	".js": regexp.MustCompile(`(?m)(?:^import\s+(?:[^"']*?\sfrom\s+)?|^export\s*[{*][^"']*?\sfrom\s+|\bimport\(\s*|^importScripts\(\s*)` +
		`["']([^"']+)["']`),
	".html": regexp.MustCompile(`<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)="([^"]*)"`),
	".css":  regexp.MustCompile(`url\(\s*["']?([^"')]+)`),
}

// check reads the sources as they stand in a clone; it reports every fault, not the first.
func check(out io.Writer, root string) error {
	faults := layoutFaults(root)
	files, err := pageSources(filepath.Join(root, "web"))
	if err != nil {
		return err
	}
	for _, f := range files {
		faults = append(faults, sourceFaults(f, files)...)
	}
	faults = append(faults, unusedFaults(files)...)
	faults = append(faults, preloadFaults(files)...)
	for _, fault := range faults {
		fmt.Fprintln(out, fault)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d faults", len(faults))
	}
	return nil
}

func layoutFaults(root string) (faults []string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return []string{err.Error()}
	}
	for _, entry := range entries {
		if name := entry.Name(); !topLevel[name] && !strings.HasPrefix(name, ".") {
			faults = append(faults, name+": does not belong at the top level, which is fixed")
		}
	}
	return faults
}

// pageSources is what people wrote: the page and its worker without what the build makes.
func pageSources(web string) ([]file, error) {
	files, err := pageFiles(web)
	worker, workerErr := os.ReadFile(filepath.Join(web, "sw.js"))
	sources := []file{{"sw.js", worker}}
	for _, f := range files {
		if !isGenerated(f.name) {
			sources = append(sources, f)
		}
	}
	return sources, errors.Join(err, workerErr)
}

func isGenerated(name string) bool {
	for _, made := range generated {
		if name == made {
			return true
		}
	}
	return false
}

func sourceFaults(f file, files []file) (faults []string) {
	kind := path.Ext(f.name)
	if pattern := banned[kind]; pattern != nil {
		for i, line := range strings.Split(string(f.bytes), "\n") {
			if found := pattern.FindString(line); found != "" {
				faults = append(faults, fmt.Sprintf("web/%s:%d: %s is banned", f.name, i+1, strings.TrimSpace(found)))
			}
		}
	}
	for _, name := range loaded(f) {
		if problem := referenceFault(name, files); problem != "" {
			faults = append(faults, fmt.Sprintf("web/%s: %q %s", f.name, name, problem))
		}
	}
	return faults
}

func loaded(f file) (names []string) {
	pattern := loads[path.Ext(f.name)]
	if pattern == nil {
		return nil
	}
	for _, match := range pattern.FindAllStringSubmatch(string(f.bytes), -1) {
		names = append(names, match[1])
	}
	return names
}

// referenceFault: a page that works under any path loads nothing from the root and nothing from elsewhere.
func referenceFault(name string, files []file) string {
	if strings.HasPrefix(name, "data:") {
		return ""
	}
	if strings.HasPrefix(name, "/") || strings.Contains(name, ":") {
		return "is not relative to the page"
	}
	name = path.Clean(name)
	if isGenerated(name) {
		return ""
	}
	for _, f := range files {
		if f.name == name {
			return ""
		}
	}
	return "does not exist"
}

// unusedFaults names files that a visitor would be sent, since the worker caches all, and that nothing loads.
func unusedFaults(files []file) (faults []string) {
	used := map[string]bool{"index.html": true, "sw.js": true}
	for _, f := range files {
		for _, name := range loaded(f) {
			used[path.Clean(name)] = true
		}
	}
	for _, f := range files {
		if !used[f.name] {
			faults = append(faults, "web/"+f.name+": nothing loads it")
		}
	}
	return faults
}

// preloadFaults names modules that the browser would find only once it has read the module that imports them: each such
// step is one more round trip before the form can be typed into.
func preloadFaults(files []file) (faults []string) {
	early := map[string]bool{"assets.js": true}
	imported := map[string]bool{}
	for _, f := range files {
		for _, name := range loaded(f) {
			if f.name == "index.html" {
				early[path.Clean(name)] = true
			} else if path.Ext(name) == ".js" {
				imported[path.Clean(name)] = true
			}
		}
	}
	for name := range imported {
		if !early[name] {
			faults = append(faults, "web/"+name+": index.html does not preload it")
		}
	}
	return faults
}
