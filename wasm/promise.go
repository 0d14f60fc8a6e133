//go:build js && wasm

package main

import (
	"context"
	"runtime"
	"runtime/debug"

	"authpad/core/json"
)

// callKey is the context key of the number that JavaScript gave a waiting call.
type callKey struct{}

// start gives a call that waits its goroutine. It settles exactly once, whatever happens in it.
func (d *boundary) start(id int32, name string, params, body []byte) {
	d.waiting++
	go func() {
		ctx, stop := context.WithCancel(context.WithValue(context.Background(), callKey{}, id))
		defer stop()
		state, answer, out := d.guarded(ctx, name, params, body)
		d.waiting--
		d.handOut(answer, out)
		if _, err := d.host.Call("settle", id, state); err != nil {
			panic(err) // a bug of web/core.js: the exit rejects every call
		}
	}()
}

func (d *boundary) guarded(ctx context.Context, name string, params, body []byte) (state int, answer, out []byte) {
	defer func() {
		if r := recover(); r != nil {
			state, answer, out = crashed, crashReport(r), nil
		}
	}()
	answer, out = d.answer(ctx, name, params, body)
	return answered, answer, out
}

// crashReport is the envelope of a bug. A panic's own text may hold what a person typed, so only
// the runtime's is told; where it happened goes to the console, as function names and lines.
func crashReport(panicked any) []byte {
	message := "the core ran into a bug"
	if bug, ok := panicked.(runtime.Error); ok {
		message += ": " + bug.Error()
	}
	println(message + "\n" + string(debug.Stack()))
	var w json.Writer
	w.Object()
	w.Member("error")
	w.Object()
	w.Text("code", "internal")
	w.Text("message", message)
	w.EndObject()
	w.EndObject()
	return w.Bytes()
}
