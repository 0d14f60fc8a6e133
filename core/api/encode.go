package api

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/session"
)

// writer writes the shapes of the contract. Methods that take a name write a member.
type writer struct{ *jx.Encoder }

func (w writer) text(name, value string) {
	w.FieldStart(name)
	w.str(value)
}

// optional leaves the member out where there is nothing to say.
func (w writer) optional(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}

// str writes U+FFFD for bytes that are no UTF-8, which JSON cannot hold.
func (w writer) str(value string) {
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	w.Str(value)
}

func (w writer) number(name string, value int64) {
	w.FieldStart(name)
	w.Int64(value)
}

func (w writer) flag(name string, value bool) {
	w.FieldStart(name)
	w.Bool(value)
}

func (w writer) list(name string, values []string) {
	w.FieldStart(name)
	w.ArrStart()
	for _, v := range values {
		w.str(v)
	}
	w.ArrEnd()
}

func (w writer) header(name string, header core.Header) {
	w.FieldStart(name)
	w.ArrStart()
	for _, line := range header {
		w.ArrStart()
		w.str(line.Name)
		w.str(line.Value)
		w.ArrEnd()
	}
	w.ArrEnd()
}

// ref leaves out what is not known.
func (w writer) ref(ref core.Ref) {
	if ref != (core.Ref{}) {
		w.refMember(ref)
	}
}

func (w writer) refMember(ref core.Ref) {
	w.FieldStart("ref")
	w.refValue(ref)
}

func (w writer) refValue(ref core.Ref) {
	w.ObjStart()
	w.text("doc", ref.Doc)
	w.text("section", ref.Section)
	w.text("url", ref.Link())
	w.ObjEnd()
}

// built writes Built.
func (w writer) built(b *session.Built, steps bool) {
	w.ObjStart()
	w.FieldStart("request")
	w.wireRequest(b.Request, &b.Browser)
	if steps {
		w.steps(b.Trace.Steps)
	}
	w.notes(b.Trace.Notes)
	w.FieldStart("browser")
	w.ObjStart()
	w.prediction(&b.Browser)
	w.ObjEnd()
	w.ObjEnd()
}

func (w writer) steps(steps []core.Step) {
	w.FieldStart("steps")
	w.ArrStart()
	for i := range steps {
		w.step(&steps[i])
	}
	w.ArrEnd()
}

func (w writer) step(s *core.Step) {
	w.ObjStart()
	w.text("id", s.ID)
	w.text("title", s.Title)
	w.text("why", s.Why)
	w.text("op", s.Op)
	w.FieldStart("in")
	w.ArrStart()
	for i := range s.In {
		w.part(&s.In[i])
	}
	w.ArrEnd()
	w.text("out", s.Out)
	w.flag("secret", s.Secret)
	w.refMember(s.Ref)
	w.ObjEnd()
}

func (w writer) part(p *core.Part) {
	w.ObjStart()
	w.text("name", p.Name)
	w.text("value", p.Value)
	w.text("from", p.From)
	w.flag("secret", p.Secret)
	w.ObjEnd()
}

func (w writer) notes(notes []core.Note) {
	w.FieldStart("notes")
	w.noteList(notes)
}

func (w writer) noteList(notes []core.Note) {
	w.ArrStart()
	for i := range notes {
		w.note(&notes[i])
	}
	w.ArrEnd()
}

func (w writer) note(n *core.Note) {
	w.ObjStart()
	w.text("code", n.Code)
	w.text("severity", string(n.Severity))
	w.optional("field", n.Field)
	w.text("message", n.Message)
	w.optional("fix", n.Fix)
	w.ref(n.Ref)
	w.ObjEnd()
}

// prediction writes the members of Prediction.
func (w writer) prediction(p *fetchrules.Prediction) {
	w.FieldStart("dropped")
	w.ArrStart()
	for i := range p.Dropped {
		w.ObjStart()
		w.text("name", p.Dropped[i].Name)
		w.text("reason", p.Dropped[i].Reason)
		w.text("code", p.Dropped[i].Code)
		w.ref(p.Dropped[i].Ref)
		w.ObjEnd()
	}
	w.ArrEnd()
	w.header("added", p.Added)
	w.FieldStart("preflight")
	w.preflight(p.Preflight)
	if p.Blocked != nil {
		w.FieldStart("blocked")
		w.note(p.Blocked)
	}
}

func (w writer) preflight(p *fetchrules.Preflight) {
	if p == nil {
		w.Null()
		return
	}
	w.ObjStart()
	w.list("reasons", p.Reasons)
	w.FieldStart("causes")
	w.noteList(p.Causes)
	w.text("request", p.Request)
	w.header("needs", p.Needs)
	w.ObjEnd()
}

// rejection writes the member of verify's answer. Want and Got are empty where they are secret.
func (w writer) rejection(r *core.Rejection) {
	w.FieldStart("rejection")
	w.ObjStart()
	w.text("code", r.Code)
	w.text("step", r.Step)
	w.text("want", r.Want)
	w.text("got", r.Got)
	w.text("message", r.Message)
	w.ref(r.Ref)
	w.ObjEnd()
}

// tlsReport writes the member "tls"; nothing where there was no handshake to see.
func (w writer) tlsReport(t *core.TLSReport) {
	if t == nil {
		return
	}
	w.FieldStart("tls")
	w.ObjStart()
	w.text("serverName", t.ServerName)
	w.text("check", t.Check)
	w.FieldStart("chain")
	w.ArrStart()
	for i := range t.Chain {
		w.certificate(&t.Chain[i])
	}
	w.ArrEnd()
	w.text("fingerprint", t.Fingerprint)
	w.text("version", t.Version)
	w.text("cipherSuite", t.CipherSuite)
	w.ObjEnd()
}

func (w writer) certificate(c *core.Certificate) {
	w.ObjStart()
	w.text("subject", c.Subject)
	w.text("issuer", c.Issuer)
	w.list("names", c.Names)
	w.text("notBefore", c.NotBefore.UTC().Format(time.RFC3339))
	w.text("notAfter", c.NotAfter.UTC().Format(time.RFC3339))
	w.text("fingerprint", c.Fingerprint)
	w.flag("selfSigned", c.SelfSigned)
	w.ObjEnd()
}
