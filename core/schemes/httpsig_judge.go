package schemes

import (
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// What a server asks of a signature besides being right (RFC 9421, section 3.2.1).

// judge holds what a signature says of itself against the server's fields. Of those that are empty the
// server asks nothing.
func (s *httpsigSettings) judge(got *httpsigReceived, in core.Input) *core.Rejection {
	refuse := func(code, section, message, want, found string) *core.Rejection {
		return &core.Rejection{Code: "httpsig." + code, Step: "signature-params", Ref: rfc("RFC 9421", section), Message: message,
			Want: want, Got: visible(found)}
	}
	for _, p := range got.params {
		if kind := paramKind(p.Key); kind != 0 && p.Value.Kind != kind {
			return refuse("parameter", "2.3", p.Key+" is of another type than it should be: times are integers, all else is text in quotes", "", p.Value.String())
		}
	}
	if alg, named := got.param("alg"); named && alg.Text != s.algorithm.name {
		return refuse("other-algorithm", "3.2", "the signature names another algorithm than the one this server takes; the client does not choose it", s.algorithm.name, alg.Text)
	}
	for _, c := range [...]struct{ key, code, section, message string }{
		{"keyid", "other-keyid", "3.2", "the server knows no key of this ID"},
		{"tag", "other-tag", "3.2.1", "the signature is for another application: its tag is not the one this server asks for"},
	} {
		own, _ := s.param(c.key)
		if sent, _ := got.param(c.key); own.Text != "" && sent != own {
			return refuse(c.code, c.section, c.message, own.Text, sent.Text)
		}
	}
	if _, dated := got.param("created"); !dated && in.Values["created"] == "true" {
		return refuse("no-created", "3.2.1", "the signature does not say when it was created, so that it would be good for ever", "", "")
	}
	for _, c := range s.components {
		if in.Values["components"] != httpsigComponents && !got.covers(c) {
			return refuse("not-covered", "7.2.1", "the signature does not cover "+c.String()+", which this server asks for", c.String(), got.text())
		}
	}
	return nil
}

// paramKind is the type of a parameter (RFC 9421, section 2.3); 0: any.
func paramKind(key string) syntax.BareKind {
	switch key {
	case "created", "expires":
		return syntax.IntegerItem
	case "nonce", "alg", "keyid", "tag":
		return syntax.StringItem
	}
	return 0
}

func (p *httpsigPlan) covers(c syntax.Item) bool {
	id := identity(c)
	for _, covered := range p.components {
		if identity(covered) == id {
			return true
		}
	}
	return false
}

// judgeTime compares with the server's clock. The times are known to be signed by now.
func (p *httpsigPlan) judgeTime(in core.Input) error {
	now, ref := in.Env.Now(), rfc("RFC 9421", "3.2.1")
	if created, dated := p.param("created"); dated {
		if err := refuseTime("httpsig.clock", "signature-params", now, farTime(created.Number), httpsigWindow, ref); err != nil {
			return err
		}
	}
	expires, dated := p.param("expires")
	if at := farTime(expires.Number); dated && !now.Before(at) {
		return &core.Rejection{Code: "httpsig.expired", Step: "signature-params", Ref: ref, Want: syntax.FormatTime(now), Got: syntax.FormatTime(at),
			Message: "the signature was good until " + syntax.FormatTime(at) + ", and here it is " + syntax.FormatTime(now)}
	}
	return nil
}

// farTime is a Unix time, of the years that can be written.
func farTime(unix int64) time.Time {
	const firstSecond, lastSecond = -62167219200, 253402300799 // of the years 0 and 9999
	return time.Unix(min(max(unix, firstSecond), lastSecond), 0)
}

// judgeNonce remembers a nonce for as long as its signature would be taken.
func (p *httpsigPlan) judgeNonce(in core.Input) error {
	nonce, given := p.param("nonce")
	if !given || in.Env.Seen == nil {
		return nil
	}
	key, _ := p.param("keyid")
	if in.Env.Seen("httpsig "+percent(key.Text)+" "+percent(nonce.Text), 2*httpsigWindow+time.Minute) {
		return &core.Rejection{Code: "httpsig.replay", Step: "signature-params", Ref: rfc("RFC 9421", "7.2.2"), Got: visible(nonce.Text),
			Message: "this nonce was used already: a request may be sent once only"}
	}
	return nil
}

// expectContentDigest adds the steps of the Content-Digest that the body should have, if one is there.
func expectContentDigest(in core.Input, req *core.Request, tr *core.Trace) (wrong *core.Rejection, err error) {
	lines := req.Header.Values("Content-Digest")
	if lines == nil {
		return nil, nil
	}
	joined := strings.Join(lines, ", ")
	verdict, err := matchDigest(in.Env, joined, req)
	if err != nil {
		return nil, err
	}
	algorithm := in.Values["contentDigest"]
	for _, known := range [...]string{verdict.algorithm, verdict.wrong} {
		if known != "" {
			algorithm = known
		}
	}
	if algorithm == qopNone {
		algorithm = "sha-256"
	}
	value, err := addContentDigest(in.Env, algorithm, req, tr)
	refuse := func(code, message string) *core.Rejection {
		return &core.Rejection{Code: "httpsig." + code, Step: "content-digest", Ref: rfc("RFC 9530", "2"), Message: message, Want: value, Got: visible(joined)}
	}
	switch {
	case verdict.malformed != "":
		wrong = refuse("digest-unreadable", "the Content-Digest line cannot be read: "+verdict.malformed)
	case verdict.wrong != "":
		wrong = refuse("digest-mismatch", "the body is not the one that was hashed: its "+verdict.wrong+" differs")
	case verdict.algorithm == "":
		wrong = refuse("digest-unknown", "the Content-Digest has neither sha-256 nor sha-512, and older hashes prove nothing")
	}
	return wrong, err
}
