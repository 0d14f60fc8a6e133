package platform

import (
	"errors"
	"strings"

	"github.com/hack-pad/safejs"

	"authpad/core"
	"authpad/core/keys"
)

// Keys is WebCrypto (https://www.w3.org/TR/webcrypto/). Its methods wait for the browser, so only a
// goroutine that may wait can call them.
func Keys() core.Keys {
	w := newWebCrypto()
	plain := &plainEngine{promises: &w.promises}
	w.engine = Engine{Import: plain.importKey, Keep: plain.keep, Forget: plain.forget, Compute: plain.compute}
	return w
}

// KeysBy is Keys for a page that has a faster way to what happens at every keystroke.
func KeysBy(engine Engine) core.Keys {
	w := newWebCrypto()
	w.engine = engine
	return w
}

// Engine has crypto.subtle do "sign", "verify" or "digest", whose first arguments it keeps: parameters,
// and a CryptoKey where the method takes one. As an interface it would keep the methods of whoever has it,
// and of all types in them, in the page: 20 kB.
type Engine struct {
	// Import is crypto.subtle.importKey, or better.
	Import func(args ...any) (promise safejs.Value, err error)
	Keep   func(method string, first ...safejs.Value) (work int, err error)
	Forget func(work int)
	// Compute waits for the outcome; of "verify" it is one byte, 0 or 1, and first is the signature. Other
	// methods have no second. An error is that of Refusal.
	Compute func(work int, first, second []byte) ([]byte, error)
}

type webCrypto struct {
	promises promises
	engine   Engine
	texts    recent[core.Key] // by what they were read from
	imported recent[int]      // works of the engine
	halves   recent[core.Key] // public halves
	made     map[string]made  // by algorithm and name
	hashes   map[string]int   // works of the engine
}

// longText is more than nearly all keys; longer texts are read each time.
const longText = 16 << 10

func (w *webCrypto) Read(text string) (core.Key, error) {
	if known, found := w.texts.find(keyID{text: text}); found {
		return known, nil
	}
	key, err := keys.Parse(text)
	if err == nil && len(text) <= longText {
		w.texts.keep(keyID{text: text}, key)
	}
	return key, err
}

func newWebCrypto() *webCrypto { return &webCrypto{made: map[string]made{}, hashes: map[string]int{}} }

// made is a generated key.
type made struct {
	private int // the engine's work: scripts cannot read the key
	public  core.Key
}

func (w *webCrypto) Sign(algorithm string, private core.Key, message []byte) ([]byte, error) {
	if err := signing(algorithm, private); err != nil {
		return nil, err
	}
	work, err := w.privateKey(algorithm, private)
	if err != nil {
		return nil, err
	}
	return w.engine.Compute(work, message, nil)
}

func (w *webCrypto) Verify(algorithm string, key core.Key, message, signature []byte) (bool, error) {
	if err := keys.Fits(key, algorithm); err != nil {
		return false, err
	}
	public, err := w.Public(key)
	if err != nil {
		return false, err
	}
	work, err := w.importKey("spki", algorithm, public)
	if err != nil {
		return false, err
	}
	valid, err := w.engine.Compute(work, signature, message)
	return len(valid) == 1 && valid[0] == 1, err
}

func (w *webCrypto) Public(key core.Key) (core.Key, error) {
	if key.DER == nil && hasNumbers(key) { // it was generated
		return half(key, key)
	}
	id := keyID{der: key.DER, x: key.X}
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
		return core.Key{}, w.withoutHalf(key, err)
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
	m.private, err = w.using("sign", algorithm, private)
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
	work, known := w.hashes[hash]
	if !known {
		name, err := safejs.ValueOf(hash)
		if err != nil {
			return nil, err
		}
		if work, err = w.engine.Keep("digest", name); err != nil {
			return nil, err
		}
		w.hashes[hash] = work
	}
	return w.engine.Compute(work, octets, nil)
}

func (w *webCrypto) privateKey(algorithm string, key core.Key) (work int, err error) {
	if key.DER != nil {
		return w.importKey("pkcs8", algorithm, key)
	}
	m, known := w.made[key.Algorithm+" "+key.Name]
	if !known {
		return 0, errLost()
	}
	return m.private, nil
}

// importKey imports a key once.
func (w *webCrypto) importKey(format, algorithm string, key core.Key) (work int, err error) {
	id := keyID{algorithm: algorithm, format: format, der: key.DER, x: key.X}
	if known, found := w.imported.find(id); found {
		return known, nil
	}
	if key.Private && key.Kind == "OKP" && key.X != nil { // its PKCS#8 has no public half to be held against
		if computed, err := w.numbers(key); err != nil || string(computed.X) != string(key.X) {
			return 0, orMismatch(err)
		}
	}
	imported, err := w.importDER(format, algorithm, key.DER, false)
	if err != nil {
		return 0, w.withoutHalf(key, err)
	}
	work, err = w.using(usage(format), algorithm, imported)
	if err == nil {
		if before, dropped := w.imported.keep(id, work); dropped {
			w.engine.Forget(before)
		}
	}
	return work, err
}

// using makes the parameters beforehand: that costs as much as to sign.
func (w *webCrypto) using(method, algorithm string, key safejs.Value) (work int, err error) {
	p, err := safejs.ValueOf(parameters(algorithm))
	if err != nil {
		return 0, err
	}
	return w.engine.Keep(method, p, key)
}

// usage is what a key of this format is for.
func usage(format string) string {
	if format == "spki" {
		return "verify"
	}
	return "sign"
}

// withoutHalf says why a browser refuses a private key on a curve that comes without its public half, where it refuses each
// of them. The page's own engine has Firefox take them.
func (w *webCrypto) withoutHalf(key core.Key, refused error) error {
	var e *keys.Error
	if key.Kind != "EC" || !key.Private || hasNumbers(key) || !errors.As(refused, &e) || e.Code != "key.refused" && e.Code != "key.mismatch" {
		return refused
	}
	if two, err := keys.FromScalar("P-256", []byte{2}); err == nil {
		if _, err = w.importDER("pkcs8", "ES256", two.DER, false); err == nil {
			return refused // it is this key's own fault
		}
	}
	return &keys.Error{Code: "key.half-missing", Message: "this browser takes a private key on a curve only together with its public half, which this one comes without; " +
		"Chromium and Firefox take it, and so does “authpad call”"}
}

func orMismatch(err error) error {
	if err == nil {
		return errMismatch()
	}
	return err
}

func (w *webCrypto) importDER(format, algorithm string, der []byte, extractable bool) (safejs.Value, error) {
	octets, err := uint8Array(der)
	if err != nil {
		return safejs.Value{}, err
	}
	if _, err := w.promises.open(); err != nil {
		return safejs.Value{}, err
	}
	return w.promises.wait(w.engine.Import(format, octets, importing(algorithm), extractable, []any{usage(format)}))
}
