package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// HTTP Message Signatures: parts of the request, chosen by the signer, under a signature (RFC 9421); the
// body through its Content-Digest (RFC 9530).
//
// httpsig_settings.go reads the fields, httpsig_component.go and httpsig_field.go know what can be signed,
// httpsig_steps.go has the formula of both sides, httpsig_verify.go the server, httpsig_confirm.go what a
// client makes of a signed answer, httpsig_notes.go what a person should know.
var httpsig = core.Scheme{
	ID: "httpsig", Name: "HTTP Message Signatures",
	Summary: "Signs the parts of the request that you name, so that nobody can change them or sign in your place.",
	Refs:    []core.Ref{rfc("RFC 9421", ""), rfc("RFC 9530", "")},
	Fields: []core.Field{
		{ID: "algorithm", Label: "Algorithm", Kind: core.ChoiceField, Default: "ed25519",
			Help: "The one your key was made for.", Options: []core.Option{{Value: "ed25519", Label: "Ed25519"},
				{Value: "ecdsa-p256-sha256", Label: "ECDSA, P-256"}, {Value: "ecdsa-p384-sha384", Label: "ECDSA, P-384"},
				{Value: "rsa-pss-sha512", Label: "RSA-PSS, SHA-512"}, {Value: "rsa-v1_5-sha256", Label: "RSA, SHA-256"},
				{Value: "hmac-sha256", Label: "HMAC-SHA-256, a shared secret"}}},
		{ID: "key", Label: "Key", Kind: core.MultilineField, Secret: true, Placeholder: "-----BEGIN PRIVATE KEY-----",
			Help: "Your private key as PEM or JWK; for HMAC, the secret that both sides share.", ToVerify: "The public key is enough."},
		{ID: "keyEncoding", Label: "Secret is written as", Kind: core.ChoiceField, Default: automatic, Advanced: true,
			When: core.When{Field: "algorithm", Values: []string{"hmac-sha256"}},
			Help: "Automatic takes long base64 for base64 and all else for text; a note says which.",
			Options: []core.Option{{Value: automatic, Label: "Automatic"}, {Value: "text", Label: "Text"},
				{Value: "base64", Label: "Base64"}, {Value: "hex", Label: "Hexadecimal"}}},
		{ID: "keyId", Label: "Key ID", Kind: core.TextField, Optional: true, Placeholder: "my-key-1",
			Help: "The name under which the server knows the key."},
		{ID: "components", Label: "Components", Kind: core.MultilineField, Default: httpsigComponents, Placeholder: `"@method" "@target-uri" "content-type"`,
			Help:     "What is signed, in double quotes: header names in lower case, and parts of the request that begin with @.",
			ToVerify: "Less than what is chosen here is refused; unchanged, nothing is asked for."},
		{ID: "contentDigest", Label: "Content-Digest", Kind: core.ChoiceField, Default: qopNone, Free: true,
			Help:    "Adds the body’s hash as a header; sign it by naming \"content-digest\".",
			Options: []core.Option{{Value: qopNone, Label: "None"}, {Value: "sha-256", Label: "SHA-256"}, {Value: "sha-512", Label: "SHA-512"}}},
		{ID: "label", Label: "Label", Kind: core.TextField, Default: "sig1", Advanced: true, Free: true,
			Help: "Tells several signatures of one request apart."},
		{ID: "created", Label: "Say when it was created", Kind: core.ToggleField, Default: "true", Advanced: true,
			Help: "Servers refuse old signatures by it."},
		{ID: "expires", Label: "Expires", Kind: core.TextField, Advanced: true, Free: true, Placeholder: "300",
			Help: "Seconds from now, a Unix time, or a date such as 2026-01-31T23:59:59Z. Empty: it does not say."},
		{ID: "nonce", Label: "Nonce", Kind: core.TextField, Advanced: true, Free: true,
			Help: "A value used once only, by which a server knows a repeated request."},
		{ID: "tag", Label: "Tag", Kind: core.TextField, Advanced: true, Optional: true, Placeholder: "my-app",
			Help: "The application that the signature is for, where the server asks for one."},
		{ID: "parameters", Label: "Order of parameters", Kind: core.TextField, Default: httpsigOrder, Advanced: true, Free: true,
			Help: "The order in which they are written. Put alg in to name the algorithm too."},
		{ID: "serverKey", Label: "The server’s public key", Kind: core.MultilineField, Advanced: true, Placeholder: "-----BEGIN PUBLIC KEY-----",
			Help: "To check the signature of its answer. Empty: with the key above."},
	},
	Answers: []string{"signature"},
	Sign:    signHTTPSig, Verify: verifyHTTPSig, Challenge: challengeHTTPSig, Tell: tellHTTPSig, Confirm: confirmHTTPSig,
	Example: core.Example{
		Values: core.Values{"key": httpsigExampleKey, "keyId": "test-key-ed25519", "components": `"@method" "@authority" "@path" "@query"`},
		Wrong:  core.Values{"key": `{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`}, // RFC 8037, A.1
		Step:   "key",
	},
}

