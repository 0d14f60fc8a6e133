//go:build js && wasm

package main

import (
	"encoding/base64"

	"authpad/core"
	"authpad/core/api"
	"authpad/core/json"
	"authpad/core/platform"
)

// relayTransport sends through the relay on the person's machine, a native build of this core. web/relay.js
// talks to it; here is what a fetch of the browser does not have: redirects in the open, a choice about
// certificates, and words about failures.
type relayTransport struct{ fetchTransport }

// Limits says that no rule of a browser applies to what is sent.
func (t *relayTransport) Limits() core.Limits { return core.Limits{Body: bodyLimit} }

func (t *relayTransport) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	_, response, err := t.Follow(ctx, req, func(*core.Request, *core.Response) {})
	return response, err
}

// Follow is that of core.Follower. Its error may also be a *core.FieldError: a relay reads certificates and
// keys, which a page cannot.
func (t *relayTransport) Follow(ctx core.Context, req *core.Request, passed func(*core.Request, *core.Response)) (last *core.Request, response *core.Response, err error) {
	last = req
	first := true
	asked := func(o outcome) *core.Request {
		if !first && o.request != nil {
			if o.request.Method == last.Method { // else the redirect has dropped it
				o.request.Body, o.request.Far = last.Body, last.Far
			}
			last = o.request
		}
		first = false
		return last
	}
	o := t.order(ctx, req, func(o outcome) { passed(asked(o), o.response) })
	return asked(o), o.response, o.err
}

// writeRelay adds to an order what only a relay does.
func writeRelay(w *json.Writer, o api.SendOptions) {
	w.Text("via", o.Via)
	w.Member("tls")
	w.Object()
	if o.TLS.SkipVerify {
		w.Flag("verify", false)
	}
	w.Optional("ca", o.TLS.CA)
	w.Optional("fingerprint", o.TLS.Fingerprint)
	w.Optional("clientCert", o.TLS.ClientCert)
	w.Optional("clientKey", o.TLS.ClientKey)
	w.Optional("pkcs12", base64.StdEncoding.EncodeToString([]byte(o.TLS.PKCS12)))
	w.Optional("pkcs12Password", o.TLS.PKCS12Password)
	w.EndObject()
	if o.Proxy.URL == "" {
		return
	}
	w.Member("proxy")
	w.Object()
	w.Text("url", o.Proxy.URL)
	w.Optional("username", o.Proxy.Username)
	w.Optional("password", o.Proxy.Password)
	w.EndObject()
}

// relayed is what a relay tells besides what a fetch does.
type relayed struct {
	request           *core.Request
	message, protocol string
	field             string
	refused           bool // field is at fault
	tls               string
	trailer           core.Header
	notes             []core.Note
}

func (r *relayed) member(in *json.Reader, name []byte) (err error) {
	switch string(name) {
	case "request":
		r.request, err = readRequest(in)
	case "message":
		r.message, err = in.Str()
	case "field":
		r.refused = true
		r.field, err = in.Str()
	case "protocol":
		r.protocol, err = in.Str()
	case "tls":
		r.tls, err = in.Raw()
	case "trailers":
		r.trailer, err = readHeader(in)
	case "notes":
		err = in.Array(func() error {
			note, err := readNote(in)
			r.notes = append(r.notes, note)
			return err
		})
	default:
		err = in.Skip()
	}
	return err
}

// addTo completes an outcome. What became of its TLS goes on as it came: only people read it.
func (r *relayed) addTo(o *outcome, code string) {
	var report *core.TLSReport
	if r.tls != "" {
		report = &core.TLSReport{JSON: r.tls}
	}
	o.request = r.request
	if o.response != nil {
		o.response.Protocol, o.response.Trailer, o.response.Notes, o.response.TLS = r.protocol, r.trailer, r.notes, report
	}
	switch {
	case r.refused:
		o.err = &core.FieldError{Field: r.field, Code: code, Message: r.message}
	case r.message != "":
		o.err = &core.Failure{Code: code, Message: r.message, TLS: report}
	}
}

// readRequest reads {"method", "url", "headers"}.
func readRequest(in *json.Reader) (*core.Request, error) {
	req := new(core.Request)
	return req, in.Object(func(name []byte) (err error) {
		switch string(name) {
		case "method":
			req.Method, err = in.Str()
		case "url":
			var text string
			if text, err = in.Str(); err == nil {
				req.URL, err = platform.ParseURL(text, "")
			}
		case "headers":
			req.Header, err = readHeader(in)
		default:
			err = in.Skip()
		}
		return err
	})
}

func readNote(in *json.Reader) (core.Note, error) {
	var n core.Note
	var severity string
	texts := [...]struct {
		name string
		into *string
	}{{"code", &n.Code}, {"severity", &severity}, {"field", &n.Field}, {"message", &n.Message}, {"fix", &n.Fix}}
	err := in.Object(func(name []byte) (err error) {
		for _, t := range texts {
			if t.name == string(name) {
				*t.into, err = in.Str()
				return err
			}
		}
		return in.Skip()
	})
	n.Severity = core.Severity(severity)
	return n, err
}
