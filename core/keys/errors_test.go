package keys_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/keys"
)

// Written by OpenSSL 3.0: a key of P-256 in several forms, and keys that are of no use here.
const (
	ecParameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
	ecPrivate    = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIOK6rlxnHFqvL0dhSHkBoiYYpmft1rAp8zeWlTbzifOHoAoGCCqGSM49
AwEHoUQDQgAEYU2IxHJSbfSY+RpXaiQIBNHm3wUYdh5bp46fYC7xWYRhxXCAkk/P
7QQBJeIyCTet8VbR4k4Pj35AjzEZEfv6JA==
-----END EC PRIVATE KEY-----
`
	ecCompressed = `-----BEGIN EC PRIVATE KEY-----
MFcCAQEEIOK6rlxnHFqvL0dhSHkBoiYYpmft1rAp8zeWlTbzifOHoAoGCCqGSM49
AwEHoSQDIgACYU2IxHJSbfSY+RpXaiQIBNHm3wUYdh5bp46fYC7xWYQ=
-----END EC PRIVATE KEY-----
`
	ecAlone = `-----BEGIN EC PRIVATE KEY-----
MDECAQEEIOK6rlxnHFqvL0dhSHkBoiYYpmft1rAp8zeWlTbzifOHoAoGCCqGSM49
AwEH
-----END EC PRIVATE KEY-----
`
	ecNoCurve        = "MCUCAQEEIOK6rlxnHFqvL0dhSHkBoiYYpmft1rAp8zeWlTbzifOH"
	publicCompressed = `-----BEGIN PUBLIC KEY-----
MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACYU2IxHJSbfSY+RpXaiQIBNHm3wUY
dh5bp46fYC7xWYQ=
-----END PUBLIC KEY-----
`
	encrypted = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi+ck3RS9TOrgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEENdpGQTa9mEunTLmOKUfHM0EgZC3
WrSm1t4IQsOqt2uk8y+frWgWEYkRhNWU/kvliKgz2L+CgaQ0NTKnLsvQIKUe4Z7S
BbEUgm+OHbQq+zpJzY2u2nRKirLGEQqCDl4E99bu+btiYv5WrcNbMW9sSKER+lH7
2yHfwxnHzAJTIWY4iuWUrYuI4SUKh4S0QCo3i+okl+jEK1sdc/RqSlAqN0/Bj8k=
-----END ENCRYPTED PRIVATE KEY-----
`
	encryptedOld = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,7847756EA452929BA83DAA539B4C3807

IV4qsJKEo88OTSxpFv23fb6JGwNRsPXRkHD/v8ZGzEhWyd+dg0NXbg0jJuElgonZ
T7QliY3K6ZAGPIuXFR2yNkzHDdwCTYxsjqQwp+5Sb9IqFBwD9rRmxQrq+KKnYcHE
maOXEEk/FT9h/bLSIRyXYGOtISTHKLXSQZ3nQlISWCY=
-----END EC PRIVATE KEY-----
`
	rsa512 = `MIIBOwIBAAJBAMhDly5ST3lFyKoidA+ybqz+6h7Xmc0vwXdNzzFP0NikO9iuz6Wc
5dYVmZrDyCcEaZQLRlhMI38JZLABxJShZSkCAwEAAQJBAJuauRtK5WmLaXGYt6mC
sTBGGc/BIkYmNyLmGHluVQ4eneZi04Qy4BsxthDV8kHH28qcPiEyq6hN6UY+B18J
zakCIQDvGVOyjq+ANJkWiJgaRXAv/Yt6nyCz9hz94Vi7Vb3cSwIhANZrhF48+NFG
YfOUQcN/+n4MGPlLJfYw7YUPjl+PGTPbAiAuBBzUn5ttPDI+YPmNDNIjmlNuvRNp
LzOzNNyD6WOJ8wIhALHOUuP617JjFRLyHF7MH6Kq0YLYyFARXsV6kuu3NIUFAiAH
2egxPifTcDsI7MsarQbodr5qcgJn2AdkrwgD5KJlnQ==`
	rsaThreePrimes = `MIICfQIBAQKBgQCgB198ag4K1n18BLYl0KDLegzP7sY3JmHIykAHmhwAzWHlIgIR
29TeLuAhn9opra5hCNbCQ2u8qClUF52nNlGmEXHSgHqhJxaLbgksuQRkXY31xUT6
vK2XuZ8+r4KPuV/o0r9Y9+zEQo+gOKddzpHCg9Bpo8Zontq/Eru6TYhafwIDAQAB
AoGAceaNigoaUJB15C2eT6/8opcOQ3lZz6sb8kQx6rc/szp7sRDRlFB5ZGLMzi9c
YIcCm+mwzjWUQnGRaJtzbLe/htuVsNKXelxC1MZLJRb+v0ASjMIvJru11pKJsV6z
niYjvN4lbJ+YZG3k9qhsVWbaLU+Ur0FLV4W0Cjg59Np7qYECKzAiBTOZSr4TjII1
Cfy+GGpANrRWIgJBSSQlJ6bs9JAlN2ZuhRSvicvX8f0CKx97/9soFR/gwyeGPhhs
TEIR/WNtbXv8wrU3xpARjf21PVUxYOC1VM0/frkCKwrUHId3PTF2BG5msFCEE8oT
mDsKBaysM2BGW51aQcsMFGKfCqGUvFN3yaECKxhvNbwyOWLKHusXxi1SL0S/jXWS
wXuOSNY3eUTqOtaByB3L+rGqSSwZcRECKxeg8o7Pn2hLjjejEJX6lZQTW6CI+IoH
se+p04DuSqoDBm2O4wMYCM55Ys8wgYowgYcCKxsIjrawNEg/a0+N+qxxkGqjXxDl
UkpBZcJAoN+awZtehrVBsa9ZCnulBQMCKwq73R7A3CGLvOo7r7rk5LjS4Z5tz7zY
NrVov/fJFPLCF67ExO6g5j6uCU0CKxP2zeAredBxS1UsEDOHvZnO5nsFcPS4djfv
DCUdZvAB6QEXuZjomPxyftA=`
	rsaPSS = `-----BEGIN PRIVATE KEY-----
MIICdwIBADALBgkqhkiG9w0BAQoEggJjMIICXwIBAAKBgQCtFL4kN5/etNHOn2Pt
/3JVxJ5zW78VBTyq1llzBMjGO3J4WgzuwvWzmCRSAyaCmw42NCyxG1GOavzzespQ
BMD9X2EcquTtCWSTyvqn7tWPtYKg4Rqfmy2dwKPbPK/56K53ZeASgbI/aWi2GT7n
GqG8XON2R1n5HhY+PrZz8orTkwIDAQABAoGBAIahle3SHtc7S+Avd6nPg/5XPPF6
sj4FntU8esPPOuWHpFkdouWuXTTf6ZCpxrDdL8bV+tWg7GWdrzktkGWB7SNiEv8h
sutNgmJxu3//QQXiYtTAZMN8yTm+3Ev7eUVTBtDVM6+jRoV5s9xy4Ot+zVQMP+8e
L8MuDYT/MDFB9quRAkEA1++uYqFaS4rccck8f9cRJQ/yHDv9CiDbH3N6P2onivV5
BwvmWy9NTRnQNX4VypoUCmXW3h4uhUcGQOK1jgxVPQJBAM0xkV72TZwV6t8InTSi
z6iozTmWkrrtiD7+NQUUkG3AXcYk6IhOAzGLKJXMYDlBzi2w9Vz3SZvJ81xCuQIo
eQ8CQQCOu+fRWkaNWKSOsi5Dcq3qibfH4f9JCp7NE0/jSxAIUmpFth/2djXqmP1/
3nAZE+/bT6XP/LNTdbc0fKb11kEhAkEAtgvkDXw4HuLTHk1mK+zGj7wzV4RfabiT
yE+AeqFkAftJNyJHq6aK7smnmD9an3HimmcFSRWcGLtzTcdknKWLwQJBAMPXjhxx
m4CVkIdySxl4AHaKrX0YRZoDShEGgIU0dSCWWqIsfp/cEXlpz/lZVxUXYBelipWm
nyp7o5cs1yNDOMQ=
-----END PRIVATE KEY-----
`
	x25519    = "MC4CAQAwBQYDK2VuBCIEIOASH2+7qzas2hyvLY2wCcqFHcJnwjduB+HcEDO1N0lm"
	x448      = "MEYCAQAwBQYDK2VvBDoEOGBoPynUiHGgHTFakO/qEP38a5RXJDBRVrqo6sc/f6IFPmvNWHhyB5e3PVyjTFOiQTK3dccBCE7Y"
	ed448     = "MEcCAQAwBQYDK2VxBDsEObWRM5CKigFBc3O1Q0/NcI59Mq7FIcG+ahJAQeVeq8s5wn5ef5t8HD6x/JnEuxSv5yDGDa6z+xKXnA=="
	secp256k1 = "MHQCAQEEILbbg4po2cDQuJiHWYNdUxJKsVGzdK56RLDmptFcmga+oAcGBSuBBAAKoUQDQgAEk25t5oUQkrIGMU+louIMb0jEFM1vSblaUOyed9GjqjexwHBej9fY0bfmbkDo9+3b6aaSr03DMmHsH+jEukE/Vg=="
	p224      = "MGgCAQEEHFPK8P73fk8hVQoZFF9PxorAunGxPRH+Nk09Kt2gBwYFK4EEACGhPAM6AAQloLutMS1p8PoyK79+zyW6K6KiElX7kxfTeMdx6XKeBAlBO9XsMxFIBs/oEQgll+wMmGVIVBwdPA=="
	explicit  = "MIIBaAIBAQQgxgcZ5qo5j4T7al3GNg6BvltII5w9NdzCQ4Ce0PFVToGggfowgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBoUQDQgAEdEY0XH8akrJm0Tk+zw/IP1PuwwTeyYHi85X/V6BJQlN2hc7aJZXLSimw1e3NCiTBz35mtA9Os0Y+AOLntLI5hQ=="

	jwkEd  = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	jwkEC  = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
	jwkRSA = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB"}`
)

