package native

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"authpad/core"
)

// Env is the real outside world: the system's clock and randomness, and a replay memory of its own.
func Env() core.Env {
	memory := replayMemory{until: map[string]time.Time{}}
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: memory.seen}
}

func randomHex(_ string, bytes int) string {
	octets := make([]byte, bytes)
	rand.Read(octets) // never fails (crypto/rand)
	return hex.EncodeToString(octets)
}

// replayMemory remembers keys for as long as each was asked to be kept.
type replayMemory struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// seen reports whether key is remembered, and remembers it from now on if not.
func (m *replayMemory) seen(key string, keep time.Duration) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for k, until := range m.until {
		if until.Before(now) {
			delete(m.until, k)
		}
	}
	if _, known := m.until[key]; known {
		return true
	}
	m.until[key] = now.Add(keep)
	return false
}
