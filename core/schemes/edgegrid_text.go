package schemes

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// EdgeGrid's texts: what the fields may hold, how times are written, and what a person should know.

// edgeForbidden ends a value of the header, or cannot be in one.
const edgeForbidden = "; \t\r\n"

// edgeTime writes "20140321T19:34:21+0000".
func edgeTime(at time.Time) string {
	text := syntax.FormatTime(at)
	return strings.ReplaceAll(text[:10], "-", "") + text[10:19] + "+0000"
}

func readEdgeTime(text string) (at time.Time, ok bool) {
	if len(text) != len("20140321T19:34:21+0000") || text[17:] != "+0000" {
		return at, false
	}
	return syntax.ParseTime(text[:4] + "-" + text[4:6] + "-" + text[6:17] + "Z")
}

// edgeHeaders are the names of the list, in lower case and each once.
func edgeHeaders(list string) []string {
	var names []string
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }) {
		if name = strings.ToLower(name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func edgeMaxBody(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

// checkEdgeGrid refuses what no header can carry, or what would end a value early.
func checkEdgeGrid(v core.Values) error {
	wrong := func(field, code, message string) error {
		return &core.FieldError{Field: field, Code: "edgegrid." + code, Message: message, Ref: edgeRef("Authorization Header Fields")}
	}
	for _, id := range []string{"clientToken", "accessToken"} {
		token := strings.TrimSpace(v[id])
		if strings.ContainsAny(token, edgeForbidden) || !syntax.ValidFieldValue(token) {
			return wrong(id, "token", "the token has a space, a semicolon, a line break or another character that the header cannot carry; paste only what stands behind the “=” in the .edgerc file")
		}
	}
	for _, name := range edgeHeaders(v["headersToSign"]) {
		if !syntax.IsToken(name) {
			return wrong("headersToSign", "header-name", "“"+visible(name)+"” is no header’s name: those consist of letters, digits and !#$%&'*+-.^_`|~ only")
		}
	}
	if _, ok := edgeMaxBody(strings.TrimSpace(v["maxBody"])); !ok {
		return wrong("maxBody", "max-body", "how much of the body is signed is a number of bytes, such as 131072")
	}
	return nil
}

// noteEdgeGrid says what a person may not have meant.
func noteEdgeGrid(s edgeSide, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, message, fix, section string) {
		tr.Note(core.Note{Code: "edgegrid." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: edgeRef(section)})
	}
	for _, id := range []string{"clientToken", "clientSecret", "accessToken"} {
		switch value := s.v[id]; {
		case value == "":
			note("empty", core.Warn, id, "this part of the credentials is empty: the server will refuse the request", "", "Authorization Header Fields")
		case strings.HasPrefix(value, "client_") || strings.HasPrefix(value, "access_"):
			note("pasted-name", core.Warn, id, "this begins with a name of the .edgerc file, which is signed along", "leave only what stands behind the “=”", "Authorization Header Fields")
		}
	}
	if token, access := s.v["clientToken"], s.v["accessToken"]; token != "" && token == access {
		note("same-token", core.Warn, "accessToken", "client token and access token are the same text; each has its own line in the .edgerc file", "", "Authorization Header Fields")
	}
	switch size := s.req.BodySize(); {
	case size > 0 && s.req.Method != "POST":
		note("body-not-covered", core.Warn, "body", "EdgeGrid signs the body of a POST only: the one of this "+s.req.Method+" could be changed on the way", "", "Content Hash")
	case s.coversBody() && size > int64(s.maxBody):
		note("body-cut", core.Info, "maxBody", "only the first "+strconv.Itoa(s.maxBody)+" bytes of the body are signed", "", "Content Hash")
	}
	for _, name := range s.names {
		switch {
		case isBrowsersHeader(name):
			note("browser-header", core.Warn, "headersToSign", "a browser sends its own "+name+", or none: a signature over it breaks there", "leave it out, if the API does not need it", "Canonicalized Request Headers")
		case !s.req.Header.Has(name):
			note("no-header", core.Info, "headersToSign", "the request has no header “"+name+"”, so that it is left out of what is signed", "", "Canonicalized Request Headers")
		}
	}
	if s.req.URL.Query == "?" {
		note("empty-query", core.Info, "url", "the address ends in “?”, which is signed as it is sent; Akamai’s libraries leave it out", "remove it", "Data to Sign")
	}
}

// isBrowsersHeader knows what a script cannot set (https://fetch.spec.whatwg.org/#forbidden-request-header).
func isBrowsersHeader(name string) bool {
	switch name {
	case "accept-charset", "accept-encoding", "connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host",
		"keep-alive", "origin", "referer", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return strings.HasPrefix(name, "sec-") || strings.HasPrefix(name, "proxy-")
}
