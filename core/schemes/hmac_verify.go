package schemes

import (
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// The server's side of an HMAC signature.

// hmacWindow is how far a request's time may be from the server's: that of Slack's and Stripe's libraries.
const hmacWindow = 5 * time.Minute

// hmacReceived is what the request's header lines say, by the server's own templates.
type hmacReceived struct {
	found      map[string]string
	signatures []string // more than one only in Stripe's list
	lines      []string
	wrong      *core.Rejection // why they cannot be read
}

// verifyHMAC writes down what the client should have signed, with time and nonce of the request.
func verifyHMAC(in core.Input, req *core.Request, tr *core.Trace) error {
	plan, err := readHMAC(in.Values)
	if err != nil {
		return err
	}
	theirs := plan.receive(req)
	s := hmacSide{plan: plan, in: in, req: req, tr: tr, found: theirs.found}
	if err := s.steps(); err != nil {
		return err
	}
	if theirs.wrong != nil {
		return theirs.wrong
	}
	if err := s.judgeTime(); err != nil {
		return err
	}
	if err := s.judgeSignature(theirs); err != nil {
		return err
	}
	return s.judgeNonce()
}

// receive reads the header lines back.
func (p hmacPlan) receive(req *core.Request) hmacReceived {
	r := hmacReceived{found: map[string]string{}}
	for i, l := range p.lines {
		refuse := func(code, message string) {
			if r.wrong == nil {
				r.wrong = &core.Rejection{Code: "hmac." + code, Step: "header", Message: message, Ref: p.preset.ref}
			}
		}
		switch values := req.Header.Values(l.name); {
		case len(values) == 0:
			refuse("missing", "the request has no "+l.name+" header")
		case len(values) > 1:
			refuse("repeated", "the request has more than one "+l.name+" header")
		default:
			value := syntax.TrimSpace(values[0])
			r.lines = append(r.lines, value)
			readable := false
			if last := i == len(p.lines)-1; last && p.list {
				readable = r.readList(value)
			} else {
				readable = matchTemplate(l.template, value, len(encodeMAC(make([]byte, hashSize(p.hash)), p.encoding)), req, r.found)
			}
			if !readable {
				refuse("format", "the "+l.name+" header does not look like "+l.text.Value)
			}
		}
	}
	if signature, found := r.found["signature"]; found {
		r.signatures = append(r.signatures, signature)
		delete(r.found, "signature")
	}
	return r
}

// readList reads Stripe's header: one time, a signature for each secret that is in use, and others of schemes
// to come, which are passed over.
func (r *hmacReceived) readList(value string) (ok bool) {
	for _, member := range strings.Split(value, ",") {
		name, text, _ := strings.Cut(member, "=")
		switch _, twice := r.found[timestampSeconds]; {
		case name == "t" && twice:
			return false
		case name == "t":
			r.found[timestampSeconds] = text
		case name == "v1":
			r.signatures = append(r.signatures, text)
		}
	}
	_, ok = r.found[timestampSeconds]
	return ok && len(r.signatures) > 0
}

// judgeTime looks at a time that is signed: any other could be changed on the way.
func (s *hmacSide) judgeTime() error {
	for _, unit := range []struct {
		name, step, words string
		read              func(string) (time.Time, bool)
	}{{timestampSeconds, "timestamp", "seconds", unixTime}, {timestampMillis, "timestamp-ms", "milliseconds", unixMillis}} {
		text, given := s.found[unit.name]
		if !given || !s.plan.signs(unit.name) {
			continue
		}
		at, ok := unit.read(text)
		if !ok {
			return &core.Rejection{Code: "hmac.timestamp", Step: unit.step, Got: visible(text), Ref: s.plan.preset.ref,
				Message: "the time is not a number of " + unit.words + " since 1970; seconds have 10 digits, milliseconds 13"}
		}
		if err := refuseTime("hmac.clock", unit.step, s.in.Env.Now(), at, hmacWindow, s.plan.preset.ref); err != nil {
			return err
		}
	}
	return nil
}

// unixMillis is unixTime in milliseconds.
func unixMillis(text string) (at time.Time, ok bool) {
	ms, err := strconv.ParseUint(text, 10, 48)
	return time.UnixMilli(int64(ms)), err == nil
}

// judgeSignature compares signature and lines. It does not say the right signature, which would be as good as
// the key for this request.
func (s *hmacSide) judgeSignature(theirs hmacReceived) error {
	expected, right := s.tr.Step("signature").Out, false
	for _, signature := range theirs.signatures {
		right = sameSecret(signature, expected) || right
	}
	if !right {
		return s.wrongSignature(theirs.signatures[0])
	}
	for i, line := range theirs.lines {
		if listed := s.plan.list && i == len(theirs.lines)-1; !listed && !sameSecret(line, s.written[i].Value) {
			return &core.Rejection{Code: "hmac.header-value", Step: "header", Ref: s.plan.preset.ref,
				Message: "the signature is right, but the " + s.written[i].Name + " header says something else than was expected"}
		}
	}
	return nil
}

// judgeNonce remembers a nonce that is signed for as long as its time would be accepted; without a time, for
// a day.
func (s *hmacSide) judgeNonce() error {
	nonce, given := s.found["nonce"]
	if !given || !s.plan.signs("nonce") || s.in.Env.Seen == nil {
		return nil
	}
	keep := 24 * time.Hour
	if s.plan.signs(timestampSeconds) || s.plan.signs(timestampMillis) {
		keep = 2 * hmacWindow
	}
	if s.in.Env.Seen("hmac\n"+nonce, keep) {
		return &core.Rejection{Code: "hmac.replay", Step: "nonce", Got: visible(nonce), Ref: s.plan.preset.ref,
			Message: "this nonce was used before: the request is a copy"}
	}
	return nil
}
