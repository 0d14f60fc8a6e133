package schemes

import "authpad/core"

// SignJWSInput signs what is already encoded, for vectors that are no token of three parts.
func SignJWSInput(env core.Env, key, algorithm, input string) (signature string, err error) {
	k, err := readJWSKey(env, "key", key, "text", algorithm, true)
	if err != nil {
		return "", err
	}
	octets, err := k.sign(env, algorithm, input)
	return base64url(octets), err
}

// VerifyJWSInput is its counterpart.
func VerifyJWSInput(env core.Env, key, algorithm, input, signature string) (bool, error) {
	k, err := readJWSKey(env, "key", key, "text", algorithm, false)
	if err != nil {
		return false, err
	}
	octets, err := decodeBase64url(signature)
	if err != nil {
		return false, err
	}
	return k.verify(env, algorithm, input, octets)
}

var (
	DecodeBase64url = decodeBase64url
	ParseObject     = func(text string) error { _, err := parseObject(text); return err }
	AddMember       = addMember
)
