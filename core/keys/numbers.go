package keys

import "authpad/core"

// Keys from their numbers: here every key gets the one DER that it is handed on with.

// curve is one that JOSE signs with.
type curve struct {
	name      string
	kind      string
	size      int // of a coordinate, in bytes
	bits      int
	oid       string // the content of its OBJECT IDENTIFIER
	algorithm string
}

var curves = [...]curve{
	{"P-256", "EC", 32, 256, "\x2a\x86\x48\xce\x3d\x03\x01\x07", "ES256"},
	{"P-384", "EC", 48, 384, "\x2b\x81\x04\x00\x22", "ES384"},
	{"P-521", "EC", 66, 521, "\x2b\x81\x04\x00\x23", "ES512"},
	{"Ed25519", "OKP", 32, 256, "\x2b\x65\x70", "EdDSA"},
}

// The contents of the other OBJECT IDENTIFIERs that count.
const (
	oidRSA = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
	oidPSS = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
	oidEC  = "\x2a\x86\x48\xce\x3d\x02\x01"
)

// curveBy finds a curve by its name or by its identifier.
func curveBy(name, oid string) *curve {
	for i := range curves {
		if c := &curves[i]; c.name == name || c.oid == oid {
			return c
		}
	}
	return nil
}

func oid(content string) []byte { return element(tagObjectID, []byte(content)) }

// algorithmID is AlgorithmIdentifier (RFC 5958, section 2; RFC 5280, section 4.1.1.2).
func (c *curve) algorithmID() []byte {
	if c.kind == "OKP" {
		return sequence(oid(c.oid))
	}
	return sequence(oid(oidEC), oid(c.oid))
}

func rsaID() []byte { return sequence(oid(oidRSA), element(tagNull)) }

// rsaNumbers are those of RSAPrivateKey (RFC 8017, appendix A.1.2), in its order: n, e, d, p, q, dP, dQ
// and qInv. A public key has the first two.
type rsaNumbers [8][]byte

// rsaKey makes a key of the first two numbers, or of all eight.
func rsaKey(numbers rsaNumbers) (core.Key, error) {
	for i := range numbers {
		numbers[i] = trimZeros(numbers[i])
	}
	key := core.Key{Kind: "RSA", N: numbers[0], E: numbers[1]}
	if err := checkRSA(key); err != nil {
		return core.Key{}, err
	}
	if numbers[2] == nil {
		key.DER = sequence(rsaID(), bitString(tagBits, sequence(integer(key.N), integer(key.E))))
		return key, nil
	}
	body := [][]byte{integer(nil)} // version: two primes
	for _, n := range numbers {
		if len(n) == 0 {
			return core.Key{}, refuse("key.broken", "a number of this RSA key is zero; copy it again, whole")
		}
		body = append(body, integer(n))
	}
	key.Private = true
	key.DER = sequence(integer(nil), rsaID(), element(tagOctets, sequence(body...)))
	return key, nil
}

const (
	minRSA = 1024
	maxRSA = 16384 // what browsers take
)

func checkRSA(key core.Key) error {
	switch bits := Bits(key); {
	case len(key.E) == 0 || len(key.E) > 4 || bits == 0:
		return refuse("key.broken", "the modulus or the exponent of this RSA key is no number that a key can have")
	case bits < minRSA:
		return refuse("key.short", "this RSA key has only "+itoa(bits)+" bits; at least 1024 are needed, and 2048 or more are advised")
	case bits > maxRSA:
		return refuse("key.long", "this RSA key has "+itoa(bits)+" bits; browsers take at most 16384")
	}
	return nil
}

// pointKey is a public key on a curve.
func pointKey(c *curve, x, y []byte) (core.Key, error) {
	key := core.Key{Kind: c.kind, Curve: c.name}
	var point []byte
	if c.kind == "OKP" {
		if len(x) != c.size {
			return core.Key{}, wrongSize(c, "public key")
		}
		key.X, point = x, x
	} else {
		var okX, okY bool
		if key.X, okX = padded(x, c.size); !okX || len(x) == 0 {
			return core.Key{}, wrongSize(c, "coordinate x")
		}
		if key.Y, okY = padded(y, c.size); !okY || len(y) == 0 {
			return core.Key{}, wrongSize(c, "coordinate y")
		}
		point = uncompressed(key)
	}
	key.DER = sequence(c.algorithmID(), bitString(tagBits, point))
	return key, nil
}

// scalarKey is a private key on a curve. public may be the zero value.
func scalarKey(c *curve, number []byte, public core.Key) (core.Key, error) {
	key := core.Key{Kind: c.kind, Curve: c.name, Private: true, X: public.X, Y: public.Y}
	if c.kind == "OKP" {
		if len(number) != c.size {
			return core.Key{}, wrongSize(c, "private key")
		}
		key.DER = sequence(integer(nil), c.algorithmID(), element(tagOctets, element(tagOctets, number)))
		return key, nil
	}
	scalar, ok := padded(number, c.size)
	if !ok || len(trimZeros(number)) == 0 {
		return core.Key{}, wrongSize(c, "private key")
	}
	body := [][]byte{integer([]byte{1}), element(tagOctets, scalar)}
	if key.X != nil {
		body = append(body, element(tagContext+1, bitString(tagBits, uncompressed(key))))
	}
	key.DER = sequence(integer(nil), c.algorithmID(), element(tagOctets, sequence(body...)))
	return key, nil
}

func wrongSize(c *curve, what string) error {
	return refuse("key.broken", "the "+what+" has not the length that one of "+c.name+" has; copy the key again, whole")
}

// uncompressed is the point as SEC 1, section 2.3.3, writes it.
func uncompressed(key core.Key) []byte {
	return append(append([]byte{4}, key.X...), key.Y...)
}
