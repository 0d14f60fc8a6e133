package lab

import (
	"bytes"

	"authpad/core"
	"authpad/core/json"
)

// answerJSON is an answer whose body is one JSON object, indented for a person to read.
func answerJSON(status int, members func(w *json.Writer)) *Response {
	w := &json.Writer{Indent: true}
	w.Object()
	members(w)
	w.EndObject()
	body := append(w.Bytes(), '\n')
	return &Response{
		Status: status,
		Header: core.Header{{Name: "Content-Type", Value: "application/json"}},
		Body:   bytes.NewReader(body),
		Size:   int64(len(body)),
	}
}

// refuse answers a request that the lab itself cannot serve. The code is permanent.
func refuse(status int, code, message string, more func(w *json.Writer)) *Response {
	return answerJSON(status, func(w *json.Writer) {
		w.Member("error")
		w.Object()
		w.Text("code", code)
		w.Text("message", message)
		w.EndObject()
		if more != nil {
			more(w)
		}
	})
}

func unknownRoute(path string) *Response {
	return refuse(404, "lab.unknown-route", "the lab has no route “"+path+"”; these are all", listRoutes)
}

func (l *Lab) index(string, *core.Request) *Response { return answerJSON(200, listRoutes) }

func listRoutes(w *json.Writer) {
	w.Member("routes")
	w.Array()
	for _, r := range table() {
		w.Object()
		w.Text("route", r.pattern+r.query)
		w.Text("about", r.about)
		w.EndObject()
	}
	w.EndArray()
}
