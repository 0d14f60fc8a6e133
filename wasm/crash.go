//go:build js && wasm && crash

package main

import (
	"os"

	"authpad/core"
)

// This build breaks on demand: it is how the tests see what a bug in the core does to the page.

func (d *boundary) try(ctx core.Context, name string, params, body []byte) (answer, out []byte, waits bool) {
	switch name {
	case "crash", "crash-exit":
		answer, out = d.answer(ctx, name, params, body)
		return answer, out, false
	case "crash-async":
		return nil, nil, true
	}
	return d.api.Try(ctx, name, params, body)
}

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
