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
	return core.Env{Now: time.Now, Nonce: randomHex, Seen: lab.ReplayMemory(time.Now), Keys: platform.KeysBy(d.compute)}
}

// randomHex asks the browser: crypto/rand brings a generator of its own, with its tests of itself.
func randomHex(_ string, count int) string {
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
	return syntax.Hex(octets)
}
