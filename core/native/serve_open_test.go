package native

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestServeOpens puts a program of its own where the system's opener is looked for.
func TestServeOpens(t *testing.T) {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("the opener has another name here") // CI runs Linux
	}
	folder := t.TempDir()
	t.Setenv("PATH", folder)
	var log bytes.Buffer
	options := ServeOptions{Web: webFolder(t), Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0", RelayAddr: "127.0.0.1:0", Open: true, Log: &log}

	server, err := Serve(t.Context(), options)
	require.NoError(t, err)
	require.Contains(t, log.String(), "open the page’s address yourself", "there is no opener yet")
	server.Close()

	told := filepath.Join(folder, "told")
	script := "#!/bin/sh\necho \"$1\" > \"" + told + ".new\"\n/bin/mv \"" + told + ".new\" \"" + told + "\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o755))
	server, err = Serve(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(server.Close)
	var address []byte
	require.Eventually(t, func() bool { address, err = os.ReadFile(told); return err == nil }, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, server.URL+"\n", string(address))
}
