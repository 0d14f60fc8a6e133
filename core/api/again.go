package api

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/session"
	"authpad/core/syntax"
)

// again is what the last build came to, and how it was written. A keystroke leaves most of that as it is: most steps,
// the notes, what the browser does, the body. Those are not made and written anew. What is compared is all that a text
// was made of, so that no answer differs from one of a program that has just been started. It holds what the form
// holds, secrets too, until the next build; one call at a time has it.
type again struct {
	auth        written[auth]
	fetch       written[core.Fetch]
	predictions fetchrules.Memory
	room        []core.Step // for the next trace
	steps       []writtenStep
	notes       []writtenNote
	browser     writtenBrowser
	body        []byte
	sum         string // SHA-256 of body, if it has any bytes
}

// forgetBeyond forgets the steps and notes of the last build that this one has no counterpart of.
func (a *again) forgetBeyond(b *session.Built, steps bool) {
	if !steps {
		a.steps = nil
	}
	a.steps, a.notes = cut(a.steps, len(b.Trace.Steps)), cut(a.notes, len(b.Trace.Notes))
}

// forget forgets what a build came to: there is none any more.
func (a *again) forget() { a.steps, a.notes, a.room, a.body, a.sum = nil, nil, nil, nil, "" }

// cut is the list up to here, with nothing behind it.
func cut[T any](list []T, n int) []T {
	n = min(n, len(list))
	clear(list[n:])
	return list[:n]
}

// writtenStep is a step with its JSON; head is how much of that comes before the inputs, tail what follows the output.
type writtenStep struct {
	step       core.Step
	json       []byte
	head, tail int
}

type writtenNote struct {
	note core.Note
	json []byte
}

// writtenBrowser is a prediction with its JSON. From and to enclose the text of its preflight, if it has one: that has
// the path in it, all else has not.
type writtenBrowser struct {
	prediction fetchrules.Prediction
	json       []byte
	from, to   int
}

// place returns the i-th of a list, which grows up to it.
func place[T any](list *[]T, i int) *T {
	if i >= len(*list) {
		*list = append(*list, make([]T, i+1-len(*list))...)
	}
	return &(*list)[i]
}

// stepAgain writes what step does.
func (w *writer) stepAgain(s *core.Step, last *writtenStep) {
	sameHead := last.json != nil && s.ID == last.step.ID && s.Title == last.step.Title && s.Why == last.step.Why && s.Op == last.step.Op
	sameTail := s.Hex == last.step.Hex && s.Secret == last.step.Secret && s.Ref == last.step.Ref
	if sameHead && sameTail && s.Out == last.step.Out && slices.Equal(s.In, last.step.In) {
		w.Copy(last.json)
		return
	}
	start := w.Len()
	if sameHead {
		w.Copy(last.json[:last.head])
	} else {
		w.stepHead(s)
	}
	head := len(w.Since(start))
	w.stepInputs(s)
	tail := len(w.Since(start))
	if sameHead && sameTail {
		w.Copy(last.json[last.tail:])
	} else {
		w.stepTail(s)
	}
	*last = writtenStep{*s, append(last.json[:0], w.Since(start)...), head, tail}
}

// noteAgain writes what note does.
func (w *writer) noteAgain(n *core.Note, last *writtenNote) {
	if last.json != nil && *n == last.note {
		w.Copy(last.json)
		return
	}
	start := w.Len()
	w.note(n)
	last.note, last.json = *n, append(last.json[:0], w.Since(start)...)
}

// browserAgain writes what prediction does, with its brackets.
func (w *writer) browserAgain(p *fetchrules.Prediction, last *writtenBrowser) {
	if last.json == nil || !samePrediction(p, &last.prediction) {
		start := w.Len()
		w.Object()
		request := w.prediction(p)
		w.EndObject()
		*last = writtenBrowser{*p, append(last.json[:0], w.Since(start)...), request.from - start, request.to - start}
		return
	}
	if p.Preflight == last.prediction.Preflight {
		w.Copy(last.json)
		return
	}
	w.Copy(last.json[:last.from])
	w.Text("request", p.Preflight.Request)
	w.Copy(last.json[last.to:])
}

// samePrediction compares by where the lists are, all but the text of the preflight: fetchrules.Memory returns the same
// lists again, and nobody changes them.
func samePrediction(a, b *fetchrules.Prediction) bool {
	if a.Blocked != b.Blocked || !sameList(a.Dropped, b.Dropped) || !sameList(a.Added, b.Added) || (a.Preflight == nil) != (b.Preflight == nil) {
		return false
	}
	return a.Preflight == nil || sameList(a.Preflight.Reasons, b.Preflight.Reasons) &&
		sameList(a.Preflight.Causes, b.Preflight.Causes) && sameList(a.Preflight.Needs, b.Preflight.Needs)
}

func sameList[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// hashAgain is the SHA-256 of a body in hexadecimal. Large bodies are not worth a copy, and the caller may change its own.
func (a *again) hashAgain(body []byte) string {
	if a != nil && a.sum != "" && bytes.Equal(a.body, body) {
		return a.sum
	}
	octets := sha256.Sum256(body)
	sum := syntax.Hex(octets[:])
	if a != nil && len(body) < largeBody {
		a.body, a.sum = append(a.body[:0], body...), sum
	}
	return sum
}
