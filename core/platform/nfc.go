package platform

import "unicode/utf8"

// NFC returns text in Unicode normalisation form C (https://unicode.org/reports/tr15/). Text that is
// not UTF-8 comes back as it is. ASCII, by far the most frequent, costs one look at each byte.
func NFC(text string) string { return normal(text, formC) }

// NFD returns text in form D: letters and their marks apart.
func NFD(text string) string { return normal(text, formD) }

const formC, formD = "NFC", "NFD"

func normal(text, form string) string {
	if isASCII(text) || !utf8.ValidString(text) {
		return text
	}
	return normalize(text, form)
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
