//go:build !js

package platform

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"math/big"
	"sync"

	"authpad/core"
	"authpad/core/keys"
)

// Keys is the standard library's cryptography.
func Keys() core.Keys { return &standardKeys{made: map[string]made{}} }

type standardKeys struct {
	mu   sync.Mutex
	made map[string]made // by algorithm and name
}

func (k *standardKeys) Read(text string) (core.Key, error) { return keys.Parse(text) }

// made is a generated key.
type made struct {
	signer crypto.Signer
	public core.Key
}

func (k *standardKeys) Sign(algorithm string, private core.Key, message []byte) ([]byte, error) {
	if err := signing(algorithm, private); err != nil {
		return nil, err
	}
	signer, err := k.signer(private)
	if err != nil {
		return nil, err
	}
	switch signer := signer.(type) {
	case *rsa.PrivateKey:
		return signRSA(algorithm, signer, message)
	case *ecdsa.PrivateKey:
		_, digest := digest(algorithm, message)
		signature, err := ecdsa.SignASN1(rand.Reader, signer, digest)
		if err != nil {
			return nil, errMismatch()
		}
		return keys.SignatureJOSE(algorithm, signature)
	}
	return signer.Sign(nil, message, crypto.Hash(0))
}

func signRSA(algorithm string, key *rsa.PrivateKey, message []byte) (signature []byte, err error) {
	hash, digest := digest(algorithm, message)
	if algorithm[0] == 'P' {
		signature, err = rsa.SignPSS(rand.Reader, key, hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	} else {
		signature, err = rsa.SignPKCS1v15(nil, key, hash, digest)
	}
	if err != nil {
		return nil, errMismatch()
	}
	return signature, nil
}

func (k *standardKeys) Verify(algorithm string, key core.Key, message, signature []byte) (bool, error) {
	if err := keys.Fits(key, algorithm); err != nil {
		return false, err
	}
	public, err := k.public(key)
	if err != nil {
		return false, err
	}
	hash, digest := digest(algorithm, message)
	switch public := public.(type) {
	case *rsa.PublicKey:
		if algorithm[0] == 'P' {
			return rsa.VerifyPSS(public, hash, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil, nil
		}
		return rsa.VerifyPKCS1v15(public, hash, digest, signature) == nil, nil
	case *ecdsa.PublicKey:
		if len(signature) != 2*((public.Curve.Params().BitSize+7)/8) {
			return false, nil
		}
		der, err := keys.SignatureDER(signature)
		return err == nil && ecdsa.VerifyASN1(public, digest, der), nil
	}
	return len(signature) == ed25519.SignatureSize && ed25519.Verify(public.(ed25519.PublicKey), message, signature), nil
}

func (k *standardKeys) Public(key core.Key) (core.Key, error) {
	if hasNumbers(key) {
		return half(key, key)
	}
	public, err := k.public(key)
	if err != nil {
		return core.Key{}, err
	}
	return half(key, numbersOf(public))
}

// Generate makes a key that lives in this program only.
func (k *standardKeys) Generate(algorithm, name string) (core.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	m, known := k.made[algorithm+" "+name]
	if !known {
		signer, err := generate(algorithm)
		if err != nil {
			return core.Key{}, err
		}
		public, err := keys.FromNumbers(numbersOf(signer.Public()))
		if err != nil {
			return core.Key{}, err
		}
		m = made{signer, public}
		k.made[algorithm+" "+name] = m
	}
	return named(algorithm, name, m.public), nil
}

func generate(algorithm string) (crypto.Signer, error) {
	switch curveOf(algorithm) {
	case "P-256":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "P-384":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "P-521":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "Ed25519":
		_, key, err := ed25519.GenerateKey(nil)
		return key, err
	}
	if hashOf(algorithm) == "" {
		return nil, errAlgorithm()
	}
	return rsa.GenerateKey(rand.Reader, generatedBits)
}

// Hash is for megabytes.
func (k *standardKeys) Hash(hash string, octets []byte) ([]byte, error) {
	for _, algorithm := range [...]string{"RS256", "RS384", "RS512"} {
		if hashOf(algorithm) == hash {
			_, sum := digest(algorithm, octets)
			return sum, nil
		}
	}
	return nil, errHash()
}

// digest hashes as the algorithm does; EdDSA hashes for itself.
func digest(algorithm string, message []byte) (crypto.Hash, []byte) {
	switch hashOf(algorithm) {
	case "SHA-1":
		sum := sha1.Sum(message)
		return crypto.SHA1, sum[:]
	case "SHA-256":
		sum := sha256.Sum256(message)
		return crypto.SHA256, sum[:]
	case "SHA-384":
		sum := sha512.Sum384(message)
		return crypto.SHA384, sum[:]
	case "SHA-512":
		sum := sha512.Sum512(message)
		return crypto.SHA512, sum[:]
	}
	return 0, nil
}

// signer reads a private key, and holds it against the public numbers that came with it.
func (k *standardKeys) signer(key core.Key) (crypto.Signer, error) {
	if key.DER == nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		m, known := k.made[key.Algorithm+" "+key.Name]
		if !known {
			return nil, errLost()
		}
		return m.signer, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key.DER)
	signer, ok := parsed.(crypto.Signer)
	if err != nil || !ok {
		return nil, errMismatch()
	}
	if numbers := numbersOf(signer.Public()); key.X != nil && string(numbers.X)+string(numbers.Y) != string(key.X)+string(key.Y) {
		return nil, errMismatch()
	}
	return signer, nil
}

func (k *standardKeys) public(key core.Key) (crypto.PublicKey, error) {
	if key.Private {
		signer, err := k.signer(key)
		if err != nil {
			return nil, err
		}
		return signer.Public(), nil
	}
	public, err := x509.ParsePKIXPublicKey(key.DER)
	if err != nil {
		return nil, errMismatch()
	}
	return public, nil
}

// numbersOf are the public numbers, for keys.FromNumbers.
func numbersOf(public crypto.PublicKey) core.Key {
	switch public := public.(type) {
	case *rsa.PublicKey:
		return core.Key{Kind: "RSA", N: public.N.Bytes(), E: big.NewInt(int64(public.E)).Bytes()}
	case *ecdsa.PublicKey:
		point, err := public.Bytes() // uncompressed: 4, X, Y
		if err != nil {
			return core.Key{}
		}
		size := len(point) / 2
		return core.Key{Kind: "EC", Curve: public.Params().Name, X: point[1 : 1+size], Y: point[1+size:]}
	case ed25519.PublicKey:
		return core.Key{Kind: "OKP", Curve: "Ed25519", X: public}
	}
	return core.Key{}
}
