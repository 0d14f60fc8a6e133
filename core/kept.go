package core

// Kept is what was derived the last time, from secrets mostly: who builds one request after the other, as a page does at
// each keystroke, derives it once. The zero value is empty, and nil keeps nothing. It is for one goroutine at a time.
type Kept struct {
	from    string
	derived []string
}

// Derive returns what derive makes of from, which names all that the result depends on.
func (k *Kept) Derive(from string, derive func() []string) []string {
	if k == nil {
		return derive()
	}
	if k.derived == nil || k.from != from {
		k.from, k.derived = from, derive()
	}
	return k.derived
}
