package schemes

import (
	"encoding/base64"
	"strings"

	"authpad/core"
	"authpad/core/keys"
)

// JSON Web Signatures in compact form (RFC 7515), as the steps of every scheme that sends one.

// jws is one side's work on a token.
type jws struct {
	in        core.Input
	tr        *core.Trace
	field     string // of the key
	key       jwsKey
	algorithm string
	theirs    *jwsToken // what came; nil when signing
	open      bool      // it is no credential by itself: nothing of it is masked
}

// keyStep shows a secret as bytes, masked, and any other key by its fingerprint.
func (j *jws) keyStep() error {
	text := core.Part{Name: "key", Value: j.in.Values[j.field], From: "field:" + j.field, Secret: true}
	switch {
	case j.algorithm == algorithmNone:
		j.tr.Add(core.Step{ID: "key", Title: "Use no key", Op: "none", Ref: rfc("RFC 7515", "A.5"),
			Why: "Without a key anybody can make this token, and change it.",
			In:  []core.Part{{Name: "algorithm", Value: j.algorithm, From: "step:algorithm"}}})
	case j.key.secret != nil:
		j.tr.Add(core.Step{ID: "key", Title: "Read the secret as bytes", Op: "decode " + j.key.encoding, Ref: rfc("RFC 7518", "3.2"), Secret: true,
			Why: "The same characters are other bytes as text, in base64 and in hex: the most common reason why signatures differ.",
			In:  []core.Part{text}, Hex: true, Out: hexOf(j.key.secret)})
	default:
		return showKey(j.in, j.field, j.key.asymmetric, j.tr)
	}
	return nil
}

// encode writes both parts and joins them: what is signed (RFC 7515, section 5.1).
func (j *jws) encode(header, claims string) (input string) {
	both := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(header)+len(claims))+2)
	both = base64.RawURLEncoding.AppendEncode(both, []byte(header))
	dot := len(both)
	both = base64.RawURLEncoding.AppendEncode(append(both, '.'), []byte(claims))
	input = string(both) // once: its parts are where they are in it
	head := j.tr.Add(core.Step{ID: "encoded-header", Title: "Write the header in base64url", Op: "base64url", Ref: rfc("RFC 7515", "2"),
		Why: "A token goes through addresses and headers, where “+”, “/” and “=” would be trouble. This hides nothing.",
		In:  []core.Part{{Name: "header", Value: header, From: "step:header"}}, Out: input[:dot]})
	body := j.tr.Add(core.Step{ID: "encoded-claims", Title: "Write the claims in base64url", Op: "base64url", Ref: rfc("RFC 7515", "2"),
		Why: "Every byte counts, white space too: what is signed is this text, not what it means.",
		In:  []core.Part{{Name: "claims", Value: claims, From: "step:claims"}}, Out: input[dot+1:]})
	return j.tr.Add(core.Step{ID: "signing-input", Title: "Join both with a dot", Op: "join", Ref: rfc("RFC 7515", "5.1"),
		Why: "The signature covers both, so that nobody can swap the algorithm or a claim.",
		In:  []core.Part{{Name: "header", Value: head, From: "step:encoded-header"}, {Name: "claims", Value: body, From: "step:encoded-claims"}},
		Out: input})
}

