package api

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/session"
)

// challenges reads what a server asked for.
func (c *call) challenges() error {
	var lines []string
	err := c.read(func(r reader, name []byte) (err error) {
		if string(name) == "headers" {
			lines, err = r.strings()
			return err
		}
		return r.skip()
	})
	if err != nil {
		return err
	}
	c.out.object()
	c.out.member("challenges")
	c.out.array()
	for _, challenge := range session.ParseChallenges(lines) {
		c.out.challenge(challenge)
	}
	c.out.endArray()
	c.out.endObject()
	return nil
}

func (w *writer) challenge(c core.Challenge) {
	w.object()
	w.text("scheme", c.Scheme)
	w.optional("token68", c.Token68)
	w.member("params")
	w.array()
	for _, p := range c.Params {
		w.array()
		w.str(p.Name)
		w.str(p.Value)
		w.endArray()
	}
	w.endArray()
	w.list("problems", c.Problems)
	w.text("explain", explain(c.Scheme))
	w.endObject()
}

// explain says who can answer a challenge of this name.
func explain(name string) string {
	for _, s := range schemes.All() {
		if slices.Contains(s.Answers, strings.ToLower(name)) {
			return "The server asks for " + s.Name + ". " + s.Summary
		}
	}
	return "The server asks for something that no scheme here answers."
}
