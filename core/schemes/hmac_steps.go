package schemes

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/syntax"
)

// The steps of an HMAC signature, which Sign and Verify share.

// hmacSide is what one of the two sides brings to the steps.
type hmacSide struct {
	plan    hmacPlan
	in      core.Input
	req     *core.Request
	tr      *core.Trace
	found   map[string]string // for Verify: what the request says of time, nonce and signature
	mac     []byte
	written core.Header // the lines to send
}

// steps is the one formula of both sides: encode( HMAC( key, message ) ), RFC 2104, section 2. The error is
// that of core.Keys.
func (s *hmacSide) steps() error {
	s.makeUnique()
	if err := s.hashBody(); err != nil {
		return err
	}
	key := s.tr.Add(core.Step{ID: "key", Title: "Take the bytes of the key", Op: "decode " + s.in.Values["keyEncoding"], Secret: true, Ref: rfc("RFC 2104", "2"),
		Why: "The same characters read as text, base64 or hexadecimal digits are three different keys.",
		In: []core.Part{{Name: "key", Value: s.in.Values["key"], From: "field:key", Secret: true},
			{Name: "written as", Value: s.in.Values["keyEncoding"], From: "field:keyEncoding"}},
		Hex: true, Out: hexOf(s.plan.key)})
	s.writeExtra()
	text, parts := s.expand(s.plan.message)
	shown, err := s.shown(text)
	if err != nil {
		return err
	}
	message := s.tr.Add(core.Step{ID: "message", Title: "Write down what is signed", Op: "fill in", Ref: s.plan.preset.ref,
		Why: "Both sides must sign the same bytes: one line break more, or JSON written anew, gives another signature.",
		In:  append([]core.Part{s.plan.text}, parts...), Hex: shown != text && len(text) <= maxShown, Out: shown})
	s.mac = mac(s.plan.hash, s.plan.key, []byte(text))
	sum := s.tr.Add(core.Step{ID: "mac", Title: "Sign it with the key", Op: "hmac-" + hashOp(s.plan.hash), Ref: rfc("RFC 2104", "2"),
		Why: "Only who has the key can make it, and it fits this message only.",
		In: []core.Part{{Name: "key", Value: s.in.Values["key"], From: "field:key", Secret: true}, // so that the lab's hint names it
			{Name: "key, hex", Value: key, From: "step:key", Secret: true}, {Name: "message", Value: message, From: "step:message"},
			{Name: "hash", Value: s.plan.hash, From: "field:algorithm"}},
		Hex: true, Out: hexOf(s.mac)})
	s.tr.Add(core.Step{ID: "signature", Title: "Write the signature as text", Op: s.plan.encoding, Ref: rfc("RFC 4648", s.encodingSection()),
		Why: "A header cannot carry every byte; servers compare the text.",
		In: []core.Part{{Name: "bytes, hex", Value: sum, From: "step:mac"},
			{Name: "written as", Value: s.in.Values["encoding"], From: "field:encoding"}},
		Hex: s.plan.encoding != encodingBase64, Out: encodeMAC(s.mac, s.plan.encoding)})
	s.writeLast()
	return nil
}

func (s *hmacSide) encodingSection() string {
	if s.plan.encoding == encodingBase64 {
		return "4"
	}
	return "8"
}

func encodeMAC(octets []byte, encoding string) string {
	if encoding == encodingBase64 {
		return base64.StdEncoding.EncodeToString(octets)
	}
	return hexOf(octets)
}

// makeUnique takes time and nonce where a template has them: of the request on the server's side.
func (s *hmacSide) makeUnique() {
	now := s.in.Env.Now()
	s.unique(timestampSeconds, core.Step{ID: "timestamp", Title: "Take the time in seconds", Op: "unix time", Ref: s.plan.preset.ref,
		Why: "The server refuses a signature of long ago, so that a recorded request is soon of no use.",
		Out: strconv.FormatInt(now.Unix(), 10)})
	s.unique(timestampMillis, core.Step{ID: "timestamp-ms", Title: "Take the time in milliseconds", Op: "unix time", Ref: s.plan.preset.ref,
		Why: "The server refuses a signature of long ago, so that a recorded request is soon of no use.",
		Out: strconv.FormatInt(now.UnixMilli(), 10)})
	if s.uses("nonce") {
		s.unique("nonce", core.Step{ID: "nonce", Title: "Draw a nonce", Op: "random", Ref: s.plan.preset.ref,
			Why: "The server takes each one once, so that nobody can send a copy of this request.",
			Out: s.in.Env.Nonce("nonce", 16)})
	}
}