// sign adds the signature: a new one, or theirs if it is right. ok is false where it is not.
func (j *jws) sign(input string) (signature string, ok bool, err error) {
	signed := core.Part{Name: "header and claims", Value: input, From: "step:signing-input"}
	if j.algorithm == algorithmNone {
		return j.tr.Add(core.Step{ID: "signature", Title: "Leave the signature empty", Op: "none", Ref: rfc("RFC 7515", "A.5"), Secret: true,
			Why: "There is nothing that a server could check.", In: []core.Part{signed}}), true, nil
	}
	octets, ok, err := j.makeOrCheck(input)
	if err != nil || octets == nil {
		return "", false, keys.At(j.field, err)
	}
	op, _ := jwsOperation(j.algorithm)
	read := j.tr.Step("key")
	key := core.Part{Name: "key", Value: read.Out, From: "step:key", Secret: read.Secret}
	written := j.tr.Add(core.Step{ID: "signature-bytes", Title: "Sign both with the key", Op: op, Ref: rfc("RFC 7515", "5.1"), Secret: !j.open,
		Why: "Only who has the key can make it, and any change of header or claims makes another one.",
		In:  []core.Part{signed, key}, Hex: true, Out: hexOf(octets)})
	return j.tr.Add(core.Step{ID: "signature", Title: "Write the signature in base64url", Op: "base64url", Ref: rfc("RFC 7515", "2"), Secret: !j.open,
		Why: "It is the third part of the token.",
		In:  []core.Part{{Name: "bytes, hex", Value: written, From: "step:signature-bytes", Secret: !j.open}}, Out: base64url(octets)}), ok, nil
}

// makeOrCheck returns no octets where there is no signature to show: who has the public half cannot make one.
func (j *jws) makeOrCheck(input string) (octets []byte, ok bool, err error) {
	if j.theirs == nil {
		octets, err = j.key.sign(j.in.Env, j.algorithm, input)
		return octets, true, err
	}
	ok, err = j.key.verify(j.in.Env, j.algorithm, j.theirs.input(), j.theirs.signature)
	switch {
	case err == nil && isHMAC(j.algorithm):
		octets, err = j.key.sign(j.in.Env, j.algorithm, input)
	case ok:
		octets = j.theirs.signature
	}
	return octets, ok, err
}

// join is the token, a credential by itself.
func (j *jws) join(input, signature string) string {
	return j.tr.Add(core.Step{ID: "token", Title: "Put the signature behind them", Op: "join", Ref: rfc("RFC 7515", "7.1"), Secret: true,
		Why: "Three parts, two dots: the server splits there. Until it expires, whoever has the token may use it.",
		In: []core.Part{{Name: "header and claims", Value: input, From: "step:signing-input"},
			{Name: "signature", Value: signature, From: "step:signature", Secret: true}},
		Out: input + "." + signature})
}

// jwsToken is a token as it came, and why it cannot be read.
type jwsToken struct {
	parts                    []string
	header, claims           object
	headerText, claimsText   string
	signature                []byte
	wrongHeader, wrongClaims error
	wrong                    *core.Rejection
}

// readJWS takes a token apart. Claims that are no JSON object are a fault of their own: a signature may
// cover any text.
func readJWS(text string) *jwsToken {
	t := &jwsToken{parts: strings.Split(text, ".")}
	if len(t.parts) != 3 {
		t.refuse("jwt.parts", "signing-input", "the token has not three parts with dots between them", "7.1")
		return t
	}
	var octets [3][]byte
	for i, name := range [...]string{"header", "claims", "signature"} {
		var err error
		if octets[i], err = decodeBase64url(t.parts[i]); err != nil && t.wrong == nil {
			t.refuse("jwt.base64url", "signing-input", "the token’s "+name+" is not base64url: no padding, no “+”, “/”, space or odd character, no bits left over", "2")
		}
	}
	t.headerText, t.claimsText, t.signature = string(octets[0]), string(octets[1]), octets[2]
	t.header, t.wrongHeader = parseObject(t.headerText)
	t.claims, t.wrongClaims = parseObject(t.claimsText)
	if t.wrongHeader != nil && t.wrong == nil {
		t.refuse("jwt.header", "header", "the token’s header is no JSON object whose members are there once each", "4")
	}
	return t
}

func (t *jwsToken) refuse(code, step, message, section string) {
	t.wrong = &core.Rejection{Code: code, Step: step, Message: message, Ref: rfc("RFC 7515", section)}
}

// input is what was signed.
func (t *jwsToken) input() string {
	if len(t.parts) != 3 {
		return ""
	}
	return t.parts[0] + "." + t.parts[1]
}
