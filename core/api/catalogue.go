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
	c.out.object()
	c.out.member("schemes")
	c.out.array()
	for _, s := range schemes.All() {
		c.out.scheme(s)
	}
	c.out.endArray()
	c.out.endObject()
	return nil
}

func (w *writer) scheme(s *core.Scheme) {
	w.object()
	w.text("id", s.ID)
	w.text("name", s.Name)
	w.text("summary", s.Summary)
	w.member("refs")
	w.array()
	for _, ref := range s.Refs {
		w.refValue(ref)
	}
	w.endArray()
	w.member("fields")
	w.array()
	for i := range s.Fields {
		w.field(&s.Fields[i])
	}
	w.endArray()
	w.list("answers", s.Answers)
	w.member("vectors")
	w.array()
	for i := range s.Vectors {
		w.vector(s, &s.Vectors[i])
	}
	w.endArray()
	w.member("example")
	w.object()
	w.values("values", s, s.Example.Values)
	w.values("wrong", s, s.Example.Wrong)
	w.text("step", s.Example.Step)
	w.endObject()
	w.endObject()
}

func (w *writer) field(f *core.Field) {
	w.object()
	w.text("id", f.ID)
	w.text("label", f.Label)
	w.text("help", f.Help)
	w.text("kind", string(f.Kind))
	w.flag("secret", f.Secret)
	w.text("default", f.Default)
	w.text("placeholder", f.Placeholder)
	w.member("options")
	w.array()
	for _, o := range f.Options {
		w.object()
		w.text("value", o.Value)
		w.text("label", o.Label)
		w.endObject()
	}
	w.endArray()
	w.endObject()
}

// values keeps the order of the scheme's fields: a map has none.
func (w *writer) values(name string, s *core.Scheme, values core.Values) {
	w.member(name)
	w.object()
	for _, f := range s.Fields {
		if value, given := values[f.ID]; given {
			w.text(f.ID, value)
		}
	}
	w.endObject()
}

// vector is a published example as parameters of build, with where it is from.
func (w *writer) vector(s *core.Scheme, v *core.Vector) {
	w.object()
	w.text("id", v.ID)
	w.text("name", v.Name)
	w.member("source")
	w.refValue(v.Source)
	w.member("request")
	w.request(core.Request{Method: v.Method, Header: v.Header, Body: []byte(v.Body)}, v.URL)
	w.member("auth")
	w.auth(s, v.Values)
	w.member("env")
	w.object()
	if !v.Now.IsZero() {
		w.text("now", v.Now.UTC().Format(time.RFC3339))
	}
	w.member("nonces")
	w.object()
	for _, name := range slices.Sorted(maps.Keys(v.Nonces)) {
		w.text(name, v.Nonces[name])
	}
	w.endObject()
	w.endObject()
	w.list("challenge", v.Challenges)
	w.endObject()
}

// request writes Request, with the address as it would be typed.
func (w *writer) request(req core.Request, address string) {
	if req.Method == "" {
		req.Method = "GET"
	}
	w.object()
	w.text("method", req.Method)
	w.text("url", address)
	w.header("headers", req.Header)
	if len(req.Body) > 0 {
		w.member("body")
		w.object()
		w.text("text", string(req.Body))
		w.endObject()
	}
	w.endObject()
}

func (w *writer) auth(s *core.Scheme, values core.Values) {
	w.object()
	w.text("scheme", s.ID)
	w.values("values", s, values)
	w.endObject()
}

// examples are the lab's accounts, one for each scheme, and a twin that the lab refuses.
func (c *call) examples() error {
	c.out.object()
	c.out.member("examples")
	c.out.array()
	for _, s := range schemes.All() {
		c.out.example(s, s.ID, s.Name, s.Summary, s.Example.Values, false)
		if len(s.Example.Wrong) > 0 {
			c.out.example(s, s.ID+"-wrong", s.Name+", refused",
				"The same with a wrong value: the lab refuses it and names the step at which the two sides part.",
				merged(s.Example.Values, s.Example.Wrong), true)
		}
	}
	c.out.endArray()
	c.out.endObject()
	return nil
}

func (w *writer) example(s *core.Scheme, id, title, about string, values core.Values, wrong bool) {
	address := "lab/auth/" + s.ID
	if s.Verify == nil {
		address = "lab/echo"
	}
	w.object()
	w.text("id", id)
	w.text("scheme", s.ID)
	w.text("title", title)
	w.text("about", about)
	w.flag("wrong", wrong)
	w.member("request")
	w.request(core.Request{}, address)
	w.member("auth")
	w.auth(s, values)
	w.endObject()
}

func merged(values, changes core.Values) core.Values {
	all := maps.Clone(values)
	maps.Copy(all, changes)
	return all
}
