package schemes

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/keys"
)

// Hawk's formula, which both sides compute:
// mac = base64( HMAC( key, "hawk.1.header" LF ts LF nonce LF method LF resource LF host LF port LF hash LF ext LF ) ).

// hawkSide is what one of the two sides brings to the steps. A Part's Value is empty where it is not sent.
type hawkSide struct {
	v   core.Values
	env core.Env
	req *core.Request
	tr  *core.Trace

	ts                         string    // seconds since 1970, as they are sent
	time, nonce, ext, app, dlg core.Part // time is where ts comes from
	hash                       string    // of the body, from its step
	hashed                     bool      // the request says one
	sentHash                   core.Part // of a request whose body is not at hand
	target                     string    // without a bewit
}

// fromFields takes what a client chooses itself.
func (s *hawkSide) fromFields() {
	field := func(id string) core.Part { return core.Part{Name: id, Value: s.v[id], From: "field:" + id} }
	s.ext, s.app, s.dlg, s.target = field("ext"), field("app"), field("dlg"), s.req.URL.Target()
}

func unixText(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// hawkHash is the name of the algorithm as mac and newHash know it.
func hawkHash(algorithm string) string {
	if algorithm == "sha1" {
		return "SHA-1"
	}
	return "SHA-256"
}

func (s *hawkSide) mac(text string) string {
	return base64.StdEncoding.EncodeToString(mac(hawkHash(s.v["algorithm"]), []byte(s.v["key"]), []byte(text)))
}

// hawkTimeMAC is what proves that the time in a challenge comes from who has the key.
func hawkTimeMAC(v core.Values, ts string) string {
	s := hawkSide{v: v}
	return s.mac("hawk.1.ts\n" + ts + "\n")
}

func (s *hawkSide) id() {
	s.tr.Add(core.Step{ID: "id", Title: "Take the ID of the key", Op: "copy", Ref: hawkExampleRef,
		Why: "The server finds key and algorithm by it.",
		In:  []core.Part{{Name: "key ID", Value: s.v["id"], From: "field:id"}}, Out: s.v["id"]})
}

// header are the steps of both sides for the Authorization header.
func (s *hawkSide) header() (string, error) {
	at := s.tr.Add(core.Step{ID: "timestamp", Title: "Count the seconds since 1970", Op: "unix time", Ref: hawkReplayRef,
		Why: "The server takes a request for about a minute only, and remembers its nonce for as long.",
		In:  []core.Part{s.time}, Out: s.ts})
	s.time = core.Part{Name: "time", Value: at, From: "step:timestamp"}
	nonce := s.tr.Add(core.Step{ID: "nonce", Title: "Draw a nonce", Op: "random", Ref: hawkReplayRef,
		Why: "The server takes each one once, so that nobody can send a copy of this request.",
		In:  []core.Part{s.nonce}, Out: s.nonce.Value})
	s.nonce = core.Part{Name: "nonce", Value: nonce, From: "step:nonce"}
	if err := s.payload(); err != nil {
		return "", err
	}
	signature := s.sign("header", "")
	in := []core.Part{{Name: "key ID", Value: s.v["id"], From: "step:id"}, s.time, s.nonce}
	line := `Hawk id="` + s.v["id"] + `", ts="` + at + `", nonce="` + nonce + `"`
	add := func(part core.Part) {
		if part.Value != "" {
			line += ", " + part.Name + `="` + part.Value + `"`
			in = append(in, part)
		}
	}
	add(core.Part{Name: "hash", Value: s.hash, From: "step:payload-hash"})
	add(s.ext)
	add(core.Part{Name: "mac", Value: signature, From: "step:mac"})
	add(s.app)
	add(s.dlg)
	return s.tr.Add(core.Step{ID: "authorization", Title: "Write all that the server needs", Op: "join", Ref: hawkExampleRef,
		Why: "The server computes the MAC again from these values and the request. No quote or backslash may be in any.",
		In:  in, Out: line}), nil
}

// payload is the step of the body's hash; it is there as well where the body is left out, so that two
// sides that disagree about it part here.
func (s *hawkSide) payload() error {
	if s.sentHash.Value == "" && s.coversBody() {
		if err := s.req.BringBody(); err != nil {
			return err
		}
	}
	chosen := core.Part{Name: "sign the body", Value: s.v["payloadHash"], From: "field:payloadHash"}
	step := core.Step{ID: "payload-hash", Title: "Leave the body out", Op: "leave out", Ref: hawkPayloadRef,
		Why: "Nothing ties the body, if there is one, to this signature: it can be changed on the way.",
		In:  []core.Part{chosen, {Name: "method", Value: s.req.Method, From: "request:method"}, requestPart(s.req)}}
	switch {
	case s.sentHash.Value != "":
		step.Title, step.Op, step.In, step.Out = "Take the hash as sent", "copy", []core.Part{chosen, s.sentHash}, s.sentHash.Value
		step.Why = "The signature covers it; whether it is the body’s is not looked at."
	case s.coversBody():
		header, _ := s.req.Header.Get("Content-Type")
		return s.hashPayload("", "request:", header, s.req.Body)
	}
	s.hash = s.tr.Add(step)
	return nil
}

// coversBody: GET and HEAD have no body as a rule, and most clients send no hash then.
func (s *hawkSide) coversBody() bool {
	return s.v["payloadHash"] == "true" && (s.hashed || s.req.BodySize() > 0 || s.req.Method != "GET" && s.req.Method != "HEAD")
}

// hashPayload is base64( H( "hawk.1.payload" LF content-type LF body LF ) ). prefix and from tell the steps
// of a request from those of an answer.
func (s *hawkSide) hashPayload(prefix, from, header string, body []byte) error {
	contentType := s.tr.Add(core.Step{ID: prefix + "content-type", Title: "Take the bare content type", Op: "normalize", Ref: hawkPayloadRef,
		Why: "In lower case and without parameters: browsers and servers write charset and boundary in their own ways.",
		In:  []core.Part{{Name: "Content-Type", Value: header, From: from + "headers"}}, Out: bareType(header)})
	sum, err := hashOfBody(s.env, hawkHash(s.v["algorithm"]), hawkPayload(contentType, body))
	if err != nil {
		return keys.At("body", err)
	}
	part := bodyPart(body)
	part.From = from + "body"
	s.hash = s.tr.Add(core.Step{ID: prefix + "payload-hash", Title: "Hash content type and body", Op: hashOp(hawkHash(s.v["algorithm"])) + ", base64",
		Ref: hawkPayloadRef,
		Why: "Through its hash the signature covers the body. Each part, “hawk.1.payload” first, ends in a line feed.",
		In: []core.Part{{Name: "content type", Value: contentType, From: "step:" + prefix + "content-type"}, part,
			{Name: "algorithm", Value: s.v["algorithm"], From: "field:algorithm"}},
		Out: base64.StdEncoding.EncodeToString(sum)})
	return nil
}

func hawkPayload(contentType string, body []byte) []byte {
	text := append([]byte("hawk.1.payload\n"+contentType+"\n"), body...)
	return append(text, '\n')
}

// bareType is a media type without its parameters.
func bareType(header string) string {
	name, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// sign are the steps of the text that is signed, and of its MAC. kind is "header", "bewit" or "response".
func (s *hawkSide) sign(kind, prefix string) string {
	port := hawkPort(s.req.URL)
	in, hash := []core.Part{s.time}, core.Part{Name: "hash", Value: s.hash, From: "step:" + prefix + "payload-hash"}
	if s.tr.Step(prefix+"payload-hash") == nil {
		hash.From = "response:Server-Authorization"
	}
	for _, part := range []core.Part{s.nonce, hash, s.ext, s.app, s.dlg} {
		if part.Value != "" {
			in = append(in, part)
		}
	}
	in = append(in, core.Part{Name: "method", Value: s.req.Method, From: "request:method"}, core.Part{Name: "address", Value: s.req.URL.String(), From: "request:url"})
	text := s.tr.Add(core.Step{ID: prefix + "normalized", Title: "Write what is signed in lines", Op: "join", Ref: hawkExampleRef,
		Why: "Both sides must build this text byte for byte: method, path with query, host and port come from the request itself.",
		In:  in, Out: s.normalized(kind, port)})
	return s.tr.Add(core.Step{ID: prefix + "mac", Title: "Sign the text with the key", Op: "hmac-" + s.v["algorithm"] + ", base64", Ref: hawkExampleRef,
		Why: "Only who has the key can make it, and it fits no other text.",
		In: []core.Part{{Name: "text", Value: text, From: "step:" + prefix + "normalized"}, {Name: "key", Value: s.v["key"], From: "field:key", Secret: true},
			{Name: "algorithm", Value: s.v["algorithm"], From: "field:algorithm"}},
		Out: s.mac(text)})
}

// normalized is generateNormalizedString of Hawk's lib/crypto.js. A bewit is always for GET.
func (s *hawkSide) normalized(kind, port string) string {
	method := strings.ToUpper(s.req.Method)
	if kind == inBewit {
		method = "GET"
	}
	lines := []string{"hawk.1." + kind, s.ts, s.nonce.Value, method, s.target, strings.ToLower(s.req.URL.Host), port, s.hash,
		strings.ReplaceAll(strings.ReplaceAll(s.ext.Value, `\`, `\\`), "\n", `\n`)}
	if s.app.Value != "" {
		lines = append(lines, s.app.Value, s.dlg.Value)
	}
	return strings.Join(lines, "\n") + "\n"
}

func hawkPort(u core.URL) string {
	switch {
	case u.Port != "":
		return u.Port
	case u.Scheme == "http":
		return "80"
	}
	return "443"
}
