package schemes

import "authpad/core"

// SignOAuthBase signs a base string as it is given, for vectors that have no request.
func SignOAuthBase(in core.Input, base string) (signature string, err error) {
	key, err := oauthKey(in, true)
	if err != nil {
		return "", err
	}
	return oauthSide{in: in, tr: &core.Trace{}, key: key}.sign(base)
}
