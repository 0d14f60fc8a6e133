//go:build js && wasm

package main

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
)

// environment is the page's clock, randomness and cryptography, and the replay memory of the lab in it.
func (d *boundary) environment() core.Env {
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: lab.ReplayMemory(time.Now), Keys: platform.KeysBy(d.compute)}
}

func randomHex(_ string, bytes int) string {
	octets := make([]byte, bytes)
	rand.Read(octets) // never fails (crypto/rand)
	return hex.EncodeToString(octets)
}
