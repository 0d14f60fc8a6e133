package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
)

// Why a message signature may not fit: the ways in which clients, and proxies in between, are known to differ.

// httpsigCase is a signature that does not fit what this server has rebuilt.
type httpsigCase struct {
	*httpsigSettings
	in        core.Input
	req       *core.Request
	base      string
	signature []byte
	tr        *core.Trace
}

// explain tries those ways until one fits. What differs then is known, and harmless to say.
func (c httpsigCase) explain() error {
	for _, find := range [...]func() (*core.Rejection, error){c.inForm, c.inKey, c.inBase, c.inAddress} {
		if found, err := find(); err != nil {
			return keys.At("key", err)
		} else if found != nil {
			return found
		}
	}
	return c.refuse("wrong-signature", "key", "3.2", "the signature is not one by this key over the signature base as it is rebuilt here: another key was used, or what it covers arrived changed")
}

//go:noinline
func (c httpsigCase) refuse(code, step, section, message string) *core.Rejection {
	return &core.Rejection{Code: "httpsig." + code, Step: step, Ref: rfc("RFC 9421", section), Message: message}
}

// inForm: many libraries of ECDSA write DER, where RFC 9421 has the two numbers one behind the other.
func (c httpsigCase) inForm() (*core.Rejection, error) {
	both, err := keys.SignatureJOSE(c.algorithm.jose, c.signature)
	if err == nil {
		valid, err := c.valid(c.in, c.base, both)
		if err != nil || !valid {
			return nil, err
		}
		c.addSignature(both, c.tr)
		return c.refuse("der", "signature", c.algorithm.section, "the signature is right, but written in DER; r and s have to stand one behind the other, "+byteCount(len(both))+" in all"), nil
	}
	if size := c.size(); size != len(c.signature) {
		return c.refuse("length", "key", c.algorithm.section, "the signature has "+byteCount(len(c.signature))+", and one of "+c.algorithm.name+" by this key has "+strconv.Itoa(size)), nil
	}
	return nil, nil
}

// size is how many bytes the signatures of this key have.
func (s *httpsigSettings) size() int {
	switch {
	case s.algorithm.jose == "":
		return hashSize("SHA-256")
	case s.key.Kind == "RSA":
		return (keys.Bits(s.key) + 7) / 8
	}
	return 2 * keys.Bits(s.key) / 8
}

// inKey: one key of RSA is for two algorithms, and a secret can be read in several ways.
func (c httpsigCase) inKey() (*core.Rejection, error) {
	for _, a := range httpsigAlgorithms {
		if a.jose == "" || c.key.Kind != "RSA" || a.name == c.algorithm.name || keys.Fits(c.key, a.jose) != nil {
			continue
		}
		valid, err := c.in.Env.Keys.Verify(a.jose, c.key, []byte(c.base), c.signature)
		if err != nil {
			return nil, err
		}
		if valid {
			found := c.refuse("other-algorithm", "key", "3.3", "the signature is right by another algorithm than the one this server takes")
			found.Want, found.Got = c.algorithm.name, a.name
			return found, nil
		}
	}
	if c.algorithm.jose != "" {
		return nil, nil
	}
	typed := c.in.Values["key"]
	for _, other := range [...]struct{ name, text, encoding string }{{"text", typed, "text"}, {"base64", typed, encodingBase64}, {"hexadecimal digits", typed, encodingHex},
		{"text with a line break at its end", strings.TrimSpace(typed) + "\n", "text"}} {
		secret, unreadable := decodeSecret("", other.text, other.encoding) // which would leave an empty one, as anybody has
		if unreadable == nil && fitsMAC("SHA-256", secret, c.base, c.signature) {
			return c.refuse("key-encoding", "key", "3.3.3", "the secret is right, but its bytes are not: the client reads it as "+other.name+", this server as "+c.reading), nil
		}
	}
	return nil, nil
}

// inBase has texts that are signed instead of the signature base.
func (c httpsigCase) inBase() (*core.Rejection, error) {
	line, _ := c.req.Header.Get("Signature-Input")
	asSent, own := strings.TrimPrefix(strings.TrimSpace(line), c.label+"="), c.tr.Step("signature-params").Out
	lines := strings.TrimSuffix(c.base, `"@signature-params": `+own)
	for _, other := range [...]struct{ base, step, message string }{
		{c.base + "\n", "signature-base", "the client put a line break behind the last line of what it signed"},
		{strings.ReplaceAll(c.base, "\n", "\r\n"), "signature-base", "the client ended the lines of what it signed by CR and LF; they end by LF alone"},
		{lines + `"@signature-params": ` + c.label + "=" + own, "signature-base", "the client signed the label, which does not belong to the line of @signature-params"},
		{strings.TrimSuffix(lines, "\n"), "signature-base", "the client left the line of @signature-params out of what it signed"},
		{lines + `"@signature-params": ` + asSent, "signature-params", "the client signed the text of Signature-Input as it wrote it; what counts is its strict form, without space behind “;”"},
		{strings.Replace(c.base, `"@query": ?`, `"@query": `, 1), "signature-base", "the client signed @query without its question mark"},
	} {
		valid, err := c.valid(c.in, other.base, c.signature)
		if err != nil {
			return nil, err
		}
		if valid {
			return c.refuse("base", other.step, "2.5", other.message), nil
		}
	}
	return nil, nil
}

func (c httpsigCase) inAddress() (*core.Rejection, error) {
	for _, sent := range asSent(c.req) {
		theirs := core.Trace{}
		base, _, wrong := c.addBase(httpMessage{req: sent}, &theirs)
		if wrong != nil || base == c.base {
			continue
		}
		valid, err := c.valid(c.in, base, c.signature)
		if err != nil {
			return nil, err
		}
		if valid {
			return differing("httpsig.address", signedElsewhere(sent, c.req), c.tr, &theirs), nil
		}
	}
	return nil, nil
}
