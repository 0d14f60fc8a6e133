package api

import (
	"time"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/session"
)

// The shapes of the contract. Methods that take a name write a member.

func (w *writer) text(name, value string) {
	w.member(name)
	w.str(value)
}

// optional leaves the member out where there is nothing to say.
func (w *writer) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

func (w *writer) number(name string, value int64) {
	w.member(name)
	w.int(value)
}

func (w *writer) flag(name string, value bool) {
	w.member(name)
	w.bool(value)
}

func (w *writer) list(name string, values []string) {
	w.member(name)
	w.array()
	for _, v := range values {
		w.str(v)
	}
	w.endArray()
}

func (w *writer) header(name string, header core.Header) {
	w.member(name)
	w.array()
	for _, line := range header {
		w.array()
		w.str(line.Name)
		w.str(line.Value)
		w.endArray()
	}
	w.endArray()
}

// ref leaves out what is not known.
func (w *writer) ref(ref core.Ref) {
	if ref != (core.Ref{}) {
		w.refMember(ref)
	}
}

func (w *writer) refMember(ref core.Ref) {
	w.member("ref")
	w.refValue(ref)
}

func (w *writer) refValue(ref core.Ref) {
	w.object()
	w.text("doc", ref.Doc)
	w.text("section", ref.Section)
	w.text("url", ref.Link())
	w.endObject()
}

// built writes Built.
func (w *writer) built(b *session.Built, steps bool) {
	w.object()
	w.member("request")
	w.wireRequest(b.Request, &b.Browser)
	if steps {
		w.steps(b.Trace.Steps)
	}
	w.notes(b.Trace.Notes)
	w.member("browser")
	w.object()
	w.prediction(&b.Browser)
	w.endObject()
	w.endObject()
}

func (w *writer) steps(steps []core.Step) {
	w.member("steps")
	w.array()
	for i := range steps {
		w.step(&steps[i])
	}
	w.endArray()
}

func (w *writer) step(s *core.Step) {
	w.object()
	w.text("id", s.ID)
	w.text("title", s.Title)
	w.text("why", s.Why)
	w.text("op", s.Op)
	w.member("in")
	w.array()
	for i := range s.In {
		w.part(&s.In[i])
	}
	w.endArray()
	w.text("out", s.Out)
	w.flag("secret", s.Secret)
	w.refMember(s.Ref)
	w.endObject()
}

func (w *writer) part(p *core.Part) {
	w.object()
	w.text("name", p.Name)
	w.text("value", p.Value)
	w.text("from", p.From)
	w.flag("secret", p.Secret)
	w.endObject()
}

func (w *writer) notes(notes []core.Note) {
	w.member("notes")
	w.noteList(notes)
}

func (w *writer) noteList(notes []core.Note) {
	w.array()
	for i := range notes {
		w.note(&notes[i])
	}
	w.endArray()
}

func (w *writer) note(n *core.Note) {
	w.object()
	w.text("code", n.Code)
	w.text("severity", string(n.Severity))
	w.optional("field", n.Field)
	w.text("message", n.Message)
	w.optional("fix", n.Fix)
	w.ref(n.Ref)
	w.endObject()
}

// prediction writes the members of Prediction.
func (w *writer) prediction(p *fetchrules.Prediction) {
	w.member("dropped")
	w.array()
	for i := range p.Dropped {
		w.object()
		w.text("name", p.Dropped[i].Name)
		w.text("reason", p.Dropped[i].Reason)
		w.text("code", p.Dropped[i].Code)
		w.ref(p.Dropped[i].Ref)
		w.endObject()
	}
	w.endArray()
	w.header("added", p.Added)
	w.member("preflight")
	w.preflight(p.Preflight)
	if p.Blocked != nil {
		w.member("blocked")
		w.note(p.Blocked)
	}
}

func (w *writer) preflight(p *fetchrules.Preflight) {
	if p == nil {
		w.null()
		return
	}
	w.object()
	w.list("reasons", p.Reasons)
	w.member("causes")
	w.noteList(p.Causes)
	w.text("request", p.Request)
	w.header("needs", p.Needs)
	w.endObject()
}

// rejection writes the member of verify's answer. Want and Got are empty where they are secret.
func (w *writer) rejection(r *core.Rejection) {
	w.member("rejection")
	w.object()
	w.text("code", r.Code)
	w.text("step", r.Step)
	w.text("want", r.Want)
	w.text("got", r.Got)
	w.text("message", r.Message)
	w.ref(r.Ref)
	w.endObject()
}

// tlsReport writes the member "tls"; nothing where there was no handshake to see.
func (w *writer) tlsReport(t *core.TLSReport) {
	if t == nil {
		return
	}
	w.member("tls")
	w.object()
	w.text("serverName", t.ServerName)
	w.text("check", t.Check)
	w.member("chain")
	w.array()
	for i := range t.Chain {
		w.certificate(&t.Chain[i])
	}
	w.endArray()
	w.text("fingerprint", t.Fingerprint)
	w.text("version", t.Version)
	w.text("cipherSuite", t.CipherSuite)
	if len(t.Notes) > 0 {
		w.notes(t.Notes)
	}
	w.endObject()
}

func (w *writer) certificate(c *core.Certificate) {
	w.object()
	w.text("subject", c.Subject)
	w.text("issuer", c.Issuer)
	w.list("names", c.Names)
	w.text("notBefore", c.NotBefore.UTC().Format(time.RFC3339))
	w.text("notAfter", c.NotAfter.UTC().Format(time.RFC3339))
	w.text("fingerprint", c.Fingerprint)
	w.flag("selfSigned", c.SelfSigned)
	w.endObject()
}
