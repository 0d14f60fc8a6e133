//go:build js && wasm

package main

import (
	"bytes"
	"errors"

	"github.com/go-faster/jx"

	"authpad/core"
)

// outcome is how a fetch ended; err is nil or a *core.Failure.
type outcome struct {
	response *core.Response
	err      error
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
	delete(door.orders, id) // exactly once
	arrived <- o
	door.stepAside()
	return true
}

// readOutcome reads {"failure"?, "status", "statusText", "url", "hidden", "size", "headers"}.
func readOutcome(text, body []byte) (outcome, error) {
	var code string
	r := &core.Response{Body: body}
	err := jx.DecodeBytes(text).ObjBytes(func(d *jx.Decoder, key []byte) (err error) {
		switch string(key) {
		case "failure":
			code, err = d.Str()
		case "status":
			r.Status, err = d.Int()
		case "statusText":
			r.StatusText, err = d.Str()
		case "url":
			r.URL, err = d.Str()
		case "hidden":
			r.Hidden, err = d.Bool()
		case "size":
			r.BodySize, err = d.Int64()
		case "headers":
			r.Header, err = readHeader(d)
		default:
			err = d.Skip()
		}
		return err
	})
	if code != "" {
		return outcome{err: failure(code, r.Status)}, err
	}
	return outcome{response: r}, err
}

func readHeader(d *jx.Decoder) (core.Header, error) {
	var header core.Header
	err := d.Arr(func(d *jx.Decoder) error {
		var line []string
		err := d.Arr(func(d *jx.Decoder) error {
			text, err := d.Str()
			line = append(line, text)
			return err
		})
		if err == nil && len(line) != 2 {
			err = errors.New("a header line is a name and a value")
		}
		if err == nil {
			header.Add(line[0], line[1])
		}
		return err
	})
	return header, err
}
