package api

import (
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
		return r.Skip()
	})
	if err != nil {
		return err
	}
	c.out.Object()
	c.out.Member("challenges")
	c.out.Array()
	for _, challenge := range session.ParseChallenges(lines) {
		c.out.challenge(challenge)
	}
	c.out.EndArray()
	c.out.EndObject()
	return nil
}

func (w *writer) challenge(c core.Challenge) {
	w.Object()
	w.Text("scheme", c.Scheme)
	w.Optional("token68", c.Token68)
	w.Member("params")
	w.Array()
	for _, p := range c.Params {
		w.pair(p.Name, p.Value)
	}
	w.EndArray()
	w.List("problems", c.Problems)
	w.Text("explain", explain(c.Scheme))
	w.EndObject()
}

// explain says who can answer a challenge of this name.
func explain(name string) string {
	for _, s := range schemes.Answering(name) {
		return "The server asks for " + s.Name + ". " + s.Summary
	}
	return "The server asks for something that no scheme here answers."
}
