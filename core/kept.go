package core

// Kept is what was derived the last time, from secrets mostly: who builds one request after the other, as a page does at
// each keystroke, derives it once. The zero value is empty, and nil keeps nothing. It is for one goroutine at a time.
type Kept struct {
	from    string
	derived []string
	wanted  bool // since Tidy
}

// Derive returns what derive makes of from, which names all that the result depends on.
func (k *Kept) Derive(from string, derive func() []string) []string {
	if k == nil {
		return derive()
	}
	if k.derived == nil || k.from != from {
		k.from, k.derived = from, derive()
	}
	k.wanted = true
	return k.derived
}

// Tidy ends a request: what it did not want is forgotten, since its secret may be gone from the form.
func (k *Kept) Tidy() {
	if !k.wanted {
		*k = Kept{}
	}
	k.wanted = false
}
