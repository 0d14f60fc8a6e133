package syntax

import "strings"

// Set is a set of bytes: of those that a grammar allows, or that percent-encoding leaves alone.
type Set func(b byte) bool

// Unreserved is the set of RFC 3986, section 2.3: letters, digits and "-._~". What is encoded with
// it may stand anywhere in a URL, and no URL parser changes it.
func Unreserved(b byte) bool {
	return isAlphanumeric(b) || b == '-' || b == '.' || b == '_' || b == '~'
}

// PercentEncode writes every byte of s outside the set as "%" and two upper-case hex digits
// (RFC 3986, section 2.1).
func PercentEncode(s string, keep Set) string {
	const digits = "0123456789ABCDEF"
	done := 0
	for done < len(s) && keep(s[done]) {
		done++
	}
	if done == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+len(s)/2+8), s[:done]...)
	for ; done < len(s); done++ {
		if c := s[done]; keep(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

// PercentDecode undoes PercentEncode. A "%" without two hex digits stays as it is
// (URL standard, section 1.3).
func PercentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b.WriteByte(hexDigit(s[i+1])<<4 | hexDigit(s[i+2]))
			i += 2
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

func hexDigit(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b&0xf + 9 // 'A' and 'a' both end in 1
}
