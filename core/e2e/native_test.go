//go:build !js

package e2e

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/native"
)

// serveNative starts what `make run` starts, on free ports.
func serveNative(t testing.TB) *native.Server {
	t.Helper()
	dist(t)
	ctx, cancel := context.WithCancel(context.Background())
	server, err := native.Serve(ctx, native.ServeOptions{
		Web: filepath.Join(repository(), "web"), Addr: "127.0.0.1:0", LabAddr: "127.0.0.1:0",
	})
	require.NoError(t, err)
	t.Cleanup(func() { cancel(); server.Close() })
	return server
}
