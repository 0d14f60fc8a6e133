package platform

import (
	"strings"

	"github.com/hack-pad/safejs"

	"authpad/core"
	"authpad/core/keys"
)

// Keys is WebCrypto (https://www.w3.org/TR/webcrypto/). Its methods wait for the browser, so only a
// goroutine that may wait can call them.
func Keys() core.Keys { return KeysOf((&promises{}).call) }

// KeysOf is Keys for a page that has its own way to crypto.subtle.
func KeysOf(subtle Subtle) core.Keys {
	return &webCrypto{subtle: subtle, made: map[string]made{}}
}

type webCrypto struct {
	subtle   Subtle
	imported imports
	made     map[string]made // by algorithm and name
}

// made is a generated key.
type made struct {
	private safejs.Value // a CryptoKey that scripts cannot read
	public  core.Key
}

func (w *webCrypto) Sign(algorithm string, private core.Key, message []byte) ([]byte, error) {
	if err := signing(algorithm, private); err != nil {
		return nil, err
	}
	key, err := w.privateKey(algorithm, private)
	if err != nil {
		return nil, err
	}
	signature, err := w.subtle("sign", [][]byte{message}, parameters(algorithm), key)
	if err != nil {
		return nil, err
	}
	return bytesOf(signature)
}

func (w *webCrypto) Verify(algorithm string, key core.Key, message, signature []byte) (bool, error) {
	if err := keys.Fits(key, algorithm); err != nil {
		return false, err
	}
	public, err := w.Public(key)
	if err != nil {
		return false, err
	}
	imported, err := w.importKey("spki", algorithm, public, false)
	if err != nil {
		return false, err
	}
	valid, err := w.subtle("verify", [][]byte{signature, message}, parameters(algorithm), imported)
	if err != nil {
		return false, err
	}
	return valid.Bool()
}

func (w *webCrypto) Public(key core.Key) (core.Key, error) {
	if hasNumbers(key) {
		return half(key, key)
	}
	numbers, err := w.numbers(key)
	if err != nil {
		return core.Key{}, err
	}
	return half(key, numbers)
}

// numbers has the browser compute the public numbers of a private key on a curve.
func (w *webCrypto) numbers(key core.Key) (core.Key, error) {
	algorithms := keys.Algorithms(core.Key{Kind: key.Kind, Curve: key.Curve})
	if len(algorithms) != 1 || key.DER == nil {
		return core.Key{}, errLost()
	}
	readable, err := w.importDER("pkcs8", algorithms[0], key.DER, true)
	if err != nil {
		return core.Key{}, err
	}
	return w.exported(readable)
}

// exported reads the public numbers of a CryptoKey, and nothing else of it.
func (w *webCrypto) exported(key safejs.Value) (core.Key, error) {
	jwk, err := w.subtle("exportKey", nil, "jwk", key)
	if err != nil {
		return core.Key{}, err
	}
	var public strings.Builder
	for _, name := range [...]string{"kty", "crv", "x", "y", "n", "e"} {
		member, err := jwk.Get(name)
		if err != nil {
			return core.Key{}, err
		}
		if text, err := member.String(); err == nil && member.Type() == safejs.TypeString {
			public.WriteString(`,"` + name + `":"` + text + `"`)
		}
	}
	return keys.Parse("{" + strings.TrimPrefix(public.String(), ",") + "}")
}

// Generate makes a key that scripts cannot read, and that is gone with the page.
func (w *webCrypto) Generate(algorithm, name string) (core.Key, error) {
	id := algorithm + " " + name
	if m, known := w.made[id]; known {
		return named(algorithm, name, m.public), nil
	}
	if curveOf(algorithm) == "" && hashOf(algorithm) == "" {
		return core.Key{}, errAlgorithm()
	}
	m, err := w.generate(algorithm)
	if err != nil {
		return core.Key{}, err
	}
	if first, known := w.made[id]; known { // another goroutine was faster
		m = first
	}
	w.made[id] = m
	return named(algorithm, name, m.public), nil
}

