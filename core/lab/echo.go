package lab

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"authpad/core"
)

// echo answers with the received request in the shape of the contract's Request, so that it can be
// handed to "build" or "verify" as it is.
func (l *Lab) echo(_ string, req *core.Request) *Response {
	return answerJSON(200, func(e *jx.Encoder) {
		str(e, "method", req.Method)
		str(e, "url", req.URL.String())
		e.FieldStart("headers")
		e.ArrStart()
		for _, f := range req.Header {
			e.Raw(pair(f))
		}
		e.ArrEnd()
		if len(req.Body) > 0 {
			e.FieldStart("body")
			echoBody(e, req.Body)
		}
		e.FieldStart("bodySize")
		e.Int(len(req.Body))
	})
}

// pair is one header line as ["name","value"], on one line in the answer too.
func pair(f core.HeaderField) jx.Raw {
	e := &jx.Encoder{}
	e.ArrStart()
	e.Str(strings.ToValidUTF8(f.Name, "\uFFFD"))
	e.Str(strings.ToValidUTF8(f.Value, "\uFFFD"))
	e.ArrEnd()
	return e.Bytes()
}

func echoBody(e *jx.Encoder, body []byte) {
	e.ObjStart()
	if utf8.Valid(body) {
		str(e, "text", string(body))
	} else {
		str(e, "base64", base64.StdEncoding.EncodeToString(body))
	}
	e.ObjEnd()
}
