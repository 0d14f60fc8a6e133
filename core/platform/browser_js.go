package platform

import (
	"strings"

	"github.com/hack-pad/safejs"
)

// The js build asks the browser. Asking costs microseconds and the same text is asked about on every
// keystroke, so the last few answers are kept: in this build all Go code shares one thread.

// recent is how many answers each table keeps: a URL and its base, and a few names typed beside it.
const recent = 8

type answer struct {
	asked, base string
	text        string
	ok          bool
}

type answers struct {
	kept [recent]answer
	used int // answers ever kept
}

func (a *answers) find(asked, base string) (answer, bool) {
	for i := range min(a.used, recent) {
		if k := &a.kept[i]; k.asked == asked && k.base == base {
			return *k, true
		}
	}
	return answer{}, false
}

func (a *answers) keep(k answer) {
	a.kept[a.used%recent] = k
	a.used++
}

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

func normalizeNFC(text string) string {
	if k, found := normalized.find(text, ""); found {
		return k.text
	}
	nfc, err := normalizeInBrowser(text)
	if err != nil { // no browser lacks it; the text as it is says at least nothing wrong
		return text
	}
	normalized.keep(answer{asked: text, text: nfc})
	return nfc
}

func normalizeInBrowser(text string) (string, error) {
	value, err := safejs.ValueOf(passed(text))
	if err != nil {
		return "", err
	}
	prototype, err := stringPrototype()
	if err != nil {
		return "", err
	}
	normalize, err := prototype.Get("normalize")
	if err != nil {
		return "", err
	}
	nfc, err := normalize.Call("call", value, "NFC") // a primitive string has no methods of its own here
	if err != nil {
		return "", err
	}
	return nfc.String()
}

func stringPrototype() (safejs.Value, error) {
	constructor, err := safejs.Global().Get("String")
	if err != nil {
		return safejs.Value{}, err
	}
	return constructor.Get("prototype")
}

// passed is text as wasm_exec.js must be given it: its TextDecoder drops one byte order mark.
func passed(text string) string {
	const byteOrderMark = "\ufeff"
	if strings.HasPrefix(text, byteOrderMark) {
		return byteOrderMark + text
	}
	return text
}
