//go:build !js

package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// Files as bodies. A large one stays with the browser: the core knows its size and asks for its hash.

// upload is what arrived at takesFiles.
type upload struct {
	octets    []byte
	mediaType string
	signed    string // the hash that an AWS signature covers
}

// takesFiles allows everything that a preflight asks for.
func takesFiles(t testing.TB) (address string, arrived func() upload) {
	t.Helper()
	last := make(chan upload, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		w.Header().Set("Access-Control-Allow-Headers", "authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token")
		if r.Method != http.MethodOptions {
			octets, _ := io.ReadAll(r.Body)
			last <- upload{octets, r.Header.Get("Content-Type"), r.Header.Get("X-Amz-Content-Sha256")}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/file", func() upload { t.Helper(); return <-last }
}

func randomFile(t testing.TB, size int) (path string, octets []byte, sum string) {
	t.Helper()
	octets = make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(octets) // it cannot fail
	path = filepath.Join(t.TempDir(), "a file.txt")           // a browser gives it a type by its name
	require.NoError(t, os.WriteFile(path, octets, 0o600))
	hash := sha256.Sum256(octets)
	return path, octets, hex.EncodeToString(hash[:])
}

// readyToUpload is the page, about to PUT something to a server that takes files.
func readyToUpload(t testing.TB) (p *tab, arrived func() upload) {
	t.Helper()
	host := serveNative(t)
	address, arrived := takesFiles(t)
	p = newTab(t)
	p.mayAsk = []string{address, host.LabURL}
	p.visit(host.URL)
	p.ready()
	p.choose("method", "PUT")
	p.fill("url", address)
	return p, arrived
}

func (p *tab) chooseFile(path string) {
	p.t.Helper()
	p.press("#tab-body")
	p.press("[data-body-kind=file]")
	p.choosePath("#body-file", path)
	p.wait("the file is named", `document.querySelector("#body-file-about").textContent.includes("a file.txt")`)
}

func (p *tab) choosePath(input, path string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error { return p.window.choose(ctx, input, path) })
}

func TestFilesAsBodies(t *testing.T) {
	p, arrived := readyToUpload(t)
	for _, c := range []struct {
		name, scheme string
		size         int
	}{
		{"small", "sigv4", 1 << 10},
		{"large, hashed", "sigv4", 9 << 20},
		{"large, not signed", "none", 9<<20 + 1}, // each has a hash of its own
		{"large, signed byte by byte", "hawk", 9<<20 + 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer p.within(t)()
			p.choose("scheme", c.scheme)
			p.fillExample(c.scheme)
			path, octets, sum := randomFile(t, c.size)
			p.chooseFile(path)
			p.panel("wire")
			p.wait("its hash is on the wire", `document.querySelector("#panel-wire .hash")?.textContent === `+quoted(sum))
			require.Equal(t, "200", p.send())
			got := arrived()
			require.True(t, bytes.Equal(octets, got.octets))
			require.Empty(t, got.mediaType)
		})
	}
}

// fillExample fills in the values of the scheme's example.
func (p *tab) fillExample(scheme string) {
	p.t.Helper()
	p.eval(`import("./state.js").then(({ catalogue, change, typed, emit }) => {
		change((r) => { r.values[`+quoted(scheme)+`] = { ...catalogue.examples.find((e) => e.scheme === `+quoted(scheme)+`)?.auth.values }; });
		emit("replaced");
		return null;
	})`, nil)
}

// Small files of parts go inside the JSON, large ones beside it.
func TestFilesAsParts(t *testing.T) {
	p, arrived := readyToUpload(t)
	p.press("#tab-body")
	p.press("[data-body-kind=multipart]")
	var sums []string
	for i, size := range []int{9 << 20, 1 << 10, 2 << 20} {
		p.press("#add-part")
		path, _, sum := randomFile(t, size)
		sums = append(sums, sum)
		p.choosePath(fmt.Sprintf(`[name="multipart.%d.file"]`, i), path)
		p.wait("the file is named", fmt.Sprintf(`document.querySelectorAll(".part")[%d].textContent.includes("a file.txt")`, i))
	}
	require.Equal(t, "200", p.send())
	got := arrived()
	_, parameters, err := mime.ParseMediaType(got.mediaType)
	require.NoError(t, err)
	parts := multipart.NewReader(bytes.NewReader(got.octets), parameters["boundary"])
	for _, sum := range sums {
		part, err := parts.NextPart()
		require.NoError(t, err)
		require.Equal(t, "text/plain", part.Header.Get("Content-Type"))
		octets, err := io.ReadAll(part)
		require.NoError(t, err)
		require.Equal(t, sum, fmt.Sprintf("%x", sha256.Sum256(octets)))
	}
}

