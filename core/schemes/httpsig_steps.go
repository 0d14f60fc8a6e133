package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// The formula of both sides: from the components to the signature base (RFC 9421, section 2.5), and
// from there to the two header lines (section 4).

// httpsigPlan is what one signature covers, and what it says of itself.
type httpsigPlan struct {
	label      string
	components []syntax.Item
	params     []syntax.ItemParam
	received   bool // from a message, not from the fields
}

// param is the text or the number of a parameter.
func (p *httpsigPlan) param(key string) (value syntax.Bare, given bool) {
	return syntax.Item{Params: p.params}.Param(key)
}

// text is @signature-params and the value of the Signature-Input member (RFC 9421, section 2.3).
func (p *httpsigPlan) text() string {
	return syntax.Item{IsList: true, Inner: p.components, Params: p.params}.String()
}

// componentStep is the ID of the step of the component at this place.
func componentStep(at int) string { return "component-" + strconv.Itoa(at+1) }

// addBase adds the steps up to the signature base. A component without a value is empty there; the
// first of them is told.
func (p *httpsigPlan) addBase(m httpMessage, tr *core.Trace) (base string, at int, wrong *unfit) {
	in := make([]core.Part, 0, len(p.components)+1)
	var b strings.Builder
	b.Grow(256)
	for i, c := range p.components {
		value, u := m.value(c)
		if u != nil && wrong == nil {
			at, wrong = i, u
		}
		m.addComponent(i, c, value, tr)
		name := c.String()
		b.WriteString(name)
		b.WriteString(": ")
		b.WriteString(value)
		b.WriteByte('\n')
		in = append(in, core.Part{Name: name, Value: value, From: "step:" + componentStep(i)})
	}
	params := p.addParams(tr)
	b.WriteString(`"@signature-params": ` + params)
	in = append(in, core.Part{Name: `"@signature-params"`, Value: params, From: "step:signature-params"})
	base = tr.Add(core.Step{ID: "signature-base", Title: "Write the signature base", Op: "join lines", Ref: rfc("RFC 9421", "2.5"),
		Why: "This exact text is signed. One byte more on either side, and the signature does not match.",
		In:  in, Out: b.String()})
	return base, at, wrong
}

func (m httpMessage) addComponent(at int, c syntax.Item, value string, tr *core.Trace) {
	op := "copy"
	for _, p := range c.Params {
		switch p.Key {
		case "bs":
			op = "base64 of each line"
		case "sf", "key":
			op = "strict serialisation"
		case "name":
			op = "percent-decode, percent-encode"
		}
	}
	step := core.Step{ID: componentStep(at), Title: "Take “" + c.Text + "”", Op: op, Out: value, Ref: rfc("RFC 9421", "2.1"),
		Why: "The signature covers this header field: who changes, adds or drops it on the way is found out."}
	from := core.Part{Name: c.Text, From: "request:headers"}
	if d, isDerived := derivedText(c.Text); isDerived {
		step.Why, step.Ref.Section, from.From = d.why, d.section, d.from
		from.Value = m.origin(d.from)
	} else {
		of := m
		if _, ofRequest := c.Param("req"); ofRequest {
			of.answer = nil
		}
		if of.answer != nil {
			from.From = "response:headers"
		}
		from.Value = strings.Join(of.lines(c.Text), "\n")
	}
	step.In = []core.Part{from}
	tr.Add(step)
}

// origin is the part of the message that a derived component comes from.
func (m httpMessage) origin(from string) string {
	switch from {
	case "request:method":
		return m.req.Method
	case "response:status":
		return strconv.Itoa(m.answer.Status)
	}
	u := m.req.URL
	return u.Origin() + u.Target()
}

// derived is what a step says of a derived component.
type derived struct{ section, from, why string }

// derivedText also reports whether there is such a component.
func derivedText(name string) (d derived, known bool) {
	switch name {
	case "@method":
		return derived{"2.2.1", "request:method", "Without it a signed GET could be sent again as a DELETE."}, true
	case "@target-uri":
		return derived{"2.2.2", "request:url", "It ties the signature to this address, query included. Behind a proxy the server may know another one."}, true
	case "@authority":
		return derived{"2.2.3", "request:url", "It ties the signature to this host; the port stands there only if it is not the usual one."}, true
	case "@scheme":
		return derived{"2.2.4", "request:url", "It ties the signature to http or https. Behind a proxy the server may see the other one."}, true
	case "@request-target":
		return derived{"2.2.5", "request:url", "It is what stands in the request line. Proxies and HTTP/2 may write it in another form."}, true
	case "@path":
		return derived{"2.2.6", "request:url", "It ties the signature to this path, without the query."}, true
	case "@query":
		return derived{"2.2.7", "request:url", "It ties the signature to the whole query, its question mark included, even if there is none."}, true
	case "@query-param":
		return derived{"2.2.8", "request:url", "It covers one parameter and leaves the others free. It is decoded and encoded again, so that spelling does not matter."}, true
	case "@status":
		return derived{"2.2.9", "response:status", "Without it a refusal could be passed off as a success."}, true
	}
	return derived{}, false
}

