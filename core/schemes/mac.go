package schemes

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"hash"
	"strconv"
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/syntax"
)

// Hashes and HMACs under the names that core.Keys.Hash has for them: "SHA-256".

// hashOp is the name as the Op of a step has it.
func hashOp(name string) string { return strings.ToLower(name) }

func newHash(name string) hash.Hash {
	switch name {
	case "SHA-1":
		return sha1.New()
	case "SHA-384":
		return sha512.New384()
	case "SHA-512":
		return sha512.New()
	}
	return sha256.New()
}

// hashSize is how many bytes newHash makes.
func hashSize(name string) int {
	switch name {
	case "SHA-1":
		return sha1.Size
	case "SHA-384":
		return sha512.Size384
	case "SHA-512":
		return sha512.Size
	}
	return sha256.Size
}

// mac is HMAC (RFC 2104, section 2): H( K xor opad, H( K xor ipad, text ) ). Crypto/hmac guards what it sets up, which in
// a page costs as much as hashing a short text does.
func mac(hashName string, key, message []byte) []byte {
	h := newHash(hashName)
	if len(key) > h.BlockSize() {
		h.Write(key)
		key = h.Sum(nil)
		h.Reset()
	}
	var room [sha512.BlockSize]byte
	padded := room[:h.BlockSize()]
	xorPad(padded, key, 0x36)
	h.Write(padded)
	h.Write(message)
	inner := h.Sum(nil)
	h.Reset()
	xorPad(padded, key, 0x5c)
	h.Write(padded)
	h.Write(inner)
	return h.Sum(inner[:0])
}

// fitsMAC reports whether octets are the HMAC of the text. Explanations of wrong signatures ask it again and again,
// and each copy of it would be code to load.
//
//go:noinline
func fitsMAC(hashName string, key []byte, text string, octets []byte) bool {
	return subtle.ConstantTimeCompare(mac(hashName, key, []byte(text)), octets) == 1
}

// xorPad fills padded with the key, zeros behind it, each byte xor with.
func xorPad(padded, key []byte, with byte) {
	for i := range padded {
		padded[i] = with
	}
	for i := range key {
		padded[i] ^= key[i]
	}
}

// largeBody is from how many bytes on WebCrypto hashes faster than Go does in a page.
const largeBody = 1 << 20

// hashOfBody hashes a body. The error is core.ErrWaits, or what core.Keys has against it.
func hashOfBody(env core.Env, hashName string, body []byte) ([]byte, error) {
	if len(body) >= largeBody && env.Keys != nil && hashName != "SHA-1" {
		return env.Keys.Hash(hashName, body)
	}
	if len(body) == 0 && hashName == "SHA-256" {
		return []byte(emptySHA256), nil
	}
	h := newHash(hashName)
	h.Write(body)
	return h.Sum(nil), nil
}

// hashOfRequest hashes the body of a request, wherever that lies.
func hashOfRequest(env core.Env, hashName string, req *core.Request) ([]byte, error) {
	if req.Far != nil {
		return req.Far.Sum(hashName)
	}
	return hashOfBody(env, hashName, req.Body)
}

// emptySHA256 is the SHA-256 of no bytes: most requests have no body.
const emptySHA256 = "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24\x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55"

// requestPart is bodyPart of a request, whose body may be far.
func requestPart(req *core.Request) core.Part {
	if req.Far != nil {
		return sizePart(req.Far.Size())
	}
	return bodyPart(req.Body)
}

func sizePart(size int64) core.Part {
	return core.Part{Name: "body, bytes", From: "request:body", Value: strconv.FormatInt(size, 10)}
}

// bodyPart is a body as the input of a step: as text, in hex where it is none, and only its size where
// nobody would read it.
func bodyPart(body []byte) core.Part {
	part := core.Part{Name: "body", From: "request:body"}
	switch {
	case len(body) > 64<<10:
		return sizePart(int64(len(body)))
	case utf8.Valid(body):
		part.Value = string(body)
	default:
		part.Name, part.Value, part.Hex = "body, hex", hexOf(body), true
	}
	return part
}

func hexOf(octets []byte) string { return syntax.Hex(octets) }
