// Package keys reads asymmetric keys from what people have at hand and says plainly what is wrong
// with what it cannot use. It computes nothing with them: that is for core.Keys, which a scheme
// finds in in.Env.Keys (tests: platform.Keys()).
//
//	text := in.Values["privateKey"] // PEM, JWK, JWK Set, DER in base64
//	key, err := in.Env.Keys.Read(text)
//	if err == nil {
//		err = keys.ToSign(key, text)
//	}
//	if err == nil {
//		err = keys.Fits(key, "RS256")
//	}
//	if err != nil {
//		return keys.At("privateKey", err) // a *core.FieldError; core.ErrWaits as it is
//	}
//	signature, err := in.Env.Keys.Sign("RS256", key, message)
//	if err != nil {
//		return keys.At("privateKey", err) // the key may turn out to be unusable only now
//	}
//
// Three things to know. An algorithm’s name is the JOSE one everywhere (core.Keys). Core.Keys takes
// either half for Verify, so a server needs no more than Parse. And a call may run twice: the first
// time every method of core.Keys answers core.ErrWaits, so a scheme asks in.Env.Seen after
// in.Env.Keys, not before.
package keys

import (
	"strings"

	"authpad/core"
	"authpad/core/json"
)

// maxText is more than any key needs, certificates around it included.
const maxText = 256 << 10

// Parse reads one key, public or private: PEM of PKCS#1, PKCS#8, SEC1, SubjectPublicKeyInfo or a
// certificate (for its public key; of a chain the first), a JWK, a JWK Set of one key, or the base64
// of such a DER. White space, CRLF, "\n" written as two characters, quotes around it and text around
// PEM blocks do not matter. A private key beside its certificates is that key.
//
// Whatever it was, DER is in its plainest form after that: PKCS#8 with rsaEncryption for RSA, also if
// the text had id-RSASSA-PSS. The error is an *Error.
func Parse(text string) (core.Key, error) {
	text = clean(text)
	switch {
	case text == "":
		return core.Key{}, refuse("key.empty", "there is no key; paste one, as PEM (“-----BEGIN …”) or as JWK")
	case len(text) > maxText:
		return core.Key{}, refuse("key.long", "the text is longer than any key; paste the key alone")
	case text[0] == '{':
		return parseJWK(text)
	case text[0] == '[':
		return core.Key{}, refuse("key.several", "this is a list in JSON; paste the one JWK to use")
	case strings.Contains(text, "-----BEGIN "):
		return parsePEM(text)
	case strings.Contains(text, "-----END "):
		return core.Key{}, errCut("the line “-----BEGIN …-----”")
	}
	return parseBare(text)
}

// clean undoes what happens to keys on their way through settings: a JSON string, quotes, line ends
// written as backslash and n.
func clean(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		in := json.NewReader([]byte(text))
		if unquoted, err := in.Str(); err == nil && in.Ended() {
			text = unquoted
		} else {
			text = text[1 : n-1]
		}
	}
	if strings.Contains(text, "-----") && strings.Contains(text, `\`) {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\r`, "\r"), `\n`, "\n")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\\\r\n", "\n"), "\\\n", "\n") // lines continued as in a shell
	}
	return strings.TrimSpace(text)
}

// parseBare reads base64 of DER without the lines around it.
func parseBare(text string) (core.Key, error) {
	if isSSH(text) {
		return core.Key{}, refuse("key.openssh", "this is a key in a form of SSH’s own; write a public one as PEM by "+
			"“ssh-keygen -e -m PKCS8 -f key.pub”, a copy of a private one by “ssh-keygen -p -m PKCS8 -f copy-of-the-key”")
	}
	if strings.HasPrefix(text, "M") { // as a sequence does
		if octets, err := decodeBase64(text); err == nil && len(octets) > 1 && octets[0] == tagSequence {
			return readDER(octets)
		}
	}
	return core.Key{}, refuse("key.unknown", "this is no key: one begins with “-----BEGIN” (PEM) or with “{” (JWK)")
}

// isSSH knows SSH’s own forms. A public key’s bytes begin with AAAA in base64; without them "sk-…" may be
// anybody’s shared secret.
func isSSH(text string) bool {
	for _, kind := range [...]string{"ssh-", "ecdsa-sha2-", "sk-"} {
		if strings.HasPrefix(text, kind) && strings.Contains(text, " AAAA") {
			return true
		}
	}
	return strings.HasPrefix(text, "---- BEGIN SSH2") || strings.HasPrefix(text, "PuTTY-User-Key-File")
}

// ToSign refuses a public key or a certificate; text is what the key was read from.
func ToSign(key core.Key, text string) error {
	switch {
	case key.Private:
		return nil
	case strings.Contains(text, "CERTIFICATE-----"):
		return refuse("key.certificate", "this is a certificate, which has only the public key; to sign, the private key is needed")
	}
	return refuse("key.public", "this is "+Describe(key)+"; to sign, the private key is needed")
}

// FromScalar is the private key of a curve ("P-256", "P-384", "P-521", "Ed25519") from its number, or
// of Ed25519 from its seed, big-endian. Its public numbers are nil: core.Keys.Public computes them.
func FromScalar(name string, number []byte) (core.Key, error) {
	c := curveBy(name, "")
	if c == nil {
		return core.Key{}, errCurve("a curve that is not known here")
	}
	return scalarKey(c, number, core.Key{})
}

// FromNumbers is the public key of these numbers: N and E, or Curve and X, and Y where there is one.
func FromNumbers(numbers core.Key) (core.Key, error) {
	if numbers.Kind == "RSA" {
		return rsaKey(rsaNumbers{numbers.N, numbers.E})
	}
	c := curveBy(numbers.Curve, "")
	if c == nil || c.kind != numbers.Kind {
		return core.Key{}, errCurve("a curve that is not known here")
	}
	return pointKey(c, numbers.X, numbers.Y)
}
