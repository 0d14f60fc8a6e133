package api

import (
	"slices"
	"time"

	"authpad/core"
	"authpad/core/session"
	"authpad/core/syntax"
)

// jobParams are the parameters of build, send, verify and predict: the shapes Request, Auth, Env,
// Fetch and TLS of the contract.
type jobParams struct {
	session.Job
	id, via string
	tls     core.TLS
	proxy   core.Proxy
	steps   bool // leave them out of the answer: false
	pins    pins
	last    *again
	page    string // origin of the page; empty: none
}

// auth is the shape of that name.
type auth struct {
	scheme string
	values core.Values
	filled core.Values // nil where that cannot be done; whoever wants them says why
	plan   *any        // see core.Input
}

// pins are the parts of Env that a person fixed.
type pins struct {
	now    time.Time // zero: not
	nonces map[string]string
}

func (c *call) job() (*jobParams, error) {
	job := &jobParams{via: "fetch", steps: true, last: c.out.last, page: c.api.origin}
	job.Fetch.Origin, job.Fetch.Gecko = job.page, c.api.host.Gecko
	job.Request.Base, job.Memory, job.Predictions = c.api.host.PageURL, &c.api.asked, &job.last.predictions
	if err := c.read(job.member); err != nil {
		return nil, err
	}
	if err := job.takeFiles(c.files()); err != nil {
		return nil, err
	}
	far := c.far()
	if len(c.body) > 0 || far != nil { // the page hands over an empty one where there is none
		if job.Request.Body.Kind != session.NoBody {
			return nil, &core.FieldError{Field: "body", Code: "body.twice",
				Message: "the request has a body, and another one came beside it as bytes; leave one of the two out"}
		}
		job.Request.Body = session.Body{Kind: session.BytesBody, Bytes: c.body}
		if far != nil {
			job.Request.Body = session.Body{Kind: session.FarBody, Far: far}
		}
	}
	if job.via != "fetch" && job.via != "relay" {
		return nil, &core.FieldError{Field: "via", Code: "via.unknown", Message: "via is neither fetch nor relay"}
	}
	job.Native = job.via == "relay"
	job.Env = job.pins.over(c.env)
	return job, nil
}

// takeFiles refuses files that would be left behind.
func (p *jobParams) takeFiles(files core.Files) error {
	body := &p.Request.Body
	body.Files = files
	if files != nil && files.Count() > 0 && !slices.ContainsFunc(body.Parts, func(part syntax.Part) bool { return part.File > 0 }) {
		return &core.FieldError{Field: "body", Code: "body.file",
			Message: "files came beside the parameters in a list, and no part of a multipart body names one; give a single file without the list to send it as the body"}
	}
	return nil
}

// over is env with the pinned parts fixed.
func (p pins) over(env core.Env) core.Env {
	if !p.now.IsZero() {
		env.Now = func() time.Time { return p.now }
	}
	if real := env.Nonce; len(p.nonces) > 0 {
		env.Nonce = func(name string, bytes int) string {
			if text, pinned := p.nonces[name]; pinned && text != "" {
				return text
			}
			return real(name, bytes)
		}
	}
	return env
}

func (p *jobParams) member(r reader, name []byte) (err error) {
	switch string(name) {
	case "request":
		return r.object(p.requestMember)
	case "auth":
		var a auth
		err = readAgain(r, &p.last.auth, &a, func() error { return a.read(r) })
		p.Scheme, p.Values, p.Filled, p.Plan = a.scheme, a.values, a.filled, a.plan
		return err
	case "env":
		return r.object(p.pins.member)
	case "fetch":
		return readAgain(r, &p.last.fetch, &p.Fetch, func() error {
			p.Fetch = core.Fetch{Origin: p.page, Gecko: p.Fetch.Gecko}
			return r.object(p.fetchMember)
		})
	case "tls":
		return r.object(p.tlsMember)
	case "proxy":
		return r.object(p.proxyMember)
	case "challenge":
		p.Challenge, err = r.strings()
		return err
	case "steps":
		return r.flag(&p.steps)
	case "id":
		return r.text(&p.id)
	case "via":
		return r.text(&p.via)
	}
	return r.Skip()
}

func (p *jobParams) requestMember(r reader, name []byte) error {
	switch string(name) {
	case "method":
		return r.text(&p.Request.Method)
	case "url":
		return r.text(&p.Request.URL)
	case "headers":
		return r.header(&p.Request.Header)
	case "body":
		return p.bodyOf(r)
	}
	return r.Skip()
}

func (r reader) header(into *core.Header) error {
	*into = make(core.Header, 0, 4)
	return r.pairs(into.Add)
}

func (a *auth) read(r reader) error {
	err := r.object(a.member)
	if _, filled, wrong := session.Fill(a.scheme, a.values); wrong == nil {
		a.filled, a.plan = filled, new(any)
	}
	return err
}

func (a *auth) member(r reader, name []byte) (err error) {
	switch string(name) {
	case "scheme":
		return r.text(&a.scheme)
	case "values":
		a.values, err = r.texts()
		return err
	}
	return r.Skip()
}

// lastSecond is the last one of the year 9999, in UTC.
const lastSecond = 253402300799

// pin reads the time. Before 1970 counted seconds would be negative, and behind the year 9999 a date has no four
// digits for its year: no scheme can say such a time.
func (p *pins) pin(text string) error {
	wrong := func(message string) error {
		return &core.FieldError{Field: "now", Code: "env.now", Ref: core.Ref{Doc: "RFC 3339", Section: "5.6"}, Message: message}
	}
	now, ok := syntax.ParseTime(text)
	switch {
	case !ok:
		return wrong("the pinned time is not written as 2026-01-31T23:59:59Z")
	case now.Unix() < 0 || now.Unix() > lastSecond:
		return wrong("the pinned time is before 1970 or after 9999, in UTC, which no request can say; pin another one")
	}
	p.now = now
	return nil
}

func (p *pins) member(r reader, name []byte) (err error) {
	switch string(name) {
	case "now":
		var text string
		if err := r.text(&text); err != nil || text == "" {
			return err
		}
		return p.pin(text)
	case "nonces":
		p.nonces, err = r.texts()
		return err
	}
	return r.Skip()
}
