//go:build js && wasm

package main

import (
	"bytes"
	"errors"

	"authpad/core"
	"authpad/core/json"
)

// outcome is how a fetch ended; err is nil or a *core.Failure, beside which a response is the part that
// came before the answer broke off. Of a relay it is also a *core.FieldError.
type outcome struct {
	response *core.Response
	err      error
	hop      bool          // not the end: a redirect that a relay followed
	request  *core.Request // which one this is about, without its body; nil: the one that was ordered
}

// deliver takes the outcome of an order from the reserved room: JSON, then the body's first part.
// An order that was given up is no longer known, and nothing happens. It reports whether all went
// well; where it did not, web/core.js takes the core for crashed.
//
//go:wasmexport deliver
func deliver(id, text, body int32) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			crashReport(r)
			ok = false
		}
	}()
	arrived, known := door.orders[id]
	if !known {
		return true
	}
	in := door.in[:text+body]
	o, err := readOutcome(in[:text], bytes.Clone(in[text:]))
	if err != nil {
		return false
	}
	if !o.hop {
		delete(door.orders, id) // exactly once
	}
	arrived <- o
	door.stepAside()
	return true
}

// readOutcome reads {"failure"?, "status"?, "statusText"?, "url"?, "hidden"?, "size"?, "headers"?}, and what
// a relay tells besides.
func readOutcome(text, body []byte) (outcome, error) {
	var o outcome
	var code string
	var told relayed
	var status int64
	began := false // an answer that is hidden as a whole has the status 0
	r := &core.Response{Body: body}
	in := json.NewReader(text)
	err := in.Object(func(name []byte) (err error) {
		switch string(name) {
		case "failure":
			code, err = in.Str()
		case "status":
			status, err = in.Int()
		case "statusText":
			r.StatusText, err = in.Str()
		case "url":
			r.URL, err = in.Str()
		case "hidden":
			r.Hidden, err = in.Bool()
		case "size":
			r.BodySize, err = in.Int()
		case "headers":
			began = true
			r.Header, err = readHeader(in)
		case "hop":
			o.hop, err = in.Bool()
		default:
			err = told.member(in, name)
		}
		return err
	})
	r.Status = int(status)
	if began {
		o.response = r
	}
	if code != "" {
		o.err = failure(code, r.Status)
	}
	told.addTo(&o, code)
	return o, err
}

var errHeaderLine = errors.New("a header line is a name and a value")

func readHeader(in *json.Reader) (core.Header, error) {
	header := make(core.Header, 0, 16)
	var line [2]string
	var texts int
	part := func() (err error) {
		if texts < len(line) {
			line[texts], err = in.Str()
			texts++
			return err
		}
		return errHeaderLine
	}
	err := in.Array(func() error {
		texts = 0
		if err := in.Array(part); err != nil {
			return err
		}
		if texts < len(line) {
			return errHeaderLine
		}
		header.Add(line[0], line[1])
		return nil
	})
	return header, err
}
