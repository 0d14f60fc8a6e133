package platform

import (
	"github.com/hack-pad/safejs"

	"authpad/core/keys"
)

// promises are those of crypto.subtle that are waited for, with one callback for all of them.
type promises struct {
	subtle  safejs.Value
	settled safejs.Func
	waiting map[int]chan settlement // nil: not opened yet
	last    int
}

type settlement struct {
	value safejs.Value
	err   error
}

// call makes one call of crypto.subtle and waits for what its promise brings.
func (p *promises) call(method string, args ...any) (safejs.Value, error) {
	subtle, err := p.open()
	if err != nil {
		return safejs.Value{}, err
	}
	return p.wait(subtle.Call(method, args...))
}

// wait is for a promise that could be had, after open.
func (p *promises) wait(promise safejs.Value, err error) (safejs.Value, error) {
	if err != nil {
		return safejs.Value{}, err
	}
	p.last++
	id, arrived := p.last, make(chan settlement, 1)
	p.waiting[id] = arrived
	if err := p.watch(promise, id); err != nil {
		delete(p.waiting, id)
		return safejs.Value{}, err
	}
	s := <-arrived
	return s.value, s.err
}

// plainEngine is an Engine by promises of safejs.
type plainEngine struct {
	promises *promises
	works    map[int]plainWork
	last     int
}

type plainWork struct {
	method string
	first  []safejs.Value
}

func (e *plainEngine) importKey(args ...any) (promise safejs.Value, err error) {
	subtle, err := e.promises.open()
	if err != nil {
		return safejs.Value{}, err
	}
	return subtle.Call("importKey", args...)
}

func (e *plainEngine) keep(method string, first ...safejs.Value) (work int, err error) {
	if e.works == nil {
		e.works = map[int]plainWork{}
	}
	e.last++
	e.works[e.last] = plainWork{method, first}
	return e.last, nil
}

func (e *plainEngine) forget(work int) { delete(e.works, work) }

func (e *plainEngine) compute(work int, first, second []byte) ([]byte, error) {
	w := e.works[work]
	var args []any
	for _, value := range w.first {
		args = append(args, value)
	}
	octets := [][]byte{first, second}
	if w.method != "verify" {
		octets = octets[:1]
	}
	for _, o := range octets {
		array, err := uint8Array(o)
		if err != nil {
			return nil, err
		}
		args = append(args, array)
	}
	outcome, err := e.promises.call(w.method, args...)
	if err != nil {
		return nil, err
	}
	if w.method != "verify" {
		return bytesOf(outcome)
	}
	if valid, err := outcome.Bool(); err != nil || !valid {
		return []byte{0}, err
	}
	return []byte{1}, nil
}

// open finds crypto.subtle, which browsers keep from pages that came over plain http.
func (p *promises) open() (subtle safejs.Value, err error) {
	if p.waiting != nil {
		return p.subtle, nil
	}
	if p.subtle, err = findSubtle(); err != nil {
		return p.subtle, err
	}
	p.settled, err = safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		p.settle(args)
		return nil
	})
	if err == nil {
		p.waiting = map[int]chan settlement{}
	}
	return p.subtle, err
}

// watch has settled called with the number, whether all went well, and what came.
func (p *promises) watch(promise safejs.Value, id int) error {
	well, err := p.settled.Value().Call("bind", nil, id, true)
	if err != nil {
		return err
	}
	badly, err := p.settled.Value().Call("bind", nil, id, false)
	if err != nil {
		return err
	}
	_, err = promise.Call("then", well, badly)
	return err
}

func (p *promises) settle(args []safejs.Value) {
	if len(args) != 3 {
		return
	}
	id, err := args[0].Int()
	arrived, known := p.waiting[id]
	if err != nil || !known {
		return
	}
	delete(p.waiting, id)
	if well, err := args[1].Bool(); err == nil && well {
		arrived <- settlement{value: args[2]}
		return
	}
	arrived <- settlement{err: refusal(args[2])}
}

// findSubtle returns crypto.subtle.
func findSubtle() (safejs.Value, error) {
	crypto, err := safejs.Global().Get("crypto")
	if err == nil {
		crypto, err = crypto.Get("subtle")
	}
	if err != nil || crypto.IsUndefined() {
		return safejs.Value{}, &keys.Error{Code: "key.insecure-page", Message: "browsers sign with keys only on pages that came over https " +
			"or from this very machine (http://localhost); open authpad there"}
	}
	return crypto, nil
}

// refusal is Refusal of what a promise was rejected with.
func refusal(reason safejs.Value) error {
	name := ""
	if property, err := reason.Get("name"); err == nil {
		name, _ = property.String() // what has no name is of no known kind
	}
	return Refusal(name)
}

// Refusal says in plain words why crypto.subtle refused, by the name of its exception; the text of
// that says less (https://www.w3.org/TR/webcrypto/#SubtleCrypto-Exceptions).
func Refusal(name string) error {
	switch name {
	case "DataError":
		return errMismatch()
	case "NotSupportedError":
		return &keys.Error{Code: "key.unsupported", Message: "this browser cannot compute with keys of this kind; a newer one may"}
	}
	return &keys.Error{Code: "key.refused", Message: "the browser does not compute with this key, and does not tell why"}
}

// uint8Array copies bytes to JavaScript.
func uint8Array(octets []byte) (safejs.Value, error) {
	constructor, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return safejs.Value{}, err
	}
	array, err := constructor.New(len(octets))
	if err != nil {
		return safejs.Value{}, err
	}
	_, err = safejs.CopyBytesToJS(array, octets)
	return array, err
}

// bytesOf copies an ArrayBuffer to Go.
func bytesOf(buffer safejs.Value) ([]byte, error) {
	constructor, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return nil, err
	}
	array, err := constructor.New(buffer)
	if err != nil {
		return nil, err
	}
	size, err := array.Length()
	if err != nil {
		return nil, err
	}
	octets := make([]byte, size)
	_, err = safejs.CopyBytesToGo(octets, array)
	return octets, err
}
