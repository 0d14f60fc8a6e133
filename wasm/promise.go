//go:build js && wasm

package main

import (
	"runtime"

	"authpad/core"
	"authpad/core/json"
)

// caller is the number that JavaScript gave a call. As the context of the call it has no end: what
// ends a send is the call "cancel".
type caller int32

func (caller) Done() <-chan struct{} { return nil }
func (caller) Err() error            { return nil }

// task is a call that waits.
type task struct {
	id           int32
	name         string
	params, body []byte
}

// start gives a call that waits a goroutine. Those of calls that ended are used again: their stacks
// have grown already, and growing one costs more than a call.
func (d *boundary) start(t task) {
	d.waiting++
	var tasks chan task
	if last := len(d.idle) - 1; last >= 0 {
		tasks, d.idle = d.idle[last], d.idle[:last]
	} else {
		tasks = make(chan task, 1)
		go d.work(tasks)
	}
	tasks <- t
}

// work settles each call exactly once, whatever happens in it.
func (d *boundary) work(tasks chan task) {
	for t := range tasks {
		state, answer, out := d.guarded(caller(t.id), t.name, t.params, t.body)
		d.waiting--
		delete(d.beside, caller(t.id))
		d.idle = append(d.idle, tasks)
		d.handOut(answer, out)
		hostSettle(t.id, state)
	}
}

func (d *boundary) guarded(ctx core.Context, name string, params, body []byte) (state int32, answer, out []byte) {
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
	stack := make([]byte, 4<<10)
	println(message + "\n" + string(stack[:runtime.Stack(stack, false)]))
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
