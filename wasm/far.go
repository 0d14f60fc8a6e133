//go:build js && wasm

package main

import (
	"crypto/sha256"
	"crypto/sha512"

	"authpad/core"
	"authpad/core/json"
)

// farBody is a body that web/far.js holds under a number: a file, or an array of megabytes. Copying one into
// linear memory at each keystroke would take longer than all else.
type farBody struct {
	number int32
	size   int64
}

// farFiles are the files of a call.
type farFiles struct {
	call  caller
	count int
}

// beside is what a call has of these.
type beside struct {
	body  *farBody
	files *farFiles
}

// hold says that the next call, of this number, has a body that web/far.js holds, or, where body is 0, so many files.
//
//go:wasmexport hold
func hold(id, body int32, size float64) {
	if door.beside == nil {
		door.beside = map[caller]beside{}
	}
	if body == 0 {
		door.beside[caller(id)] = beside{files: &farFiles{caller(id), int(size)}}
	} else {
		door.beside[caller(id)] = beside{body: &farBody{body, int64(size)}}
	}
}

func (d *boundary) farOf(call core.Context) core.Far {
	id, _ := call.(caller)
	if far := d.beside[id].body; far != nil {
		return far
	}
	return nil
}

func (d *boundary) filesOf(call core.Context) core.Files {
	id, _ := call.(caller)
	if files := d.beside[id].files; files != nil {
		return files
	}
	return nil
}

func (f *farFiles) Count() int { return f.count }

// Join hands the texts out in one piece, with their sizes.
func (f *farFiles) Join(texts [][]byte, files []int) core.Far {
	w := json.NewWriter(64)
	w.Array()
	var all []byte
	for i, text := range texts {
		w.Int(int64(len(text)))
		all = append(all, text...)
		if i < len(files) {
			w.Int(int64(files[i] - 1))
		}
	}
	w.EndArray()
	door.handOut(w.Bytes(), all)
	number := hostJoin(int32(f.call))
	return &farBody{number, int64(hostSize(number))}
}

func (f *farBody) Size() int64 { return f.size }

// Sum is the browser's, and Go's own where the browser has none to give: over plain http.
func (f *farBody) Sum(hash string) ([]byte, error) {
	if sum, err := f.ask(hash); err == nil {
		return sum, nil
	}
	if f.size > mostBrought {
		return nil, errUnreadable
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

// mostBrought is how many bytes of a body may enter linear memory, which has 4 GiB at most and never shrinks: a few builds
// under way at once must fit in there, with what is not collected yet.
const mostBrought = 512 << 20

func (f *farBody) Bytes() ([]byte, error) {
	if f.size > mostBrought {
		return nil, &core.FieldError{Field: "body", Code: "body.too-large",
			Message: "every byte of this body is needed to sign it, and a page reads 512 MiB at most; choose a scheme that signs no more than its hash, or send it with “authpad call send”"}
	}
	octets, err := f.ask("")
	if err != nil {
		return nil, errUnreadable
	}
	return octets, nil
}

var errUnreadable = &core.FieldError{Field: "body", Code: "body.unreadable", Message: unreadable}

const unreadable = "the file could not be read: it was changed, moved or deleted after it was chosen, or it is too large to be read at once; choose it again"

// ask waits for a hash, or for the octets themselves.
func (f *farBody) ask(hash string) ([]byte, error) {
	id, arrived := door.expectComputed()
	bits := map[string]int32{"SHA-256": 256, "SHA-384": 384, "SHA-512": 512}[hash]
	hostFar(id, f.number, bits)
	c := <-arrived
	return c.octets, c.err
}

// numberOf is how web/far.js knows a body that the API gave back; 0: it is none of these.
func numberOf(far core.Far) int32 {
	if given, ok := far.(interface{ Held() core.Far }); ok {
		far = given.Held()
	}
	if held, ok := far.(*farBody); ok {
		return held.number
	}
	return 0
}
