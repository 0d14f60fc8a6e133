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
	Request   Spec
	Scheme    string // empty: "none"
	Values    core.Values
	Env       core.Env
	Fetch     core.Fetch
	Challenge []string // WWW-Authenticate lines to answer, with or without the name in front
	Native    bool     // no browser will send it, so that Fetch.Origin does not matter; Run sets it
}

// Built is a signed request, how it came to be, and what a browser will do to it.
type Built struct {
	Request *core.Request
	Trace   core.Trace // all notes are in it, also those of Browser
	Browser fetchrules.Prediction
}

// Build prepares and signs a request. The error is a *core.FieldError.
func Build(j Job) (*Built, error) {
	built := &Built{Trace: core.Trace{Steps: make([]core.Step, 0, 8)}}
	tr := &built.Trace
	req, fromURL, err := preparation{spec: j.Request, env: j.Env, tr: tr}.outgoing()
	if err != nil {
		return nil, err
	}
	signer, err := choose(j.Scheme, j.Values, fromURL, tr)
	if err != nil {
		return nil, err
	}
	if err := j.sign(signer, req, tr); err != nil {
		return nil, err
	}
	notePlainHTTP(req, tr)
	built.Request, built.Browser = req, j.predict(req)
	noteBodyMethod(built)
	tr.Notes = append(tr.Notes, built.Browser.Notes...)
	return built, nil
}

func (j Job) predict(req *core.Request) fetchrules.Prediction {
	if j.Native {
		return fetchrules.Native(req)
	}
	return fetchrules.Predict(req, j.Fetch)
}

func (j Job) sign(signer chosen, req *core.Request, tr *core.Trace) error {
	scheme, values, err := findScheme(signer.scheme, signer.values)
	if err != nil {
		return err
	}
	input := core.Input{Values: values, Env: j.Env, Challenges: readChallenges(j.Challenge, scheme, tr)}
	if scheme.Sign == nil {
		return nil
	}
	err = scheme.Sign(input, req, tr)
	if !signer.lifted {
		return err
	}
	pointToURL(tr)
	var wrong *core.FieldError
	if errors.As(err, &wrong) {
		moved := *wrong
		moved.Field = fieldInURL(wrong.Field)
		return &moved
	}
	return err
}

// findScheme returns the scheme and its values with the defaults filled in.
func findScheme(id string, typed core.Values) (*core.Scheme, core.Values, error) {
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
