package session

import (
	"bytes"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// addBody encodes the typed body and names its type, unless the headers already do.
func (p preparation) addBody(req *core.Request) error {
	mediaType, err := p.encodeBody(req)
	if err != nil {
		return err
	}
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

// encodeBody gives req its body and returns the type that a browser would give that; "" for none.
func (p preparation) encodeBody(req *core.Request) (mediaType string, err error) {
	switch typed := p.spec.Body; typed.Kind {
	case NoBody:
		return "", nil
	case TextBody:
		req.Body = []byte(typed.Text)
		return "text/plain;charset=UTF-8", nil
	case FormBody:
		req.Body = []byte(syntax.FormEncode(typed.Form))
		return "application/x-www-form-urlencoded", nil
	case MultipartBody:
		return p.encodeMultipart(req)
	case BytesBody:
		req.Body = typed.Bytes
		return "", nil
	case FarBody:
		req.Far = typed.Far
		return "", nil
	}
	return "", bodyError("body.kind", "the body is none of text, form, multipart and base64")
}

// encodeMultipart takes the boundary from the Content-Type header if there is one, since the server
// will split the body by that, and else from Env: it is part of what is signed, so a browser's own
// random boundary would be of no use.
func (p preparation) encodeMultipart(req *core.Request) (mediaType string, err error) {
	boundary := ""
	if mediaType, named := req.Header.Get("Content-Type"); named {
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
	body := p.spec.Body
	if err := checkParts(boundary, body); err != nil {
		return "", err
	}
	texts, files := syntax.Multipart(boundary, body.Parts)
	if len(files) > 0 {
		req.Far = body.Files.Join(texts, files)
	} else {
		req.Body = texts[0]
	}
	return "multipart/form-data; boundary=" + quoteBoundary(boundary), nil
}

func checkParts(boundary string, body Body) error {
	if !syntax.ValidBoundary(boundary) {
		return bodyError("body.boundary", "the boundary has a character that none may have, or more than 70 of them")
	}
	for _, part := range body.Parts {
		if part.File > 0 && (body.Files == nil || part.File > body.Files.Count()) {
			return bodyError("body.file", "a part names a file that does not stand beside the parameters")
		}
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
