package syntax

import (
	"strconv"
	"strings"

	"authpad/core"
)

// ReadFingerprint reads the SHA-256 fingerprint of a certificate as 64 hexadecimal digits, lower case;
// none where nothing is typed. It takes what tools print: hex with or without colons and blanks, in either case, and
// with the name in front as "openssl x509 -fingerprint -sha256" has it. An error is a *core.FieldError
// for "tls.fingerprint".
func ReadFingerprint(typed string) (string, error) {
	text := strings.ToLower(strings.TrimSpace(typed))
	if label, rest, found := strings.Cut(text, "="); found && strings.HasSuffix(label, "fingerprint") {
		text = rest
	}
	text = strings.NewReplacer(":", "", " ", "", "\t", "", "\r", "", "\n", "").Replace(strings.TrimPrefix(text, "sha256:"))
	if text == "" && strings.TrimSpace(typed) == "" {
		return "", nil
	}
	if strings.HasPrefix(text, "sha256//") {
		return "", fingerprintError("tls.fingerprint.public-key",
			"this is curl’s pin of a public key; authpad pins the whole certificate: openssl x509 -noout -fingerprint -sha256")
	}
	if strings.Trim(text, "0123456789abcdef") != "" || text == "" {
		return "", fingerprintError("tls.fingerprint.hex", "a fingerprint is 64 hexadecimal digits, with or without colons")
	}
	if wrong, known := otherDigests[len(text)]; known {
		return "", fingerprintError("tls.fingerprint.algorithm",
			"this has the length of "+wrong+"; only SHA-256 (64 hexadecimal digits) is accepted: openssl x509 -noout -fingerprint -sha256")
	}
	if len(text) != 64 {
		return "", fingerprintError("tls.fingerprint.length",
			"a SHA-256 fingerprint has 64 hexadecimal digits, this has "+strconv.Itoa(len(text)))
	}
	return text, nil
}

// otherDigests by number of hexadecimal digits. aiohttp refuses MD5 and SHA-1 by name as well.
var otherDigests = map[int]string{32: "an MD5 fingerprint", 40: "a SHA-1 fingerprint", 96: "a SHA-384 fingerprint", 128: "a SHA-512 fingerprint"}

func fingerprintError(code, message string) error {
	return &core.FieldError{Field: "tls.fingerprint", Code: code, Message: message}
}
