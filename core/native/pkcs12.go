package native

import (
	"crypto"
	"crypto/tls"
	"errors"

	"software.sslmate.com/src/go-pkcs12"

	"authpad/core"
)

// readPKCS12 takes a file as browsers and openssl export client certificates (RFC 7292). It returns nil where
// there is none.
func readPKCS12(file, password string) (*tls.Certificate, error) {
	refuse := func(field, code, message string) (*tls.Certificate, error) {
		return nil, &core.FieldError{Field: field, Code: code, Message: message, Ref: core.Ref{Doc: "RFC 7292"}}
	}
	if file == "" {
		return nil, nil
	}
	key, leaf, chain, err := pkcs12.DecodeChain([]byte(file), password)
	var unknown pkcs12.NotImplementedError
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword) && password == "":
		return refuse("tls.pkcs12Password", "tls.pkcs12.password", "the PKCS #12 file is locked: give its password")
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return refuse("tls.pkcs12Password", "tls.pkcs12.password", "this is not the password of the PKCS #12 file")
	case errors.As(err, &unknown):
		return refuse("tls.pkcs12", "tls.pkcs12.unknown", "the PKCS #12 file is locked in a way that is not known here: export it anew, or turn it into PEM with openssl pkcs12 -in file.p12 -nodes")
	case err != nil:
		return refuse("tls.pkcs12", "tls.pkcs12.invalid", "this is not a PKCS #12 file with one client certificate and its key: its names end in .p12 or .pfx")
	}
	if _, signs := key.(crypto.Signer); !signs {
		return refuse("tls.pkcs12", "tls.pkcs12.invalid", "the key in the PKCS #12 file is of a kind that TLS does not know")
	}
	pair := &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}
	for _, next := range chain {
		pair.Certificate = append(pair.Certificate, next.Raw)
	}
	return pair, nil
}
