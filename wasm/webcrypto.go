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

// compute is a platform.Compute by way of web/keys.js, which reads the octets where they lie in linear
// memory. Keys are imported at leisure, through promises of safejs; this is what every keystroke
// waits for, and a promise of safejs costs more than most signatures.
func (d *boundary) compute(method string, parameters, key safejs.Value, octets ...[]byte) ([]byte, error) {
	if d.computations == nil {
		d.computations = map[int32]chan computation{}
	}
	d.order++
	id, arrived := d.order, make(chan computation, 1)
	d.computations[id] = arrived
	args := append(make([]any, 0, 8), id, method, parameters, key)
	for _, o := range octets {
		args = append(args, address(o), len(o))
	}
	_, err := d.host.Call("compute", args...)
	runtime.KeepAlive(octets) // the browser has its copy now
	if err != nil {
		return nil, err
	}
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
