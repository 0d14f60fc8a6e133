package keys

import (
	"crypto/sha256"
	"encoding/base64"

	"authpad/core"
	"authpad/core/json"
)

// jwk has the members of a JSON Web Key (RFC 7517, section 4; RFC 7518, section 6; RFC 8037,
// section 2) that count for signing.
type jwk struct {
	kty, crv, kid, alg, use string

	x, y       []byte
	secret     []byte // of kty oct: ParseShared
	rsa        rsaNumbers
	operations []string
	set        bool // it is a JWK Set
	inSet      int
	primes     bool // it has more than two
}

func parseJWK(text string) (core.Key, error) {
	in := json.NewReader([]byte(text))
	k, err := readJWK(in, true)
	if err == nil && !in.Ended() {
		err = json.ErrSyntax
	}
	if err == nil && k.set && k.inSet != 1 {
		return core.Key{}, refuse("key.several", "the JWK Set has "+itoa(k.inSet)+" keys; paste the one to use")
	}
	if err == json.ErrSyntax || err == json.ErrDepth {
		return core.Key{}, refuse("key.json", "the text begins like a JWK, but is not valid JSON; copy it again, from the first { to the last }")
	}
	if err != nil {
		return core.Key{}, err
	}
	key, err := k.key()
	if err != nil {
		return core.Key{}, err
	}
	key.ID, key.Algorithm = k.kid, k.alg
	return key, nil
}

// readJWK reads a key, or in a JWK Set its last.
func readJWK(in *json.Reader, sets bool) (k jwk, err error) {
	var inner jwk
	err = in.Object(func(name []byte) error {
		if sets && string(name) == "keys" && in.Next() == json.Array {
			k.set = true
			return in.Array(func() error {
				k.inSet++
				inner, err = readJWK(in, false)
				return err
			})
		}
		return k.member(string(name), in)
	})
	if k.set {
		inner.set, inner.inSet = true, k.inSet
		return inner, err
	}
	return k, err
}

// rsaMembers in the order of rsaNumbers.
var rsaMembers = [...]string{"n", "e", "d", "p", "q", "dp", "dq", "qi"}

func (k *jwk) member(name string, in *json.Reader) error {
	switch name {
	case "kty":
		return readText(name, in, &k.kty)
	case "crv":
		return readText(name, in, &k.crv)
	case "kid":
		return readText(name, in, &k.kid)
	case "alg":
		return readText(name, in, &k.alg)
	case "use":
		return readText(name, in, &k.use)
	case "x":
		return readNumber(name, in, &k.x)
	case "y":
		return readNumber(name, in, &k.y)
	case "k":
		return readNumber(name, in, &k.secret)
	case "oth":
		k.primes = true
	case "key_ops":
		if in.Next() == json.Array {
			return in.Array(func() error {
				var operation string
				err := readText(name, in, &operation)
				k.operations = append(k.operations, operation)
				return err
			})
		}
	}
	for i, member := range rsaMembers {
		if name == member {
			return readNumber(name, in, &k.rsa[i])
		}
	}
	return in.Skip()
}

func readText(name string, in *json.Reader, into *string) (err error) {
	switch in.Next() {
	case json.String:
		*into, err = in.Str()
		return err
	case json.Null:
		return in.Null()
	case json.Invalid:
		return json.ErrSyntax
	}
	return refuse("key.member", "the member “"+name+"” of the JWK is not a string")
}

// readNumber reads base64url (RFC 7518, section 2).
func readNumber(name string, in *json.Reader, into *[]byte) error {
	var text string
	if err := readText(name, in, &text); err != nil || text == "" {
		return err
	}
	octets, err := decodeBase64(text)
	if err != nil {
		return refuse("key.member", "the member “"+name+"” of the JWK is not base64url; copy the key again, whole")
	}
	*into = octets
	return nil
}

