package keys

import "authpad/core"

// The structures of public keys, on their own, in certificates and behind private ones.

// readSPKI reads SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
func readSPKI(d der) (core.Key, error) {
	id, okID := d.take(tagSequence)
	octets, ok := d.bits(tagBits)
	if !okID || !ok || len(d) > 0 {
		return core.Key{}, errBroken()
	}
	c, isRSA, err := readAlgorithmID(id)
	switch {
	case err != nil:
		return core.Key{}, err
	case !isRSA && c.kind == "OKP":
		return pointKey(c, octets, nil)
	case !isRSA:
		return readPoint(c, octets)
	}
	body := der(octets)
	content, ok := body.take(tagSequence)
	if !ok || len(body) > 0 {
		return core.Key{}, errBroken()
	}
	return readPublicRSA(content)
}

// readCertificate reads the key of TBSCertificate (RFC 5280, section 4.1).
func readCertificate(d der) (core.Key, error) {
	d.skip(tagContext) // version
	_, ok := d.take(tagInteger)
	for range 4 { // signature, issuer, validity, subject
		_, found := d.take(tagSequence)
		ok = ok && found
	}
	info, found := d.take(tagSequence)
	if !ok || !found {
		return core.Key{}, errBroken()
	}
	return readSPKI(info)
}

func readPublicRSA(d der) (core.Key, error) {
	n, okN := d.number()
	e, okE := d.number()
	if !okN || !okE || len(d) > 0 {
		return core.Key{}, errBroken()
	}
	return rsaKey(rsaNumbers{n, e})
}

func isCompressed(point []byte) bool { return len(point) > 0 && (point[0] == 2 || point[0] == 3) }

// readPoint reads ECPoint (RFC 5480, section 2.2).
func readPoint(c *curve, point []byte) (core.Key, error) {
	switch {
	case isCompressed(point):
		return core.Key{}, refuse("key.compressed", "the public key is written in the compressed form; write it out whole: "+
			"“openssl ec -pubin -in key.pem -conv_form uncompressed”")
	case len(point) != 1+2*c.size || point[0] != 4:
		return core.Key{}, errBroken()
	}
	return pointKey(c, point[1:1+c.size], point[1+c.size:])
}
