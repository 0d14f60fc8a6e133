package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What the fields of an HMAC signature come to: the presets, and the templates read.

// hmacPreset is what stands where a field is empty.
type hmacPreset struct {
	id, message, header, value, extra, encoding string
	ref                                         core.Ref
}

var hmacPresets = []hmacPreset{
	{id: customPreset, message: "{body}", header: "X-Signature", value: "{signature}", encoding: encodingHex, ref: rfc("RFC 2104", "")},
	{id: "github", message: "{body}", header: "X-Hub-Signature-256", value: "sha256={signature}", encoding: encodingHex,
		ref: core.Ref{Doc: "GitHub, Validating webhook deliveries", URL: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries"}},
	{id: "stripe", message: "{timestamp}.{body}", header: "Stripe-Signature", value: "t={timestamp},v1={signature}", encoding: encodingHex,
		ref: core.Ref{Doc: "Stripe, Verify webhook signatures manually", URL: "https://docs.stripe.com/webhooks/signature"}},
	{id: "slack", message: "v0:{timestamp}:{body}", header: "X-Slack-Signature", value: "v0={signature}", extra: "X-Slack-Request-Timestamp: {timestamp}", encoding: encodingHex,
		ref: core.Ref{Doc: "Slack, Verifying requests", URL: "https://docs.slack.dev/authentication/verifying-requests-from-slack"}},
	{id: "shopify", message: "{body}", header: "X-Shopify-Hmac-Sha256", value: "{signature}", encoding: encodingBase64,
		ref: core.Ref{Doc: "Shopify, Verify webhooks", URL: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https"}},
}

// hmacPlan is how one side signs.
type hmacPlan struct {
	preset         hmacPreset
	key            []byte
	hash, encoding string
	message        []syntax.TemplatePart
	text           core.Part  // the message's template and where it is from
	lines          []hmacLine // the headers to send; that of the signature comes last
	list           bool       // the last line is Stripe's list, which may have more members
}

// hmacLine is one header line and its template.
type hmacLine struct {
	name     string
	template []syntax.TemplatePart
	text     core.Part
}

func (l hmacLine) wrong(code, message string) error {
	return &core.FieldError{Field: strings.TrimPrefix(l.text.From, "field:"), Code: "hmac." + code, Message: message, Ref: rfc("RFC 9110", "5.5")}
}

// readHMAC reads the fields; what is empty is the preset's.
func readHMAC(v core.Values) (hmacPlan, error) {
	plan := hmacPlan{preset: hmacPresets[0], hash: v["algorithm"], encoding: v["encoding"]}
	for _, p := range hmacPresets {
		if p.id == v["preset"] {
			plan.preset = p
		}
	}
	if plan.encoding == encodingAuto {
		plan.encoding = plan.preset.encoding
	}
	var err error
	if plan.key, err = hmacKey(v); err != nil {
		return plan, err
	}
	plan.text = orPreset(v, "message", plan.preset.message)
	if plan.message, err = readTemplate(plan.text, false); err != nil {
		return plan, err
	}
	if err = plan.readLines(v); err != nil {
		return plan, err
	}
	return plan, plan.checkNames()
}

func hmacKey(v core.Values) ([]byte, error) {
	key, err := decodeSecret("key", v["key"], v["keyEncoding"])
	if wrong, ok := err.(*core.FieldError); ok && wrong.Code == "jwt.key-encoding" {
		wrong.Code = "hmac.key-encoding"
	} else if ok && wrong.Code == "key.empty" {
		wrong.Message = "there is no key; paste the secret that both sides share"
	}
	return key, err
}

// orPreset is the field's text, or the preset's where it is empty.
func orPreset(v core.Values, field, preset string) core.Part {
	if v[field] != "" {
		return core.Part{Name: "template", Value: v[field], From: "field:" + field}
	}
	return core.Part{Name: "template", Value: preset, From: "field:preset"}
}

// readLines reads the header lines of extraHeaders, and that of the signature.
func (p *hmacPlan) readLines(v core.Values) error {
	extra := orPreset(v, "extraHeaders", p.preset.extra)
	for _, text := range strings.Split(extra.Value, "\n") {
		if strings.TrimSpace(text) == "" {
			continue
		}
		name, value, colon := strings.Cut(text, ":")
		if !colon {
			name = "" // which is no header's name
		}
		if err := p.addLine(syntax.TrimSpace(name), core.Part{Name: "template", Value: strings.TrimSpace(value), From: extra.From}, "extraHeaders", false); err != nil {
			return err
		}
	}
	header := orPreset(v, "header", p.preset.header)
	value := orPreset(v, "value", p.preset.value)
	value.Value = syntax.TrimSpace(value.Value) // as on the way
	p.list = p.preset.id == "stripe" && v["value"] == ""
	return p.addLine(syntax.TrimSpace(header.Value), value, "header", true)
}

func (p *hmacPlan) addLine(name string, text core.Part, field string, signature bool) error {
	wrong := func(code, message string) error {
		return &core.FieldError{Field: field, Code: "hmac." + code, Message: message, Ref: rfc("RFC 9110", "5.6.2")}
	}
	if !syntax.IsToken(name) {
		const name = "a header’s name consists of letters, digits and !#$%&'*+-.^_`|~ only"
		if signature {
			return wrong("header", name+"; what it carries has a field of its own")
		}
		return wrong("header", name+", and a colon ends it: “X-Timestamp: {timestamp}”")
	}
	for _, l := range p.lines {
		if strings.EqualFold(l.name, name) {
			return wrong("header-twice", "the header "+name+" is there twice; each carries one value")
		}
	}
	template, err := readTemplate(text, signature)
	if err != nil {
		return err
	}
	line := hmacLine{name, template, text}
	for _, part := range template {
		if !syntax.ValidFieldValue(part.Text) {
			return line.wrong("not-sendable", "the template of "+name+" has a line break, a control character or a character above U+00FF, which a header cannot carry")
		}
	}
	p.lines = append(p.lines, line)
	return nil
}

// checkNames holds that the signature is sent, and is not part of what it signs.
func (p *hmacPlan) checkNames() error {
	last := p.lines[len(p.lines)-1]
	if !hasName(last.template, "signature") {
		return last.wrong("no-signature", "the value does not have {signature}: nothing would be sent of it")
	}
	for _, part := range p.message {
		if name, is := headerName(part.Name); is && strings.EqualFold(name, last.name) {
			return &core.FieldError{Field: "message", Code: "hmac.circular", Ref: rfc("RFC 2104", "2"),
				Message: "{" + part.Name + "} is the header of the signature itself, which cannot sign itself"}
		}
	}
	return nil
}

// signs reports whether what name stands for is signed: by the message, or by a header line that it names.
func (p hmacPlan) signs(name string) bool {
	for _, part := range p.message {
		if part.Name == name {
			return true
		}
		header, is := headerName(part.Name)
		for _, l := range p.lines {
			if is && strings.EqualFold(l.name, header) && hasName(l.template, name) {
				return true
			}
		}
	}
	return false
}

// sends reports whether a header line carries what name stands for.
func (p hmacPlan) sends(name string) bool {
	for _, l := range p.lines {
		if hasName(l.template, name) {
			return true
		}
	}
	return false
}
