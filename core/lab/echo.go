package lab

import (
	"encoding/base64"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/json"
)

// echo answers with the received request in the shape of the contract's Request, so that it can be
// handed to "build" or "verify" as it is.
func (l *Lab) echo(_ string, req *core.Request) *Response {
	return answerJSON(200, func(w *json.Writer) {
		w.Text("method", req.Method)
		w.Text("url", req.URL.String())
		w.Member("headers")
		w.Array()
		for _, f := range req.Header {
			pair(w, f)
		}
		w.EndArray()
		if len(req.Body) > 0 {
			w.Member("body")
			echoBody(w, req.Body)
		}
		w.Number("bodySize", int64(len(req.Body)))
	})
}

// pair is one header line as ["name","value"], on one line in the answer too.
func pair(w *json.Writer, f core.HeaderField) {
	w.Array()
	w.Indent = false
	w.Str(f.Name)
	w.Str(f.Value)
	w.EndArray()
	w.Indent = true
}

func echoBody(w *json.Writer, body []byte) {
	w.Object()
	if utf8.Valid(body) {
		w.Text("text", string(body))
	} else {
		w.Text("base64", base64.StdEncoding.EncodeToString(body))
	}
	w.EndObject()
}
