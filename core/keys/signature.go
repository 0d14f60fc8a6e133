package keys

// SignatureDER writes a JOSE signature of ECDSA, R and S one behind the other, as the ASN.1 sequence
// that most other formats have (RFC 3279, section 2.2.3).
func SignatureDER(signature []byte) ([]byte, error) {
	half := len(signature) / 2
	if half == 0 || len(signature)%2 != 0 {
		return nil, refuse("key.signature", "the signature is not two numbers of the same length")
	}
	return sequence(integer(signature[:half]), integer(signature[half:])), nil
}

// SignatureJOSE is the reverse, for the algorithm "ES256", "ES384" or "ES512". Anything but DER of two
// numbers that fit the curve is refused.
func SignatureJOSE(algorithm string, signature []byte) ([]byte, error) {
	c := curveBy(neededFor(algorithm), "")
	if c == nil || c.kind != "EC" {
		return nil, refuse("key.algorithm", "this algorithm has no signatures of two numbers")
	}
	d := der(signature)
	both, ok := d.take(tagSequence)
	r, okR := both.number()
	s, okS := both.number()
	if !ok || !okR || !okS || len(d)+len(both) > 0 {
		return nil, refuse("key.signature", "the signature is not an ASN.1 sequence of two numbers in DER")
	}
	r, okR = padded(r, c.size)
	s, okS = padded(s, c.size)
	if !okR || !okS {
		return nil, refuse("key.signature", "the signature has a number that is too large for "+c.name)
	}
	return append(r, s...), nil
}
