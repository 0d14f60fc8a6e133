package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// What the linker lays out for Go 1.20 to 1.26 (runtime/symtab.go, pcHeader and moduledata;
// runtime/runtime2.go, _func; runtime/symtabinl.go, inlinedCall; internal/abi/symtab.go).
const (
	tableMagic = 0xfffffff1
	headerSize = 72

	moduleGoFunc = 8 * 40 // moduledata.gofunc, which funcdata offsets count from
	moduleSize   = 8 * 42

	funcSize       = 44 // without the offsets of its pcdata and funcdata, which follow
	funcName       = 4
	funcPCSP       = 16
	funcPCFile     = 20
	funcPCLine     = 24
	funcPCDataSize = 28
	funcUnit       = 32
	funcStartLine  = 36
	funcID         = 40
	funcDataSize   = 43

	idWrapper = 23 // a generated method: a call of it on nil reads its own name (runtime/error.go, panicwrap)

	pcUnsafePoint  = 0 // where a signal may not preempt: there are none in WebAssembly
	pcInlinedIndex = 2
	dataInlined    = 3
	dataArguments  = 5 // how a traceback prints arguments
	inlinedSize    = 16
	absent         = ^uint32(0)
)

// Names that stay: our own, for the person who reports a crash; the runtime's, which its traceback looks at; and
// reflect's, by which the collector knows two functions (runtime/stkframe.go).
var keptNames = []string{"authpad/", "main.", "runtime.", "reflect."}

// tables are views into memory.
type tables struct {
	names  []byte // of functions, each ended by a zero byte
	files  []byte // names, and per compilation unit which of them
	values []byte // pctab: tables of (value, pc) differences
	funcs  []byte // pclntab: an index, then the functions
	data   []byte // go:func.*: what funcdata offsets count from
	count  int
}

func (m memory) findTables() (t tables, err error) {
	magic := binary.LittleEndian.AppendUint32(nil, tableMagic)
	magic = append(magic, 0, 0, 1, 8) // padding, instruction size, pointer size
	for from := 0; ; {
		found := bytes.Index(m.bytes[from:], magic)
		if found < 0 {
			return t, errLayout
		}
		if t, ok := m.readHeader(from + found); ok {
			return t, nil
		}
		from += found + 1
	}
}

func (m memory) readHeader(at int) (t tables, ok bool) {
	header := m.bytes[at:]
	if len(header) < headerSize {
		return t, false
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(header[8*i:])) }
	count, names, units, values, funcs := word(1), word(4), word(5), word(7), word(8)
	if names < headerSize || names > units || units > values || values > funcs || funcs+8*count > len(header) || count <= 0 {
		return t, false
	}
	data, ok := m.funcData(at, at+names)
	return tables{
		names: header[names:units], files: header[units:values], values: header[values:funcs], funcs: header[funcs:],
		data: data, count: count,
	}, ok
}

// funcData finds the module's description by the two pointers that it starts with.
func (m memory) funcData(header, names int) ([]byte, bool) {
	start := binary.LittleEndian.AppendUint64(nil, uint64(header))
	start = binary.LittleEndian.AppendUint64(start, uint64(names))
	at := bytes.Index(m.bytes, start)
	if at < 0 || at+moduleSize > len(m.bytes) {
		return nil, false
	}
	from := int(binary.LittleEndian.Uint64(m.bytes[at+moduleGoFunc:]))
	if from <= 0 || from > len(m.bytes) {
		return nil, false
	}
	return m.bytes[from:], true
}

// empty checks every function before it changes the first.
func (t tables) empty() error {
	funcs := make([]function, t.count)
	for i := range funcs {
		var err error
		if funcs[i], err = t.function(i); err != nil {
			return fmt.Errorf("%w: function %d", err, i)
		}
	}
	t.emptyInlined(funcs)
	t.emptyValues(funcs)
	t.emptyNames(funcs)
	for _, f := range funcs {
		f.forget()
	}
	clear(t.files)
	return nil
}

// function is one function's record: fixed fields, the offsets of its pcdata, those of its funcdata.
type function struct{ record, pcData, funcData []byte }

