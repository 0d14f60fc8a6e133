package schemes

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// Keys of JSON Web Signatures and the algorithms they allow (RFC 7518, section 3). The key decides: a
// token only chooses among what its server's key is for.

const (
	algorithmAuto = "auto"
	algorithmNone = "none"
)

var hmacAlgorithms = []string{"HS256", "HS384", "HS512"}

// jwsKey is what a token is signed or checked with.
type jwsKey struct {
	secret     []byte   // of HMAC
	asymmetric core.Key // of the others
	id         string   // kid, if the key is a JWK that has one
	encoding   string   // how the secret was written
	algorithms []string // that may be used with it, the usual one first; none for "none"
}

// readJWSKey reads the key of a field for an algorithm, or for any that suits it ("auto"). Who signs needs
// the private half.
func readJWSKey(env core.Env, field, text, encoding, algorithm string, signs bool) (jwsKey, error) {
	if algorithm == algorithmNone {
		return jwsKey{}, nil
	}
	shared, isShared, err := keys.ParseShared(text)
	wantsSecret := slices.Contains(hmacAlgorithms, algorithm)
	var k jwsKey
	switch {
	case err != nil:
	case isShared:
		k = jwsKey{secret: shared.Secret, id: shared.ID, encoding: "jwk", algorithms: hmacAlgorithms}
		if err = k.restrict(field, shared.Algorithm); err == nil && !wantsSecret && algorithm != algorithmAuto {
			_, err = keys.Parse(text) // says that it is a shared secret
		}
	case (wantsSecret || algorithm == algorithmAuto) && !keys.LooksAsymmetric(text):
		k.algorithms, k.encoding = hmacAlgorithms, encoding
		k.secret, err = decodeSecret(field, text, encoding)
	default:
		k, err = readAsymmetric(env, field, text, algorithm, signs)
	}
	if err == nil && algorithm != algorithmAuto {
		err = k.restrict(field, algorithm)
	}
	return k, keys.At(field, err)
}

func readAsymmetric(env core.Env, field, text, algorithm string, signs bool) (k jwsKey, err error) {
	wantsSecret := slices.Contains(hmacAlgorithms, algorithm)
	if k.asymmetric, err = readKey(env, text, signs && !wantsSecret); err != nil {
		return k, err
	}
	k.id, k.algorithms = k.asymmetric.ID, keys.Algorithms(k.asymmetric)
	if wantsSecret {
		return k, &core.FieldError{Field: field, Code: "jwt.key-kind", Ref: rfc("RFC 8725", "2.1"),
			Message: "the key is " + keys.Describe(k.asymmetric) + "; " + algorithm + " needs a secret that both sides share, never the text of such a key"}
	}
	if algorithm == algorithmAuto {
		return k, nil
	}
	return k, keys.Fits(k.asymmetric, algorithm)
}

// readKey reads a key of two halves. Who signs needs the private one.
func readKey(env core.Env, text string, signs bool) (core.Key, error) {
	key, err := env.Keys.Read(text)
	if err == nil && signs {
		err = keys.ToSign(key, text)
	}
	return key, err
}

// restrict leaves one algorithm: the chosen one, or the one that a JWK names.
func (k *jwsKey) restrict(field, algorithm string) error {
	if algorithm == "" {
		return nil
	}
	if !slices.Contains(k.algorithms, algorithm) {
		return &core.FieldError{Field: field, Code: "jwt.key-algorithm", Ref: rfc("RFC 7517", "4.4"),
			Message: "the key says by its alg that it is for another algorithm; choose that one, or take alg out of the JWK"}
	}
	k.algorithms = []string{algorithm}
	return nil
}

// decodeSecret is the bytes of a secret that is written as text, in base64 or in hex.
func decodeSecret(field, text, encoding string) (secret []byte, err error) {
	consists := ""
	switch encoding {
	case "base64":
		consists = "of letters, digits, “+” and “/” (or “-” and “_”), and “=” at its end only"
		secret, _, err = anyBase64(strings.TrimSpace(text))
	case "hex":
		consists = "of two of 0-9 and a-f for each byte, and nothing between them"
		secret, err = syntax.Unhex(strings.TrimSpace(text))
	default:
		secret = []byte(text)
	}
	switch {
	case err != nil:
		return nil, &core.FieldError{Field: field, Code: "jwt.key-encoding", Ref: rfc("RFC 4648", "3.3"),
			Message: "the key is not " + encoding + ", which consists " + consists + "; choose how it is written, or copy it again, whole"}
	case len(secret) == 0:
		return nil, &core.FieldError{Field: field, Code: "key.empty", Ref: rfc("RFC 7518", "3.2"),
			Message: "there is no key; type the secret, or paste a key as PEM (“-----BEGIN …”) or JWK"}
	}
	return secret, nil
}

