package lab

import (
	"bytes"
	"strings"

	"github.com/go-faster/jx"

	"authpad/core"
)

// answerJSON is an answer whose body is one JSON object, indented for a person to read.
func answerJSON(status int, members func(e *jx.Encoder)) *Response {
	e := &jx.Encoder{}
	e.SetIdent(2)
	e.ObjStart()
	members(e)
	e.ObjEnd()
	body := append(e.Bytes(), '\n')
	return &Response{
		Status: status,
		Header: core.Header{{Name: "Content-Type", Value: "application/json"}},
		Body:   bytes.NewReader(body),
		Size:   int64(len(body)),
	}
}

// str writes a member. What others sent may be no UTF-8, which JSON must be (RFC 8259, section 8.1).
func str(e *jx.Encoder, name, value string) {
	e.FieldStart(name)
	e.Str(strings.ToValidUTF8(value, "\uFFFD"))
}

// refuse answers a request that the lab itself cannot serve. The code is permanent.
func refuse(status int, code, message string, more func(e *jx.Encoder)) *Response {
	return answerJSON(status, func(e *jx.Encoder) {
		e.FieldStart("error")
		e.ObjStart()
		str(e, "code", code)
		str(e, "message", message)
		e.ObjEnd()
		if more != nil {
			more(e)
		}
	})
}

func unknownRoute(path string) *Response {
	return refuse(404, "lab.unknown-route", "the lab has no route “"+path+"”; these are all", listRoutes)
}

func (l *Lab) index(string, *core.Request) *Response { return answerJSON(200, listRoutes) }

func listRoutes(e *jx.Encoder) {
	e.FieldStart("routes")
	e.ArrStart()
	for _, r := range table() {
		e.ObjStart()
		str(e, "route", r.pattern+r.query)
		str(e, "about", r.about)
		e.ObjEnd()
	}
	e.ArrEnd()
}
