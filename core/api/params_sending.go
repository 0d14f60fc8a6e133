package api

import (
	"errors"

	"authpad/core"
	"authpad/core/platform"
)

// How a request is to be sent: the shapes TLS and Fetch of the contract, and the proxy.

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