// anyBase64 reads base64 of either alphabet, with padding or without. exact is false where lines are broken or
// bits are left over at the end, as in a text that only looks like it.
func anyBase64(text string) (octets []byte, exact bool, err error) {
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	octets, err = base64.RawStdEncoding.DecodeString(plain)
	return octets, err == nil && base64.RawStdEncoding.EncodeToString(octets) == plain, err
}

// jwsOperations are the algorithms as the Op of a step has them, and the hash that each is built on. HS1 is
// none of JOSE's, but an HMAC like the others.
var jwsOperations = [...]struct{ algorithm, op, hash string }{
	{"HS256", "hmac-sha-256", "SHA-256"}, {"HS384", "hmac-sha-384", "SHA-384"}, {"HS512", "hmac-sha-512", "SHA-512"},
	{"RS256", "rsa-pkcs1-sha-256", "SHA-256"}, {"RS384", "rsa-pkcs1-sha-384", "SHA-384"}, {"RS512", "rsa-pkcs1-sha-512", "SHA-512"},
	{"PS256", "rsa-pss-sha-256", "SHA-256"}, {"PS384", "rsa-pss-sha-384", "SHA-384"}, {"PS512", "rsa-pss-sha-512", "SHA-512"},
	{"ES256", "ecdsa-sha-256", "SHA-256"}, {"ES384", "ecdsa-sha-384", "SHA-384"}, {"ES512", "ecdsa-sha-512", "SHA-512"},
	{"EdDSA", "ed25519", "SHA-512"}, {"HS1", "hmac-sha-1", "SHA-1"},
}

func jwsOperation(algorithm string) (op, hash string) {
	for i := range jwsOperations {
		if known := &jwsOperations[i]; known.algorithm == algorithm {
			return known.op, known.hash
		}
	}
	return "", ""
}

// isHMAC tells the algorithms of a shared secret from those of two halves.
func isHMAC(algorithm string) bool { return strings.HasPrefix(algorithm, "HS") }

func (k jwsKey) sign(env core.Env, algorithm, input string) ([]byte, error) {
	if isHMAC(algorithm) {
		_, hash := jwsOperation(algorithm)
		return mac(hash, k.secret, []byte(input)), nil
	}
	return env.Keys.Sign(algorithm, k.asymmetric, []byte(input))
}

func (k jwsKey) verify(env core.Env, algorithm, input string, signature []byte) (bool, error) {
	if isHMAC(algorithm) {
		expected, err := k.sign(env, algorithm, input)
		return err == nil && sameSecret(string(expected), string(signature)), err
	}
	return env.Keys.Verify(algorithm, k.asymmetric, []byte(input), signature)
}

// refuseDER knows the right signature of ECDSA in ASN.1, as OpenSSL and most libraries write it. nil: it is not that.
func (k jwsKey) refuseDER(env core.Env, scheme string, t *jwsToken) error {
	algorithm := t.header["alg"].text
	octets, err := keys.SignatureJOSE(algorithm, t.signature)
	if err != nil {
		return nil
	}
	valid, err := k.verify(env, algorithm, t.input(), octets)
	if err != nil || !valid {
		return err
	}
	return &core.Rejection{Code: scheme + ".signature-der", Step: "signing-input", Ref: rfc("RFC 7518", "3.4"),
		Message: "the signature is right, but written in ASN.1 (DER), as OpenSSL does; a token has R and S one behind the other, each of " + strconv.Itoa(len(octets)/2) + " bytes"}
}

// noteJWSKey warns of keys that are too short (RFC 7518, sections 3.2 and 3.3).
func noteJWSKey(scheme, field, text string, k jwsKey, algorithm string, tr *core.Trace) {
	if !isHMAC(algorithm) {
		noteRSA(scheme, field, k.asymmetric, tr)
		if named := k.asymmetric.Algorithm; named != "" && !slices.Contains(keys.Algorithms(k.asymmetric), named) {
			tr.Note(core.Note{Code: scheme + ".key-alg", Severity: core.Info, Field: field, Ref: rfc("RFC 7517", "4.4"),
				Message: "the JWK’s alg is “" + visible(named) + "”, no algorithm that such a key is for; it is ignored"})
		}
		return
	}
	_, hash := jwsOperation(algorithm)
	if size := hashSize(hash); len(k.secret) < size {
		tr.Note(core.Note{Code: scheme + ".short-key", Severity: core.Warn, Field: field, Ref: rfc("RFC 7518", "3.2"),
			Message: "the secret has fewer bytes than " + hash + " makes; it can be guessed, and some servers refuse it",
			Fix:     "use " + strconv.Itoa(size) + " random bytes or more"})
	}
	if k.encoding == "text" && strings.TrimSpace(text) != text {
		tr.Note(core.Note{Code: scheme + ".space", Severity: core.Warn, Field: field, Ref: rfc("RFC 7518", "3.2"),
			Message: "there is space around the secret, and it is used so", Fix: "remove it, if it came along when you copied"})
	}
}
