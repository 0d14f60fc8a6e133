package session

import (
	"strings"

	"authpad/core"
)

// Verify checks a request as a server received it against the server's own values; asked are the
// WWW-Authenticate lines it had sent, if they are known. The error is nil where it is accepted, else a
// *core.Rejection, or a *core.FieldError for what was typed. The trace has the steps that were expected
// and the notes.
func Verify(received Spec, scheme string, values core.Values, env core.Env, asked ...string) (core.Trace, error) {
	var tr core.Trace
	req, err := preparation{spec: received, env: env, tr: &tr}.incoming()
	if err != nil {
		return tr, err
	}
	if scheme == "" {
		scheme = "none"
	}
	found, filled, err := Fill(scheme, values)
	if err != nil {
		return tr, err
	}
	noteUnknown(found, values, filled, &tr)
	if found.Verify == nil {
		return tr, &core.FieldError{Field: "scheme", Code: "scheme.no-verify",
			Message: found.Name + " has nothing that a server could check"}
	}
	return tr, found.Verify(core.Input{Values: filled, Env: env, Challenges: ParseChallenges(asked)}, req, &tr)
}

// incoming is a received request. Nothing is added to it: what its sender left out stays out.
func (p preparation) incoming() (*core.Request, error) {
	p.completeURL()
	req, err := p.start()
	if err != nil {
		return nil, err
	}
	if _, err = p.encodeBody(req); err == nil {
		err = req.BringBody()
	}
	if liftCredentials(&req.URL).found() {
		p.tr.Note(core.Note{Code: "url.credentials-ignored", Severity: core.Info, Field: "url", Ref: userinfoRef,
			Message: "the credentials in the address are ignored: they are never sent, so a server does not see them there"})
	}
	return req, err
}

// completeURL makes an address of a request target, as a server does: by the Host header
// (RFC 9110, section 7.1). Only the scheme cannot be seen there.
func (p *preparation) completeURL() {
	target := trimAddress(p.spec.URL)
	host, known := p.spec.Header.Get("Host")
	if !known || !strings.HasPrefix(target, "/") || strings.HasPrefix(target, "//") {
		return
	}
	p.spec.URL = "https://" + host + target
	p.tr.Note(core.Note{Code: "url.https-assumed", Severity: core.Info, Field: "url", Ref: core.Ref{Doc: "RFC 9110", Section: "7.1"},
		Message: "the address is completed from the Host header, with https in front; type it whole if it came by http"})
}