func (s *hmacSide) unique(name string, step core.Step) {
	if !s.uses(name) {
		return
	}
	step.In = []core.Part{{Name: "now", Value: syntax.FormatTime(s.in.Env.Now()), From: "env:now"}}
	if name == "nonce" {
		step.In = []core.Part{{Name: "nonce", Value: step.Out, From: "env:nonce"}}
	}
	if said, given := s.found[name]; given {
		step.In, step.Out = []core.Part{{Name: name, Value: said, From: "request:headers"}}, said
	}
	s.tr.Add(step)
}

func (s *hmacSide) uses(name string) bool { return hasName(s.plan.message, name) || s.plan.sends(name) }

func (s *hmacSide) hashBody() error {
	if !s.uses(bodySHA256) && !s.uses(bodySHA256Base64) {
		return nil
	}
	sum, err := hashOfRequest(s.in.Env, "SHA-256", s.req)
	if err != nil {
		return err
	}
	step := core.Step{ID: "body-hash", Title: "Hash the body", Op: "sha-256", Ref: rfc("RFC 6234", "4.1"), In: []core.Part{requestPart(s.req)},
		Why: "It stands for the body in what is signed, so that a changed body does not pass.", Hex: true, Out: hexOf(sum)}
	if s.uses(bodySHA256) {
		s.tr.Add(step)
	}
	if s.uses(bodySHA256Base64) {
		step.ID, step.Title, step.Op, step.Out = "body-hash-base64", "Hash the body, in base64", "sha-256, base64", encodeMAC(sum, encodingBase64)
		step.Hex = false
		s.tr.Add(step)
	}
	return nil
}

// expand fills a template in. parts are what its names stand for, each once.
func (s *hmacSide) expand(template []syntax.TemplatePart) (text string, parts []core.Part) {
	var b strings.Builder
	seen := map[string]bool{}
	for _, p := range template {
		if p.Name == "" {
			b.WriteString(p.Text)
			continue
		}
		part := s.part(p.Name)
		b.WriteString(part.Value)
		if seen[p.Name] {
			continue
		}
		seen[p.Name] = true
		if p.Name == "body" {
			part = bodyPart(s.req.Body)
		}
		parts = append(parts, part)
	}
	return b.String(), parts
}

func (s *hmacSide) part(name string) core.Part {
	step := name
	switch name {
	case timestampMillis:
		step = "timestamp-ms"
	case bodySHA256:
		step = "body-hash"
	case bodySHA256Base64:
		step = "body-hash-base64"
	}
	if made := s.tr.Step(step); made != nil && (step != name || name == timestampSeconds || name == "nonce" || name == "signature") {
		return core.Part{Name: "{" + name + "}", Value: made.Out, From: "step:" + step}
	}
	header, is := headerName(name)
	if value, own := s.written.Get(header); is && own {
		return core.Part{Name: "{" + name + "}", Value: value, From: "request:headers"}
	}
	part, _ := said(name, s.req)
	return part
}

const maxShown = 64 << 10

// shown is the message as a step can show it: as text, in hex where it is none, and as its hash where it is
// longer than anyone reads.
func (s *hmacSide) shown(message string) (string, error) {
	switch {
	case len(message) > maxShown:
		sum, err := hashOfBody(s.in.Env, "SHA-256", []byte(message))
		return strconv.Itoa(len(message)) + " bytes with the SHA-256 " + hexOf(sum), err
	case utf8.ValidString(message):
		return message, nil
	}
	return hexOf([]byte(message)), nil
}

// writeExtra makes the lines before that of the signature, which the message may name.
func (s *hmacSide) writeExtra() {
	for _, l := range s.plan.lines[:len(s.plan.lines)-1] {
		text, _ := s.expand(l.template)
		s.written.Add(l.name, syntax.TrimSpace(text))
	}
}

// writeLast adds the line of the signature, and shows all of them.
func (s *hmacSide) writeLast() {
	last := s.plan.lines[len(s.plan.lines)-1]
	text, _ := s.expand(last.template)
	s.written.Add(last.name, syntax.TrimSpace(text))
	var parts []core.Part
	shown := make([]string, len(s.written))
	for i, line := range s.written {
		shown[i] = line.Name + ": " + line.Value
		template := s.plan.lines[i].text
		template.Name = "template of " + line.Name
		_, filled := s.expand(s.plan.lines[i].template)
		parts = append(append(parts, template), filled...)
	}
	s.tr.Add(core.Step{ID: "header", Title: "Write the header", Op: "fill in", Ref: s.plan.preset.ref, In: parts,
		Why: "The server reads the signature from here, and whatever else it cannot know.",
		Out: strings.Join(shown, "\n")})
}
