package api

import (
	"errors"
	"strconv"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/json"
)

// What JSON may come in: unknown members are ignored, missing ones and null are zero. Nothing that
// was sent is repeated in an error but the names of known members, since anything may be a secret.

const (
	maxJSON  = 32 << 20 // bytes; larger bodies go beside the JSON
	maxDepth = 64
)

// checkText refuses what no call could use, before anything is read.
func checkText(params []byte) error {
	switch {
	case len(params) > maxJSON:
		return jsonError("json.size", "the parameters are larger than 32 MiB; send a large body as bytes")
	case !utf8.Valid(params):
		return jsonError("json.utf8", "the parameters are not UTF-8")
	}
	return nil
}

var errSyntax = jsonError("json.syntax", "the parameters are not valid JSON")

func jsonError(code, message string) error {
	return &core.FieldError{Code: code, Message: message, Ref: core.Ref{Doc: "RFC 8259"}}
}

// wrongType is a value of another type than its member has. Its path grows on the way out.
type wrongType struct{ path, want string }

func (e *wrongType) Error() string { return e.path + " must be " + e.want }

// within adds a known name in front of the path of a wrongType.
func within(name string, err error) error {
	var wrong *wrongType
	if err != nil && errors.As(err, &wrong) {
		if wrong.path != "" && name != "" {
			name += "."
		}
		wrong.path = name + wrong.path
		return wrong
	}
	return err
}

// read goes through the members of the parameters; none at all are as good as {}.
func (c *call) read(member func(r reader, name []byte) error) error {
	c.wasRead = true
	if len(c.params) == 0 {
		return nil
	}
	if err := checkText(c.params); err != nil {
		return err
	}
	in := json.NewReader(c.params)
	in.MaxDepth = maxDepth
	if err := (reader{in}).object(member); err != nil {
		return readError(err)
	}
	if !in.Ended() {
		return errSyntax
	}
	return nil
}

// readError turns what reading ran into to what a person is told.
func readError(err error) error {
	var wrong *wrongType
	var field *core.FieldError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong) && wrong.path == "":
		return jsonError("json.type", "the parameters must be "+wrong.want)
	case errors.As(err, &wrong):
		return &core.FieldError{Field: wrong.path, Code: "json.type", Message: wrong.Error(), Ref: core.Ref{Doc: "RFC 8259"}}
	case errors.As(err, &field):
		return field
	case errors.Is(err, json.ErrDepth):
		return jsonError("json.depth", "the parameters are nested too deeply")
	}
	return errSyntax
}

// reader reads values of known types.
type reader struct{ *json.Reader }

// written is an object as it came in, and what was read from it.
type written[T any] struct {
	json  []byte
	value T
}

// readAgain reads an object by way of read, whose result is in into; or it takes the last one's, if this one is written
// in the same way. Nobody may change what a value refers to.
func readAgain[T any](r reader, last *written[T], into *T, read func() error) error {
	if r.Same(last.json) {
		*into = last.value
		return nil
	}
	r.Next() // what is kept has no space in front
	from := r.At()
	if err := read(); err != nil {
		return err
	}
	*last = written[T]{append(last.json[:0], r.Since(from)...), *into}
	return nil
}

// is reports whether a value of this type comes next; null is read and counts as missing.
func (r reader) is(t json.Kind, want string) (present bool, err error) {
	switch r.Next() {
	case t:
		return true, nil
	case json.Null:
		return false, r.Null()
	case json.Invalid:
		return false, errSyntax
	}
	return false, &wrongType{want: want}
}

func (r reader) text(into *string) error {
	present, err := r.is(json.String, "a string")
	if !present {
		return err
	}
	*into, err = r.Str()
	return err
}

func (r reader) flag(into *bool) error {
	present, err := r.is(json.Bool, "true or false")
	if !present {
		return err
	}
	*into, err = r.Bool()
	return err
}

// count reads a whole number from 0 to 2^31-1.
func (r reader) count(into *int) error {
	present, err := r.is(json.Number, "a number")
	if !present {
		return err
	}
	number, err := r.Number()
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil || n < 0 {
		return &wrongType{want: "a whole number from 0 to 2147483647"}
	}
	*into = int(n)
	return nil
}

// object calls member for each, which must read or skip the value.
func (r reader) object(member func(r reader, name []byte) error) error {
	present, err := r.is(json.Object, "an object")
	if !present {
		return err
	}
	return r.Object(func(name []byte) error {
		err := member(r, name)
		if err == nil {
			return nil // the usual case makes no text of the name
		}
		return within(string(name), err)
	})
}

// texts reads an object of any names and texts. Its names are left out of errors: they are not ours.
func (r reader) texts() (map[string]string, error) {
	present, err := r.is(json.Object, "an object of strings")
	if !present {
		return nil, err
	}
	texts := make(map[string]string, 4)
	return texts, r.Object(func(name []byte) error {
		key, value := string(name), ""
		err := r.text(&value)
		texts[key] = value
		if err != nil && r.Next() != json.Invalid {
			err = &wrongType{want: "an object of strings"}
		}
		return err
	})
}

func (r reader) array(element func(i int) error) error {
	present, err := r.is(json.Array, "an array")
	if !present {
		return err
	}
	i := 0
	return r.Array(func() error {
		err := element(i)
		if err != nil {
			err = within(strconv.Itoa(i), err)
		}
		i++
		return err
	})
}

// pairs reads [[name, value], …].
func (r reader) pairs(add func(name, value string)) error {
	return r.array(func(int) error {
		var pair [2]string
		n := 0
		err := r.array(func(i int) error {
			n++
			if i > 1 {
				return &wrongType{want: "absent: a pair has two strings"}
			}
			return r.text(&pair[i])
		})
		if err == nil && n != 2 {
			err = &wrongType{want: "a pair of strings"}
		}
		if err == nil {
			add(pair[0], pair[1])
		}
		return err
	})
}

func (r reader) strings() (list []string, err error) {
	err = r.array(func(int) error {
		var text string
		err := r.text(&text)
		list = append(list, text)
		return err
	})
	return list, err
}
