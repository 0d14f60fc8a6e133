package api

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// What there is to choose from. The page draws its form from these two answers.

func (c *call) schemes() error {
	c.out.Object()
	c.out.Member("schemes")
	c.out.Array()
	for _, s := range schemes.All() {
		c.out.scheme(s)
	}
	c.out.EndArray()
	c.out.EndObject()
	return nil
}

func (w *writer) scheme(s *core.Scheme) {
	w.Object()
	w.Text("id", s.ID)
	w.Text("name", s.Name)
	w.Text("summary", s.Summary)
	w.Member("refs")
	w.Array()
	for _, ref := range s.Refs {
		w.refValue(ref)
	}
	w.EndArray()
	w.Member("fields")
	w.Array()
	for i := range s.Fields {
		w.field(&s.Fields[i])
	}
	w.EndArray()
	w.List("answers", s.Answers)
	w.Member("vectors")
	w.Array()
	for i := range s.Vectors {
		w.vector(s, &s.Vectors[i])
	}
	w.EndArray()
	w.Member("example")
	w.Object()
	w.values("values", s, s.Example.Values)
	w.values("wrong", s, s.Example.Wrong)
	w.Text("step", s.Example.Step)
	w.EndObject()
	w.EndObject()
}

func (w *writer) field(f *core.Field) {
	w.Object()
	w.Text("id", f.ID)
	w.Text("label", f.Label)
	w.Text("help", f.Help)
	if f.ToVerify != "" {
		w.Text("toVerify", f.ToVerify)
	}
	w.Text("kind", string(f.Kind))
	w.Flag("secret", f.Secret)
	w.Text("default", f.Default)
	w.Text("placeholder", f.Placeholder)
	w.Member("options")
	w.Array()
	for _, o := range f.Options {
		w.Object()
		w.Text("value", o.Value)
		w.Text("label", o.Label)
		w.EndObject()
	}
	w.EndArray()
	if f.Advanced {
		w.Flag("advanced", true)
	}
	if f.When.Field != "" {
		w.Member("when")
		w.Object()
		w.Text("field", f.When.Field)
		w.List("values", f.When.Values)
		w.EndObject()
	}
	w.EndObject()
}

// values keeps the order of the scheme's fields: a map has none.
func (w *writer) values(name string, s *core.Scheme, values core.Values) {
	w.Member(name)
	w.Object()
	for _, f := range s.Fields {
		if value, given := values[f.ID]; given {
			w.Text(f.ID, value)
		}
	}
	w.EndObject()
}

// vector is a published example as parameters of build, with where it is from.
func (w *writer) vector(s *core.Scheme, v *core.Vector) {
	w.Object()
	w.Text("id", v.ID)
	w.Text("name", v.Name)
	w.Member("source")
	w.refValue(v.Source)
	w.Member("request")
	w.request(core.Request{Method: v.Method, Header: v.Header, Body: []byte(v.Body)}, v.URL, v.Untyped)
	w.Member("auth")
	w.auth(s, v.Values)
	w.Member("env")
	w.Object()
	if !v.Now.IsZero() {
		w.Text("now", syntax.FormatTime(v.Now))
	}
	w.Member("nonces")
	w.Object()
	for _, name := range slices.Sorted(maps.Keys(v.Nonces)) {
		w.Text(name, v.Nonces[name])
	}
	w.EndObject()
	w.EndObject()
	w.List("challenge", v.Challenges)
	w.EndObject()
}

// request writes Request, with the address as it would be typed. A body that is untyped gets no Content-Type.
func (w *writer) request(req core.Request, address string, untyped bool) {
	if req.Method == "" {
		req.Method = "GET"
	}
	w.Object()
	w.Text("method", req.Method)
	w.Text("url", address)
	w.header("headers", req.Header)
	if len(req.Body) > 0 {
		w.Member("body")
		w.Object()
		if untyped {
			w.Text("base64", base64.StdEncoding.EncodeToString(req.Body))
		} else {
			w.Text("text", string(req.Body))
		}
		w.EndObject()
	}
	w.EndObject()
}

func (w *writer) auth(s *core.Scheme, values core.Values) {
	w.Object()
	w.Text("scheme", s.ID)
	w.values("values", s, values)
	w.EndObject()
}

// examples are the lab's accounts, one for each scheme, and a twin that the lab refuses.
func (c *call) examples() error {
	c.out.Object()
	c.out.Member("examples")
	c.out.Array()
	for _, s := range schemes.All() {
		c.out.example(s, s.ID, s.Name, s.Summary, s.Example.Values, false)
		if len(s.Example.Wrong) > 0 {
			c.out.example(s, s.ID+"-wrong", s.Name+", wrong "+wrongFields(s),
				"The same with a wrong value: the lab refuses it and names the step at which the two sides part.",
				merged(s.Example.Values, s.Example.Wrong), true)
		}
	}
	c.out.EndArray()
	c.out.EndObject()
	return nil
}

// wrongFields names what the twin of an example changes: "password".
func wrongFields(s *core.Scheme) string {
	var labels []string
	for _, f := range s.Fields {
		if _, changed := s.Example.Wrong[f.ID]; changed {
			labels = append(labels, strings.ToLower(f.Label))
		}
	}
	return strings.Join(labels, " and ")
}

func (w *writer) example(s *core.Scheme, id, title, about string, values core.Values, wrong bool) {
	address := "lab/auth/" + s.ID
	if s.Verify == nil {
		address = "lab/echo"
	}
	w.Object()
	w.Text("id", id)
	w.Text("scheme", s.ID)
	w.Text("title", title)
	w.Text("about", about)
	w.Flag("wrong", wrong)
	w.Member("request")
	w.request(core.Request{}, address, false)
	w.Member("auth")
	w.auth(s, values)
	w.EndObject()
}

func merged(values, changes core.Values) core.Values {
	all := maps.Clone(values)
	maps.Copy(all, changes)
	return all
}
