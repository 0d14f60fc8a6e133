package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// The server's side of message signatures (RFC 9421, section 3.2).

// httpsigWindow is how far the time of creation may be from the server's, either way.
const httpsigWindow = 5 * time.Minute

// httpsigReceived is one signature of a message.
type httpsigReceived struct {
	httpsigPlan
	signature []byte
}

// verifyHTTPSig rebuilds what the client says it has signed. Where the client did not sign what it
// should have, the expected steps are those of the server's own fields.
func verifyHTTPSig(in core.Input, req *core.Request, tr *core.Trace) error {
	s, err := readHTTPSig(in, false)
	if err != nil {
		return err
	}
	if _, err := readServerKey(in.Values); err != nil {
		return err
	}
	wrongDigest, err := expectContentDigest(in, req, tr)
	if err != nil {
		return err
	}
	m := httpMessage{req: req}
	got, rejection := receivedSignature(m, req.Header, s)
	if rejection == nil {
		rejection = s.judge(got, in)
	}
	if rejection != nil {
		return s.expected(in, m, rejection, tr)
	}
	s.httpsigPlan = got.httpsigPlan
	base, at, u := s.addBase(m, tr)
	s.addInput(tr)
	if err := s.addKey(in, tr); err != nil {
		return err
	}
	switch {
	case u != nil:
		return &core.Rejection{Code: "httpsig." + u.code, Step: componentStep(at), Ref: rfc("RFC 9421", u.section), Message: placed(s.components, at) + u.message}
	case wrongDigest != nil:
		return wrongDigest
	}
	return s.check(in, req, base, got, tr)
}

// check comes to the signature itself, and to what is only worth asking of a right one.
func (s *httpsigSettings) check(in core.Input, req *core.Request, base string, got *httpsigReceived, tr *core.Trace) error {
	valid, err := s.valid(in, base, got.signature)
	if err != nil {
		return keys.At("key", err)
	}
	if !valid {
		return httpsigCase{s, in, req, base, got.signature, tr}.explain()
	}
	s.addSignature(got.signature, tr)
	noteReceived(in, got, req, tr)
	if rejection := got.judgeTime(in); rejection != nil {
		return rejection
	}
	return got.judgeNonce(in)
}

func (s *httpsigSettings) valid(in core.Input, base string, signature []byte) (bool, error) {
	if s.algorithm.jose == "" {
		return fitsMAC("SHA-256", s.secret, base, signature), nil
	}
	return in.Env.Keys.Verify(s.algorithm.jose, s.key, []byte(base), signature)
}

// expected adds the steps of a signature as the server's own fields ask for it.
func (s *httpsigSettings) expected(in core.Input, m httpMessage, rejection *core.Rejection, tr *core.Trace) error {
	s.addBase(m, tr)
	s.addInput(tr)
	if err := s.addKey(in, tr); err != nil {
		return err
	}
	if rejection.Step == "signature-params" && rejection.Want == "" {
		rejection.Want = s.text()
	}
	return rejection
}

// receivedSignature finds the signature in a message's header: that of the label; else the only one, or
// the only one by this key. Labels are the sender's (RFC 9421, section 7.2.5).
func receivedSignature(m httpMessage, header core.Header, s *httpsigSettings) (got *httpsigReceived, rejection *core.Rejection) {
	got = &httpsigReceived{}
	refuse := func(code, section, message string) *core.Rejection {
		return &core.Rejection{Code: "httpsig." + code, Step: "signature-input", Ref: rfc("RFC 9421", section), Message: message}
	}
	if code, problem := lackingLine(header); problem != "" {
		return got, refuse(code, "4", problem)
	}
	inputs, err := syntax.ParseDictionary(strings.Join(header.Values("Signature-Input"), ", "))
	if err != nil {
		return got, refuse("unreadable", "4.1", "the Signature-Input line cannot be read: "+err.Error())
	}
	values, err := syntax.ParseDictionary(strings.Join(header.Values("Signature"), ", "))
	if err != nil {
		return got, refuse("unreadable", "4.2", "the Signature line cannot be read: "+err.Error())
	}
	input, found := s.choose(inputs)
	if !found {
		return got, refuse("no-label", "3.2", "none of "+strconv.Itoa(len(inputs))+" members of Signature-Input has the label “"+s.label+"”")
	}
	value, found := memberOf(values, input.Key)
	switch {
	case !input.IsList:
		return got, refuse("unreadable", "4.1", "the member “"+input.Key+"” of Signature-Input is no list in parentheses")
	case !found:
		return got, refuse("no-signature", "3.2", "the Signature line has no member “"+input.Key+"”")
	case value.IsList || value.Kind != syntax.BytesItem:
		return got, refuse("unreadable", "4.2", "the member “"+input.Key+"” of Signature is no byte sequence, :base64:")
	}
	if at, u := checkComponents(input.Inner, m.answer != nil); u != nil {
		return got, refuse(u.code, u.section, placed(input.Inner, at)+u.message)
	}
	got.label, got.components, got.params, got.received = input.Key, input.Inner, input.Params, true
	got.signature = []byte(value.Text)
	return got, nil
}

// lackingLine knows the drafts before RFC 9421, which have one line and other parameters.
func lackingLine(header core.Header) (code, problem string) {
	signature, signed := header.Get("Signature")
	if own, _ := header.Get("Authorization"); !signed && strings.Contains(own, "keyId=") {
		signature = own
	}
	const draft = "; it is written as in the drafts of Cavage, which RFC 9421 replaced: they say with headers=\"…\" what is signed"
	switch old := strings.Contains(signature, "keyId="); {
	case header.Has("Signature-Input") && !signed:
		return "no-signature", "there is a Signature-Input line, but no Signature line"
	case header.Has("Signature-Input"):
		return "", ""
	case signed || old:
		return "no-label", "there is a signature, but no Signature-Input line, which says what it covers" + either(old, draft, "")
	}
	return "missing", "there is no signature: neither a Signature-Input nor a Signature line"
}

func memberOf(members []syntax.Member, key string) (m syntax.Member, found bool) {
	for _, m := range members {
		if m.Key == key {
			return m, true
		}
	}
	return m, false
}

// choose is described at receivedSignature.
func (s *httpsigSettings) choose(inputs []syntax.Member) (input syntax.Member, found bool) {
	if input, found = memberOf(inputs, s.label); found {
		return input, true
	}
	own, _ := s.param("keyid")
	candidates := 0
	for _, m := range inputs {
		if id, _ := m.Param("keyid"); id == own || len(inputs) == 1 {
			input, candidates = m, candidates+1
		}
	}
	return input, candidates == 1
}
