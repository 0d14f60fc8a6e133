// Package session takes what a person typed to what goes on the wire, and on to the answer:
// prepare, sign, predict what the browser will do to it, send.
package session

import (
	"strings"

	"authpad/core"
	"authpad/core/fetchrules"
	"authpad/core/syntax"
)

// Spec is a request as typed.
type Spec struct {
	Method string // empty: GET
	URL    string // absolute, or relative to Base
	Base   string // address of the page; empty: relative addresses are refused
	Header core.Header
	Body   Body
}

// Body is a request body as typed.
type Body struct {
	Kind  string // NoBody, TextBody …: which of the members below counts
	Text  string
	Form  []core.Param
	Parts []syntax.Part
	Bytes []byte
	Far   core.Far   // of a FarBody alone
	Files core.Files // those that Parts name; nil: none
}

// The kinds of bodies. Each but the first and the last brings a Content-Type of its own, unless the
// headers name one.
const (
	NoBody        = ""
	TextBody      = "text"
	FormBody      = "form"
	MultipartBody = "multipart"
	BytesBody     = "bytes"
	FarBody       = "far"
)

// preparation is a request on its way from Spec to core.Request.
type preparation struct {
	spec Spec
	env  core.Env
	tr   *core.Trace // for notes
}

// outgoing is the request before it is signed, and the credentials that stood in its URL.
func (p preparation) outgoing() (*core.Request, credentials, error) {
	req, err := p.start()
	if err != nil {
		return nil, credentials{}, err
	}
	if err := p.addBody(req); err != nil {
		return nil, credentials{}, err
	}
	lifted := liftCredentials(&req.URL)
	p.noteURL(req.URL)
	return req, lifted, nil
}

// start is the request without its body.
func (p preparation) start() (*core.Request, error) {
	method, err := checkMethod(p.spec.Method)
	if err != nil {
		return nil, err
	}
	address, err := parseAddress(p.spec.URL, p.spec.Base)
	if err != nil {
		return nil, err
	}
	header, err := checkHeader(p.spec.Header)
	if err != nil {
		return nil, err
	}
	return &core.Request{Method: method, URL: address, Header: header}, nil
}

// checkMethod writes the method as fetch does: six names in upper case, every other one as typed.
func checkMethod(typed string) (string, error) {
	method := strings.Trim(typed, " \t\r\n")
	if method == "" {
		return "GET", nil
	}
	if !syntax.IsToken(method) {
		return "", &core.FieldError{Field: "method", Code: "method.invalid", Ref: core.Ref{Doc: "RFC 9110", Section: "9.1"},
			Message: "the method has a character that no method may have, such as a space; use letters only"}
	}
	return fetchrules.NormalizeMethod(method), nil
}

// checkHeader leaves out empty rows and trims values as fetch does
// (https://fetch.spec.whatwg.org/#concept-header-value-normalize). An error names the row as typed.
func checkHeader(typed core.Header) (core.Header, error) {
	header := make(core.Header, 0, len(typed)+2) // room for Content-Type and Authorization
	for i, line := range typed {
		name, value := strings.Trim(line.Name, " \t\r\n"), strings.Trim(line.Value, " \t\r\n")
		if name == "" && value == "" {
			continue
		}
		if code, message := headerProblem(name, value); code != "" {
			return nil, &core.FieldError{Field: "headers." + itoa(i), Code: code, Message: message,
				Ref: core.Ref{Doc: "RFC 9110", Section: "5"}}
		}
		header.Add(name, value)
	}
	return header, nil
}

func headerProblem(name, value string) (code, message string) {
	switch {
	case name == "":
		return "header.name", "this header line has a value but no name"
	case strings.HasSuffix(name, ":") && syntax.IsToken(name[:len(name)-1]):
		return "header.name", "write the header’s name without the colon"
	case !syntax.IsToken(name):
		return "header.name", "a header name holds only letters, digits and a few marks such as “-”, no spaces"
	case strings.ContainsFunc(value, func(r rune) bool { return r > 0xff }):
		return "header.charset", "a header value can hold characters up to U+00FF only; percent-encode the others"
	case !syntax.ValidFieldValue(value):
		return "header.value", "a header value cannot contain a line break or another control character"
	}
	return "", ""
}
