package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a server that takes message signatures says in its answers: which one it wants of a request that
// has none, and its own over the answer to one that was right.

// tellHTTPSig signs with the key that the request was signed with, if it has the private half.
func tellHTTPSig(in core.Input, req *core.Request, answer *core.Response, _ *core.Trace) error {
	s, err := readHTTPSig(in, in.Refused == nil)
	switch {
	case err != nil:
		return nil
	case in.Refused != nil:
		answer.Header.Add("Accept-Signature", s.wanted())
		return nil
	}
	return s.signAnswer(in, httpMessage{req: req, answer: answer})
}

// wanted is the signature that the server's own fields describe (RFC 9421, section 5.1).
func (s *httpsigSettings) wanted() string {
	asked := syntax.Member{Key: s.label, Item: syntax.Item{IsList: true, Inner: s.components}}
	for _, p := range s.params {
		if p.Value.Kind == syntax.IntegerItem { // a time is the signer's to choose
			p.Value = syntax.Bare{Kind: syntax.BooleanItem, Number: 1}
		}
		asked.Params = append(asked.Params, p)
	}
	return asked.String()
}

// signAnswer adds the answer's Content-Digest and signature. It covers what is of the request, too, and so
// cannot be the answer to another one (RFC 9421, section 2.4).
func (s *httpsigSettings) signAnswer(in core.Input, m httpMessage) error {
	algorithm := wantedDigest(strings.Join(m.req.Header.Values("Want-Content-Digest"), ", "))
	if algorithm == "" {
		algorithm = "sha-256"
	}
	digest, err := addContentDigest(in.Env, algorithm, bodyOf(m.answer), &core.Trace{})
	if err != nil {
		return err
	}
	m.answer.Header.Add("Content-Digest", digest)
	got, _ := receivedSignature(httpMessage{req: m.req}, m.req.Header, s)
	components, _ := syntax.ParseInnerList(`"@status" "content-type" "content-digest" "@method";req "@authority";req "@path";req "@query";req "signature";req;key="` + got.label + `"`)
	plans := append(s.asked(in, m.req.Header), httpsigPlan{label: s.label, components: components, params: s.params})
	for _, plan := range plans {
		base, _, u := plan.addBase(m, &core.Trace{})
		if u != nil {
			continue // what is asked for is not there
		}
		signature, err := s.sign(in, base)
		if err != nil {
			return err
		}
		m.answer.Header.Add("Signature-Input", plan.label+"="+plan.text())
		member := syntax.Member{Key: plan.label, Item: syntax.Item{Bare: syntax.Bare{Kind: syntax.BytesItem, Text: string(signature)}}}
		m.answer.Header.Add("Signature", member.String())
		break
	}
	return nil
}

// asked are the signatures that a request asks of its answer (RFC 9421, section 5.2), as far as this
// server knows what they are to cover; one of them will do.
func (s *httpsigSettings) asked(in core.Input, header core.Header) (plans []httpsigPlan) {
	members, _ := syntax.ParseDictionary(strings.Join(header.Values("Accept-Signature"), ", "))
	now := in.Env.Now().Unix()
	for _, m := range members {
		if _, u := checkComponents(m.Inner, true); u != nil || !m.IsList {
			continue
		}
		plan := httpsigPlan{label: m.Key, components: m.Inner}
		for _, p := range m.Params {
			switch p.Key {
			case "created":
				p = integerParam(p.Key, now)
			case "expires":
				p = integerParam(p.Key, now+int64(httpsigWindow.Seconds()))
			case "alg":
				p.Value.Text = s.algorithm.name
			case "keyid":
				p.Value.Text = in.Values["keyId"]
			}
			if kind := paramKind(p.Key); kind == p.Value.Kind {
				plan.params = append(plan.params, p)
			}
		}
		plans = append(plans, plan)
	}
	return plans
}
