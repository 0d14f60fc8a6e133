package fetchrules

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"authpad/core/syntax"
)

// maxSafeValue is the longest value, and maxSafeValues the sum of all, in bytes on the wire, that
// count as safelisted.
const (
	maxSafeValue  = 128
	maxSafeValues = 1024
)

// Safelisted reports whether the standard lets a header go to another origin without a preflight
// (https://fetch.spec.whatwg.org/#cors-safelisted-request-header). The value is given trimmed.
func Safelisted(name, value string) bool {
	var buffer [64]byte
	return safelisted(lowerInto(&buffer, name), value)
}

func safelisted(lower []byte, value string) bool {
	if len(value) > maxSafeValue && utf8.RuneCountInString(value) > maxSafeValue {
		return false
	}
	switch string(lower) {
	case "accept":
		return !strings.ContainsFunc(value, isUnsafe)
	case "accept-language", "content-language":
		return !strings.ContainsFunc(value, isNoLanguage)
	case "content-type":
		return !strings.ContainsFunc(value, isUnsafe) && isFormType(value)
	case "range":
		return isSimpleRange(value)
	}
	return false
}

// isUnsafe is https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte.
func isUnsafe(c rune) bool {
	return c < ' ' && c != '\t' || c == 0x7f || c < utf8.RuneSelf && strings.IndexByte(`"():<>?@[\]{}`, byte(c)) >= 0
}

func isNoLanguage(c rune) bool {
	letterOrDigit := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	return !letterOrDigit && !strings.ContainsRune(" *,-.;=", c)
}

// isFormType: what an HTML form can send by itself is no news to a server.
func isFormType(value string) bool {
	essence, _, _ := strings.Cut(value, ";")
	essence = strings.TrimRight(strings.TrimLeft(essence, " \t\r\n"), " \t\r\n")
	return strings.EqualFold(essence, "application/x-www-form-urlencoded") ||
		strings.EqualFold(essence, "multipart/form-data") || strings.EqualFold(essence, "text/plain")
}

// isSimpleRange: one range with a beginning (https://fetch.spec.whatwg.org/#simple-range-header-value).
func isSimpleRange(value string) bool {
	positions, isBytes := strings.CutPrefix(value, "bytes=")
	first, last, hasDash := strings.Cut(positions, "-")
	if !isBytes || !hasDash || !isDigits(first) {
		return false
	}
	from, err := strconv.ParseUint(first, 10, 63) // Chromium asks first for what no int64 can hold
	if err != nil || last == "" {
		return err == nil
	}
	to, err := strconv.ParseUint(last, 10, 63)
	return isDigits(last) && err == nil && from <= to
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// safelistedByChromium are the client hints of old that Chromium, unlike the standard, lets pass
// without a preflight where their value is one that it would send by itself.
func safelistedByChromium(lower []byte, value string) bool {
	if len(value) > maxSafeValue {
		return false
	}
	switch string(lower) {
	case "device-memory", "dpr", "viewport-width", "width", "downlink":
		whole, fraction, hasPoint := strings.Cut(value, ".")
		return isDigits(whole) && (!hasPoint || isDigits(fraction))
	case "rtt":
		return isDigits(value)
	case "ect":
		return value == "slow-2g" || value == "2g" || value == "3g" || value == "4g"
	case "save-data":
		return value == "on"
	}
	return false
}

// judgedByValue are the names that safelisted and safelistedByChromium know: of every other header the name decides.
func judgedByValue(lower []byte) bool {
	switch string(lower) {
	case "accept", "accept-language", "content-language", "content-type", "range",
		"device-memory", "dpr", "viewport-width", "width", "downlink", "rtt", "ect", "save-data":
		return true
	}
	return false
}

// safelistedWithoutCORS is https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header.
func safelistedWithoutCORS(lower []byte, value string) bool {
	return string(lower) != "range" && safelisted(lower, value)
}

// isName reports whether fetch accepts the name of a header.
func isName(name string) bool { return syntax.IsToken(name) }
