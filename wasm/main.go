//go:build js && wasm

// Wasm is the core behind the page's door, web/core.js. It is glue: it reads what JavaScript wrote,
// calls core/api and hands the answer out.
//
// JavaScript comes in through exported functions only (call.go, deliver.go, webcrypto.go): one string in
// linear memory, 0.04 µs a crossing where a callback costs 20 (design: performance.md, 3.3). An
// exported function must never block, so a call that waits gets a goroutine (promise.go), and the
// exported function that wakes it steps aside until it waits again. Go goes out through imports
// (host.go), and with JavaScript's own values through safejs to web/core.js's host object.
package main

import (
	"github.com/hack-pad/safejs"

	"authpad/core/api"
)

// version is what the call "version" answers; builds for publishing may set it with -ldflags -X.
var version = "development"

func main() {
	host := safejs.MustGetGlobal("authpadHost")
	page, err := textOf(host, "pageURL")
	if err != nil {
		panic(err) // JavaScript sees the exit and rejects what waits
	}
	gecko, err := boolOf(host, "gecko")
	if err != nil {
		panic(err)
	}
	door.host = host
	door.api = api.New(api.Host{
		Env:       door.environment(),
		Transport: door.transport,
		PageURL:   page,
		Far:       door.farOf,
		Files:     door.filesOf,
		Gecko:     gecko,
		Version:   version,
		Relay:     true,
		ASCII:     true,
	})
	// An exported function returns without Go's event loop having turned, and only that sets timers
	// and runs finalizers, which give JavaScript's objects back. So JavaScript turns it now and then,
	// and at once where Go says that it has set a timer.
	turn, err := safejs.FuncOf(func(safejs.Value, []safejs.Value) any { return nil })
	if err != nil {
		panic(err)
	}
	if _, err := host.Call("opened", turn.Value()); err != nil {
		panic(err)
	}
	select {}
}

func boolOf(v safejs.Value, name string) (bool, error) {
	property, err := v.Get(name)
	if err != nil {
		return false, err
	}
	return property.Bool()
}

func textOf(v safejs.Value, name string) (string, error) {
	property, err := v.Get(name)
	if err != nil {
		return "", err
	}
	return property.String()
}
