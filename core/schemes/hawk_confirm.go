package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a client makes of a Hawk server's answer: its time, and its proof that it has the key.

// takeTime sets the client's time: its own, or the server's, where a challenge brings it with a valid
// MAC. Without that anyone on the way could make it sign for tomorrow (section “client clock poisoning”).
func (s *hawkSide) takeTime(challenges []core.Challenge) {
	now := s.env.Now()
	s.ts, s.time = unixText(now), core.Part{Name: "now", Value: syntax.FormatTime(now), From: "env:now"}
	for _, c := range challenges {
		ts, given := c.Param("ts")
		if !given || !strings.EqualFold(c.Scheme, "Hawk") {
			continue
		}
		tsm, _ := c.Param("tsm")
		expected := s.tr.Add(core.Step{ID: "ts-mac", Title: "Check who tells the time", Op: "hmac-" + s.v["algorithm"] + ", base64", Ref: hawkReplayRef,
			Why: "Only a server that has the key can send the same; another clock is not to be trusted.",
			In: []core.Part{{Name: "ts", Value: ts, From: "challenge:ts"}, {Name: "sent by the server", Value: tsm, From: "challenge:tsm"},
				{Name: "key", Value: s.v["key"], From: "field:key", Secret: true}, {Name: "algorithm", Value: s.v["algorithm"], From: "field:algorithm"}},
			Out: hawkTimeMAC(s.v, ts)})
		at, isTime := unixTime(ts)
		if !isTime || !sameSecret(tsm, expected) {
			s.say("tsm", core.Warn, "challenge", "the server’s time comes with a wrong tsm, so that it does not count: the server has another key, or someone on the way wrote it", "compare the key with the server’s", "client-clock-poisoning")
			return
		}
		s.ts, s.time = ts, core.Part{Name: "the server’s time", Value: ts, From: "challenge:ts"}
		s.say("clock", core.Info, "challenge", "the server’s clock is used: seen from yours it is "+ago(now, at), "set your clock", "replay-protection")
		return
	}
}

//go:noinline
func (s *hawkSide) say(code string, severity core.Severity, field, message, fix, anchor string) {
	s.tr.Note(core.Note{Code: "hawk." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: hawkRef(anchor)})
}

// confirmHawk checks Server-Authorization: a MAC over the request's own values, with hash and ext of the
// answer.
func confirmHawk(in core.Input, req *core.Request, answer *core.Response, tr *core.Trace) {
	s := hawkSide{v: in.Values, env: in.Env, req: req, tr: tr, target: req.URL.Target()}
	line, given := answer.Header.Get("Server-Authorization")
	sent, err := readHawkRequest(req)
	switch {
	case err != nil: // a bewit, or nothing at all: there is no proof for those
		return
	case !given && answer.Hidden:
		s.say("proof-hidden", core.Info, "", "a Server-Authorization header would prove that the server has the key, too; if there was one, the browser hid it",
			"let the server list it in Access-Control-Expose-Headers", "response-payload-validation")
		return
	case !given:
		s.say("no-proof", core.Info, "", "there is no Server-Authorization header: the server does not prove that it has the key, too", "", "response-payload-validation")
		return
	}
	theirs, _, problem := readHawk(line, "mac", "ext", "hash")
	if problem != "" {
		s.say("proof-format", core.Warn, "", "Server-Authorization cannot be read: "+problem, "", "response-payload-validation")
		return
	}
	s.checkProof(sent, theirs, answer)
}

func (s *hawkSide) checkProof(sent, theirs core.Challenge, answer *core.Response) {
	s.fromRequest(sent)
	s.time, s.nonce = s.fromStep(s.time, "timestamp"), s.fromStep(s.nonce, "nonce")
	ext, _ := theirs.Param("ext")
	s.ext = core.Part{Name: "ext of the answer", Value: ext, From: "response:Server-Authorization"}
	hash, hashed := theirs.Param("hash")
	s.hash = hash
	mac, _ := theirs.Param("mac")
	if whole := s.checkAnswer(hash, hashed, answer); !whole {
		return
	}
	if !sameSecret(mac, s.sign("response", "response-")) {
		s.say("proof-wrong", core.Warn, "", "Server-Authorization is wrong: the server does not have the key, or the answer was changed on the way", "", "response-payload-validation")
		return
	}
	s.say("proof", core.Info, "", "the server proves that it has the key, too: its Server-Authorization is right", "", "response-payload-validation")
}

// fromStep points to the step of Sign that has the value, if there is one.
func (s *hawkSide) fromStep(part core.Part, id string) core.Part {
	if step := s.tr.Step(id); step != nil && step.Out == part.Value {
		part.From = "step:" + id
	}
	return part
}

// checkAnswer holds the answer's hash to its body. It reports whether the MAC is still worth a look.
func (s *hawkSide) checkAnswer(hash string, hashed bool, answer *core.Response) bool {
	switch {
	case !hashed:
		s.say("answer-not-covered", core.Info, "", "the server’s proof does not cover the answer’s body, which may have been changed on the way", "", "response-payload-validation")
	case answer.BodySize != int64(len(answer.Body)) || answer.Header.Has("Content-Encoding"):
		s.say("answer-body", core.Info, "", "the server’s proof covers the answer’s body as it was sent, which is not whole at hand here: its hash cannot be checked", "", "response-payload-validation")
	default:
		header, _ := answer.Header.Get("Content-Type")
		if err := s.hashPayload("response-", "response:", header, answer.Body); err != nil || !sameSecret(s.hash, hash) {
			s.say("answer-wrong", core.Warn, "", "the answer’s body is not the one that the server signed", "", "response-payload-validation")
			return false
		}
	}
	return true
}

// tellHawk is the server's proof, over the answer's content type and body, too. For a bewit there is none.
func tellHawk(in core.Input, req *core.Request, answer *core.Response, tr *core.Trace) error {
	sent, err := readHawkRequest(req)
	if in.Refused != nil || err != nil {
		return nil
	}
	s := hawkSide{v: in.Values, env: in.Env, req: req, tr: tr, target: req.URL.Target()}
	s.fromRequest(sent)
	s.ext.Value = "" // of the answer
	header, _ := answer.Header.Get("Content-Type")
	if err := s.hashPayload("response-", "response:", header, answer.Body); err != nil {
		return err
	}
	answer.Header.Add("Server-Authorization", `Hawk mac="`+s.sign("response", "response-")+`", hash="`+s.hash+`"`)
	return nil
}
