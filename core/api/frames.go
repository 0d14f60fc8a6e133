package api

import (
	"authpad/core"
	"authpad/core/json"
)

// What the relay tells of a send while it goes on, in the shapes that an answer of send has.

// AppendHop is one exchange whose answer was a redirect that is followed, its body included.
func AppendHop(room []byte, req *core.Request, response *core.Response, limit int64) []byte {
	w := writer{Writer: json.WriteInto(room)}
	w.told(req)
	w.response(response, core.Limits{Body: limit})
	w.tlsReport(response.TLS)
	w.optionalNotes(response.Notes)
	w.EndObject()
	return w.Bytes()
}

// AppendHead is the last request, and the head of its answer.
func AppendHead(room []byte, req *core.Request, response *core.Response) []byte {
	w := writer{Writer: json.WriteInto(room)}
	w.told(req)
	w.Object()
	w.responseHead(response)
	w.EndObject()
	w.tlsReport(response.TLS)
	w.optionalNotes(response.Notes)
	w.EndObject()
	return w.Bytes()
}

// told begins an object, up to the value of its member "response".
func (w *writer) told(req *core.Request) {
	w.Object()
	w.asked(req)
	w.Member("response")
}

func (w *writer) asked(req *core.Request) {
	w.Member("request")
	w.Object()
	w.Text("method", req.Method)
	w.Text("url", req.URL.String())
	w.header("headers", req.Header)
	w.EndObject()
}

func (w *writer) optionalNotes(notes []core.Note) {
	if len(notes) > 0 {
		w.notes(notes)
	}
}

// AppendEnd is how it ended. response and failure may be nil. Where there was no head, the last request is told
// here: it may be that of a later hop.
func AppendEnd(room []byte, last *core.Request, response *core.Response, failure *core.Failure, millis float64) []byte {
	w := writer{Writer: json.WriteInto(room)}
	w.Object()
	if response == nil {
		w.asked(last)
		response = &core.Response{}
	}
	w.Number("size", response.BodySize)
	w.header("trailers", response.Trailer)
	w.Member("millis")
	w.Float(millis)
	if failure != nil {
		w.Member("failure")
		w.Object()
		w.Text("code", failure.Code)
		w.Text("message", failure.Message)
		w.EndObject()
		w.tlsReport(failure.TLS)
	}
	w.EndObject()
	return w.Bytes()
}