// Firefox gives out a file that was written to, and what is signed and shown is what is sent.
func TestWhatIsSignedOfAFileIsWhatIsSent(t *testing.T) {
	if !inFirefox() {
		t.Skip("other browsers refuse such a file")
	}
	p, arrived := readyToUpload(t)
	p.choose("scheme", "sigv4")
	p.fillExample("sigv4")
	path, octets, sum := randomFile(t, 3<<20)
	p.chooseFile(path)
	p.panel("wire")
	p.wait("its hash is on the wire", `document.querySelector("#panel-wire .hash")?.textContent === `+quoted(sum))
	octets[0]++
	require.NoError(t, os.WriteFile(path, octets, 0o600))
	require.Equal(t, "200", p.send())
	got := arrived()
	require.True(t, bytes.Equal(octets, got.octets))
	require.Equal(t, fmt.Sprintf("%x", sha256.Sum256(octets)), got.signed)
}

// Chromium gives a file out no more once it was written to.
func TestAFileThatWasChangedAfterItWasChosen(t *testing.T) {
	p, _ := readyToUpload(t)
	p.excuse = []string{"net::ERR_UPLOAD_FILE_CHANGED"}
	path, _, sum := randomFile(t, 3<<20)
	p.chooseFile(path)
	p.wait("its hash is on the wire", `document.querySelector("#panel-wire .hash")?.textContent === `+quoted(sum))
	require.NoError(t, os.WriteFile(path, []byte("another text"), 0o600))
	require.Equal(t, "failure file", p.send())
	require.Contains(t, p.text(`document.querySelector("#panel-response").innerText`), "choose it again")

	p.choose("scheme", "hawk") // which needs the file itself
	p.fillExample("hawk")
	p.wait("the error stands at the body", `/could not be read/.test(document.querySelector("#error-body").textContent)`)
}

// Of more than 512 MiB nothing is hashed to be shown, so that fetch is the first to read.
func TestALargeFileOfAPartThatWasChanged(t *testing.T) {
	p, _ := readyToUpload(t)
	p.excuse = []string{"net::ERR_UPLOAD_FILE_CHANGED"}
	p.press("#tab-body")
	p.press("[data-body-kind=multipart]")
	p.press("#add-part")
	path, _, _ := randomFile(t, 1)
	require.NoError(t, os.Truncate(path, 513<<20)) // a hole, which takes no room
	p.choosePath(`[name="multipart.0.file"]`, path)
	p.wait("the file is named", `document.querySelector(".part").textContent.includes("a file.txt")`)
	require.NoError(t, os.WriteFile(path, []byte("another text"), 0o600))
	require.Equal(t, "failure file", p.send())
}

func TestAFileThroughTheRelay(t *testing.T) {
	s := serveRelay(t, native.ServeOptions{})
	address, arrived := takesFiles(t)
	p := newTab(t)
	p.mayAsk = []string{s.RelayURL}
	p.excuse = []string{"net::ERR_UPLOAD_FILE_CHANGED"}
	p.visit(s.URL)
	p.ready()
	p.pairWith(s)
	p.choose("method", "PUT")
	p.fill("url", address)
	path, octets, _ := randomFile(t, 9<<20)
	p.chooseFile(path)
	require.Equal(t, "200", p.send())
	require.True(t, bytes.Equal(octets, arrived().octets))

	require.NoError(t, os.WriteFile(path, []byte("another text"), 0o600))
	require.Equal(t, "failure file", p.send())
}
