package native

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"authpad/core"
	"authpad/core/lab"
)

// Env is the real outside world: the system's clock and randomness, and a replay memory of its own.
func Env() core.Env {
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: lab.ReplayMemory(time.Now)}
}

func randomHex(_ string, bytes int) string {
	octets := make([]byte, bytes)
	rand.Read(octets) // never fails (crypto/rand)
	return hex.EncodeToString(octets)
}
