//go:build js && wasm

package main

import (
	"runtime"

	"github.com/hack-pad/safejs"

	"authpad/core/platform"
)

// computation is what crypto.subtle made of something; err is nil or a *keys.Error.
type computation struct {
	octets []byte
	err    error
}

// engine goes by way of web/keys.js, which reads the octets where they lie in linear memory. Keys are
// imported at leisure, through promises of safejs; this is what every keystroke waits for, and a promise
// of safejs costs more than most signatures.
func (d *boundary) engine() platform.Engine {
	return platform.Engine{Import: d.importKey, Keep: d.keepWork, Forget: d.forgetWork, Compute: d.compute}
}

func (d *boundary) importKey(args ...any) (promise safejs.Value, err error) {
	return d.host.Call("importKey", args...)
}

func (d *boundary) keepWork(method string, first ...safejs.Value) (work int, err error) {
	args := []any{method}
	for _, value := range first {
		args = append(args, value)
	}
	number, err := d.host.Call("keepWork", args...)
	if err != nil {
		return 0, err
	}
	return number.Int()
}

func (d *boundary) forgetWork(work int) { _, _ = d.host.Call("forgetWork", work) } // it cannot fail: it deletes from a map

func (d *boundary) compute(work int, first, second []byte) ([]byte, error) {
	id, arrived := d.expectComputed()
	hostOrder(id, int32(work), address(first), uint32(len(first)), address(second), uint32(len(second)))
	runtime.KeepAlive(first) // the browser has its copy now
	runtime.KeepAlive(second)
	c := <-arrived
	return c.octets, c.err
}

// expectComputed numbers a computation and returns where its outcome will arrive.
func (d *boundary) expectComputed() (int32, <-chan computation) {
	if d.computations == nil {
		d.computations = map[int32]chan computation{}
	}
	d.order++
	arrived := make(chan computation, 1)
	d.computations[d.order] = arrived
	return d.order, arrived
}

// computed takes the outcome of a computation from the reserved room: the name of an exception, or
// bytes behind none. As deliver, it reports whether all went well.
//
//go:wasmexport computed
func computed(id, text, body int32) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			crashReport(r)
			ok = false
		}
	}()
	arrived, known := door.computations[id]
	if !known {
		return false
	}
	delete(door.computations, id) // exactly once
	in := door.in[:text+body]
	if text > 0 {
		arrived <- computation{err: platform.Refusal(string(in[:text]))}
	} else {
		arrived <- computation{octets: door.takeBody(in)}
	}
	door.stepAside()
	return true
}