func with(jwk, members string) string { return strings.TrimSuffix(jwk, "}") + "," + members + "}" }

func TestParseSaysWhatIsWrong(t *testing.T) {
	cases := []struct{ name, text, code, says string }{
		{"nothing", "", "key.empty", "paste one"},
		{"space", " \n\t", "key.empty", "paste one"},
		{"a password", "correct horse battery staple", "key.unknown", "no key"},
		{"base64 of something else", "aGVsbG8gd29ybGQ=", "key.unknown", "no key"},
		{"too much", strings.Repeat("M", 300<<10), "key.long", "alone"},
		{"an encrypted PKCS#8", encrypted, "key.encrypted", "openssl pkey"},
		{"an encrypted PKCS#8 without its lines", strings.Join(strings.Split(encrypted, "\n")[1:6], ""), "key.encrypted", "passphrase"},
		{"an encrypted PKCS#8 with a wrong label", strings.ReplaceAll(encrypted, "ENCRYPTED ", ""), "key.encrypted", "passphrase"},
		{"encrypted as OpenSSL used to", encryptedOld, "key.encrypted", "passphrase"},
		{"an OpenSSH private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----", "key.openssh", "ssh-keygen -p"},
		{"an OpenSSH public key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q me@host", "key.openssh", "ssh-keygen -e"},
		{"a PuTTY key", "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none", "key.openssh", "ssh-keygen"},
		{"no last line", ecPrivate[:120], "key.truncated", "END"},
		{"no first line", ecPrivate[40:], "key.truncated", "BEGIN"},
		{"another key's first line before it", "-----BEGIN EC PRIVATE KEY-----\nMHc\n" + ecPrivate, "key.truncated", "END"},
		{"a first line that does not end", "-----BEGIN EC PRIVATE KEY MHcCAQEEIOK6rlxnHFqvL0dhSHkBoiYYpmft1rAp8zeWlTbzifOHoAoGCCqGSM49", "key.truncated", "first line"},
		{"a line missing", strings.Replace(ecPrivate, "AwEHoUQDQgAEYU2IxHJSbfSY+RpXaiQIBNHm3wUYdh5bp46fYC7xWYRhxXCAkk/P\n", "", 1), "key.truncated", "longer"},
		{"nothing between its lines", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "key.truncated", "nothing"},
		{"dots in it", strings.Replace(ecPrivate, "HFqvL0dh", "…", 1), "key.base64", "base64"},
		{"bytes behind it", "-----BEGIN PRIVATE KEY-----\n" + x25519 + "AAAA\n-----END PRIVATE KEY-----", "key.broken", "damaged"},
		{"a byte changed", strings.Replace(ecPrivate, "MHcCAQEE", "MHcCAQUE", 1), "key.broken", "damaged"},
		{"something else with the label of a key", "-----BEGIN PRIVATE KEY-----\naGVsbG8gd29ybGQ=\n-----END PRIVATE KEY-----", "key.broken", "damaged"},
		{"a request for a certificate", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----", "key.unknown", "request"},
		{"a PGP key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----", "key.unknown", "PGP"},
		{"another PEM block", "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----", "key.unknown", "label"},
		{"parameters alone", ecParameters, "key.unknown", "parameters"},
		{"a DSA key behind its parameters", "-----BEGIN DSA PARAMETERS-----\nMIIB\n-----END DSA PARAMETERS-----\n-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "key.kind", "DSA"},
		{"a DSA key", "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----", "key.kind", "DSA"},
		{"two private keys", ecPrivate + ecAlone, "key.several", "2 private"},
		{"a private and a public key", ecPrivate + publicCompressed, "key.several", "1 public"},
		{"X25519", x25519, "key.curve", "X25519"},
		{"X448", x448, "key.curve", "X448"},
		{"Ed448", ed448, "key.curve", "Ed448"},
		{"secp256k1", secp256k1, "key.curve", "secp256k1"},
		{"P-224", p224, "key.curve", "P-224"},
		{"a curve written out", explicit, "key.curve", "named"},
		{"no curve", ecNoCurve, "key.curve", "PKCS#8"},
		{"a compressed public key", publicCompressed, "key.compressed", "uncompressed"},
		{"RSA of 512 bits", rsa512, "key.short", "512 bits"},
		{"RSA of three primes", rsaThreePrimes, "key.kind", "primes"},

		{"half a JWK", jwkEC[:60], "key.json", "JSON"},
		{"something behind a JWK", jwkEC + "}", "key.json", "JSON"},
		{"a JWK that is too deep", `{"kty":"oct","zzz":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + "}", "key.json", "JSON"},
		{"a list of JWKs", "[" + jwkEC + "]", "key.several", "list"},
		{"an empty JWK Set", `{"keys":[]}`, "key.several", "0 keys"},
		{"a JWK Set of two", `{"keys":[` + jwkEC + "," + jwkEd + "]}", "key.several", "2 keys"},
		{"JSON that is no JWK", `{"type":"service_account"}`, "key.member", "kty"},
		{"a shared secret", `{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}`, "key.symmetric", "oct"},
		{"another kty", `{"kty":"AKP","alg":"ML-DSA-44"}`, "key.kind", "kty"},
		{"a kty of another type", `{"kty":7}`, "key.member", "“kty”"},
		{"no crv", `{"kty":"EC","x":"AA","y":"AA"}`, "key.member", "crv"},
		{"no y", `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}`, "key.member", "y"},
		{"no n", `{"kty":"RSA","e":"AQAB"}`, "key.member", "n and e"},
		{"x that is not base64", `{"kty":"EC","crv":"P-256","x":"!","y":"AA"}`, "key.member", "“x”"},
		{"x that is too long", with(jwkEC, `"x":"Bf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEUAA"`), "key.broken", "coordinate x"},
		{"x of Ed25519 that is too short", `{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`, "key.broken", "Ed25519"},
		{"a seed that is too short", with(jwkEd, `"d":"AAAA"`), "key.broken", "private key"},
		{"a private number of zero", with(jwkEC, `"d":"AA"`), "key.broken", "private key"},
		{"secp256k1 as a JWK", strings.Replace(jwkEC, "P-256", "secp256k1", 1), "key.curve", "secp256k1"},
		{"another curve as a JWK", strings.Replace(jwkEC, "P-256", "hunter2", 1), "key.curve", "not known"},
		{"a curve of another kty", strings.Replace(jwkEd, "OKP", "EC", 1), "key.member", "kty OKP"},
		{"a private JWK without primes", with(jwkRSA, `"d":"AQAB"`), "key.primes", "dq"},
		{"a JWK for encryption", with(jwkRSA, `"use":"enc"`), "key.use", "use"},
		{"a JWK for key agreement", with(jwkEC, `"key_ops":["deriveKey"]`), "key.use", "key_ops"},
		{"an even exponent of 40 bits", `{"kty":"RSA","n":"0vx7","e":"AQAAAAAA"}`, "key.broken", "exponent"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := keys.Parse(c.text)
			requireError(t, err, c.code, c.says)
			requireSilent(t, err, c.text)
		})
	}
}

func requireError(t *testing.T, err error, code, says string) {
	t.Helper()
	var wrong *keys.Error
	require.ErrorAs(t, err, &wrong)
	require.Equal(t, code, wrong.Code, wrong.Message)
	require.Contains(t, wrong.Message, says)
}

// requireSilent refuses errors that repeat what was pasted.
func requireSilent(t *testing.T, err error, text string) {
	const window = 24 // longer than any label or name that errors have of their own
	message := err.Error()
	for i := 0; i+window <= len(message); i++ {
		require.NotContains(t, text, message[i:i+window])
	}
}

func TestToSign(t *testing.T) {
	toSign := func(text string) error {
		key, err := keys.Parse(text)
		require.NoError(t, err)
		return keys.ToSign(key, text)
	}
	require.NoError(t, toSign(ecPrivate))
	requireError(t, toSign(jwkRSA), "key.public", "an RSA public key of 2048 bits")
	requireError(t, toSign(jwkEC), "key.public", "an EC public key of P-256")
	requireError(t, toSign(jwkEd), "key.public", "an Ed25519 public key")
}

func TestParseOpenSSL(t *testing.T) {
	whole, err := keys.Parse(ecPrivate)
	require.NoError(t, err)
	require.NotNil(t, whole.Y)
	for name, text := range map[string]string{
		"with its parameters":    ecParameters + ecPrivate,
		"with a remark":          "Bag Attributes\n    friendlyName: me\nKey Attributes: <No Attributes>\n" + ecPrivate,
		"with a wrong label":     strings.ReplaceAll(ecPrivate, "EC PRIVATE", "RSA PRIVATE"),
		"with a harmless header": strings.Replace(ecPrivate, "KEY-----\n", "KEY-----\nComment: mine\n\n", 1),
	} {
		t.Run(name, func(t *testing.T) {
			key, err := keys.Parse(text)
			require.NoError(t, err)
			require.Equal(t, whole, key)
		})
	}
	for name, text := range map[string]string{"a compressed point": ecCompressed, "no point": ecAlone} {
		t.Run(name, func(t *testing.T) {
			key, err := keys.Parse(text)
			require.NoError(t, err)
			require.True(t, key.Private)
			require.Nil(t, key.X, "core.Keys computes it")
			again, err := keys.FromScalar("P-256", scalarOf(t, whole.DER))
			require.NoError(t, err)
			require.Equal(t, again.DER, key.DER)
		})
	}
	t.Run("id-RSASSA-PSS", func(t *testing.T) { // as the test-key-rsa-pss of RFC 9421; browsers take only rsaEncryption
		key, err := keys.Parse(rsaPSS)
		require.NoError(t, err)
		require.Equal(t, 1024, keys.Bits(key))
		require.Contains(t, string(key.DER), "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")
	})
}

// scalarOf finds the 32 bytes in an OCTET STRING behind the version 1 of SEC1.
func scalarOf(t *testing.T, der []byte) []byte {
	_, rest, found := strings.Cut(string(der), "\x02\x01\x01\x04\x20")
	require.True(t, found)
	return []byte(rest[:32])
}

func TestParseJWKMembers(t *testing.T) {
	key, err := keys.Parse(with(jwkEC, `"kid":"1","alg":"ES256","use":"sig","key_ops":["verify"],"x5c":["MII"],"nbf":7,"y2":null`))
	require.NoError(t, err)
	require.Equal(t, "1", key.ID)
	require.Equal(t, "ES256", key.Algorithm)

	// RFC 7518, section 6.2.1.2, wants all 32 bytes; some write numbers shorter.
	short, err := keys.Parse(`{"kty":"EC","crv":"P-256","x":"AQ","y":"AAI="}`)
	require.NoError(t, err)
	require.Len(t, short.X, 32)
	require.Equal(t, byte(2), short.Y[31])
}

func TestThumbprint(t *testing.T) {
	checked := 0
	for _, c := range vectors.Load(t, "jws").Cases {
		if c.Kind != "thumbprint" {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			var in struct {
				JWK    json.RawMessage
				Expect struct{ SHA256 string }
			}
			c.DecodeSome(t, &in)
			key, err := keys.Parse(string(in.JWK))
			require.NoError(t, err)
			require.NotEmpty(t, in.Expect.SHA256)
			require.Equal(t, in.Expect.SHA256, keys.Thumbprint(key))
			checked++
		})
	}
	require.Equal(t, 3, checked)
	require.Empty(t, keys.Thumbprint(core.Key{Kind: "EC", Curve: "P-256", Private: true}))
}

func TestFits(t *testing.T) {
	ec, err := keys.Parse(jwkEC)
	require.NoError(t, err)
	ed, err := keys.Parse(jwkEd)
	require.NoError(t, err)
	rsa, err := keys.Parse(jwkRSA)
	require.NoError(t, err)
	small, err := keys.Parse(rsaPSS)
	require.NoError(t, err)

	require.Equal(t, []string{"ES256"}, keys.Algorithms(ec))
	require.Equal(t, []string{"EdDSA"}, keys.Algorithms(ed))
	require.Equal(t, []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, keys.Algorithms(rsa))
	require.Equal(t, []string{"RS256", "RS384", "RS512", "PS256", "PS384"}, keys.Algorithms(small))
	require.NoError(t, keys.Fits(rsa, "RS1"))
	rsa.Algorithm = "PS384"
	require.Equal(t, []string{"PS384"}, keys.Algorithms(rsa))
	rsa.Algorithm = "RSA-OAEP"
	require.Len(t, keys.Algorithms(rsa), 6)

	requireError(t, keys.Fits(ec, "RS256"), "key.kind", "an EC public key of P-256; this algorithm needs an RSA key")
	requireError(t, keys.Fits(rsa, "ES256"), "key.kind", "an RSA public key of 2048 bits; this algorithm needs a P-256 key")
	requireError(t, keys.Fits(ec, "ES384"), "key.curve", "this algorithm needs a P-384 key")
	requireError(t, keys.Fits(ec, "EdDSA"), "key.kind", "Ed25519")
	requireError(t, keys.Fits(ed, "ES256"), "key.kind", "an Ed25519 public key")
	requireError(t, keys.Fits(small, "PS512"), "key.short", "1024 bits")
	requireError(t, keys.Fits(rsa, "HS256"), "key.algorithm", "")
	requireError(t, keys.Fits(rsa, "none"), "key.algorithm", "")
	requireError(t, keys.Fits(rsa, ""), "key.algorithm", "")
}

func TestAt(t *testing.T) {
	_, err := keys.Parse("")
	var wrong *core.FieldError
	require.ErrorAs(t, keys.At("key", err), &wrong)
	require.Equal(t, "key", wrong.Field)
	require.Equal(t, "key.empty", wrong.Code)
	require.Equal(t, core.ErrWaits, keys.At("key", core.ErrWaits))
	require.NoError(t, keys.At("key", nil))
	other := errors.New("other")
	require.Equal(t, other, keys.At("key", other))
}

// The signature of RFC 7515, appendix A.3, with R and S as they are printed there.
func TestSignatureForms(t *testing.T) {
	jose, err := base64.RawURLEncoding.DecodeString("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
	require.NoError(t, err)
	require.Equal(t, []byte{14, 209, 33, 83}, jose[:4])
	der, err := keys.SignatureDER(jose)
	require.NoError(t, err)
	require.Equal(t, []byte{0x30, 0x45, 0x02, 0x20, 14, 209}, der[:6])
	require.Equal(t, []byte{0x02, 0x21, 0x00, 197, 10}, der[36:41], "S begins with a set bit")
	back, err := keys.SignatureJOSE("ES256", der)
	require.NoError(t, err)
	require.Equal(t, jose, back)
	wide, err := keys.SignatureJOSE("ES512", der)
	require.NoError(t, err)
	require.Len(t, wide, 132)

	for name, der := range map[string][]byte{
		"empty": nil, "cut": der[:70], "longer": append(der[:71:71], 0),
		"negative": {0x30, 6, 2, 1, 0x81, 2, 1, 1}, "not minimal": {0x30, 7, 2, 2, 0, 1, 2, 1, 1},
		"a third number": {0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1}, "one number": {0x30, 3, 2, 1, 1},
		"a long length": {0x30, 0x81, 6, 2, 1, 1, 2, 1, 1}, "no end": {0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keys.SignatureJOSE("ES256", der)
			requireError(t, err, "key.signature", "")
		})
	}
	_, err = keys.SignatureJOSE("ES256", append([]byte{0x30, 38, 2, 33, 1}, make([]byte, 35)...))
	requireError(t, err, "key.signature", "")
	_, err = keys.SignatureJOSE("RS256", der)
	requireError(t, err, "key.algorithm", "")
	for _, odd := range [][]byte{nil, {1}, {1, 2, 3}} {
		_, err = keys.SignatureDER(odd)
		requireError(t, err, "key.signature", "")
	}
}
