package session

import (
	"bytes"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// addBody encodes the typed body and names its type, unless the headers already do.
func (p preparation) addBody(req *core.Request) error {
	body, mediaType, err := p.encodeBody(req.Header)
	if err != nil {
		return err
	}
	req.Body, req.Far = body, p.spec.Body.Far
	if mediaType != "" && !req.Header.Has("Content-Type") && p.bodyIsMeant(req) {
		req.Header.Add("Content-Type", mediaType)
	}
	p.noteBody(req)
	return nil
}

// bodyIsMeant is false for the empty text of a GET: a form may offer a text body without anyone
// wanting one.
func (p preparation) bodyIsMeant(req *core.Request) bool {
	return req.BodySize() > 0 || req.Method != "GET" && req.Method != "HEAD"
}

// encodeBody returns the bytes and the type that a browser would give them; "" for none.
func (p preparation) encodeBody(header core.Header) (body []byte, mediaType string, err error) {
	switch typed := p.spec.Body; typed.Kind {
	case NoBody, FarBody:
		return nil, "", nil
	case TextBody:
		return []byte(typed.Text), "text/plain;charset=UTF-8", nil
	case FormBody:
		return []byte(syntax.FormEncode(typed.Form)), "application/x-www-form-urlencoded", nil
	case MultipartBody:
		return p.encodeMultipart(header)
	case BytesBody:
		return typed.Bytes, "", nil
	}
	return nil, "", bodyError("body.kind", "the body is none of text, form, multipart and base64")
}

// encodeMultipart takes the boundary from the Content-Type header if there is one, since the server
// will split the body by that, and else from Env: it is part of what is signed, so a browser's own
// random boundary would be of no use.
func (p preparation) encodeMultipart(header core.Header) ([]byte, string, error) {
	boundary := ""
	if mediaType, named := header.Get("Content-Type"); named {
		if boundary = boundaryOf(mediaType); boundary == "" {
			p.tr.Note(core.Note{Code: "body.boundary-missing", Severity: core.Warn, Field: "headers",
				Ref:     core.Ref{Doc: "RFC 7578", Section: "4.1"},
				Message: "the Content-Type header names no boundary, so the server cannot split this body",
				Fix:     "remove the Content-Type header; one that fits is then made"})
		}
	}
	if boundary == "" {
		boundary = p.env.Nonce("boundary", 16)
	}
	if err := checkParts(boundary, p.spec.Body.Parts); err != nil {
		return nil, "", err
	}
	return syntax.Multipart(boundary, p.spec.Body.Parts), "multipart/form-data; boundary=" + quoteBoundary(boundary), nil
}

func checkParts(boundary string, parts []syntax.Part) error {
	if !syntax.ValidBoundary(boundary) {
		return bodyError("body.boundary", "the boundary has a character that none may have, or more than 70 of them")
	}
	for _, part := range parts {
		if bytes.Contains(part.Value, []byte("--"+boundary)) {
			return bodyError("body.boundary", "the boundary occurs inside a part; choose another one")
		}
		if part.Type != "" {
			if code, _ := headerProblem("Content-Type", part.Type); code != "" {
				return bodyError("body.type", "the type of a part is no media type")
			}
		}
	}
	return nil
}

// boundaryOf reads the boundary parameter of a multipart media type; "" for none.
func boundaryOf(mediaType string) string {
	for _, parameter := range strings.Split(mediaType, ";")[1:] {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "boundary") {
			return strings.Trim(strings.TrimSpace(value), "\"")
		}
	}
	return ""
}

// quoteBoundary adds quotes where the boundary is no token (RFC 2045, section 5.1); a valid
// boundary never has a quote or a backslash in it.
func quoteBoundary(boundary string) string {
	if syntax.IsToken(boundary) {
		return boundary
	}
	return `"` + boundary + `"`
}

func (p preparation) noteBody(req *core.Request) {
	if p.spec.Body.Kind == TextBody && looksLikeJSON(p.spec.Body.Text) && !p.spec.Header.Has("Content-Type") {
		p.tr.Note(core.Note{Code: "body.json-as-text", Severity: core.Info, Field: "body", Ref: core.Ref{Doc: "RFC 8259", Section: "11"},
			Message: "the body looks like JSON but goes out as text/plain, which many servers refuse",
			Fix:     "add the header Content-Type: application/json"})
	}
}

// noteBodyMethod warns where no browser does: fetch refuses such a request, which is then blocked.
func noteBodyMethod(built *Built) {
	method := built.Request.Method
	if built.Request.BodySize() == 0 || method != "GET" && method != "HEAD" || built.Browser.Blocked != nil {
		return
	}
	built.Trace.Note(core.Note{Code: "body.method", Severity: core.Warn, Field: "body", Ref: core.Ref{Doc: "RFC 9110", Section: "9.3.1"},
		Message: "a body with " + method + " means nothing to most servers, and browsers refuse to send one",
		Fix:     "choose POST, or remove the body"})
}

func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") ||
		strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]")
}

func bodyError(code, message string) error {
	return &core.FieldError{Field: "body", Code: code, Message: message, Ref: core.Ref{Doc: "RFC 7578", Section: "4"}}
}
