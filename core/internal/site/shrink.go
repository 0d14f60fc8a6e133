package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// A Go program carries tables that say which file and line each instruction came from, for the
// traceback of a crash. They are a tenth of what the page weighs, and nobody reads lines of a page's
// module: shrink empties them. Function names stay, and so does everything that the collector and
// stack growth read. The linker has no switch for it.

// What the linker lays out for Go 1.20 to 1.26 (runtime/symtab.go, pcHeader; runtime/runtime2.go, _func).
const (
	tableMagic     = 0xfffffff1
	headerSize     = 72
	funcSize       = 44 // without the offsets of its pcdata, which follow
	funcPCSP       = 16
	funcPCFile     = 20
	funcPCLine     = 24
	funcPCDataSize = 28
	funcUnit       = 32
	funcStartLine  = 36
)

var errLayout = errors.New("shrink: this module has no line tables of a known layout")

// shrink empties the line tables of a Go module in place. Where the layout is not the one it knows,
// it changes nothing and returns errLayout.
func shrink(module []byte) error {
	data, err := readMemory(module)
	if err != nil {
		return err
	}
	tables, err := data.findTables()
	if err != nil {
		return err
	}
	if err := tables.emptyLines(); err != nil {
		return err
	}
	for _, s := range data.segments {
		copy(module[s.at:s.at+s.size], data.bytes[s.address:])
	}
	return nil
}

// memory is the module's linear memory as it starts, and where in the file it comes from.
type memory struct {
	bytes    []byte
	segments []segment
}

type segment struct{ at, address, size int }

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
		id := module[at]
		size, start := number(module, at+1)
		if id == 11 {
			m.readData(module, start)
		}
		at = start + size
	}
	return m, nil
}

func (m *memory) readData(module []byte, at int) {
	count, at := number(module, at)
	for range count {
		var s segment
		// Memory 0, then the offset: i32.const, a number, end.
		s.address, at = number(module, at+2)
		s.size, s.at = number(module, at+1)
		at = s.at + s.size
		if grow := s.address + s.size - len(m.bytes); grow > 0 {
			m.bytes = append(m.bytes, make([]byte, grow)...)
		}
		copy(m.bytes[s.address:], module[s.at:at])
		m.segments = append(m.segments, s)
	}
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

// lineTables are views into memory.
type lineTables struct {
	files  []byte // names, and per compilation unit which of them
	values []byte // pctab: tables of (value, pc) differences
	funcs  []byte // pclntab: an index, then the functions
	count  int
}

func (m memory) findTables() (t lineTables, err error) {
	magic := binary.LittleEndian.AppendUint32(nil, tableMagic)
	magic = append(magic, 0, 0, 1, 8) // padding, instruction size, pointer size
	for from := 0; ; {
		found := bytes.Index(m.bytes[from:], magic)
		if found < 0 {
			return t, errLayout
		}
		header := m.bytes[from+found:]
		if t, ok := readHeader(header); ok {
			return t, nil
		}
		from += found + 1
	}
}

func readHeader(header []byte) (t lineTables, ok bool) {
	if len(header) < headerSize {
		return t, false
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(header[8*i:])) }
	count, names, units, values, funcs := word(1), word(4), word(5), word(7), word(8)
	if names < headerSize || names > units || units > values || values > funcs || funcs+8*count > len(header) || count <= 0 {
		return t, false
	}
	return lineTables{files: header[units:values], values: header[values:funcs], funcs: header[funcs:], count: count}, true
}

// emptyLines checks every function before it changes the first.
func (t lineTables) emptyLines() error {
	kept, dropped := map[uint32]bool{}, map[uint32]bool{}
	for i := range t.count {
		f, err := t.function(i)
		if err != nil {
			return err
		}
		kept[field(f, funcPCSP)] = true
		for at := funcSize; at < len(f); at += 4 {
			kept[field(f, at)] = true
		}
		dropped[field(f, funcPCFile)], dropped[field(f, funcPCLine)] = true, true
	}
	for offset := range dropped {
		if !kept[offset] && offset != 0 {
			t.emptyValues(int(offset))
		}
	}
	for i := range t.count {
		f, _ := t.function(i)
		clear(f[funcPCFile:funcPCDataSize])
		clear(f[funcUnit : funcStartLine+4])
	}
	clear(t.files)
	return nil
}

// function returns one function's record with its pcdata offsets.
func (t lineTables) function(i int) ([]byte, error) {
	at := int(field(t.funcs, 8*i+4))
	if at+funcSize > len(t.funcs) {
		return nil, errLayout
	}
	end := at + funcSize + 4*int(field(t.funcs, at+funcPCDataSize))
	if end > len(t.funcs) || end-at > 4096 {
		return nil, errLayout
	}
	f := t.funcs[at:end:end]
	for _, table := range []int{funcPCSP, funcPCFile, funcPCLine} {
		if int(field(f, table)) >= len(t.values) {
			return nil, fmt.Errorf("%w: function %d", errLayout, i)
		}
	}
	return f, nil
}

// emptyValues clears one table: pairs of varints, ended by a value difference of zero that is not
// the first (runtime.step).
func (t lineTables) emptyValues(offset int) {
	at := offset
	for first := true; ; first = false {
		value, next := number(t.values, at)
		at = next
		if value == 0 && !first {
			break
		}
		_, at = number(t.values, at)
	}
	clear(t.values[offset:at])
}

func field(record []byte, at int) uint32 { return binary.LittleEndian.Uint32(record[at:]) }

// shrinkFile leaves a module of an unknown layout as it is: it is larger and works as well.
func shrinkFile(path string) error {
	module, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := shrink(module); errors.Is(err, errLayout) {
		fmt.Fprintln(os.Stderr, err, "- left as it is")
		return nil
	} else if err != nil {
		return err
	}
	return os.WriteFile(path, module, 0o644)
}
