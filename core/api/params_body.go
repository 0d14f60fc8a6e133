package api

import (
	"encoding/base64"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/session"
	"authpad/core/syntax"
)

// The shape Body of the contract.

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
		case "file":
			return r.fileOf(&part)
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

// fileOf takes the number of a file beside the parameters, from 0.
func (r reader) fileOf(part *syntax.Part) error {
	number, err := r.Int()
	if err != nil || number < 0 || number >= maxFiles {
		return &core.FieldError{Field: "body", Code: "body.file", Message: "the file of a part is the number, from 0, of one that stands beside the parameters"}
	}
	part.File = int(number) + 1
	return nil
}

const maxFiles = 1000

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
