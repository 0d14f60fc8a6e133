package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
)

// A Go program carries tables that say which file, line and inlined call each instruction came from, and
// the names of all functions, for the traceback of a crash. What a person can use of a page's traceback are
// our own functions' names: shrink keeps those and what the collector, stack growth and panics read, and
// empties the rest. The linker has no switch for it. It also cuts the data at every few zero bytes; a fifth
// of the packed data were those segments' addresses.

var errLayout = errors.New("shrink: this module has no traceback tables of a known layout")

// shrink returns a Go module without its traceback tables, its data in few segments. Where the layout is not
// the one it knows, it returns errLayout.
func shrink(module []byte) ([]byte, error) {
	data, err := readMemory(module)
	if err != nil {
		return nil, err
	}
	tables, err := data.findTables()
	if err != nil {
		return nil, err
	}
	if err := tables.empty(); err != nil {
		return nil, err
	}
	section := data.section()
	shrunk := append(bytes.Clone(module[:data.start]), dataSection)
	shrunk = append(appendNumber(shrunk, len(section)), section...)
	return append(shrunk, module[data.end:]...), nil
}

const dataSection = 11

// memory is the module's linear memory as it starts, and where the file's data section begins and ends.
type memory struct {
	bytes      []byte
	start, end int
}

// readMemory follows the binary format's data section
// (https://webassembly.github.io/spec/core/binary/modules.html#data-section).
func readMemory(module []byte) (m memory, err error) {
	defer func() {
		if recover() != nil { // an index outside the module
			err = errLayout
		}
	}()
	if !bytes.HasPrefix(module, []byte("\x00asm\x01\x00\x00\x00")) {
		return m, errLayout
	}
	for at := 8; at < len(module); {
		size, body := number(module, at+1)
		if module[at] == dataSection {
			m.readData(module, body)
			m.start, m.end = at, body+size
		}
		at = body + size
	}
	return m, nil
}

func (m *memory) readData(module []byte, at int) {
	count, at := number(module, at)
	for range count {
		// Memory 0, then the offset: i32.const, a number, end.
		address, next := number(module, at+2)
		size, from := number(module, next+1)
		at = from + size
		if grow := address + size - len(m.bytes); grow > 0 {
			m.bytes = append(m.bytes, make([]byte, grow)...)
		}
		copy(m.bytes[address:], module[from:at])
	}
}

// Zeros cost next to nothing once packed, and memory starts as zeros: a segment ends where this many follow.
const longGap = 4096

// section writes the memory as a data section's content.
func (m memory) section() []byte {
	var count int
	var segments []byte
	gap := make([]byte, longGap)
	for at := 0; at < len(m.bytes); {
		if m.bytes[at] == 0 {
			at++
			continue
		}
		end := len(m.bytes)
		if next := bytes.Index(m.bytes[at:], gap); next >= 0 {
			end = at + next
		}
		segments = append(segments, 0, 0x41) // memory 0, i32.const
		segments = append(appendSigned(segments, at), 0x0b)
		segments = append(appendNumber(segments, end-at), m.bytes[at:end]...)
		count, at = count+1, end
	}
	return append(appendNumber(nil, count), segments...)
}

// number reads LEB128; an address of ours is never negative.
func number(b []byte, at int) (value, next int) {
	for shift := 0; ; shift += 7 {
		c := b[at]
		at++
		value |= int(c&0x7f) << shift
		if c < 0x80 {
			return value, at
		}
	}
}

func appendNumber(b []byte, value int) []byte {
	for ; value >= 0x80; value >>= 7 {
		b = append(b, byte(value)|0x80)
	}
	return append(b, byte(value))
}

// appendSigned needs one bit more, since the highest of the last byte is the sign.
func appendSigned(b []byte, value int) []byte {
	for ; value >= 0x40; value >>= 7 {
		b = append(b, byte(value)&0x7f|0x80)
	}
	return append(b, byte(value))
}

// shrinkFile leaves a module of an unknown layout as it is: it is larger and works as well.
func shrinkFile(path string) error {
	module, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	shrunk, err := shrink(module)
	if errors.Is(err, errLayout) {
		fmt.Fprintln(os.Stderr, err, "- left as it is")
		return nil
	} else if err != nil {
		return err
	}
	return os.WriteFile(path, shrunk, 0o644)
}
