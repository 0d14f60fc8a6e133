package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
)

// What a person may not have meant, or should know about a signature of Version 4.

//go:noinline
func (s *awsSigning) say(code string, severity core.Severity, field, message, fix string) {
	s.tr.Note(core.Note{Code: s.id + "." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: awsRef(awsPage)})
}

func (s *awsSigning) note() {
	s.noteKeys()
	s.noteHost()
	s.noteHeaders()
	s.noteAddress()
	s.notePresigned()
	if s.payload == unsignedPayload && !s.alwaysUnsigned() {
		s.say("body-unsigned", core.Warn, "payload", "the signature does not cover the body: whoever changes it on the way is not noticed", "use https, or sign the body")
	}
}

func (s *awsSigning) noteKeys() {
	key, secret := s.accessKey, s.secret
	switch temporary := strings.HasPrefix(key, "ASIA"); {
	case len(key) == 40 && (strings.HasPrefix(secret, "AKIA") || strings.HasPrefix(secret, "ASIA")):
		s.say("swapped", core.Warn, "accessKeyId", "access key ID and secret access key look swapped: the ID, which is sent, is the one that begins with AKIA or ASIA", "exchange the two")
	case temporary && s.token == "":
		s.say("needs-token", core.Warn, "sessionToken", "an access key ID that begins with ASIA is temporary: without its session token AWS does not know it", "paste the session token that came with it")
	case strings.HasPrefix(key, "AKIA") && s.token != "":
		s.say("needless-token", core.Warn, "sessionToken", "an access key ID that begins with AKIA has no session token; AWS refuses one that belongs to other keys", "empty the session token")
	}
	if n := len(secret); n > 1 && secret[0] == secret[n-1] && (secret[0] == '"' || secret[0] == '\'') {
		s.say("quotes", core.Warn, "secretAccessKey", "the secret access key is in quotes, which are taken for part of it", "remove them")
	}
}

// noteHost compares region and service with what the host says.
func (s *awsSigning) noteHost() {
	if guessed := s.compareHost(&s.region, s.ofHost.region) + s.compareHost(&s.service, s.ofHost.service); guessed != "" {
		s.say("guessed", core.Info, "url", "taken from the host:"+guessed, "")
	}
	if typed, given := s.req.Header.Get("Host"); given && !strings.EqualFold(typed, s.host) {
		s.say("typed-host", core.Warn, "headers", "the typed Host is not signed: a browser sends the host of the address, "+s.host+", which is; elsewhere the typed one is sent, and the signature does not match", "change the address instead")
	}
}

// compareHost returns what was taken from the host, and warns of what differs from it.
func (s *awsSigning) compareHost(part *core.Part, known string) (guessed string) {
	field, typed := strings.CutPrefix(part.From, "field:")
	if part.From == "request:url" {
		return " " + part.Name + " " + part.Value
	}
	if typed && known != "" && known != part.Value && !s.asymmetric() {
		s.say("host-differs", core.Warn, field, "the host belongs to the "+part.Name+" "+known+", not to "+visible(part.Value)+": its server refuses this scope",
			"type "+known+", or empty the field")
	}
	return ""
}

// noteHeaders says which of the typed headers are signed, and which are not.
func (s *awsSigning) noteHeaders() {
	var signed, others []string
	for _, f := range s.req.Header {
		name := strings.ToLower(f.Name)
		if reason := s.notCovered(name); reason != "" && name != "host" {
			others = append(others, name+" ("+reason+")")
		} else if name != "host" {
			signed = append(signed, name)
		}
		s.noteValue(name, f.Value)
	}
	if len(others) > 0 {
		s.say("not-signed", core.Info, "headers", "not signed: "+strings.Join(others, ", "), "")
	}
	if len(signed) > 0 {
		s.say("signed", core.Info, "headers", "of your headers these are signed, and must arrive as they are: "+strings.Join(signed, ", "), "")
	}
}