func (t tables) function(i int) (f function, err error) {
	at := int(field(t.funcs, 8*i+4))
	if at+funcSize > len(t.funcs) {
		return f, errLayout
	}
	pcData := at + funcSize
	funcData := pcData + 4*int(field(t.funcs, at+funcPCDataSize))
	end := funcData + 4*int(t.funcs[at+funcDataSize])
	if end > len(t.funcs) || end-at > 4096 || funcData < pcData {
		return f, errLayout
	}
	f = function{t.funcs[at:pcData:pcData], t.funcs[pcData:funcData:funcData], t.funcs[funcData:end:end]}
	for _, table := range []int{funcPCSP, funcPCFile, funcPCLine} {
		if int(field(f.record, table)) >= len(t.values) {
			return f, errLayout
		}
	}
	for at := 0; at < len(f.pcData); at += 4 {
		if int(field(f.pcData, at)) >= len(t.values) {
			return f, errLayout
		}
	}
	if int(field(f.record, funcName)) >= len(t.names) || f.inlined() != absent && int(f.inlined()) >= len(t.data) {
		return f, errLayout
	}
	return f, nil
}

func (f function) pcTable(i int) uint32 {
	if 4*i >= len(f.pcData) {
		return 0
	}
	return field(f.pcData, 4*i)
}

func (f function) inlined() uint32 {
	if 4*dataInlined >= len(f.funcData) {
		return absent
	}
	return field(f.funcData, 4*dataInlined)
}

// forget takes the record's references to what was emptied.
func (f function) forget() {
	clear(f.record[funcPCFile:funcPCDataSize])
	clear(f.record[funcUnit : funcStartLine+4])
	for _, table := range []int{pcUnsafePoint, pcInlinedIndex} {
		if 4*table < len(f.pcData) {
			clear(f.pcData[4*table:][:4])
		}
	}
	for _, data := range []int{dataInlined, dataArguments} {
		if 4*data < len(f.funcData) {
			binary.LittleEndian.PutUint32(f.funcData[4*data:], absent)
		}
	}
}

// emptyInlined clears the trees of inlined calls, each as long as its index table says.
func (t tables) emptyInlined(funcs []function) {
	shared := map[uint32]bool{}
	for _, f := range funcs {
		for at := 0; at < len(f.funcData); at += 4 {
			if at != 4*dataInlined {
				shared[field(f.funcData, at)] = true
			}
		}
	}
	for _, f := range funcs {
		tree := f.inlined()
		if tree == absent || shared[tree] || f.pcTable(pcInlinedIndex) == 0 {
			continue
		}
		_, highest := t.walk(int(f.pcTable(pcInlinedIndex)))
		if end := int(tree) + inlinedSize*(highest+1); end <= len(t.data) {
			clear(t.data[tree:end])
		}
	}
}

// emptyValues clears the tables of positions, and those of pcdata that nothing reads here.
func (t tables) emptyValues(funcs []function) {
	kept, dropped := map[uint32]bool{0: true}, map[uint32]bool{}
	for _, f := range funcs {
		kept[field(f.record, funcPCSP)] = true
		for i := range len(f.pcData) / 4 {
			if i == pcUnsafePoint || i == pcInlinedIndex {
				dropped[f.pcTable(i)] = true
			} else {
				kept[f.pcTable(i)] = true
			}
		}
		dropped[field(f.record, funcPCFile)], dropped[field(f.record, funcPCLine)] = true, true
	}
	for offset := range dropped {
		if !kept[offset] {
			end, _ := t.walk(int(offset))
			clear(t.values[offset:end])
		}
	}
}

// walk reads one table: pairs of varints, ended by a value difference of zero that is not the first
// (runtime.step). It returns where the table ends and the highest value in it.
func (t tables) walk(at int) (end, highest int) {
	highest = -1
	for current, first := -1, true; ; first = false {
		difference, next := number(t.values, at)
		at = next
		if difference == 0 && !first {
			return at, highest
		}
		current += difference>>1 ^ -(difference & 1) // zigzag
		highest = max(highest, current)
		_, at = number(t.values, at)
	}
}

// emptyNames clears every function name but keptNames and the generated methods'.
func (t tables) emptyNames(funcs []function) {
	kept := map[int]bool{}
	none := len(t.names) - 1 // the zero byte that ends the last
	for _, f := range funcs {
		at := int(field(f.record, funcName))
		if f.record[funcID] == idWrapper || keepsName(t.name(at)) {
			kept[at] = true
		} else {
			binary.LittleEndian.PutUint32(f.record[funcName:], uint32(none))
		}
	}
	for at := 0; at < len(t.names); {
		name := t.name(at)
		at += len(name) + 1
		if !kept[at-len(name)-1] {
			clear(name)
		}
	}
}

func (t tables) name(at int) []byte {
	name, _, _ := bytes.Cut(t.names[at:], []byte{0})
	return name
}

func keepsName(name []byte) bool {
	for _, prefix := range keptNames {
		if bytes.HasPrefix(name, []byte(prefix)) {
			return true
		}
	}
	return false
}

func field(record []byte, at int) uint32 { return binary.LittleEndian.Uint32(record[at:]) }
