//go:build js && wasm

package main

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"authpad/core"
)

// environment is the page's clock and randomness, and the replay memory of the lab in it.
func environment() core.Env {
	memory := map[string]time.Time{}
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: func(key string, keep time.Duration) bool {
		return seen(memory, key, keep)
	}}
}

func randomHex(_ string, bytes int) string {
	octets := make([]byte, bytes)
	rand.Read(octets) // never fails (crypto/rand)
	return hex.EncodeToString(octets)
}

// seen reports whether key is remembered, and remembers it from now on if not.
func seen(memory map[string]time.Time, key string, keep time.Duration) bool {
	now := time.Now()
	for k, until := range memory {
		if until.Before(now) {
			delete(memory, k)
		}
	}
	if _, known := memory[key]; known {
		return true
	}
	memory[key] = now.Add(keep)
	return false
}
