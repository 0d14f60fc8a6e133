package syntax

import "errors"

// Hexadecimal digits as everywhere here: two small ones for a byte. encoding/hex writes its errors with package fmt,
// which nothing else in the page needs.

// Hex writes bytes as lower-case hexadecimal digits (RFC 4648, section 8).
func Hex(octets []byte) string {
	const digits = "0123456789abcdef"
	var usual [128]byte // a SHA-512 fits, and costs no allocation but the text's own
	text := usual[:0]
	for _, octet := range octets {
		text = append(text, digits[octet>>4], digits[octet&15])
	}
	return string(text)
}

var errHex = errors.New("these are not pairs of hexadecimal digits")

// Unhex reads digits of either case. The error repeats nothing of the text.
func Unhex(text string) ([]byte, error) {
	if len(text)%2 != 0 {
		return nil, errHex
	}
	octets := make([]byte, 0, len(text)/2)
	for i := 0; i < len(text); i += 2 {
		high, isDigit := digit(text[i])
		low, too := digit(text[i+1])
		if !isDigit || !too {
			return nil, errHex
		}
		octets = append(octets, high<<4|low)
	}
	return octets, nil
}

func digit(c byte) (value byte, ok bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}
