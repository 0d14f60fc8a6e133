package api

import (
	"maps"
	"slices"
	"time"

	"authpad/core"
	"authpad/core/schemes"
)

// What there is to choose from. The page draws its form from these two answers.

func (c *call) schemes() error {
	c.out.ObjStart()
	c.out.FieldStart("schemes")
	c.out.ArrStart()
	for _, s := range schemes.All() {
		c.out.scheme(s)
	}
	c.out.ArrEnd()
	c.out.ObjEnd()
	return nil
}

func (w writer) scheme(s *core.Scheme) {
	w.ObjStart()
	w.text("id", s.ID)
	w.text("name", s.Name)
	w.text("summary", s.Summary)
	w.FieldStart("refs")
	w.ArrStart()
	for _, ref := range s.Refs {
		w.refValue(ref)
	}
	w.ArrEnd()
	w.FieldStart("fields")
	w.ArrStart()
	for i := range s.Fields {
		w.field(&s.Fields[i])
	}
	w.ArrEnd()
	w.list("answers", s.Answers)
	w.FieldStart("vectors")
	w.ArrStart()
	for i := range s.Vectors {
		w.vector(s, &s.Vectors[i])
	}
	w.ArrEnd()
	w.FieldStart("example")
	w.ObjStart()
	w.values("values", s, s.Example.Values)
	w.values("wrong", s, s.Example.Wrong)
	w.text("step", s.Example.Step)
	w.ObjEnd()
	w.ObjEnd()
}

func (w writer) field(f *core.Field) {
	w.ObjStart()
	w.text("id", f.ID)
	w.text("label", f.Label)
	w.text("help", f.Help)
	w.text("kind", string(f.Kind))
	w.flag("secret", f.Secret)
	w.text("default", f.Default)
	w.text("placeholder", f.Placeholder)
	w.FieldStart("options")
	w.ArrStart()
	for _, o := range f.Options {
		w.ObjStart()
		w.text("value", o.Value)
		w.text("label", o.Label)
		w.ObjEnd()
	}
	w.ArrEnd()
	w.ObjEnd()
}

// values keeps the order of the scheme's fields: a map has none.
func (w writer) values(name string, s *core.Scheme, values core.Values) {
	w.FieldStart(name)
	w.ObjStart()
	for _, f := range s.Fields {
		if value, given := values[f.ID]; given {
			w.text(f.ID, value)
		}
	}
	w.ObjEnd()
}

// vector is a published example as parameters of build, with where it is from.
func (w writer) vector(s *core.Scheme, v *core.Vector) {
	w.ObjStart()
	w.text("id", v.ID)
	w.text("name", v.Name)
	w.FieldStart("source")
	w.refValue(v.Source)
	w.FieldStart("request")
	w.request(core.Request{Method: v.Method, Header: v.Header, Body: []byte(v.Body)}, v.URL)
	w.FieldStart("auth")
	w.auth(s, v.Values)
	w.FieldStart("env")
	w.ObjStart()
	if !v.Now.IsZero() {
		w.text("now", v.Now.UTC().Format(time.RFC3339))
	}
	w.FieldStart("nonces")
	w.ObjStart()
	for _, name := range slices.Sorted(maps.Keys(v.Nonces)) {
		w.text(name, v.Nonces[name])
	}
	w.ObjEnd()
	w.ObjEnd()
	w.list("challenge", v.Challenges)
	w.ObjEnd()
}

// request writes Request, with the address as it would be typed.
func (w writer) request(req core.Request, address string) {
	if req.Method == "" {
		req.Method = "GET"
	}
	w.ObjStart()
	w.text("method", req.Method)
	w.text("url", address)
	w.header("headers", req.Header)
	if len(req.Body) > 0 {
		w.FieldStart("body")
		w.ObjStart()
		w.text("text", string(req.Body))
		w.ObjEnd()
	}
	w.ObjEnd()
}

func (w writer) auth(s *core.Scheme, values core.Values) {
	w.ObjStart()
	w.text("scheme", s.ID)
	w.values("values", s, values)
	w.ObjEnd()
}

// examples are the lab's accounts, one for each scheme, and a twin that the lab refuses.
func (c *call) examples() error {
	c.out.ObjStart()
	c.out.FieldStart("examples")
	c.out.ArrStart()
	for _, s := range schemes.All() {
		c.out.example(s, s.ID, s.Name, s.Summary, s.Example.Values, false)
		if len(s.Example.Wrong) > 0 {
			c.out.example(s, s.ID+"-wrong", s.Name+", refused",
				"The same with a wrong value: the lab refuses it and names the step at which the two sides part.",
				merged(s.Example.Values, s.Example.Wrong), true)
		}
	}
	c.out.ArrEnd()
	c.out.ObjEnd()
	return nil
}

func (w writer) example(s *core.Scheme, id, title, about string, values core.Values, wrong bool) {
	address := "lab/auth/" + s.ID
	if s.Verify == nil {
		address = "lab/echo"
	}
	w.ObjStart()
	w.text("id", id)
	w.text("scheme", s.ID)
	w.text("title", title)
	w.text("about", about)
	w.flag("wrong", wrong)
	w.FieldStart("request")
	w.request(core.Request{}, address)
	w.FieldStart("auth")
	w.auth(s, values)
	w.ObjEnd()
}

func merged(values, changes core.Values) core.Values {
	all := maps.Clone(values)
	maps.Copy(all, changes)
	return all
}
