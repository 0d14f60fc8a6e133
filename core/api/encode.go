package api

import (
	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/json"
	"authpad/core/session"
)

// The shapes of the contract. Methods that take a name write a member.

// writer writes the answer of a call.
type writer struct {
	json.Writer
	keys core.Keys // for hashes of large bodies; nil: Go makes them
	last *again    // what the last build came to
}

func (w *writer) header(name string, header core.Header) {
	w.Member(name)
	w.Array()
	for _, line := range header {
		w.pair(line.Name, line.Value)
	}
	w.EndArray()
}

func (w *writer) pair(name, value string) {
	w.Array()
	w.Str(name)
	w.Str(value)
	w.EndArray()
}

// ref leaves out what is not known.
func (w *writer) ref(ref core.Ref) {
	if ref != (core.Ref{}) {
		w.refMember(ref)
	}
}

func (w *writer) refMember(ref core.Ref) {
	w.Member("ref")
	w.refValue(ref)
}

func (w *writer) refValue(ref core.Ref) {
	w.Object()
	w.Text("doc", ref.Doc)
	w.Text("section", ref.Section)
	page, document, anchor, section := ref.LinkParts()
	w.Joined("url", page, document, anchor, section)
	w.EndObject()
}

// piece is where a value was written.
type piece struct{ from, to int }

// built writes Built, and tells where its request, its steps and its prediction are.
func (w *writer) built(b *session.Built, steps bool) (request, list, browser piece) {
	w.Object()
	w.Member("request")
	request.from = w.Len()
	w.wireRequest(b.Request, &b.Browser)
	request.to = w.Len()
	w.last.forgetBeyond(b, steps)
	if steps {
		w.Member("steps")
		list.from = w.Len()
		w.Array()
		for i := range b.Trace.Steps {
			w.stepAgain(&b.Trace.Steps[i], place(&w.last.steps, i))
		}
		w.EndArray()
		list.to = w.Len()
	}
	w.Member("notes")
	w.Array()
	for i := range b.Trace.Notes {
		w.noteAgain(&b.Trace.Notes[i], place(&w.last.notes, i))
	}
	w.EndArray()
	w.Member("browser")
	browser.from = w.Len()
	w.browserAgain(&b.Browser, &w.last.browser)
	browser.to = w.Len()
	w.EndObject()
	return request, list, browser
}

func (w *writer) browser(p *fetchrules.Prediction) {
	w.Member("browser")
	w.Object()
	w.prediction(p)
	w.EndObject()
}

func (w *writer) steps(steps []core.Step) {
	w.Member("steps")
	w.Array()
	for i := range steps {
		w.stepHead(&steps[i])
		w.stepInputs(&steps[i])
		w.stepTail(&steps[i])
	}
	w.EndArray()
}

// A step in three parts: only the one in the middle differs from request to request.
func (w *writer) stepHead(s *core.Step) {
	w.Object()
	w.Text("id", s.ID)
	w.Text("title", s.Title)
	w.Text("why", s.Why)
	w.Text("op", s.Op)
}

func (w *writer) stepInputs(s *core.Step) {
	w.Member("in")
	w.Array()
	for i := range s.In {
		w.part(&s.In[i])
	}
	w.EndArray()
	w.Text("out", s.Out)
}

func (w *writer) stepTail(s *core.Step) {
	w.octets(s.Hex)
	w.Flag("secret", s.Secret)
	w.refMember(s.Ref)
	w.EndObject()
}

func (w *writer) part(p *core.Part) {
	w.Object()
	w.Text("name", p.Name)
	w.Text("value", p.Value)
	w.Text("from", p.From)
	w.octets(p.Hex)
	w.Flag("secret", p.Secret)
	w.EndObject()
}

// octets says that a value is octets, and how they are written.
func (w *writer) octets(inHex bool) {
	if inHex {
		w.Text("bytes", "hex")
	}
}

func (w *writer) notes(notes []core.Note) {
	w.Member("notes")
	w.noteList(notes)
}

func (w *writer) noteList(notes []core.Note) {
	w.Array()
	for i := range notes {
		w.note(&notes[i])
	}
	w.EndArray()
}

func (w *writer) note(n *core.Note) {
	w.Object()
	w.Text("code", n.Code)
	w.Text("severity", string(n.Severity))
	w.Optional("field", n.Field)
	w.Text("message", n.Message)
	w.Optional("fix", n.Fix)
	w.ref(n.Ref)
	w.EndObject()
}

// prediction writes the members of Prediction, and tells where the preflight's text is.
func (w *writer) prediction(p *fetchrules.Prediction) (request piece) {
	w.Member("dropped")
	w.Array()
	for i := range p.Dropped {
		w.Object()
		w.Text("name", p.Dropped[i].Name)
		w.Text("reason", p.Dropped[i].Reason)
		w.Text("code", p.Dropped[i].Code)
		w.ref(p.Dropped[i].Ref)
		w.EndObject()
	}
	w.EndArray()
	w.header("added", p.Added)
	w.Member("preflight")
	request = w.preflight(p.Preflight)
	if p.Blocked != nil {
		w.Member("blocked")
		w.note(p.Blocked)
	}
	return request
}

func (w *writer) preflight(p *fetchrules.Preflight) (request piece) {
	if p == nil {
		w.Null()
		return request
	}
	w.Object()
	w.List("reasons", p.Reasons)
	w.Member("causes")
	w.noteList(p.Causes)
	request.from = w.Len()
	w.Text("request", p.Request)
	request.to = w.Len()
	w.header("needs", p.Needs)
	w.EndObject()
	return request
}

// rejection writes the member of verify's answer. Want and Got are empty where they are secret.
func (w *writer) rejection(r *core.Rejection) {
	w.Member("rejection")
	w.Object()
	w.Text("code", r.Code)
	w.Text("step", r.Step)
	w.Text("want", r.Want)
	w.Text("got", r.Got)
	w.Text("message", r.Message)
	w.ref(r.Ref)
	w.EndObject()
}