func (w *webCrypto) generate(algorithm string) (m made, err error) {
	pair, err := w.subtle("generateKey", nil, generation(algorithm), false, []any{"sign", "verify"})
	if err != nil {
		return m, err
	}
	public, err := pair.Get("publicKey")
	if err != nil {
		return m, err
	}
	if m.public, err = w.exported(public); err != nil {
		return m, err
	}
	m.private, err = pair.Get("privateKey")
	return m, err
}

// Hash is for megabytes.
func (w *webCrypto) Hash(hash string, octets []byte) ([]byte, error) {
	if hash != "SHA-256" && hash != "SHA-384" && hash != "SHA-512" {
		return nil, errHash()
	}
	sum, err := w.subtle("digest", [][]byte{octets}, hash)
	if err != nil {
		return nil, err
	}
	return bytesOf(sum)
}

func (w *webCrypto) privateKey(algorithm string, key core.Key) (safejs.Value, error) {
	if key.DER != nil {
		return w.importKey("pkcs8", algorithm, key, true)
	}
	m, known := w.made[key.Algorithm+" "+key.Name]
	if !known {
		return safejs.Value{}, errLost()
	}
	return m.private, nil
}

// importKey imports a key once.
func (w *webCrypto) importKey(format, algorithm string, key core.Key, private bool) (safejs.Value, error) {
	id := algorithm + format + string(key.DER)
	if known, found := w.imported.find(id); found {
		return known, nil
	}
	if private && key.Kind == "OKP" && key.X != nil { // its PKCS#8 has no public half to be held against
		if computed, err := w.numbers(key); err != nil || string(computed.X) != string(key.X) {
			return safejs.Value{}, orMismatch(err)
		}
	}
	imported, err := w.importDER(format, algorithm, key.DER, false)
	if err == nil {
		w.imported.keep(id, imported)
	}
	return imported, err
}

func orMismatch(err error) error {
	if err == nil {
		return errMismatch()
	}
	return err
}

func (w *webCrypto) importDER(format, algorithm string, der []byte, extractable bool) (safejs.Value, error) {
	usage := "sign"
	if format == "spki" {
		usage = "verify"
	}
	octets, err := Uint8Array(der)
	if err != nil {
		return safejs.Value{}, err
	}
	return w.subtle("importKey", nil, format, octets, importing(algorithm), extractable, []any{usage})
}

// family is the name that WebCrypto has for a JOSE algorithm.
func family(algorithm string) string {
	switch algorithm[:2] {
	case "RS":
		return "RSASSA-PKCS1-v1_5"
	case "PS":
		return "RSA-PSS"
	case "ES":
		return "ECDSA"
	}
	return "Ed25519"
}

// parameters are for sign and verify. The salt is as long as the hash (RFC 7518, section 3.5).
func parameters(algorithm string) map[string]any {
	p := map[string]any{"name": family(algorithm)}
	switch family(algorithm) {
	case "ECDSA":
		p["hash"] = hashOf(algorithm)
	case "RSA-PSS":
		p["saltLength"] = map[string]int{"PS256": 32, "PS384": 48, "PS512": 64}[algorithm]
	}
	return p
}

// importing are for importKey.
func importing(algorithm string) map[string]any {
	p := map[string]any{"name": family(algorithm)}
	switch family(algorithm) {
	case "ECDSA":
		p["namedCurve"] = curveOf(algorithm)
	case "RSASSA-PKCS1-v1_5", "RSA-PSS":
		p["hash"] = hashOf(algorithm)
	}
	return p
}

// generation are for generateKey.
func generation(algorithm string) map[string]any {
	p := importing(algorithm)
	if exponent, err := Uint8Array([]byte{1, 0, 1}); err == nil && p["hash"] != nil {
		p["modulusLength"], p["publicExponent"] = generatedBits, exponent
	}
	return p
}

// imports are the last few keys that were imported, the oldest overwritten first.
type imports struct {
	kept [16]imported
	used int // keys ever kept
}

type imported struct {
	id  string
	key safejs.Value
}

func (m *imports) find(id string) (safejs.Value, bool) {
	for i := range min(m.used, len(m.kept)) {
		if k := &m.kept[i]; k.id == id {
			return k.key, true
		}
	}
	return safejs.Value{}, false
}

func (m *imports) keep(id string, key safejs.Value) {
	m.kept[m.used%len(m.kept)] = imported{id, key}
	m.used++
}
