package keys

import "authpad/core"

// The structures that keys come in. Which one it is shows by its first elements, so that the label
// of a PEM block need not be right.

// readDER reads a key out of any of them.
func readDER(octets []byte) (core.Key, error) {
	d := der(octets)
	if _, _, cut, _ := d.header(); cut && d.is(tagSequence) {
		return core.Key{}, refuse("key.truncated", "the key is cut off: it says that it is longer than it is; copy it again, whole")
	}
	all, ok := d.take(tagSequence)
	if !ok || len(d) > 0 {
		return core.Key{}, errBroken()
	}
	switch first := all; {
	case all.is(tagInteger):
		first.take(tagInteger)
		switch {
		case first.is(tagSequence):
			return readPKCS8(all)
		case first.is(tagOctets):
			return readSEC1(all, nil)
		}
		return readPKCS1(all)
	case all.is(tagSequence):
		content, _ := first.take(tagSequence)
		switch {
		case first.is(tagBits):
			return readSPKI(all)
		case first.is(tagOctets):
			return core.Key{}, errEncrypted()
		}
		return readCertificate(content)
	}
	return core.Key{}, errBroken()
}

func errBroken() error {
	return refuse("key.broken", "the key is damaged, or is of a form that cannot be read here; "+
		"PKCS#8, PKCS#1, SEC1, SubjectPublicKeyInfo, X.509 and JWK can")
}

func errEncrypted() error {
	return refuse("key.encrypted", "the private key is encrypted with a passphrase; write it out without one: "+
		"“openssl pkey -in key.pem -out plain.pem”")
}

// readPKCS8 reads PrivateKeyInfo, or its successor OneAsymmetricKey (RFC 5958, section 2).
func readPKCS8(d der) (core.Key, error) {
	version, _ := d.number()
	id, okID := d.take(tagSequence)
	body, ok := d.take(tagOctets)
	if !okID || !ok || len(version) > 1 || (len(version) == 1 && version[0] != 1) {
		return core.Key{}, errBroken()
	}
	d.skip(tagContext) // attributes
	var public []byte
	if d.is(tagPrimitive + 1) {
		if public, ok = d.bits(tagPrimitive + 1); !ok {
			return core.Key{}, errBroken()
		}
	}
	if len(d) > 0 {
		return core.Key{}, errBroken()
	}
	c, isRSA, err := readAlgorithmID(id)
	switch {
	case err != nil:
		return core.Key{}, err
	case !isRSA && c.kind == "OKP":
		return readSeed(c, body, public)
	}
	content, ok := body.take(tagSequence)
	switch {
	case !ok || len(body) > 0:
		return core.Key{}, errBroken()
	case isRSA:
		return readPrivateRSA(content)
	}
	return readSEC1(content, c)
}

// readAlgorithmID tells RSA, whose curve is nil, and the curves apart.
func readAlgorithmID(d der) (c *curve, isRSA bool, err error) {
	id, ok := d.take(tagObjectID)
	if !ok {
		return nil, false, errBroken()
	}
	switch string(id) {
	case oidRSA, oidPSS:
		return nil, true, nil
	case oidEC:
		c, err := readCurve(d)
		return c, false, err
	}
	if c := curveBy("", string(id)); c != nil && c.kind == "OKP" {
		return c, false, nil
	}
	return nil, false, otherKind(string(id))
}

// readCurve reads ECParameters (RFC 5480, section 2.1.1), of which only named curves are in use.
func readCurve(d der) (*curve, error) {
	id, ok := d.take(tagObjectID)
	if !ok {
		return nil, errCurve("an elliptic curve that is written out instead of named")
	}
	if c := curveBy("", string(id)); c != nil && c.kind == "EC" {
		return c, nil
	}
	switch string(id) {
	case "\x2b\x81\x04\x00\x0a":
		return nil, errCurve("the curve secp256k1 (ES256K)")
	case "\x2b\x81\x04\x00\x21":
		return nil, errCurve("the curve P-224")
	}
	return nil, errCurve("a curve that is not known here")
}

func errCurve(found string) error {
	return refuse("key.curve", "the key is for "+found+"; browsers sign with P-256, P-384, P-521 and Ed25519")
}

func otherKind(id string) error {
	switch id {
	case "\x2b\x65\x6e":
		return errCurve("X25519, which encrypts and does not sign")
	case "\x2b\x65\x6f":
		return errCurve("X448, which encrypts and does not sign")
	case "\x2b\x65\x71":
		return errCurve("Ed448")
	case "\x2a\x86\x48\xce\x38\x04\x01":
		return errDSA()
	}
	return refuse("key.kind", "the key is of a kind that is not known here; RSA, EC and Ed25519 are")
}

func errDSA() error {
	return refuse("key.kind", "this is a DSA key; RSA, EC and Ed25519 keys are known here")
}

// readSeed reads CurvePrivateKey (RFC 8410, section 7).
func readSeed(c *curve, body der, public []byte) (core.Key, error) {
	seed, ok := body.take(tagOctets)
	if !ok || len(body) > 0 {
		return core.Key{}, errBroken()
	}
	if public == nil {
		return scalarKey(c, seed, core.Key{})
	}
	half, err := pointKey(c, public, nil)
	if err != nil {
		return core.Key{}, err
	}
	return scalarKey(c, seed, half)
}

// readSEC1 reads ECPrivateKey (RFC 5915, section 3). c is the curve that PKCS#8 has named already.
func readSEC1(d der, c *curve) (core.Key, error) {
	version, ok := d.number()
	scalar, okScalar := d.take(tagOctets)
	if !ok || !okScalar || string(version) != "\x01" {
		return core.Key{}, errBroken()
	}
	if named, ok := d.take(tagContext); ok && c == nil {
		var err error
		if c, err = readCurve(named); err != nil {
			return core.Key{}, err
		}
	}
	if c == nil {
		return core.Key{}, refuse("key.curve", "the key does not say which curve it is for; write it as PKCS#8: "+
			"“openssl pkcs8 -topk8 -nocrypt -in key.pem”")
	}
	var public core.Key
	if point, ok := d.take(tagContext + 1); ok {
		octets, ok := point.bits(tagBits)
		if !ok || len(point) > 0 {
			return core.Key{}, errBroken()
		}
		if !isCompressed(octets) { // then it is computed anew
			var err error
			if public, err = readPoint(c, octets); err != nil {
				return core.Key{}, err
			}
		}
	}
	if len(d) > 0 {
		return core.Key{}, errBroken()
	}
	return scalarKey(c, scalar, public)
}

// readPKCS1 reads RSAPrivateKey or RSAPublicKey (RFC 8017, appendix A.1): the private one begins with
// its version, which no modulus could be.
func readPKCS1(d der) (core.Key, error) {
	first := d
	if version, ok := first.number(); ok && len(version) <= 1 {
		return readPrivateRSA(d)
	}
	return readPublicRSA(d)
}

func readPrivateRSA(d der) (core.Key, error) {
	version, ok := d.number()
	if !ok || len(version) > 0 {
		return core.Key{}, refuse("key.kind", "the RSA key has more than two primes, which browsers do not take")
	}
	var numbers rsaNumbers
	for i := range numbers {
		if numbers[i], ok = d.number(); !ok {
			return core.Key{}, errBroken()
		}
	}
	if len(d) > 0 {
		return core.Key{}, errBroken()
	}
	return rsaKey(numbers)
}
