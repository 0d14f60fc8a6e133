package platform

import (
	"strings"

	"github.com/hack-pad/safejs"
)

// The js build asks the browser. Asking costs microseconds and the same text is asked about on every
// keystroke, so the last few answers are kept: in this build all Go code shares one thread.

var parsed, normalized answers

// parseHref returns URL.href; ok is false where the constructor throws. What it throws quotes the
// address and is dropped.
func parseHref(raw, base string) (href string, ok bool) {
	if k, found := parsed.find(raw, base); found {
		return k.text, k.ok
	}
	href, err := newHref(raw, base)
	parsed.keep(answer{raw, base, href, err == nil})
	return href, err == nil
}

func newHref(raw, base string) (string, error) {
	arguments := []any{passed(raw)}
	if base != "" {
		arguments = append(arguments, passed(base))
	}
	constructor, err := safejs.Global().Get("URL")
	if err != nil {
		return "", err
	}
	u, err := constructor.New(arguments...)
	if err != nil {
		return "", err
	}
	href, err := u.Get("href")
	if err != nil {
		return "", err
	}
	return href.String()
}

func normalize(text, form string) string {
	if k, found := normalized.find(text, form); found {
		return k.text
	}
	normal, err := normalizeInBrowser(text, form)
	if err != nil { // no browser lacks the method; the text as typed says nothing wrong
		return text
	}
	normalized.keep(answer{asked: text, with: form, text: normal})
	return normal
}

// normalizeInBrowser calls String.prototype.normalize on a String object: safejs has no methods for
// a primitive string.
func normalizeInBrowser(text, form string) (string, error) {
	constructor, err := safejs.Global().Get("String")
	if err != nil {
		return "", err
	}
	object, err := constructor.New(passed(text))
	if err != nil {
		return "", err
	}
	normal, err := object.Call("normalize", form)
	if err != nil {
		return "", err
	}
	return normal.String()
}

// passed is text as wasm_exec.js must be given it: its TextDecoder drops one byte order mark.
func passed(text string) string {
	const byteOrderMark = "\ufeff"
	if strings.HasPrefix(text, byteOrderMark) {
		return byteOrderMark + text
	}
	return text
}

// answers are the last few questions to the browser, the oldest overwritten first.
type answers struct {
	kept [8]answer
	used int // answers ever kept
}

type answer struct {
	asked, with string // with the base of an address, or the form of a text
	text        string
	ok          bool
}

func (a *answers) find(asked, with string) (answer, bool) {
	for i := range min(a.used, len(a.kept)) {
		if k := &a.kept[i]; k.asked == asked && k.with == with {
			return *k, true
		}
	}
	return answer{}, false
}

func (a *answers) keep(k answer) {
	a.kept[a.used%len(a.kept)] = k
	a.used++
}
