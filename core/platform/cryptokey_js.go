package platform

import "bytes"

// How WebCrypto is told what a JOSE algorithm is
// (https://www.w3.org/TR/webcrypto/#jwk-mapping-alg), and the keys that were imported.

// family is the name that WebCrypto has for a JOSE algorithm.
func family(algorithm string) string {
	switch algorithm[:2] {
	case "RS":
		return "RSASSA-PKCS1-v1_5"
	case "PS":
		return "RSA-PSS"
	case "ES":
		return "ECDSA"
	}
	return "Ed25519"
}

// parameters are for sign and verify. The salt is as long as the hash (RFC 7518, section 3.5).
func parameters(algorithm string) map[string]any {
	p := map[string]any{"name": family(algorithm)}
	switch family(algorithm) {
	case "ECDSA":
		p["hash"] = hashOf(algorithm)
	case "RSA-PSS":
		p["saltLength"] = map[string]int{"PS256": 32, "PS384": 48, "PS512": 64}[algorithm]
	}
	return p
}

// importing are for importKey.
func importing(algorithm string) map[string]any {
	p := map[string]any{"name": family(algorithm)}
	switch family(algorithm) {
	case "ECDSA":
		p["namedCurve"] = curveOf(algorithm)
	case "RSASSA-PKCS1-v1_5", "RSA-PSS":
		p["hash"] = hashOf(algorithm)
	}
	return p
}

// generation are for generateKey.
func generation(algorithm string) map[string]any {
	p := importing(algorithm)
	if exponent, err := uint8Array([]byte{1, 0, 1}); err == nil && p["hash"] != nil {
		p["modulusLength"], p["publicExponent"] = generatedBits, exponent
	}
	return p
}

// keyID is all that a thing which is kept of a key depends on, by reference: nobody changes a key's octets.
type keyID struct {
	text              string // that the key is read from
	algorithm, format string // that it is imported for
	der, x            []byte // DER of an Ed25519 seed has no X
}

func (a *keyID) is(b *keyID) bool {
	return a.text == b.text && a.algorithm == b.algorithm && a.format == b.format && bytes.Equal(a.der, b.der) && bytes.Equal(a.x, b.x)
}

// recent are the last few things that were made of keys, the oldest overwritten first.
type recent[T any] struct {
	kept [8]struct {
		id    keyID
		thing T
	}
	used int // things ever kept
}

func (r *recent[T]) find(id keyID) (thing T, found bool) {
	for i := range min(r.used, len(r.kept)) {
		if k := &r.kept[i]; k.id.is(&id) {
			return k.thing, true
		}
	}
	return thing, false
}

// keep returns what it drops, once there is something to drop.
func (r *recent[T]) keep(id keyID, thing T) (before T, dropped bool) {
	k := &r.kept[r.used%len(r.kept)]
	before, dropped = k.thing, r.used >= len(r.kept)
	k.id, k.thing = id, thing
	r.used++
	return before, dropped
}
