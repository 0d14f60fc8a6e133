package syntax

import (
	"bytes"
	"strings"
)

// Part is one field of a multipart/form-data body (RFC 7578, section 4).
type Part struct {
	Name     string
	Value    []byte // sent as it is: line breaks are not changed
	File     int    // number, from 1, of a file that stands for Value; 0: none
	Filename string // empty: a plain field
	Type     string // media type; empty: none for a plain field, application/octet-stream for a file
}

// Multipart writes parts as multipart/form-data with this boundary, which must be a ValidBoundary
// that occurs in no part. Files are left out: files[i] belongs behind texts[i], and there is one text more.
func Multipart(boundary string, parts []Part) (texts [][]byte, files []int) {
	var b bytes.Buffer
	for _, p := range parts {
		b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + partText(p.Name) + "\"")
		if p.Filename != "" {
			b.WriteString("; filename=\"" + partText(p.Filename) + "\"")
		}
		b.WriteString("\r\n")
		if mediaType := p.mediaType(); mediaType != "" {
			b.WriteString("Content-Type: " + mediaType + "\r\n")
		}
		b.WriteString("\r\n")
		if p.File > 0 {
			texts, files = append(texts, bytes.Clone(b.Bytes())), append(files, p.File)
			b.Reset()
		}
		b.Write(p.Value)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + boundary + "--\r\n")
	return append(texts, b.Bytes()), files
}

func (p Part) mediaType() string {
	if p.Type == "" && p.Filename != "" {
		return "application/octet-stream"
	}
	return p.Type
}

// partText escapes a name as browsers do, which is neither a quoted-string nor RFC 2231
// (https://html.spec.whatwg.org/#escaping-a-string-for-multipart/form-data).
func partText(text string) string {
	if !strings.ContainsAny(text, "\"\r\n") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "\"", "%22"), "\r", "%0D"), "\n", "%0A")
}

// ValidBoundary reports whether text can separate parts: 1 to 70 bchars, not ending in a space
// (RFC 2046, section 5.1.1).
func ValidBoundary(text string) bool {
	if text == "" || len(text) > 70 || text[len(text)-1] == ' ' {
		return false
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isAlphanumeric(c) && !strings.ContainsRune("'()+_,-./:=? ", rune(c)) {
			return false
		}
	}
	return true
}
