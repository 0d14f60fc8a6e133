//go:build js && wasm

package main

import (
	"time"

	"github.com/hack-pad/safejs"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// environment is the page's clock, randomness and cryptography, and the replay memory of the lab in it.
func (d *boundary) environment() core.Env {
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: lab.ReplayMemory(time.Now), Keys: platform.KeysBy(d.engine())}
}

// chance holds random bytes that nobody has used yet. Asking the browser costs as much for one as for all of them, and a
// tenth of what a token takes.
var chance []byte

// randomHex asks the browser: crypto/rand brings a generator of its own, with its tests of itself.
func randomHex(_ string, count int) string {
	const many = 1024
	if len(chance) < count {
		chance = randomBytes(max(count, many))
	}
	octets := chance[:count]
	chance = chance[count:]
	return syntax.Hex(octets)
}

// randomBytes asks for at most 65536, the most that the browser gives at once.
func randomBytes(count int) []byte {
	octets := make([]byte, count)
	array, err := safejs.MustGetGlobal("Uint8Array").New(count)
	if err == nil {
		_, err = safejs.MustGetGlobal("crypto").Call("getRandomValues", array)
	}
	if err == nil {
		_, err = safejs.CopyBytesToGo(octets, array)
	}
	if err != nil {
		panic(err) // a browser without randomness: never a nonce that could be guessed
	}
	return octets
}
