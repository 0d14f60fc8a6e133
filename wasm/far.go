//go:build js && wasm

package main

import (
	"crypto/sha256"
	"crypto/sha512"

	"authpad/core"
)

// farBody is the body of a call that web/far.js holds: a file, or an array of megabytes. Copying one into
// linear memory at each keystroke would take longer than all else.
type farBody struct {
	call caller
	size int64
}

// hold says that the next call, of this number, has such a body of so many bytes.
//
//go:wasmexport hold
func hold(id int32, size float64) {
	if door.far == nil {
		door.far = map[caller]*farBody{}
	}
	door.far[caller(id)] = &farBody{caller(id), int64(size)}
}

func (d *boundary) farOf(call core.Context) core.Far {
	id, _ := call.(caller)
	if far, held := d.far[id]; held {
		return far
	}
	return nil
}

func (f *farBody) Size() int64 { return f.size }

// Sum is the browser's, and Go's own where the browser has none to give: over plain http.
func (f *farBody) Sum(hash string) ([]byte, error) {
	if sum, err := f.ask(hash); err == nil {
		return sum, nil
	}
	octets, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	switch hash {
	case "SHA-256":
		sum := sha256.Sum256(octets)
		return sum[:], nil
	case "SHA-384":
		sum := sha512.Sum384(octets)
		return sum[:], nil
	}
	sum := sha512.Sum512(octets)
	return sum[:], nil
}

func (f *farBody) Bytes() ([]byte, error) {
	octets, err := f.ask("")
	if err != nil {
		return nil, &core.FieldError{Field: "body", Code: "body.unreadable", Message: unreadable}
	}
	return octets, nil
}

const unreadable = "the file could not be read: it was changed, moved or deleted after it was chosen, or it is too large to be read at once; choose it again"

// ask waits for a hash, or for the octets themselves.
func (f *farBody) ask(hash string) ([]byte, error) {
	id, arrived := door.expectComputed()
	bits := map[string]int32{"SHA-256": 256, "SHA-384": 384, "SHA-512": 512}[hash]
	hostFar(id, int32(f.call), bits)
	c := <-arrived
	return c.octets, c.err
}
