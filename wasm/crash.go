//go:build js && wasm && crash

package main

import (
	"os"

	"authpad/core"
)

// This build breaks on demand: it is how the tests see what a bug in the core does to the page.

func (d *boundary) waitsFor(name string) bool { return name == "crash-async" || d.api.Waits(name) }

func (d *boundary) answer(ctx core.Context, name string, params, body []byte) (answer, out []byte) {
	switch name {
	case "crash", "crash-async":
		var nothing []byte
		_ = nothing[len(name)]
	case "crash-exit":
		os.Exit(3)
	}
	return d.api.Call(ctx, name, params, body)
}
