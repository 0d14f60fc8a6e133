package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
)

// Why an HMAC signature may not fit: what clients are known to mix up.

// wrongSignature says what fits instead, if anything does.
func (s *hmacSide) wrongSignature(sent string) error {
	refuse := func(code, step, message string) error {
		return &core.Rejection{Code: "hmac." + code, Step: step, Message: message, Ref: rfc("RFC 2104", "2")}
	}
	octets := decodeMAC(sent)
	if octets == nil {
		return refuse("format", "header", "what stands in the place of the signature is neither hexadecimal digits nor base64")
	}
	if sameSecret(string(octets), string(s.mac)) {
		return refuse("encoding", "signature", "the signature is right, but written otherwise: this server wants "+encodingWords(s.plan.encoding))
	}
	message, _ := s.expand(s.plan.message)
	if reading := s.otherKey(message, octets); reading != "" {
		return refuse("key-encoding", "key", "the key is right, but its bytes are not: the client reads it as "+reading+", this server as "+s.in.Values["keyEncoding"])
	}
	for _, hash := range []string{"SHA-1", "SHA-256", "SHA-384", "SHA-512"} {
		if hash != s.plan.hash && len(octets) == hashSize(hash) {
			return refuse("algorithm", "mac", "the signature has "+strconv.Itoa(len(octets))+" bytes, as "+hash+" makes; this server takes "+s.plan.hash)
		}
	}
	if len(octets) != hashSize(s.plan.hash) {
		return refuse("length", "signature", "the signature has "+byteCount(len(octets))+", and one of "+s.plan.hash+" has "+strconv.Itoa(hashSize(s.plan.hash)))
	}
	for _, other := range s.otherMessages(message) {
		if other.text != message && fitsMAC(s.plan.hash, s.plan.key, other.text, octets) {
			return refuse(other.code, "message", other.says)
		}
	}
	for _, name := range []string{timestampSeconds, timestampMillis, "nonce"} {
		if hasName(s.plan.message, name) && !s.plan.sends(name) {
			return refuse("not-sent", "message", "{"+name+"} is signed, but no header carries it, so that this server cannot know what the client took")
		}
	}
	return refuse("wrong-signature", "mac", "the signature differs: the key is not this server’s, the client signs something else, or what was signed arrived changed")
}

// longestMessage is how many bytes are worth it: they are hashed some forty times.
const longestMessage = 256 << 10

// otherKey is how the client reads its key, if another way fits.
func (s *hmacSide) otherKey(message string, octets []byte) (reading string) {
	if len(message) > longestMessage {
		return ""
	}
	typed, own := s.in.Values["key"], s.in.Values["keyEncoding"]
	fits := func(key []byte) bool { return fitsMAC(s.plan.hash, key, message, octets) }
	for _, encoding := range []string{"text", encodingBase64, encodingHex} {
		if key, err := decodeSecret("key", typed, encoding); err == nil && encoding != own && fits(key) {
			return encoding
		}
	}
	if line := strings.TrimSpace(typed); fits([]byte(line + "\n")) {
		return "text with a line break at its end"
	} else if line != typed && fits([]byte(line)) {
		return "text without the space around it"
	}
	return ""
}

// hmacMessage is what a client may have signed instead.
type hmacMessage struct{ code, text, says string }

func (s *hmacSide) otherMessages(message string) []hmacMessage {
	if len(message) > longestMessage {
		return nil
	}
	list := []hmacMessage{
		{"line-end", strings.TrimRight(message, "\r\n"), "the signature is right for a message without the line break at its end"},
		{"line-end", message + "\n", "the signature is right for a message with one line break more at its end"},
		{"line-end", strings.ReplaceAll(message, "\n", "\r\n"), "the signature is right for a message whose lines end by CR and LF; this server ends them by LF"},
		{"line-end", strings.ReplaceAll(message, "\r\n", "\n"), "the signature is right for a message whose lines end by LF; this server ends them by CR and LF"},
	}
	if body := string(s.req.Body); body != "" && hasName(s.plan.message, "body") {
		list = append(list, hmacMessage{"white-space", strings.Replace(message, body, compact(body), 1),
			"the signature is right for this JSON without its white space: it was written anew on the way; sign the bytes that are sent, and check those that arrive"})
	}
	for _, sent := range asSent(s.req) {
		other := *s
		other.req = sent
		text, _ := other.expand(s.plan.message)
		list = append(list, hmacMessage{"address", text, signedElsewhere(sent, s.req)})
	}
	return list
}

// compact leaves white space out of JSON, but for what is inside of quotes.
func compact(text string) string {
	var b strings.Builder
	quoted, escaped := false, false
	for i := range len(text) {
		c := text[i]
		if quoted || !strings.ContainsRune(" \t\r\n", rune(c)) {
			b.WriteByte(c)
		}
		quoted = quoted != (c == '"' && !escaped)
		escaped = quoted && c == '\\' && !escaped
	}
	return b.String()
}

func encodingWords(encoding string) string {
	if encoding == encodingBase64 {
		return "base64 with its padding"
	}
	return "hexadecimal digits in lower case"
}

// decodeMAC reads a signature however it is written; nil: it is none.
func decodeMAC(text string) []byte {
	for _, encoding := range []string{encodingHex, encodingBase64} {
		if octets, err := decodeSecret("", text, encoding); err == nil {
			return octets
		}
	}
	return nil
}
