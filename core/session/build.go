package session

import (
	"errors"
	"strings"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/schemes"
)

// Job is what to do: a request as typed, who signs it, and the world it happens in.
type Job struct {
	Request     Spec
	Scheme      string // empty: "none"
	Values      core.Values
	Filled      core.Values // Values with the defaults, from Fill, where the caller has them already
	Plan        *any        // goes with Filled: see core.Input
	Env         core.Env
	Fetch       core.Fetch
	Challenge   []string           // WWW-Authenticate lines to answer, with or without the name in front
	Told        core.Header        // all lines of the answer that they came with
	Memory      *Memory            // of what servers asked before; nil: none
	Room        []core.Step        // for the steps of the trace; empty, and nil will do
	Predictions *fetchrules.Memory // nil: none
	GoesOut     bool               // it is built to be sent, which counts as a use of what a server gave; Run sets it
	Native      bool               // no browser will send it, so that Fetch.Origin does not matter; Run sets it
	Notes       []core.Note        // of the caller's own, to go with the others
}

// Built is a signed request, how it came to be, and what a browser will do to it.
type Built struct {
	Request *core.Request
	Trace   core.Trace // all notes are in it, also those of Browser
	Browser fetchrules.Prediction

	scheme     *core.Scheme // who signed it, and from what
	input      core.Input
	remembered bool // the challenges are from memory
}

// Build prepares and signs a request. The error is a *core.FieldError.
func Build(j Job) (*Built, error) {
	if cap(j.Room) == 0 {
		j.Room = make([]core.Step, 0, 8)
	}
	built := &Built{Trace: core.Trace{Steps: j.Room}}
	tr := &built.Trace
	req, fromURL, err := preparation{spec: j.Request, env: j.Env, tr: tr}.outgoing()
	if err != nil {
		return nil, err
	}
	signer, err := choose(j.Scheme, j.Values, fromURL, tr)
	if err != nil {
		return nil, err
	}
	if err := j.sign(signer, req, built); err != nil {
		return nil, err
	}
	notePlainHTTP(req, tr)
	built.Request, built.Browser = req, j.predict(req)
	noteBodyMethod(built)
	tr.Notes = append(append(tr.Notes, built.Browser.Notes...), j.Notes...)
	return built, nil
}

func (j Job) predict(req *core.Request) fetchrules.Prediction {
	if j.Native {
		return fetchrules.Native(req)
	}
	if j.Predictions == nil {
		return fetchrules.Predict(req, j.Fetch)
	}
	return j.Predictions.Predict(req, j.Fetch)
}

func (j Job) sign(signer chosen, req *core.Request, built *Built) error {
	scheme, values, plan, err := j.findScheme(signer)
	if err != nil {
		return err
	}
	tr := &built.Trace
	built.scheme = scheme
	j.ask(built, req.URL)
	built.input.Values, built.input.Plan = values, plan
	noteUnknown(scheme, signer.values, values, tr)
	if scheme.Sign == nil {
		return nil
	}
	err = scheme.Sign(built.input, req, tr)
	if !signer.lifted {
		return err
	}
	pointToURL(tr)
	var wrong *core.FieldError
	if errors.As(err, &wrong) {
		moved := *wrong
		moved.Field = fieldInURL(wrong.Field)
		if wrong.Code == "authorization.conflict" {
			moved.Message = "the address has credentials in front of the host, and the headers have an Authorization line; remove one of the two"
		}
		return &moved
	}
	return err
}

// ask finds what the server wants, from the job or else from memory.
func (j Job) ask(built *Built, target core.URL) {
	at := place{built.scheme.ID, target.Origin()}
	in := core.Input{Told: j.Told}
	var pasted core.Header
	if in.Challenges, pasted = readChallenges(j.Challenge, built.scheme, &built.Trace); in.Told == nil {
		in.Told = pasted
	}
	if len(j.Challenge) == 0 && j.Told == nil {
		in.Challenges, in.Told = j.Memory.recall(at, target)
		built.remembered = len(in.Challenges) > 0
	}
	if built.remembered {
		built.Trace.Note(core.Note{Code: "challenge.remembered", Severity: core.Info, Field: "challenge", Ref: challengeRef,
			Message: "this server asked before: its last challenge is answered at once, without a first try"})
	}
	in.Env = j.Memory.counting(j.Env, at, in.Challenges, j.GoesOut)
	built.input = in
}

// findScheme returns the scheme and its values with the defaults filled in, and where its plan is kept.
func (j Job) findScheme(signer chosen) (*core.Scheme, core.Values, *any, error) {
	if scheme, found := schemes.ByID(signer.scheme); found && j.Filled != nil && !signer.lifted {
		return scheme, j.Filled, j.Plan, nil
	}
	scheme, values, err := Fill(signer.scheme, signer.values)
	return scheme, values, nil, err
}

// Fill returns the scheme of this ID, and values with its defaults. The error is a *core.FieldError.
func Fill(id string, typed core.Values) (*core.Scheme, core.Values, error) {
	scheme, found := schemes.ByID(id)
	if !found {
		return nil, nil, &core.FieldError{Field: "scheme", Code: "scheme.unknown",
			Message: "there is no scheme of this name; the call “schemes” lists them"}
	}
	values, err := scheme.Fill(typed)
	return scheme, values, err
}

// notePlainHTTP warns of credentials that anyone on the way can read. A scheme that says so itself,
// in its own words, is not repeated.
func notePlainHTTP(req *core.Request, tr *core.Trace) {
	if req.URL.Scheme != "http" || req.URL.Loopback() {
		return
	}
	for _, n := range tr.Notes {
		if strings.HasSuffix(n.Code, ".plain-http") {
			return
		}
	}
	if len(tr.Steps) == 0 && !req.Header.Has("Authorization") && !req.Header.Has("Cookie") {
		return
	}
	tr.Note(core.Note{Code: "url.plain-http", Severity: core.Warn, Field: "url", Ref: core.Ref{Doc: "RFC 9110", Section: "17.16.1"},
		Message: "http is not encrypted: anyone on the way can read this request and send it again",
		Fix:     "use https"})
}