func (k *jwk) key() (core.Key, error) {
	if err := k.checkUse(); err != nil {
		return core.Key{}, err
	}
	switch k.kty {
	case "RSA":
		return k.rsaKey()
	case "EC", "OKP":
		return k.curveKey()
	case "oct":
		return core.Key{}, refuse("key.symmetric", "this JWK is a shared secret (kty oct); a key of RSA, EC or Ed25519 is needed")
	case "":
		return core.Key{}, refuse("key.member", "the JSON has no member “kty”, so it is no JWK")
	}
	return core.Key{}, refuse("key.kind", "the JWK’s kty is none of RSA, EC and OKP")
}

// checkUse refuses keys for encryption (RFC 7517, sections 4.2 and 4.3).
func (k *jwk) checkUse() error {
	if k.use != "" && k.use != "sig" {
		return refuse("key.use", "the JWK says that it is not for signatures: its use is not “sig”")
	}
	for _, operation := range k.operations {
		if operation == "sign" || operation == "verify" {
			return nil
		}
	}
	if len(k.operations) > 0 {
		return refuse("key.use", "the JWK says that it is not for signatures: its key_ops are neither “sign” nor “verify”")
	}
	return nil
}

func (k *jwk) rsaKey() (core.Key, error) {
	if k.rsa[0] == nil || k.rsa[1] == nil {
		return core.Key{}, missing("n and e")
	}
	for _, number := range k.rsa[3:] {
		if k.rsa[2] != nil && number == nil {
			return core.Key{}, refuse("key.primes", "the private JWK has no primes; browsers need all of p, q, dp, dq and qi")
		}
	}
	if k.primes {
		return core.Key{}, refuse("key.kind", "the RSA key has more than two primes, which browsers do not take")
	}
	if k.rsa[2] == nil {
		return rsaKey(rsaNumbers{k.rsa[0], k.rsa[1]})
	}
	return rsaKey(k.rsa)
}

func (k *jwk) curveKey() (core.Key, error) {
	c := curveBy(k.crv, "")
	d := k.rsa[2] // both call their private number so
	switch {
	case k.crv == "":
		return core.Key{}, missing("crv")
	case c == nil:
		return core.Key{}, errCurve(knownName(k.crv))
	case c.kind != k.kty:
		return core.Key{}, refuse("key.member", "the JWK’s kty does not go with its crv: "+c.name+" is of kty "+c.kind)
	case k.x == nil || (k.y == nil && c.kind == "EC"):
		return core.Key{}, missing("x, and of EC also y")
	}
	public, err := pointKey(c, k.x, k.y)
	if err != nil || d == nil {
		return public, err
	}
	return scalarKey(c, d, public)
}

// knownName repeats a curve's name only if it is one.
func knownName(crv string) string {
	switch crv {
	case "secp256k1", "P-256K", "X25519", "X448", "Ed448", "P-192", "P-224":
		return "the curve " + crv
	}
	return "a curve that is not known here"
}

func missing(names string) error {
	return refuse("key.member", "the JWK is not whole: it lacks "+names)
}

// JWK is the public half as a JWK of its required members only, in the order and without the white
// space of RFC 7638, section 3.3: both what goes into a header and what a thumbprint hashes. It is
// empty where the public numbers are absent: ask core.Keys.Public first.
func JWK(key core.Key) string {
	number := base64.RawURLEncoding.EncodeToString
	switch {
	case key.Kind == "RSA" && key.N != nil:
		return `{"e":"` + number(key.E) + `","kty":"RSA","n":"` + number(key.N) + `"}`
	case key.Kind == "EC" && key.X != nil:
		return `{"crv":"` + key.Curve + `","kty":"EC","x":"` + number(key.X) + `","y":"` + number(key.Y) + `"}`
	case key.Kind == "OKP" && key.X != nil:
		return `{"crv":"` + key.Curve + `","kty":"OKP","x":"` + number(key.X) + `"}`
	}
	return ""
}

// Thumbprint is the SHA-256 of JWK in base64url (RFC 7638, section 3); as jkt in RFC 9449, section 6.1.
// It is empty where JWK is.
func Thumbprint(key core.Key) string {
	if key.Thumbprint != "" {
		return key.Thumbprint
	}
	canonical := JWK(key)
	if canonical == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(canonical))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
