//go:build js && wasm

package main

// What Go asks of web/core.js with numbers alone, as imports of the module: a function of the host object is looked up
// by name and its arguments are wrapped at each call, 20 µs of code that is cold after a wait. They never throw.

// hostSettle says that the frame has the answer of a call that waited.
//
//go:wasmimport authpad settle
func hostSettle(id, state int32)

// hostFetch says that the frame has an order for web/fetch.js, and the body to send.
//
//go:wasmimport authpad fetch
func hostFetch()

// hostAbort gives an order up; one that is not known any more is none.
//
//go:wasmimport authpad abort
func hostAbort(order int32)

// hostFar has web/far.js tell, as a computation, the SHA-2 of so many bits of a far body, or with 0 bits its octets.
//
//go:wasmimport authpad far
func hostFar(id, number, bits int32)

// hostJoin makes one far body of what the frame has: sizes of texts with numbers of the call's files between them, and the
// texts. hostSize is that of a far body.
//
//go:wasmimport authpad join
func hostJoin(call int32) (number int32)

//go:wasmimport authpad size
func hostSize(number int32) float64

// hostTimer has the event loop turned soon: Go has set a timer.
//
//go:wasmimport authpad timer
func hostTimer()

// hostOrder has web/keys.js do a work that it keeps, with the octets at one or two places.
//
//go:wasmimport authpad order
func hostOrder(id, work int32, first, firstSize, second, secondSize uint32)
