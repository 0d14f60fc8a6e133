//go:build js && wasm

package main

import (
	"bytes"
	"runtime"
	"slices"
	"unsafe"

	"github.com/hack-pad/safejs"

	"authpad/core/api"
)

// door is the one state of this program: exported functions have no receiver.
var door boundary

type boundary struct {
	host safejs.Value // web/core.js's functions
	api  *api.API

	in    []byte    // JavaScript writes here: name, parameters, body, one behind the other
	frame [4]uint32 // where JavaScript reads: address and size of a text, then of a body
	text  []byte    // what frame points to, kept alive
	body  []byte

	calls   int                    // made so far
	waiting int                    // calls that have a goroutine
	idle    []chan task            // goroutines that wait for such a call
	orders  map[int32]chan outcome // fetches under way
	order   int32                  // the last number of an order or a computation

	computations map[int32]chan computation // what crypto.subtle is at
	beside       map[caller]beside          // of calls under way
}

// The states in which call and settle leave a call.
const (
	answered = iota // the frame has its answer
	waits           // settle follows
	crashed         // a bug: the frame has its report
)

// reserve makes room for an input of this many bytes and returns where it is. It stays there until
// the next reserve.
//
//go:wasmexport reserve
func reserve(size int32) uint32 {
	door.in = make([]byte, size)
	return address(door.in)
}

// frame returns where the four numbers of boundary.frame are.
//
//go:wasmexport frame
func frame() uint32 { return uint32(uintptr(unsafe.Pointer(&door.frame))) }

// largeBody is how many bytes a body has at least that is not copied out of the reserved room: its call gets the room,
// and JavaScript reserves another one. LARGE in web/far.js.
const largeBody = 1 << 20

// call answers one call whose input lies in the reserved room: a name, then its parameters up to
// text, then a body. id is JavaScript's number for it, which settle names if the call waits.
//
//go:wasmexport call
func call(id, name, text, body int32) (state int32) {
	defer func() {
		if r := recover(); r != nil {
			state = crashed
			door.handOut(crashReport(r), nil)
		}
	}()
	in := door.in[:text+body]
	called, params := string(in[:name]), in[name:text]
	octets := door.takeBody(in[text:])
	answer, out, later := door.try(caller(id), called, params, octets)
	if later {
		door.start(task{id, called, bytes.Clone(params), octets})
		door.stepAside()
		return waits
	}
	door.stepAside() // "cancel" wakes another call
	delete(door.beside, caller(id))
	door.handOut(answer, out)
	return answered
}

// takeBody makes the body of a call Go's own: an answer may hold on to it.
func (d *boundary) takeBody(body []byte) []byte {
	if len(body) < largeBody {
		return bytes.Clone(body)
	}
	d.in = nil
	return slices.Clip(body)
}

// stepAside lets the goroutines run that this crossing has woken, until all of them wait again.
// Now and then it does so for the runtime's own: a page that calls without a pause never turns the
// event loop. Twice, because the scheduler takes every 61st goroutine out of turn.
func (d *boundary) stepAside() {
	const often = 256
	if d.calls++; d.waiting > 0 || d.calls%often == 0 {
		runtime.Gosched()
		runtime.Gosched()
	}
}

// handOut tells JavaScript where to read; nil bytes have the address 0. It reads at once, so that the
// room of the text before is free.
func (d *boundary) handOut(text, body []byte) {
	d.api.Release(d.text)
	d.text, d.body = text, body
	d.frame = [4]uint32{address(text), uint32(len(text)), address(body), uint32(len(body))}
}

func address(b []byte) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) }
