package schemes

import (
	"slices"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// The names that templates of an HMAC signature know, what they stand for, and how a line is matched with its
// template again. The grammar is in core/syntax.

var hmacNames = []string{"method", "path", "query", "target", "host", "url", "body", bodySHA256, bodySHA256Base64,
	timestampSeconds, timestampMillis, "nonce"}

const (
	bodySHA256       = "body.sha256"
	bodySHA256Base64 = "body.sha256.base64"
	timestampSeconds = "timestamp"
	timestampMillis  = "timestamp.ms"
)

// readTemplate reads a template and knows its names; only the value of the header may have {signature}.
func readTemplate(text core.Part, signature bool) ([]syntax.TemplatePart, error) {
	wrong := func(code, message string) error {
		return &core.FieldError{Field: strings.TrimPrefix(text.From, "field:"), Code: "hmac." + code, Message: message, Ref: rfc("RFC 2104", "2")}
	}
	parts, problem := syntax.ParseTemplate(text.Value)
	if problem != nil {
		return nil, wrong("template", problem.Text)
	}
	for _, p := range parts {
		header, isHeader := headerName(p.Name)
		switch {
		case p.Name == "" || slices.Contains(hmacNames, p.Name) || isHeader && syntax.IsToken(header):
		case p.Name == "signature" && signature:
		case p.Name == "signature":
			return nil, wrong("circular", "{signature} at character "+strconv.Itoa(p.At)+" belongs into the value of the header: it cannot sign itself")
		case isHeader:
			return nil, wrong("name", "{header:…} at character "+strconv.Itoa(p.At)+" needs the name of a header, such as {header:Content-Type}")
		default:
			return nil, wrong("name", "{"+visible(p.Name)+"} at character "+strconv.Itoa(p.At)+" is none of the names, which are "+knownNames(signature)+"; for a brace itself write {{")
		}
	}
	return parts, nil
}

func knownNames(signature bool) string {
	names := "{" + strings.Join(hmacNames, "} {") + "} {header:X-Name}"
	if signature {
		names += " {signature}"
	}
	return names
}

func headerName(name string) (header string, is bool) { return strings.CutPrefix(name, "header:") }

func hasName(template []syntax.TemplatePart, name string) bool {
	return slices.ContainsFunc(template, func(p syntax.TemplatePart) bool { return p.Name == name })
}

// said is what a name stands for that the request says itself; known is false for what is computed.
func said(name string, req *core.Request) (part core.Part, known bool) {
	path := req.URL.Path
	if path == "" {
		path = "/"
	}
	part = core.Part{Name: "{" + name + "}", From: "request:url"}
	switch name {
	case "method":
		part.Value, part.From = req.Method, "request:method"
	case "path":
		part.Value = path
	case "query":
		part.Value = trimQuestion(req.URL.Query)
	case "target":
		part.Value = req.URL.Target()
	case "host":
		part.Value = req.URL.Authority()
	case "url":
		part.Value = req.URL.Origin() + req.URL.Target()
	case "body":
		part.Value, part.From = string(req.Body), "request:body"
	default:
		header, is := headerName(name)
		part.Value, part.From = joinedHeader(header, req), "request:headers"
		return part, is
	}
	return part, true
}

// joinedHeader is a header's value as recipients combine its lines (RFC 9110, section 5.3).
func joinedHeader(name string, req *core.Request) string {
	values := req.Header.Values(name)
	for i := range values {
		values[i] = syntax.TrimSpace(values[i])
	}
	if values == nil && strings.EqualFold(name, "Host") {
		return req.URL.Authority()
	}
	return strings.Join(values, ", ")
}

// matchTemplate finds in line what the computed names of its template stand for; that the rest is right is seen
// when the line is written anew and compared. size is how long a signature is, which tells it from what is beside it.
func matchTemplate(template []syntax.TemplatePart, line string, size int, req *core.Request, found map[string]string) bool {
	pieces := withTexts(template, req)
	for i, p := range pieces {
		if p.Name == "" {
			if !strings.HasPrefix(line, p.Text) {
				return false
			}
			line = line[len(p.Text):]
			continue
		}
		end := endOf(p.Name, line, pieces[i+1:], size)
		if end < 0 {
			return false
		}
		if earlier, twice := found[p.Name]; twice && earlier != line[:end] {
			return false
		}
		found[p.Name] = line[:end]
		line = line[end:]
	}
	return line == ""
}

// endOf is where in line what name stands for ends: as far in front of the line's end as what follows is long, if
// that is known, or else where the text behind it begins; -1: nowhere.
func endOf(name, line string, behind []syntax.TemplatePart, size int) int {
	end := len(line)
	known := true
	for _, p := range behind {
		end -= len(p.Text)
		if p.Name == "signature" {
			end -= size
		} else if p.Name != "" {
			known = false
		}
	}
	switch {
	case len(behind) == 0 || known && end >= 0 && strings.HasPrefix(line[end:], behind[0].Text):
		return end
	case behind[0].Name == "":
		return strings.Index(line, behind[0].Text)
	case name == "signature": // two in a row
		return min(size, len(line))
	case name == timestampSeconds:
		return min(len("1767323045"), len(line))
	}
	return len(line) - len(strings.TrimLeft(line, "0123456789")) // if it can be told at all
}

// withTexts is the template with texts for the names that the request says itself, and no two texts in a row.
func withTexts(template []syntax.TemplatePart, req *core.Request) []syntax.TemplatePart {
	var pieces []syntax.TemplatePart
	for _, p := range template {
		if p.Name != "" {
			part, known := said(p.Name, req)
			if !known {
				pieces = append(pieces, p)
				continue
			}
			p = syntax.TemplatePart{Text: part.Value}
		}
		if n := len(pieces); n > 0 && pieces[n-1].Name == "" {
			pieces[n-1].Text += p.Text
		} else if p.Text != "" {
			pieces = append(pieces, p)
		}
	}
	return pieces
}
