package platform

import (
	"authpad/core"
	"authpad/core/keys"
)

// What both builds of Keys check before they compute: the same mistake has the same code in the page
// and natively.

// signing says whether the key can sign so.
func signing(algorithm string, key core.Key) error {
	if !key.Private {
		return &keys.Error{Code: "key.public", Message: "this is " + keys.Describe(key) + "; to sign, the private key is needed"}
	}
	return keys.Fits(key, algorithm)
}

func errMismatch() error {
	return &keys.Error{Code: "key.mismatch", Message: "the numbers of this key do not belong to each other; copy the key again, whole"}
}

func errLost() error {
	return &keys.Error{Code: "key.lost", Message: "the generated key is gone: it lives only as long as the program; generate another"}
}

func errAlgorithm() error {
	return &keys.Error{Code: "key.algorithm", Message: "no key can be generated for this algorithm"}
}

// named is a generated key, which stays where it was made.
func named(algorithm, name string, public core.Key) core.Key {
	public.Private, public.DER = true, nil
	public.Algorithm, public.Name = algorithm, name
	return public
}

// half is the public key of these numbers, called as the key that it belongs to.
func half(of, numbers core.Key) (core.Key, error) {
	public, err := keys.FromNumbers(numbers)
	public.Thumbprint = keys.Thumbprint(public)
	return called(of, public), err
}

// called is a public half under the name of its key.
func called(key, public core.Key) core.Key {
	public.ID, public.Algorithm, public.Name = key.ID, key.Algorithm, key.Name
	return public
}

// hasNumbers reports whether the public half is known without computing.
func hasNumbers(key core.Key) bool { return key.N != nil || key.X != nil }

// curveOf is the curve of keys that are generated for the algorithm; RSA has none.
func curveOf(algorithm string) string {
	switch algorithm {
	case "ES256":
		return "P-256"
	case "ES384":
		return "P-384"
	case "ES512":
		return "P-521"
	case "EdDSA":
		return "Ed25519"
	}
	return ""
}

// generatedBits is how long a generated RSA key is.
const generatedBits = 2048

// hashOf is the hash of an algorithm as WebCrypto names it.
func hashOf(algorithm string) string {
	switch algorithm {
	case "RS1":
		return "SHA-1"
	case "RS256", "PS256", "ES256":
		return "SHA-256"
	case "RS384", "PS384", "ES384":
		return "SHA-384"
	case "RS512", "PS512", "ES512":
		return "SHA-512"
	}
	return ""
}

func errHash() error {
	return &keys.Error{Code: "key.algorithm", Message: "this hash is none of SHA-256, SHA-384 and SHA-512"}
}
