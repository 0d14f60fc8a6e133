//go:build !js

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// platformPage runs a test program of Go: as its own crypto.subtle.importKey it has the page's, from another document,
// where that finds the browser's. What the program reads is beside it.
const platformPage = `<!doctype html><meta charset="utf-8"><title>core/platform</title><link rel="icon" href="data:,">
<iframe src="keys.html"></iframe><script src="wasm_exec.js"></script><script>
globalThis.run = async (env) => {
	let said = "", code;
	console.log = (line) => { said += line + "\n"; };
	const files = [];
	const zeros = Object.fromEntries("dev ino nlink uid gid rdev blksize blocks atimeMs mtimeMs ctimeMs".split(" ").map((name) => [name, 0]));
	const missing = Object.assign(new Error("not found"), { code: "ENOENT" });
	Object.assign(fs, {
		open: (path, flags, mode, back) => fetch(path.split("/").at(-1)).then(async (r) => r.ok ? back(null, 9 + files.push({ octets: new Uint8Array(await r.arrayBuffer()), at: 0 })) : back(missing), back),
		fstat: (fd, back) => back(null, { ...zeros, mode: 0o100644, size: files[fd - 10].octets.length, isDirectory: () => false }),
		read: (fd, into, offset, length, position, back) => {
			const file = files[fd - 10];
			const piece = file.octets.subarray(file.at, file.at += length);
			into.set(piece, offset);
			back(null, piece.length);
		},
		close: (fd, back) => back(null),
	});
	SubtleCrypto.prototype.importKey = (...args) => frames[0].importKey(...args);
	const go = Object.assign(new Go(), { argv: ["platform", "-test.v", "-test.run=Key|Refusal|Plain"], env, exit: (c) => { code = c; } });
	await go.run((await WebAssembly.instantiateStreaming(fetch("platform.wasm"), go.importObject)).instance);
	return { said, code };
};
</script>`

const keysPage = `<!doctype html><meta charset="utf-8"><title>keys</title><script type="module">
import { importKey } from "./keys.js";
globalThis.importKey = importKey;
</script>`

// What Chromium runs by "make test", published signatures and keys of every form, in Firefox.
func TestKeysOfThePlatform(t *testing.T) {
	if !inFirefox() {
		t.Skip("make test runs core/platform in Chromium")
	}
	folder := doorFolder(t, "")
	build := exec.Command("go", "test", "-c", "-o", filepath.Join(folder, "platform.wasm"), "./core/platform")
	build.Dir = repository()
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	output, err := build.CombinedOutput()
	require.NoError(t, err, string(output))
	for name, content := range map[string]string{"index.html": platformPage, "keys.html": keysPage} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600))
	}
	vectors, err := filepath.Glob(filepath.Join(os.Getenv("AUTHPAD_VECTORS"), "*.json"))
	require.NoError(t, err)
	for _, from := range vectors {
		content, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(from)), content, 0o600))
	}
	p := open(t, startStatic(t, folder).URL)
	p.excuse = []string{"Go program has already exited"} // what it had set a timer for
	var ran struct {
		Said string
		Code *int
	}
	p.eval(`run({ AUTHPAD_VECTORS: "/", CI: `+quoted(os.Getenv("CI"))+` })`, &ran)
	require.NotNil(t, ran.Code, ran.Said)
	require.Zero(t, *ran.Code, ran.Said)
	require.Contains(t, ran.Said, "--- PASS: TestKeysGenerated")
	require.True(t, len(vectors) == 0 || strings.Contains(ran.Said, "--- PASS: TestKeysVerifyPublishedSignatures"), ran.Said)
}
