package schemes

import (
	"slices"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Which headers a signature of Version 4 adds and covers, and how they are written down.

// addLines adds the headers that AWS looks for and nobody typed.
func (s *awsSigning) addLines() {
	if s.presigned {
		return
	}
	add := func(name, value string) {
		if value != "" && !s.req.Header.Has(name) {
			s.req.Header.Add(name, value)
		}
	}
	add(sessionToken, s.token)
	add("X-Amz-Date", s.date.Value)
	if s.asymmetric() {
		add("X-Amz-Region-Set", s.region.Value)
	}
	if s.sendsHash() {
		add(contentHash, s.payload)
	}
}

// covered are the names of the headers that are signed: all but those that arrive otherwise than typed.
// Lower case first: SigV4 sorts by the lowered name.
func (s *awsSigning) covered() []string {
	names := []string{"host"}
	for _, f := range s.req.Header {
		name := strings.ToLower(f.Name)
		if !slices.Contains(names, name) && s.notCovered(name) == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// notCovered says why a header is not signed; empty where it is. What a browser sets or drops would break
// the signature, and so would what is changed on the way (core/fetchrules has the rules of browsers).
func (s *awsSigning) notCovered(name string) (reason string) {
	const none = "a browser does not send it"
	switch {
	case listed(" host user-agent cookie origin referer accept-encoding connection ", name):
		return "a browser sends its own"
	case listed(" accept-charset access-control-request-headers access-control-request-method cookie2 dnt expect keep-alive "+
		"set-cookie te trailer transfer-encoding upgrade via ", name),
		strings.HasPrefix(name, "sec-"), strings.HasPrefix(name, "proxy-"):
		return none
	}
	switch name {
	case "authorization":
		return "it carries the signature"
	case "date": // beside a typed X-Amz-Date it is there to be signed, as in AWS's own example
		if s.date.From != "request:headers" {
			return none + "; X-Amz-Date says the time"
		}
	case "content-length":
		typed, _ := s.req.Header.Get(name)
		if typed != strconv.FormatInt(s.req.BodySize(), 10) || typed == "0" {
			return "the sender counts the body itself"
		}
	case "x-amz-security-token":
		if !s.signsToken() {
			return "the session token is not to be signed"
		}
	case "x-amzn-trace-id":
		return "servers on the way change it"
	}
	return ""
}

// joinLines writes the lines of one name as one: a browser would join them by a comma and a space, where
// AWS joins by a comma alone.
func (s *awsSigning) joinLines() {
	for _, name := range s.signed {
		if lines := s.req.Header.Values(name); len(lines) > 1 {
			s.req.Header.Set(name, joinedLines(lines))
			s.say("joined", core.Info, "headers", "the lines of "+name+" are sent as one, joined by commas: a browser does so, but with a space that would break the signature", "")
		}
	}
}

func joinedLines(lines []string) string {
	var kept []string
	for _, line := range lines {
		if line = syntax.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, ",")
}

func headerLines(header core.Header) string {
	lines := make([]string, len(header))
	for i, f := range header {
		lines[i] = f.Name + ": " + f.Value
	}
	return strings.Join(lines, "\n")
}

func (s *awsSigning) canonicalHeaders() string {
	lines := make([]string, len(s.signed))
	for i, name := range s.signed {
		lines[i] = name + ":" + s.headerValue(name)
	}
	return strings.Join(lines, "\n")
}

// headerValue knows what HTTP itself adds to a request.
func (s *awsSigning) headerValue(name string) string {
	values := s.req.Header.Values(name)
	switch {
	case name == "host":
		return s.host
	case name == "content-length" && values == nil:
		return strconv.FormatInt(s.req.BodySize(), 10)
	}
	return awsHeader(values)
}
