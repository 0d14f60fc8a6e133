package keys

import (
	"strconv"
	"strings"

	"authpad/core"
)

// Fits says whether the key is one for this JOSE algorithm: of its kind and curve, and long enough.
// The error is an *Error that names what was found and what is needed. Which half it is does not
// matter.
func Fits(key core.Key, algorithm string) error {
	needed := neededFor(algorithm)
	switch {
	case needed == "":
		return refuse("key.algorithm", "no key of RSA, EC or Ed25519 is for this algorithm")
	case needed == "RSA" && key.Kind == "RSA" && longEnough(key, algorithm), needed == key.Curve:
		return nil
	case needed == key.Kind:
		return refuse("key.short", "the RSA key has "+itoa(Bits(key))+" bits, too few for "+algorithm+"; use one of 2048 or more")
	}
	code := "key.kind"
	if c := curveBy(needed, ""); c != nil && c.kind == key.Kind {
		code = "key.curve"
	}
	article := "an "
	if needed[0] == 'P' {
		article = "a "
	}
	// By no name: OAuth and message signatures have other ones than JOSE.
	return refuse(code, "the key is "+Describe(key)+"; this algorithm needs "+article+needed+" key")
}

// neededFor is the kind or the curve of the algorithm's keys.
func neededFor(algorithm string) string {
	switch algorithm {
	case "RS1", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		return "RSA"
	}
	for i := range curves {
		if curves[i].algorithm == algorithm {
			return curves[i].name
		}
	}
	return ""
}

// longEnough holds the key against RFC 8017, sections 9.1.1 (step 3) and 9.2: of those read here only
// PS512 can ask for more than 1024 bits.
func longEnough(key core.Key, algorithm string) bool {
	return algorithm != "PS512" || Bits(key) > 8*(2*64+1)+1
}

// Algorithms are those of JOSE that the key is for, the usual one first: of RSA RS256, RS384, RS512,
// PS256, PS384, PS512; of an EC or OKP key one. A key whose alg is one of them has only that.
func Algorithms(key core.Key) []string {
	if c := curveBy(key.Curve, ""); c != nil {
		return []string{c.algorithm}
	}
	var fitting []string
	for _, a := range [...]string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"} {
		switch {
		case key.Kind != "RSA" || !longEnough(key, a):
			continue
		case a == key.Algorithm:
			return []string{a}
		}
		fitting = append(fitting, a)
	}
	return fitting
}

// Bits is the length of an RSA modulus or of a curve's numbers; 0 where it cannot be known.
// RSA below 1024 is never read; below 2048 a scheme should warn (NIST SP 800-131A, rev. 2, section 3).
func Bits(key core.Key) int {
	if c := curveBy(key.Curve, ""); c != nil {
		return c.bits
	}
	if len(key.N) == 0 {
		return 0
	}
	bits := 8 * len(key.N)
	for top := key.N[0]; top < 0x80 && bits > 0; top <<= 1 {
		if top == 0 {
			return 0 // never: there are no zeros in front
		}
		bits--
	}
	return bits
}

// Describe names a key in a few words, for notes and errors: "an RSA private key of 2048 bits", "an
// EC public key of P-256".
func Describe(key core.Key) string {
	half := " public key"
	if key.Private {
		half = " private key"
	}
	switch {
	case key.Kind == "OKP":
		return "an " + key.Curve + half
	case key.Kind == "EC":
		return "an EC" + half + " of " + key.Curve
	}
	return strings.TrimSuffix("an RSA"+half+" of "+itoa(Bits(key))+" bits", " of 0 bits")
}

func itoa(n int) string { return strconv.Itoa(n) }