func (s *awsSigning) noteValue(name, value string) {
	if s.notCovered(name) != "" {
		return
	}
	switch {
	case name == "date":
		s.say("date-signed", core.Warn, "headers", "Date is signed, since X-Amz-Date is typed beside it; a browser drops it, and then the signature does not match",
			"remove the line Date, or send this natively")
	case strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		s.say("not-ascii", core.Warn, "headers", name+" has characters outside ASCII, which servers read as other bytes than were signed", "encode them as the service wants it, for example percent-encoded")
	case strings.Contains(value, "\t"):
		s.say("tab", core.Warn, "headers", name+" has a tab inside; some servers sign it as a space", "write a space")
	}
}

// noteAddress is about what clients and servers sign in different ways.
func (s *awsSigning) noteAddress() {
	path, query := s.req.URL.Path, strings.TrimPrefix(s.query, "?")
	if strings.Contains(path, "+") && s.onS3() {
		read := "a plus"
		if s.plusIsSpace() {
			read = "a space"
		}
		s.say("plus-in-path", core.Warn, "url", "“+” in the path is signed as "+read+"; AWS reads it as a space there, other servers of S3 as a plus", "write %20 for a space, %2B for a plus")
	}
	if strings.Contains(path, "//") && s.normal() {
		s.say("double-slash", core.Info, "url", "“//” in the path is signed as “/”, as most services do it; S3 does not", "")
	}
	if strings.Contains(strings.ToUpper(path), "%2F") && s.once() {
		s.say("slash-in-path", core.Warn, "url", "%2F in the path is signed as “/”, since S3 decodes a path before it compares", "")
	}
	if strings.Contains(query, "+") {
		s.say("plus-in-query", core.Info, "url", "“+” in the query is read and signed as a space", "write %2B for a plus")
	}
	if strayPercent(path) || strayPercent(query) {
		s.say("stray-percent", core.Warn, "url", "the address has a “%” without two hex digits behind it, which servers read in different ways", "write %25")
	}
}

func strayPercent(text string) bool {
	for {
		_, rest, found := strings.Cut(text, "%")
		if !found {
			return false
		}
		if len(rest) < 2 || strings.Trim(rest[:2], "0123456789abcdefABCDEF") != "" {
			return true
		}
		text = rest
	}
}

func (s *awsSigning) notePresigned() {
	if !s.presigned {
		return
	}
	notePlainHTTP(s.id, "the presigned address", s.req, s.tr)
	s.say("presigned", core.Info, "expires", "whoever has this address can send the request for "+s.expires+" seconds, so it is as good as a password until then", "")
	if s.payload == unsignedPayload && s.req.BodySize() > 0 {
		s.say("presigned-body", core.Info, "in", "a presigned address of "+s.service.Value+" does not cover the body: any other may be sent with it", "")
	}
	if names := s.covered(); len(names) > 1 {
		s.say("presigned-headers", core.Warn, "headers", "whoever opens the address must send these headers with it, as they are: "+strings.Join(names[1:], ", "),
			"remove them, if the address is to work by itself")
	}
}

// noteTypedDate warns of a time that the server will not take.
func (s *awsSigning) noteTypedDate(at time.Time) {
	if s.presigned {
		s.say("date-moved", core.Info, "headers", "the typed X-Amz-Date is sent in the address, where a presigned one has it", "")
	}
	now := s.env.Now()
	if early, late := at.Sub(now) > awsWindow, now.Sub(at) > awsWindow; early || late {
		s.say("skew", core.Warn, "headers", "the typed X-Amz-Date lies "+ago(now, at)+"; servers take "+strconv.Itoa(int(awsWindow/time.Minute))+" minutes either way",
			"remove it: the clock is used then")
	}
}

func (s *awsSigning) noteTypedHash(hash string) {
	if s.payload != hash && !strings.HasPrefix(s.payload, "STREAMING-") {
		s.say("typed-hash", core.Error, "headers", "the typed "+contentHash+" is not the hash of this body, so the server refuses it", "remove the line: it is made anew")
	}
}
