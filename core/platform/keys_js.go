package platform

import (
	"strings"

	"github.com/hack-pad/safejs"

	"authpad/core"
	"authpad/core/keys"
)

// Keys is WebCrypto (https://www.w3.org/TR/webcrypto/). Its methods wait for the browser, so only a
// goroutine that may wait can call them.
func Keys() core.Keys {
	w := newWebCrypto()
	w.compute = w.promises.compute
	return w
}

// KeysBy is Keys for a page that has a faster way to what happens at every keystroke.
func KeysBy(compute Compute) core.Keys {
	w := newWebCrypto()
	w.compute = compute
	return w
}

// Compute has crypto.subtle do "sign", "verify" or "digest" and waits for the outcome; of "verify" it
// is one byte, 0 or 1. parameters and key are its first arguments (of "digest" key is undefined),
// octets the others, which nobody changes meanwhile. An error is that of Refusal.
type Compute func(method string, parameters, key safejs.Value, octets ...[]byte) ([]byte, error)

type webCrypto struct {
	promises promises
	compute  Compute
	texts    recent[core.Key]  // keys, by what they were read from
	imported recent[cryptoKey] // by algorithm, format, DER and X
	halves   recent[core.Key]  // public halves, by DER and X
	made     map[string]made   // by algorithm and name
}

// longText is more than nearly all keys; longer texts are read each time.
const longText = 16 << 10

func (w *webCrypto) Read(text string) (core.Key, error) {
	if known, found := w.texts.find(text); found {
		return known, nil
	}
	key, err := keys.Parse(text)
	if err == nil && len(text) <= longText {
		w.texts.keep(text, key)
	}
	return key, err
}

func newWebCrypto() *webCrypto { return &webCrypto{made: map[string]made{}} }

// made is a generated key.
type made struct {
	private cryptoKey // scripts cannot read it
	public  core.Key
}

// cryptoKey is a CryptoKey and what it is used with.
type cryptoKey struct{ key, parameters safejs.Value }

func (w *webCrypto) Sign(algorithm string, private core.Key, message []byte) ([]byte, error) {
	if err := signing(algorithm, private); err != nil {
		return nil, err
	}
	k, err := w.privateKey(algorithm, private)
	if err != nil {
		return nil, err
	}
	return w.compute("sign", k.parameters, k.key, message)
}

func (w *webCrypto) Verify(algorithm string, key core.Key, message, signature []byte) (bool, error) {
	if err := keys.Fits(key, algorithm); err != nil {
		return false, err
	}
	public, err := w.Public(key)
	if err != nil {
		return false, err
	}
	k, err := w.importKey("spki", algorithm, public)
	if err != nil {
		return false, err
	}
	valid, err := w.compute("verify", k.parameters, k.key, signature, message)
	return len(valid) == 1 && valid[0] == 1, err
}

func (w *webCrypto) Public(key core.Key) (core.Key, error) {
	if key.DER == nil && hasNumbers(key) { // it was generated
		return half(key, key)
	}
	id := string(key.DER) + string(key.X)
	if known, found := w.halves.find(id); found {
		return called(key, known), nil
	}
	numbers, err := key, error(nil)
	if !hasNumbers(key) {
		if numbers, err = w.numbers(key); err != nil {
			return core.Key{}, err
		}
	}
	public, err := half(key, numbers)
	if err == nil {
		w.halves.keep(id, public)
	}
	return public, err
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
	jwk, err := w.promises.call("exportKey", "jwk", key)
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
	pair, err := w.promises.call("generateKey", generation(algorithm), false, []any{"sign", "verify"})
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
	private, err := pair.Get("privateKey")
	if err != nil {
		return m, err
	}
	m.private, err = using(private, algorithm)
	return m, err
}

// Hash is for megabytes.
func (w *webCrypto) Hash(hash string, octets []byte) ([]byte, error) {
	if hash != "SHA-256" && hash != "SHA-384" && hash != "SHA-512" {
		return nil, errHash()
	}
	if _, err := w.promises.open(); err != nil {
		return nil, err
	}
	name, err := safejs.ValueOf(hash)
	if err != nil {
		return nil, err
	}
	return w.compute("digest", name, safejs.Undefined(), octets)
}

func (w *webCrypto) privateKey(algorithm string, key core.Key) (cryptoKey, error) {
	if key.DER != nil {
		return w.importKey("pkcs8", algorithm, key)
	}
	m, known := w.made[key.Algorithm+" "+key.Name]
	if !known {
		return cryptoKey{}, errLost()
	}
	return m.private, nil
}

// importKey imports a key once.
func (w *webCrypto) importKey(format, algorithm string, key core.Key) (cryptoKey, error) {
	id := algorithm + format + string(key.DER) + string(key.X) // DER of an Ed25519 seed has no X
	if known, found := w.imported.find(id); found {
		return known, nil
	}
	if key.Private && key.Kind == "OKP" && key.X != nil { // its PKCS#8 has no public half to be held against
		if computed, err := w.numbers(key); err != nil || string(computed.X) != string(key.X) {
			return cryptoKey{}, orMismatch(err)
		}
	}
	imported, err := w.importDER(format, algorithm, key.DER, false)
	if err != nil {
		return cryptoKey{}, err
	}
	k, err := using(imported, algorithm)
	if err == nil {
		w.imported.keep(id, k)
	}
	return k, err
}

// using makes the parameters beforehand: that costs as much as to sign.
func using(key safejs.Value, algorithm string) (cryptoKey, error) {
	p, err := safejs.ValueOf(parameters(algorithm))
	return cryptoKey{key, p}, err
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
	octets, err := uint8Array(der)
	if err != nil {
		return safejs.Value{}, err
	}
	return w.promises.call("importKey", format, octets, importing(algorithm), extractable, []any{usage})
}
