package api

import (
	"encoding/base64"
	"errors"
	"time"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/platform"
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
}

// pins are the parts of Env that a person fixed.
type pins struct {
	now    time.Time // zero: not
	nonces map[string]string
}

func (c *call) job() (*jobParams, error) {
	job := &jobParams{via: "fetch", steps: true, last: c.out.last, page: c.api.origin}
	job.Fetch.Origin = job.page
	job.Request.Base, job.Memory, job.Predictions = c.api.host.PageURL, &c.api.asked, &job.last.predictions
	if err := c.read(job.member); err != nil {
		return nil, err
	}
	if len(c.body) > 0 { // the page hands over an empty one where there is none
		if job.Request.Body.Kind != session.NoBody {
			return nil, &core.FieldError{Field: "body", Code: "body.twice",
				Message: "the request has a body, and another one came beside it as bytes; leave one of the two out"}
		}
		job.Request.Body = session.Body{Kind: session.BytesBody, Bytes: c.body}
	}
	if job.via != "fetch" && job.via != "relay" {
		return nil, &core.FieldError{Field: "via", Code: "via.unknown", Message: "via is neither fetch nor relay"}
	}
	job.Native = job.via == "relay"
	job.Env = job.pins.over(c.env)
	job.Env.Kept = &job.last.kept
	return job, nil
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
		p.Scheme, p.Values, p.Filled = a.scheme, a.values, a.filled
		return err
	case "env":
		return r.object(p.pins.member)
	case "fetch":
		return readAgain(r, &p.last.fetch, &p.Fetch, func() error {
			p.Fetch = core.Fetch{Origin: p.page}
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
		a.filled = filled
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

func (p *pins) member(r reader, name []byte) (err error) {
	switch string(name) {
	case "now":
		var text string
		if err := r.text(&text); err != nil || text == "" {
			return err
		}
		var ok bool
		if p.now, ok = syntax.ParseTime(text); !ok {
			return &core.FieldError{Field: "now", Code: "env.now", Ref: core.Ref{Doc: "RFC 3339", Section: "5.6"},
				Message: "the pinned time is not written as 2026-01-31T23:59:59Z"}
		}
		return nil
	case "nonces":
		p.nonces, err = r.texts()
		return err
	}
	return r.Skip()
}

func (p *jobParams) tlsMember(r reader, name []byte) error {
	switch string(name) {
	case "verify":
		verify := true
		err := r.flag(&verify)
		p.tls.SkipVerify = !verify
		return err
	case "ca":
		return r.text(&p.tls.CA)
	case "fingerprint":
		return r.text(&p.tls.Fingerprint)
	case "clientCert":
		return r.text(&p.tls.ClientCert)
	case "clientKey":
		return r.text(&p.tls.ClientKey)
	case "pkcs12":
		var file []byte
		err := r.base64(&file)
		if wrong := (*core.FieldError)(nil); errors.As(err, &wrong) {
			err = &core.FieldError{Field: "tls.pkcs12", Code: "tls.pkcs12.base64", Ref: wrong.Ref, Message: "the bytes of the PKCS #12 file are not valid base64"}
		}
		p.tls.PKCS12 = string(file)
		return err
	case "pkcs12Password":
		return r.text(&p.tls.PKCS12Password)
	}
	return r.Skip()
}

func (p *jobParams) proxyMember(r reader, name []byte) error {
	switch string(name) {
	case "url":
		return r.text(&p.proxy.URL)
	case "username":
		return r.text(&p.proxy.Username)
	case "password":
		return r.text(&p.proxy.Password)
	}
	return r.Skip()
}

func (p *jobParams) fetchMember(r reader, name []byte) error {
	switch string(name) {
	case "origin":
		return r.origin(&p.Fetch.Origin)
	case "credentials":
		return r.option(&p.Fetch.Credentials, "omit", "same-origin", "include")
	case "redirect":
		return r.option(&p.Fetch.Redirect, "follow", "error", "manual")
	case "mode":
		return r.option(&p.Fetch.Mode, "cors", "no-cors", "same-origin")
	case "cache":
		return r.option(&p.Fetch.Cache, "no-store", "default", "reload", "no-cache", "force-cache", "only-if-cached")
	case "timeoutMs":
		return r.count(&p.Fetch.TimeoutMs)
	}
	return r.Skip()
}

// origin reads what location.origin says of a page; empty means the default.
func (r reader) origin(into *string) error {
	var typed string
	if err := r.text(&typed); err != nil || typed == "" || typed == *into {
		return err
	}
	*into = typed
	if typed == "null" { // a file's, or a sandboxed frame's
		return nil
	}
	page, err := platform.ParseURL(typed, "")
	if err != nil || page.Host == "" || page.String() != page.Origin()+page.Path || page.Path != "" && page.Path != "/" {
		return &core.FieldError{Field: "fetch.origin", Code: "fetch.origin", Ref: core.Ref{Doc: "RFC 6454", Section: "6.1"},
			Message: "an origin is scheme, host and port of a page, such as https://app.example, or null"}
	}
	*into = page.Origin()
	return nil
}

// option reads one of the texts that fetch knows for this option; empty means the default.
func (r reader) option(into *string, known ...string) error {
	if err := r.text(into); err != nil || *into == "" {
		return err
	}
	want := "one of"
	for _, k := range known {
		if *into == k {
			return nil
		}
		want += " " + k
	}
	return &wrongType{want: want}
}

// bodyOf reads one of {"text"}, {"form"}, {"multipart"} and {"base64"}.
func (p *jobParams) bodyOf(r reader) error {
	body := &p.Request.Body
	*body = session.Body{}
	return r.object(func(r reader, name []byte) error {
		kind := bodyKind(string(name))
		if kind == session.NoBody {
			return r.Skip()
		}
		if r.Next() == json.Null {
			return r.Null()
		}
		if body.Kind != session.NoBody && body.Kind != kind {
			return &core.FieldError{Field: "body", Code: "body.kinds", Message: "a body is one of text, form, multipart and base64, not two"}
		}
		*body = session.Body{Kind: kind}
		return r.bodyValue(body)
	})
}

func bodyKind(member string) string {
	switch member {
	case session.TextBody, session.FormBody, session.MultipartBody:
		return member
	case "base64":
		return session.BytesBody
	}
	return session.NoBody
}

func (r reader) bodyValue(body *session.Body) error {
	switch body.Kind {
	case session.TextBody:
		return r.text(&body.Text)
	case session.FormBody:
		return r.pairs(func(name, value string) { body.Form = append(body.Form, core.Param{Name: name, Value: value}) })
	case session.MultipartBody:
		return r.array(func(int) error { return r.part(body) })
	}
	return r.base64(&body.Bytes)
}

func (r reader) part(body *session.Body) error {
	var part syntax.Part
	err := r.object(func(r reader, name []byte) error {
		switch string(name) {
		case "name":
			return r.text(&part.Name)
		case "filename":
			return r.text(&part.Filename)
		case "type":
			return r.text(&part.Type)
		case "base64":
			return r.base64(&part.Value)
		case "value":
			var text string
			err := r.text(&text)
			part.Value = []byte(text)
			return err
		}
		return r.Skip()
	})
	body.Parts = append(body.Parts, part)
	return err
}

// base64 takes the standard alphabet with padding (RFC 4648, section 4).
func (r reader) base64(into *[]byte) error {
	var text string
	if err := r.text(&text); err != nil {
		return err
	}
	octets, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return &core.FieldError{Field: "body", Code: "body.base64", Ref: core.Ref{Doc: "RFC 4648", Section: "4"},
			Message: "the bytes of the body are not valid base64"}
	}
	*into = octets
	return nil
}
