package fetchrules

import (
	"strings"

	"authpad/core"
)

// Memory is the last prediction. While a person types, the next one is mostly the same: it depends on the names of
// headers and on few of their values, on the origin and not on the path. The zero value is empty. It is for one
// goroutine at a time, and nobody may change what it returned.
type Memory struct {
	known  bool
	asked  core.Request // without a body, and without path, query and fragment
	size   int64        // of the body, in bytes
	f      core.Fetch
	target string // the preflight of given is for
	given  Prediction
}

// Predict is the function of that name, from memory where it can be.
func (m *Memory) Predict(req *core.Request, f core.Fetch) Prediction {
	target := req.URL.Target()
	switch {
	case !m.knows(req, f):
		m.keep(req, f)
	case m.given.Preflight != nil && m.target != target:
		m.given.Preflight = m.given.Preflight.to(target, m.target)
	}
	m.target = target
	return m.given
}

func (m *Memory) keep(req *core.Request, f core.Fetch) {
	m.given = Predict(req, f)
	m.known = m.given.Blocked == nil // what is blocked depends on more, and is rare
	m.asked, m.size, m.f = core.Request{Method: req.Method, URL: req.URL, Header: append(m.asked.Header[:0], req.Header...)}, req.BodySize(), f
}

// knows reports whether the prediction for req is the one that was given, but for the preflight's target.
func (m *Memory) knows(req *core.Request, f core.Fetch) bool {
	if !m.known || m.size != req.BodySize() || m.f != f || m.asked.Method != req.Method || len(m.asked.Header) != len(req.Header) {
		return false
	}
	if a, b := &m.asked.URL, &req.URL; a.Host != b.Host || a.Port != b.Port || a.Scheme != b.Scheme ||
		a.Username != b.Username || a.Password != b.Password {
		return false
	}
	for i := range req.Header {
		if !sameToFetch(&m.asked.Header[i], &req.Header[i]) {
			return false
		}
	}
	return true
}

// sameToFetch: of most headers fetch looks at the name, and only whether the value can be sent.
func sameToFetch(a, b *core.HeaderField) bool {
	if a.Name != b.Name {
		return false
	}
	return a.Value == b.Value || !valueMatters(a.Name) && headerFault(b.Name, strings.Trim(b.Value, " \t\r\n")) == nil
}

// valueMatters is whether the rules of this package look into the value of a header.
func valueMatters(name string) bool {
	var buffer [64]byte
	lower := lowerInto(&buffer, name)
	return judgedByValue(lower) || isMethodOverride(lower)
}

// to is the same preflight for another path and query of the same server.
func (f *Preflight) to(target, before string) *Preflight {
	return &Preflight{Reasons: f.Reasons, Causes: f.Causes, Needs: f.Needs,
		Request: preflightLine(target) + f.Request[len(preflightLine(before)):]}
}
