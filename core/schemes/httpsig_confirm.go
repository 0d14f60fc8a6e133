package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
)

// What a client makes of a signed answer (RFC 9421, section 2.4), and how a server says that it wants a
// signature.

// challengeHTTPSig: RFC 9421 has no challenge, but a 401 needs one (RFC 9110, section 15.5.2).
// “Signature” is what servers said when this was a draft.
func challengeHTTPSig(core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: "Signature", Params: []core.Param{{Name: "realm", Value: realm}}}}
}

// readServerKey reads the key that answers are signed with, if it is another one.
func readServerKey(v core.Values) (key core.Key, err error) {
	if v["serverKey"] == "" {
		return key, nil
	}
	key, err = keys.Parse(v["serverKey"])
	return key, keys.At("serverKey", err)
}

// confirmHTTPSig checks the answer's signature, if there is one.
func confirmHTTPSig(in core.Input, req *core.Request, answer *core.Response, tr *core.Trace) {
	note := func(code string, severity core.Severity, message, section string) {
		tr.Note(core.Note{Code: "httpsig." + code, Severity: severity, Message: message, Ref: rfc("RFC 9421", section)})
	}
	if !answer.Header.Has("Signature") && !answer.Header.Has("Signature-Input") {
		if req.Header.Has("Accept-Signature") {
			note("answer-unsigned", core.Warn, "you asked for a signed answer, but there is no signature on it, or the server does not show it to pages", "5")
		}
		return
	}
	s, err := readHTTPSig(in, false)
	if err != nil {
		return
	}
	m := httpMessage{req: req, answer: answer}
	got, rejection := receivedSignature(m, answer.Header, s)
	if rejection != nil {
		note("answer-unreadable", core.Warn, "the answer’s signature cannot be checked: "+rejection.Message, "3.2")
		return
	}
	base, at, u := got.addAnswerBase(m, tr)
	if u != nil {
		note("answer-unreadable", core.Warn, "the answer’s signature cannot be checked: "+placed(got.components, at)+u.message, "2.5")
		return
	}
	switch valid, err := s.validAnswer(in, base, got); {
	case err != nil:
		note("answer-unreadable", core.Warn, "the answer’s signature cannot be checked: "+err.Error(), "3.2")
	case !valid && in.Values["serverKey"] == "" && s.algorithm.jose != "" && !s.sameKeyID(got):
		note("answer-other-key", core.Info, "the answer is signed, but not with your key; give the server’s public key to have it checked", "3.2")
	case !valid:
		note("answer-wrong", core.Warn, "the answer’s signature is wrong: another key was used, or the answer was changed on the way", "3.2")
	default:
		note("answer-right", core.Info, "the answer’s signature is right; it covers "+got.coverage(), "3.2")
		got.noteAnswer(in, m, note)
	}
}

// sameKeyID reports whether an answer says to be signed by the key of the request.
func (s *httpsigSettings) sameKeyID(got *httpsigReceived) bool {
	own, named := s.param("keyid")
	id, _ := got.param("keyid")
	return named && id == own
}

// validAnswer tries the server's key with every algorithm that goes with it and is not ruled out.
func (s *httpsigSettings) validAnswer(in core.Input, base string, got *httpsigReceived) (bool, error) {
	named, _ := got.param("alg")
	key, _ := readServerKey(in.Values)
	if key.Kind == "" {
		if named.Text != "" && named.Text != s.algorithm.name {
			return false, nil
		}
		return s.valid(in, base, got.signature)
	}
	for _, a := range httpsigAlgorithms {
		if a.jose == "" || keys.Fits(key, a.jose) != nil || named.Text != "" && named.Text != a.name {
			continue
		}
		valid, err := in.Env.Keys.Verify(a.jose, key, []byte(base), got.signature)
		if valid || err != nil {
			return valid, err
		}
	}
	return false, nil
}

// addAnswerBase is addBase in one step: the request's own have the names already.
func (p *httpsigPlan) addAnswerBase(m httpMessage, tr *core.Trace) (base string, at int, u *unfit) {
	var own core.Trace
	base, at, u = p.addBase(m, &own)
	step := *own.Step("signature-base")
	step.ID, step.Title = "answer-base", "Write the answer’s signature base"
	step.Why = "The server signed this text. What has ;req is of the request, so that the answer belongs to it and no other."
	for i := range step.In {
		step.In[i].From = "response:headers"
		if strings.Contains(step.In[i].Name, ";req") {
			step.In[i].From = "request:headers"
		}
	}
	tr.Add(step)
	return base, at, u
}

// coverage names what is covered, as far as anyone reads.
func (p *httpsigPlan) coverage() string {
	var own, ofRequest []string
	for _, c := range p.components[:min(len(p.components), 16)] {
		if _, req := c.Param("req"); req {
			ofRequest = append(ofRequest, visible(c.Text))
		} else {
			own = append(own, visible(c.Text))
		}
	}
	if len(own) == 0 {
		own = []string{"nothing of itself"}
	}
	if len(ofRequest) > 0 {
		ofRequest[0] = "; of the request " + ofRequest[0]
	}
	return strings.Join(own, ", ") + strings.Join(ofRequest, ", ")
}

// noteAnswer says what a right signature does not prove.
func (p *httpsigPlan) noteAnswer(in core.Input, m httpMessage, note func(code string, severity core.Severity, message, section string)) {
	if err := p.judgeTime(in); err != nil {
		note("answer-old", core.Warn, "the answer’s signature is not of now: "+err.(*core.Rejection).Message, "7.2.2")
	}
	covered := &httpsigNotes{s: &httpsigSettings{httpsigPlan: *p}}
	ofRequest := false
	for _, c := range p.components {
		_, req := c.Param("req")
		ofRequest = ofRequest || req
	}
	if !ofRequest {
		note("answer-for-any", core.Info, "nothing of your request is covered: it could be the answer to another one", "2.4")
	}
	if !covered.names("@status") {
		note("answer-status", core.Info, "the status is not covered: anyone on the way can change it", "7.2.1")
	}
	digest := strings.Join(m.answer.Header.Values("Content-Digest"), ", ")
	whole := m.answer.BodySize == int64(len(m.answer.Body)) && !m.answer.Header.Has("Content-Encoding")
	switch {
	case m.answer.BodySize == 0:
	case !covered.names("content-digest"):
		note("answer-body", core.Info, "the answer’s body is not covered: anyone on the way can change it", "7.2.8")
	case !whole:
		note("answer-body-unseen", core.Info, "the answer’s Content-Digest is of its body as sent, which is not at hand here: it cannot be checked", "7.2.8")
	default:
		if verdict, err := matchDigest(in.Env, digest, bodyOf(m.answer)); err == nil && (verdict.wrong != "" || verdict.malformed != "") {
			note("answer-digest", core.Warn, "the answer’s body does not match its signed Content-Digest: it was changed on the way", "7.2.8")
		}
	}
}
