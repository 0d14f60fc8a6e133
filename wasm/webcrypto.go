//go:build js && wasm

package main

import (
	"bytes"
	"runtime"

	"github.com/hack-pad/safejs"

	"authpad/core/platform"
)

// computation is what crypto.subtle made of something; err is nil or a *keys.Error.
type computation struct {
	octets []byte
	err    error
}

// engine is a platform.Engine by way of web/keys.js, which reads the octets where they lie in linear
// memory. Keys are imported at leisure, through promises of safejs; this is what every keystroke
// waits for, and a promise of safejs costs more than most signatures.
type engine struct{ *boundary }

func (e engine) Keep(method string, first ...safejs.Value) (work int, err error) {
	args := []any{method}
	for _, value := range first {
		args = append(args, value)
	}
	number, err := e.host.Call("keepWork", args...)
	if err != nil {
		return 0, err
	}
	return number.Int()
}

func (e engine) Forget(work int) { _, _ = e.host.Call("forgetWork", work) } // it cannot fail: it deletes from a map

func (e engine) Compute(work int, first, second []byte) ([]byte, error) {
	if e.computations == nil {
		e.computations = map[int32]chan computation{}
	}
	e.order++
	id, arrived := e.order, make(chan computation, 1)
	e.computations[id] = arrived
	hostOrder(id, int32(work), address(first), uint32(len(first)), address(second), uint32(len(second)))
	runtime.KeepAlive(first) // the browser has its copy now
	runtime.KeepAlive(second)
	c := <-arrived
	return c.octets, c.err
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
		arrived <- computation{octets: bytes.Clone(in)}
	}
	door.stepAside()
	return true
}
