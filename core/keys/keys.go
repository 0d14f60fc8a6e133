// Package keys reads asymmetric keys from what people have at hand and says plainly what is wrong
// with what it cannot use. It computes nothing with them: that is for core.Keys, which a scheme
// finds in in.Env.Keys (tests: platform.Keys()).
//
//	key, err := keys.Private(in.Values["privateKey"]) // PEM, JWK, JWK Set, DER in base64
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
// Three things to know. An algorithm's name is the JOSE one everywhere (core.Keys). Core.Keys takes
// either half for Verify, so a server needs no more than Parse. And a call may run twice: the first
// time every method of core.Keys answers core.ErrWaits, so a scheme asks in.Env.Seen after
// in.Env.Keys, not before.
package keys

import "authpad/core"

// Parse reads one key, public or private: PEM of PKCS#1, PKCS#8, SEC1, SubjectPublicKeyInfo or a
// certificate (for its public key; of a chain the first), a JWK, a JWK Set of one key, or the base64
// of such a DER. White space, CRLF, "\n" written as two characters, quotes around it and text around
// PEM blocks do not matter. A private key beside its certificates is that key.
//
// Whatever it was, DER is in its plainest form after that: PKCS#8 with rsaEncryption for RSA, also if
// the text had id-RSASSA-PSS. The error is an *Error.
func Parse(text string) (core.Key, error) { return core.Key{}, errNotYet }

// Private is Parse for a key that is to sign: a public key or a certificate is refused.
func Private(text string) (core.Key, error) { return core.Key{}, errNotYet }

// FromScalar is the private key of a curve ("P-256", "P-384", "P-521", "Ed25519") from its number, or
// of Ed25519 from its seed, big-endian. Its public numbers are nil: core.Keys.Public computes them.
func FromScalar(curve string, number []byte) (core.Key, error) { return core.Key{}, errNotYet }

// FromNumbers is the public key of these numbers, as Key.N, E, X and Y have them.
func FromNumbers(public core.Key) (core.Key, error) { return core.Key{}, errNotYet }

// Fits says whether the key is one for this JOSE algorithm: of its kind and curve, and long enough.
// The error is an *Error that names what was found and what is needed. Which half it is does not
// matter.
func Fits(key core.Key, algorithm string) error { return errNotYet }

// Algorithms are those of JOSE that the key is for, the usual one first: of RSA RS256, RS384, RS512,
// PS256, PS384, PS512; of an EC or OKP key one. A key with alg has only that, if it fits.
func Algorithms(key core.Key) []string { return nil }

// Bits is the length of an RSA modulus or of a curve's numbers; 0 if the public numbers are absent.
// RSA below 1024 is never read; below 2048 a scheme should warn (NIST SP 800-131A, rev. 2, section 3).
func Bits(key core.Key) int { return 0 }

// Describe names a key in a few words, for notes and errors: "an RSA private key of 2048 bits".
func Describe(key core.Key) string { return "" }

// JWK is the public half as a JWK of its required members only, in the order and without the white
// space of RFC 7638, section 3.3: both what goes into a header and what a thumbprint hashes. It is
// empty where the public numbers are absent: ask core.Keys.Public first.
func JWK(key core.Key) string { return "" }

// Thumbprint is the SHA-256 of JWK in base64url (RFC 7638, section 3); as jkt in RFC 9449, section 6.1.
func Thumbprint(key core.Key) string { return "" }

// SignatureDER writes a JOSE signature of ECDSA, R and S one behind the other, as the ASN.1 sequence
// that most other formats have (RFC 3279, section 2.2.3).
func SignatureDER(signature []byte) ([]byte, error) { return nil, errNotYet }

// SignatureJOSE is the reverse, for the algorithm "ES256", "ES384" or "ES512".
func SignatureJOSE(algorithm string, der []byte) ([]byte, error) { return nil, errNotYet }

var errNotYet = &Error{Code: "key.not-yet", Message: "keys cannot be read yet"}
