package schemes

import (
	"authpad/core"
	"authpad/core/syntax"
)

// HMAC signatures of no standard: a template says what is signed and another one how it is sent, so that
// those of GitHub, Stripe, Slack, Shopify and in-house ones are a few words each. The names that templates
// know are in hmac_template.go, the presets in hmac_plan.go.
var hmacScheme = core.Scheme{
	ID: "hmac", Name: "HMAC signature",
	Summary: "Signs what a template says with a shared key, as webhooks and in-house APIs do.",
	Refs:    []core.Ref{rfc("RFC 2104", ""), hmacPresets[1].ref, hmacPresets[2].ref, hmacPresets[3].ref, hmacPresets[4].ref},
	Fields: []core.Field{
		{ID: "preset", Label: "Kind", Kind: core.ChoiceField, Default: customPreset,
			Help: "A service whose webhooks are signed like this, or your own: then write down what is signed and what is sent.",
			Options: []core.Option{{Value: customPreset, Label: "My own"}, {Value: "github", Label: "GitHub webhook"},
				{Value: "stripe", Label: "Stripe webhook"}, {Value: "slack", Label: "Slack request"}, {Value: "shopify", Label: "Shopify webhook"}}},
		{ID: "key", Label: "Key", Kind: core.SecretField, Secret: true,
			Help: "The secret that both sides share, also called signing secret. It is never sent."},
		{ID: "keyEncoding", Label: "Key is written as", Kind: core.ChoiceField, Default: "text", Advanced: true,
			Help:    "Most services use the secret as the text it is, even where it looks like hexadecimal digits.",
			Options: []core.Option{{Value: "text", Label: "Text"}, {Value: "base64", Label: "Base64"}, {Value: "hex", Label: "Hexadecimal"}}},
		{ID: "message", Label: "What is signed", Kind: core.MultilineField, Placeholder: "{body}", When: ownPreset,
			Help: "A template: {method} {path} {query} {target} {host} {url} {header:X-Name} {body} {body.sha256} {body.sha256.base64} {timestamp} {timestamp.ms} {nonce} " +
				`stand for what the request has; \n is a line break, {{ a brace. Such as {method}\n{target}\n{timestamp}\n{body.sha256}`},
		{ID: "header", Label: "Header", Kind: core.TextField, Placeholder: "X-Signature", When: ownPreset,
			Help: "The header that carries the signature."},
		{ID: "value", Label: "Its value", Kind: core.TextField, Placeholder: "{signature}", When: ownPreset,
			Help: "A template like the other, and {signature}: such as sha256={signature} or t={timestamp},v1={signature}"},
		{ID: "extraHeaders", Label: "More headers", Kind: core.MultilineField, When: ownPreset, Placeholder: "X-Timestamp: {timestamp}\nX-Nonce: {nonce}",
			Help: "What else the server needs to check the signature, one “Name: template” a line."},
		{ID: "algorithm", Label: "Hash", Kind: core.ChoiceField, Default: "SHA-256", Advanced: true,
			Help:    "The server’s documentation names it.",
			Options: []core.Option{{Value: "SHA-256", Label: "SHA-256"}, {Value: "SHA-1", Label: "SHA-1"}, {Value: "SHA-384", Label: "SHA-384"}, {Value: "SHA-512", Label: "SHA-512"}}},
		{ID: "encoding", Label: "Signature is written as", Kind: core.ChoiceField, Default: encodingAuto, Advanced: true,
			Help: "How its bytes become text.",
			Options: []core.Option{{Value: encodingAuto, Label: "Hexadecimal, or as the service has it"}, {Value: encodingHex, Label: "Hexadecimal, lower case"},
				{Value: encodingBase64, Label: "Base64"}}},
	},
	Answers: []string{"hmac"},
	Sign:    signHMAC, Verify: verifyHMAC, Challenge: challengeHMAC,
	Vectors: []core.Vector{
		{ID: "github", Name: "A GitHub webhook", Source: hmacPresets[1].ref,
			Values: core.Values{"preset": "github", "key": "It's a Secret to Everybody"},
			Method: "POST", URL: "https://example.com/webhook", Body: "Hello, World!",
			WantHeader: core.Header{{Name: "X-Hub-Signature-256", Value: "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
			WantSteps:  map[string]string{"message": "Hello, World!", "signature": "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
		{ID: "slack", Name: "A request of Slack’s", Source: hmacPresets[3].ref,
			Values: core.Values{"preset": "slack", "key": "8f742231b10e8888abcd99yyyzzz85a5"}, Now: seconds(1531420618),
			Method: "POST", URL: "https://example.com/webhook-collect", Body: slackBody,
			WantHeader: core.Header{{Name: "X-Slack-Request-Timestamp", Value: "1531420618"},
				{Name: "X-Slack-Signature", Value: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"}},
			WantSteps: map[string]string{"timestamp": "1531420618", "message": "v0:1531420618:" + slackBody}},
		{ID: "rfc4231-2", Name: "HMAC-SHA-512 itself", Source: rfc("RFC 4231", "4.3"),
			Values: core.Values{"key": "Jefe", "algorithm": "SHA-512"},
			Method: "POST", URL: "https://example.com/", Body: "what do ya want for nothing?",
			WantSteps: map[string]string{"key": "4a656665",
				"mac": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"}},
	},
	Example: core.Example{
		Values: core.Values{"key": "correct horse battery staple, thrice", "header": "X-Signature", "value": "v1={signature}",
			"message": `{method}\n{target}\n{timestamp}\n{nonce}\n{body.sha256}`, "extraHeaders": "X-Timestamp: {timestamp}\nX-Nonce: {nonce}"},
		Wrong: core.Values{"key": "correct horse battery stable, thrice"},
		Step:  "mac",
	},
}

const (
	customPreset   = "custom"
	encodingAuto   = "auto"
	encodingHex    = "hex"
	encodingBase64 = "base64"

	slackBody = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
		"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands" +
		"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)

var ownPreset = core.When{Field: "preset", Values: []string{customPreset}}

func signHMAC(in core.Input, req *core.Request, tr *core.Trace) error {
	plan, err := readHMAC(in.Values)
	if err != nil {
		return err
	}
	for _, line := range plan.lines {
		if req.Header.Has(line.name) {
			return &core.FieldError{Field: "headers", Code: "hmac.conflict", Ref: plan.preset.ref,
				Message: "the headers already have a line " + line.name + "; remove it, or give the signature’s another name"}
		}
	}
	if plan.signs("body") {
		if err := req.BringBody(); err != nil {
			return err
		}
	}
	s := hmacSide{plan: plan, in: in, req: req, tr: tr}
	noteHMAC(s)
	if err := s.steps(); err != nil {
		return err
	}
	for i, line := range s.written {
		if !syntax.ValidFieldValue(line.Value) {
			return plan.lines[i].wrong("not-sendable", "what the template of "+line.Name+" gives has a line break, a control character or a character above U+00FF, which a header cannot carry")
		}
		req.Header.Add(line.Name, line.Value)
	}
	return nil
}

// challengeHMAC says what a server of such a signature would: no standard does.
func challengeHMAC(in core.Input) []core.Challenge {
	params := []core.Param{{Name: "realm", Value: realm}}
	if plan, err := readHMAC(in.Values); err == nil {
		params = append(params, core.Param{Name: "header", Value: plan.lines[len(plan.lines)-1].name},
			core.Param{Name: "algorithm", Value: "HMAC-" + plan.hash})
	}
	return []core.Challenge{{Scheme: "HMAC", Params: params}}
}
