package keys

import (
	"strings"

	"authpad/core/json"
)

// Shared is a JWK that is a shared secret (kty "oct"; RFC 7518, section 6.4). It is no core.Key: an HMAC
// is computed with its bytes.
type Shared struct {
	Secret        []byte
	ID, Algorithm string // kid and alg, if the JWK has them
}

// ParseShared reads one, alone or in a JWK Set. is is false where the text is something else: what it is,
// Parse says. The error is an *Error.
func ParseShared(text string) (s Shared, is bool, err error) {
	text = clean(text)
	if text == "" || text[0] != '{' || len(text) > maxText {
		return Shared{}, false, nil
	}
	in := json.NewReader([]byte(text))
	k, err := readJWK(in, true)
	if err != nil || !in.Ended() || k.kty != "oct" || k.set && k.inSet != 1 {
		return Shared{}, false, nil
	}
	if err := k.checkUse(); err != nil {
		return Shared{}, true, err
	}
	if len(k.secret) == 0 {
		return Shared{}, true, missing("k")
	}
	return Shared{Secret: k.secret, ID: k.kid, Algorithm: k.alg}, true, nil
}

// LooksAsymmetric reports whether the text is a key that Parse is for, or was meant to be one: no secret
// that someone made up looks so.
func LooksAsymmetric(text string) bool {
	_, err := Parse(text)
	wrong, refused := err.(*Error)
	if !refused {
		return true
	}
	text = clean(text)
	return wrong.Code == "key.openssh" || strings.HasPrefix(text, "{") ||
		strings.Contains(text, "-----BEGIN ") || strings.Contains(text, "-----END ")
}
