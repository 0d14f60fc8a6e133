//go:build js && wasm && !crash

package main

import "authpad/core"

func (d *boundary) try(ctx core.Context, name string, params, body []byte) (answer, out []byte, waits bool) {
	return d.api.Try(ctx, name, params, body)
}

func (d *boundary) answer(ctx core.Context, name string, params, body []byte) (answer, out []byte) {
	return d.api.Call(ctx, name, params, body)
}
