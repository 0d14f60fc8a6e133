package api

import "authpad/core"

// watchedKeys remember whether they were asked to compute. Reading a key from text is no computing.
type watchedKeys struct {
	keys  core.Keys
	waits bool // whether the call can wait for them
	asked bool
	last  hashed // a large body is hashed by its scheme and again for the answer
}

func (w *watchedKeys) Read(text string) (core.Key, error) { return w.keys.Read(text) }

// hashed is one hash and what it is of: octets that nobody changes during a call.
type hashed struct {
	hash        string
	octets, sum []byte
}

func (h *hashed) is(hash string, octets []byte) bool {
	return len(octets) > 0 && h.hash == hash && len(h.octets) == len(octets) && &h.octets[0] == &octets[0]
}

func (w *watchedKeys) Sign(algorithm string, private core.Key, message []byte) ([]byte, error) {
	if w.cannot() {
		return nil, core.ErrWaits
	}
	return w.keys.Sign(algorithm, private, message)
}

func (w *watchedKeys) Verify(algorithm string, public core.Key, message, signature []byte) (bool, error) {
	if w.cannot() {
		return false, core.ErrWaits
	}
	return w.keys.Verify(algorithm, public, message, signature)
}

func (w *watchedKeys) Public(key core.Key) (core.Key, error) {
	if w.cannot() {
		return core.Key{}, core.ErrWaits
	}
	return w.keys.Public(key)
}

func (w *watchedKeys) Generate(algorithm, name string) (core.Key, error) {
	if w.cannot() {
		return core.Key{}, core.ErrWaits
	}
	return w.keys.Generate(algorithm, name)
}

func (w *watchedKeys) Hash(hash string, octets []byte) ([]byte, error) {
	if w.cannot() {
		return nil, core.ErrWaits
	}
	if w.last.is(hash, octets) {
		return w.last.sum, nil
	}
	sum, err := w.keys.Hash(hash, octets)
	if err == nil {
		w.last = hashed{hash, octets, sum}
	}
	return sum, err
}

func (w *watchedKeys) cannot() bool {
	w.asked = true
	return !w.waits
}

// expects reports whether the last call of this name had to wait: then the next is not tried first.
func (a *API) expects(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.waited[name]
}

func (a *API) remember(name string, waited bool) {
	a.mu.Lock()
	a.waited[name] = waited
	a.mu.Unlock()
}
