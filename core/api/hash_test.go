package api_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/api"
)

// countedKeys count how often a body is hashed.
type countedKeys struct {
	core.Keys
	hashes int
}

func (k *countedKeys) Hash(hash string, octets []byte) ([]byte, error) {
	k.hashes++
	return k.Keys.Hash(hash, octets)
}

// The scheme hashes the body and so does the answer: of megabytes once is enough.
func TestALargeBodyIsHashedOnce(t *testing.T) {
	keys := &countedKeys{}
	a := apiWhere(func(h *api.Host) {
		keys.Keys = h.Env.Keys
		h.Env.Keys = keys
	})
	const params = `{"request":{"method":"PUT","url":"https://a.test/"},"auth":{"scheme":"sigv4","values":{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"secret","region":"us-east-1","service":"service"}},"steps":false}`
	for _, size := range []int{1 << 20, 2 << 20} {
		body := make([]byte, size)
		_, _, waits := a.Try(context.Background(), "build", []byte(params), body)
		require.True(t, waits)
		keys.hashes = 0
		answer, _ := a.Call(context.Background(), "build", []byte(params), body)
		require.Contains(t, string(answer), `{"ok":`)
		require.Equal(t, 1, keys.hashes)
	}
}
