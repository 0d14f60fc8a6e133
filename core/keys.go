package core

import "errors"

// Keys does what needs an asymmetric key: WebCrypto in a page, the standard library natively. Its
// errors are ErrWaits, which callers pass on as it is, or say in plain words what the key lacks.
// Algorithms are named as in JOSE (RFC 7518, section 3.1; RFC 8037): "RS256", "PS512", "ES256",
// "EdDSA"; "RS1" is RSA with SHA-1.
type Keys interface {
	// Read is core/keys.Parse; where the same text comes at every keystroke, it need not be read again.
	Read(text string) (Key, error)
	// Sign returns the signature as JOSE has it: of ECDSA R and S, one behind the other, each as long
	// as the curve's order (RFC 7518, section 3.4).
	Sign(algorithm string, private Key, message []byte) (signature []byte, err error)
	Verify(algorithm string, public Key, message, signature []byte) (valid bool, err error)
	// Public returns the public half, with its thumbprint; a public key is its own.
	Public(key Key) (Key, error)
	// Generate makes a key for the algorithm. Where it can, it is one that scripts cannot read; the same
	// name gives the same key until the program ends.
	Generate(algorithm, name string) (Key, error)
	// Hash is for megabytes; hash is "SHA-256", "SHA-384" or "SHA-512".
	Hash(hash string, data []byte) ([]byte, error)
}

// ErrWaits says that the answer needs the world outside, in a call that cannot wait: whoever made
// the call makes it again as one that can.
var ErrWaits = errors.New("this call has to wait")

// Key is an asymmetric key, or one half of it. core/keys reads them from text.
type Key struct {
	Kind    string // "RSA", "EC", "OKP", as kty in RFC 7517, section 4.1
	Curve   string // "P-256", "P-384", "P-521" or "Ed25519"; empty for RSA
	Private bool
	DER     []byte // PKCS#8 of a private key, SubjectPublicKeyInfo of a public one; nil where Name stands for it

	// The public numbers, big-endian; nil where only the private half was given.
	N, E []byte // RSA
	X, Y []byte // EC, padded to the size of the field; of Ed25519 only X

	Thumbprint string // of the public numbers (RFC 7638), of what Keys.Public returns

	ID        string // kid, if the text has one
	Algorithm string // alg, if the text has one
	Name      string // of a generated key
}