// The request of RFC 9421, section 2.5, and a key of B.1.4.
const (
	httpsigExampleURL  = "https://example.com/foo?param=Value&Pet=dog"
	httpsigExampleBody = `{"hello": "world"}`
	httpsigExampleKey  = `{"kty":"OKP","crv":"Ed25519","d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}`
)

var httpsigExampleHeader = core.Header{{Name: "Date", Value: "Tue, 20 Apr 2021 02:07:55 GMT"}, {Name: "Content-Type", Value: "application/json"},
	{Name: "Content-Digest", Value: "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"}}

// signHTTPSig adds a Content-Digest if asked to, and the two lines of a signature.
func signHTTPSig(in core.Input, req *core.Request, tr *core.Trace) error {
	s, err := readHTTPSig(in, true)
	if err != nil {
		return err
	}
	if _, err := readServerKey(in.Values); err != nil {
		return err
	}
	before, err := labelled(req.Header, s.label)
	if err != nil {
		return err
	}
	if err := noteContentDigest(in, req, tr); err != nil {
		return err
	}
	if err := setContentDigest(in, req, tr); err != nil {
		return err
	}
	base, at, u := s.addBase(httpMessage{req: req}, tr)
	if u != nil {
		return wrongHTTPSig("components", u.code, u.section, placed(s.components, at)+u.message)
	}
	noteHTTPSig(in, s, req, tr)
	input := s.addInput(tr)
	if err := s.addKey(in, tr); err != nil {
		return err
	}
	signature, err := s.sign(in, base)
	if err != nil {
		return keys.At("key", err)
	}
	req.Header.Set("Signature-Input", before.input+input)
	req.Header.Set("Signature", before.signature+s.addSignature(signature, tr))
	return nil
}

func (s *httpsigSettings) sign(in core.Input, base string) ([]byte, error) {
	if s.algorithm.jose == "" {
		return mac("SHA-256", s.secret, []byte(base)), nil
	}
	return in.Env.Keys.Sign(s.algorithm.jose, s.key, []byte(base))
}

// setContentDigest adds the header line, unless the right one is there.
func setContentDigest(in core.Input, req *core.Request, tr *core.Trace) error {
	algorithm := in.Values["contentDigest"]
	if algorithm == qopNone {
		return nil
	}
	value, err := addContentDigest(in.Env, algorithm, req, tr)
	if err != nil {
		return err
	}
	if lines := req.Header.Values("Content-Digest"); lines != nil {
		return sameContentDigest(value, strings.Join(lines, ", "))
	}
	req.Header.Add("Content-Digest", value)
	return nil
}

// signatures are the lines that a request has already, ready for one more member.
type signatures struct{ input, signature string }

// labelled reads the signatures of others, which stay as they are. The new label must not be theirs.
func labelled(header core.Header, label string) (before signatures, err error) {
	for _, f := range [...]struct {
		name string
		text *string
	}{{"Signature-Input", &before.input}, {"Signature", &before.signature}} {
		joined := strings.Join(header.Values(f.name), ", ")
		members, err := syntax.ParseDictionary(joined)
		if err != nil {
			return before, wrongHTTPSig("headers", "unreadable", "4.1", "the headers already have a "+f.name+" line that cannot be read: "+err.Error())
		}
		for _, m := range members {
			if m.Key == label {
				return before, wrongHTTPSig("label", "label-taken", "4.1", "the headers already have a signature of this label; choose another one")
			}
		}
		if joined != "" {
			*f.text = joined + ", "
		}
	}
	return before, nil
}