func (p *httpsigPlan) addParams(tr *core.Trace) string {
	names := make([]string, len(p.components))
	for i, c := range p.components {
		names[i] = c.String()
	}
	from := func(field string) string {
		if p.received {
			return "request:headers"
		}
		return field
	}
	in := append(make([]core.Part, 0, len(p.params)+1), core.Part{Name: "components", Value: strings.Join(names, " "), From: from("field:components")})
	for _, param := range p.params {
		in = append(in, core.Part{Name: param.Key, Value: param.Value.String(), From: from(fieldOfParam(param.Key))})
	}
	return tr.Add(core.Step{ID: "signature-params", Title: "Write what the signature says of itself", Op: "inner list", Ref: rfc("RFC 9421", "2.3"),
		Why: "The server rebuilds the signed text from it, in this order. It is signed too, so that nobody can change it.",
		In:  in, Out: p.text()})
}

func fieldOfParam(key string) string {
	switch key {
	case "created":
		return "env:now"
	case "keyid":
		return "field:keyId"
	case "alg":
		return "field:algorithm"
	}
	return "field:" + key
}

// addInput is the header line that says what is signed.
func (p *httpsigPlan) addInput(tr *core.Trace) string {
	from := "field:label"
	if p.received {
		from = "request:headers"
	}
	params := tr.Step("signature-params").Out
	return tr.Add(core.Step{ID: "signature-input", Title: "Write the Signature-Input line", Op: "join", Ref: rfc("RFC 9421", "4.1"),
		Why: "It tells the server what the signature covers. The label joins it to its line in Signature.",
		In: []core.Part{{Name: "label", Value: p.label, From: from},
			{Name: "parameters", Value: params, From: "step:signature-params"}},
		Out: p.label + "=" + params})
}

// addKey shows the key: of a pair its fingerprint, a shared secret as its bytes.
func (s *httpsigSettings) addKey(in core.Input, tr *core.Trace) error {
	if s.algorithm.jose != "" {
		return showKey(in, "key", s.key, tr)
	}
	tr.Add(core.Step{ID: "key", Title: "Read the secret", Op: "read as " + s.reading, Ref: rfc("RFC 9421", "3.3.3"), Secret: true,
		Why: "An HMAC takes bytes. The same text read as base64 or as plain text gives other ones, and another signature.",
		In: []core.Part{{Name: "secret", Value: in.Values["key"], From: "field:key", Secret: true},
			{Name: "encoding", Value: in.Values["keyEncoding"], From: "field:keyEncoding"}},
		Hex: true, Out: hexOf(s.secret)})
	return nil
}

// addSignature adds the steps of the signature and of the line it travels in.
func (s *httpsigSettings) addSignature(signature []byte, tr *core.Trace) (line string) {
	key := tr.Step("key")
	why := "Only who has the private key can make it; the public one is enough to check it."
	if key.Secret {
		why = "Only who knows the secret can make it. The server makes its own and compares."
	}
	tr.Add(core.Step{ID: "signature", Title: "Sign the signature base", Op: s.algorithm.op, Ref: rfc("RFC 9421", s.algorithm.section), Why: why,
		In: []core.Part{{Name: "signature base", Value: tr.Step("signature-base").Out, From: "step:signature-base"},
			{Name: "key", Value: key.Out, From: "step:key", Secret: key.Secret}},
		Hex: true, Out: hexOf(signature)})
	member := syntax.Member{Key: s.label, Item: syntax.Item{Bare: syntax.Bare{Kind: syntax.BytesItem, Text: string(signature)}}}
	return tr.Add(core.Step{ID: "signature-line", Title: "Write the Signature line", Op: "base64", Ref: rfc("RFC 9421", "4.2"),
		Why: "Its label is that of the line before; several signatures can stand side by side.",
		In: []core.Part{{Name: "signature, hex", Value: hexOf(signature), From: "step:signature"},
			{Name: "label", Value: s.label, From: "field:label"}},
		Out: member.String()})
}
