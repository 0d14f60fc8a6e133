package native

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
)

// Env is the real outside world: the system's clock and randomness, a replay memory of its own, and
// the standard library's cryptography.
func Env() core.Env {
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: lab.ReplayMemory(time.Now), Keys: platform.Keys()}
}

func randomHex(_ string, bytes int) string {
	octets := make([]byte, bytes)
	rand.Read(octets) // never fails (crypto/rand)
	return hex.EncodeToString(octets)
}
