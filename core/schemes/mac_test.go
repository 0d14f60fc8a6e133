package schemes

import (
	"bytes"
	"crypto/hmac"
	"hash"
	"testing"

	"github.com/stretchr/testify/require"
)

// Crypto/hmac judges mac: keys and texts around each length at which a block ends, and longer ones.
func TestMAC(t *testing.T) {
	sizes := []int{0, 1, 20, 63, 64, 65, 127, 128, 129, 1000}
	for _, name := range []string{"SHA-1", "SHA-256", "SHA-384", "SHA-512"} {
		t.Run(name, func(t *testing.T) {
			for _, k := range sizes {
				for _, m := range sizes {
					key, message := bytes.Repeat([]byte{0xa5, 3}, k)[:k], bytes.Repeat([]byte("text"), m)[:m]
					judge := hmac.New(func() hash.Hash { return newHash(name) }, key)
					judge.Write(message)
					require.Equal(t, judge.Sum(nil), mac(name, key, message), "%d bytes with a key of %d", m, k)
				}
			}
			require.Equal(t, newHash(name).Size(), hashSize(name))
		})
	}
}
