package native

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
)

// mediaTypes are those of the files a page is made of. A fixed table, because the system's differs
// from machine to machine, and a wrong type makes a browser refuse WebAssembly and modules.
var mediaTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".gz":          "application/gzip", // a file of its own: no Content-Encoding, the page unpacks it
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".md":          "text/markdown; charset=utf-8",
	".mjs":         "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm", // exactly this: a parameter makes streaming compilation fail
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// Static serves the files of a folder as a plain static host would: index.html for "/", no listing,
// no hidden file, nothing outside the folder, also not through a link.
func Static(dir string) http.Handler { return site{dir: dir} }

// site is Static for a page that is also told where a lab of another origin and the relay listen.
type site struct{ dir, lab, relay string }

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "files can only be read", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	content, err := s.read(name)
	if err != nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	setFileHeader(w.Header(), name, content)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content)) // ranges, HEAD, If-None-Match
}

func (s site) read(name string) ([]byte, error) {
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return nil, fs.ErrNotExist
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	content, err := root.ReadFile(name)
	if err == nil && name == "index.html" {
		content = tell(tell(content, "lab", s.lab), "relay", s.relay)
	}
	return content, err
}

// tell fills an address into the place the page keeps for it.
func tell(page []byte, whose, address string) []byte {
	before, after := `<meta name="authpad-`+whose+`" content="`, `">`
	return bytes.Replace(page, []byte(before+after), []byte(before+html.EscapeString(address)+after), 1)
}

// setFileHeader makes a browser ask each time and be answered 304 where nothing changed: a page
// under work must never be a mix of old and new files.
func setFileHeader(h http.Header, name string, content []byte) {
	mediaType, known := mediaTypes[path.Ext(name)]
	if !known {
		mediaType = "application/octet-stream"
	}
	hash := sha256.Sum256(content)
	h.Set("Content-Type", mediaType)
	h.Set("ETag", `"`+hex.EncodeToString(hash[:16])+`"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if path.Ext(name) == ".html" { // a <meta> cannot say this
		h.Set("Content-Security-Policy", "frame-ancestors 'none'")
	}
}
