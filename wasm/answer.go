//go:build js && wasm && !crash

package main

import "authpad/core"

func (d *boundary) waitsFor(name string) bool { return d.api.Waits(name) }

func (d *boundary) answer(ctx core.Context, name string, params, body []byte) (answer, out []byte) {
	return d.api.Call(ctx, name, params, body)
}
