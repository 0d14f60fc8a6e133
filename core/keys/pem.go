package keys

import (
	"encoding/base64"
	"strings"

	"authpad/core"
)

// block is one PEM block (RFC 7468).
type block struct{ label, body string }

// The labels of which a person is told; others are not repeated, since they may be anything.
func sortOf(label string) (sort byte, err error) {
	switch label {
	case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY":
		return private, nil
	case "PUBLIC KEY", "RSA PUBLIC KEY", "EC PUBLIC KEY":
		return public, nil
	case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE":
		return certificate, nil
	case "EC PARAMETERS":
		return nothing, nil
	case "ENCRYPTED PRIVATE KEY":
		return private, errEncrypted()
	case "OPENSSH PRIVATE KEY":
		return private, refuse("key.openssh", "this is a private key in OpenSSH’s own form; write a copy of it as PEM: "+
			"“ssh-keygen -p -m PEM -f copy-of-the-key”, or as PKCS#8 with -m PKCS8")
	case "DSA PRIVATE KEY", "DSA PARAMETERS":
		return private, errDSA()
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
		return nothing, refuse("key.unknown", "this is a request for a certificate, not a key")
	case "PGP PRIVATE KEY BLOCK", "PGP PUBLIC KEY BLOCK":
		return nothing, refuse("key.unknown", "this is a PGP key; a key as PEM or JWK is needed")
	}
	return nothing, refuse("key.unknown", "this PEM block is none of a key; its label is to be PRIVATE KEY, RSA PRIVATE KEY, "+
		"EC PRIVATE KEY, PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")
}

// The sorts of blocks.
const (
	nothing = iota
	private
	public
	certificate
	sorts
)

// parsePEM reads the one private key of the text, else the one public key, else the first
// certificate.
func parsePEM(text string) (core.Key, error) {
	blocks, err := splitPEM(text)
	if err != nil {
		return core.Key{}, err
	}
	var found [sorts][]block
	for _, b := range blocks {
		sort, err := sortOf(b.label)
		if err != nil {
			return core.Key{}, err
		}
		found[sort] = append(found[sort], b)
	}
	privates, publics, certificates := found[private], found[public], found[certificate]
	switch {
	case len(privates)+len(publics) > 1:
		return core.Key{}, refuse("key.several", "the text has "+itoa(len(privates))+" private and "+itoa(len(publics))+
			" public keys; leave only the one to use")
	case len(privates) == 1:
		return privates[0].key()
	case len(publics) == 1:
		return publics[0].key()
	case len(certificates) > 0:
		return certificates[0].key()
	}
	return core.Key{}, refuse("key.unknown", "the text has the parameters of a curve, but no key")
}

func splitPEM(text string) (blocks []block, err error) {
	for {
		_, rest, found := strings.Cut(text, "-----BEGIN ")
		if !found {
			return blocks, nil
		}
		label, rest, found := strings.Cut(rest, "-----")
		if !found || len(label) > 40 {
			return nil, errCut("its first line")
		}
		body, rest, found := strings.Cut(rest, "-----END "+label+"-----")
		if !found || strings.Contains(body, "-----") {
			return nil, errCut("the line “-----END …-----” that belongs to its first line")
		}
		blocks = append(blocks, block{label, body})
		text = rest
	}
}

func errCut(missing string) error {
	return refuse("key.truncated", "the key is cut off: "+missing+" is not whole; copy it again, from “-----BEGIN” to the last dash")
}

// key reads the body of a block.
func (b block) key() (core.Key, error) {
	body, err := withoutHeaders(b.body)
	if err != nil {
		return core.Key{}, err
	}
	octets, err := decodeBase64(body)
	if err != nil {
		return core.Key{}, err
	}
	if len(octets) == 0 {
		return core.Key{}, refuse("key.truncated", "between the first and the last line of the key there is nothing")
	}
	return readDER(octets)
}

// withoutHeaders drops lines as "DEK-Info: …", which OpenSSL's old form of encryption has
// (RFC 1421, section 4.6).
func withoutHeaders(body string) (string, error) {
	if !strings.Contains(body, ":") {
		return body, nil
	}
	if strings.Contains(body, "ENCRYPTED") {
		return "", errEncrypted()
	}
	var kept strings.Builder
	for line := range strings.Lines(body) {
		if !strings.Contains(line, ":") {
			kept.WriteString(line)
		}
	}
	return kept.String(), nil
}

// decodeBase64 takes both alphabets, with and without padding, and space anywhere.
func decodeBase64(text string) ([]byte, error) {
	var plain strings.Builder
	plain.Grow(len(text))
	for _, c := range []byte(text) {
		switch c {
		case ' ', '\t', '\r', '\n':
		case '-':
			plain.WriteByte('+')
		case '_':
			plain.WriteByte('/')
		default:
			plain.WriteByte(c)
		}
	}
	octets, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(plain.String(), "="))
	if err != nil {
		return nil, refuse("key.base64", "the key is not valid base64: a character is wrong, missing or too many; copy it again, whole")
	}
	return octets, nil
}
