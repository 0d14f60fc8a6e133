package schemes

import (
	"encoding/base64"

	"authpad/core"
	"authpad/core/keys"
)

// Keys and signatures of OAuth 1.0 (RFC 5849, sections 3.4.2 to 3.4.4), and where they go.

// oauthSecret is the key of HMAC and all of PLAINTEXT: both secrets, encoded, with "&" between them
// even where one is empty (RFC 5849, section 3.4.2).
func (s oauthSide) oauthSecret() string {
	v := s.in.Values
	return s.tr.Add(core.Step{ID: "key", Title: "Join both secrets with “&”", Op: "percent-encode, join", Ref: rfc("RFC 5849", "3.4.2"), Secret: true,
		Why: "Only the application and the server know it. The “&” stays where there is no token secret.",
		In: []core.Part{{Name: "consumer secret", Value: v["consumerSecret"], From: "field:consumerSecret", Secret: true},
			{Name: "token secret", Value: v["tokenSecret"], From: "field:tokenSecret", Secret: true}},
		Out: percent(v["consumerSecret"]) + "&" + percent(v["tokenSecret"])})
}

// oauthKey reads the key of an RSA method: who signs needs the private half.
func oauthKey(in core.Input, signs bool) (core.Key, error) {
	rsa := methodOf(in.Values["signatureMethod"]).rsa
	if rsa == "" {
		return core.Key{}, nil
	}
	key, err := readKey(in.Env, in.Values["privateKey"], signs)
	if err == nil {
		err = keys.Fits(key, rsa)
	}
	return key, keys.At("privateKey", err)
}

// showKey is the step of an RSA key: its fingerprint, which both halves share.
func showKey(in core.Input, field string, key core.Key, tr *core.Trace) error {
	public, err := in.Env.Keys.Public(key)
	if err != nil {
		return keys.At(field, err)
	}
	tr.Add(core.Step{ID: "key", Title: "Read the key", Op: "jwk thumbprint", Ref: rfc("RFC 7638", "3"),
		Why: "This fingerprint is the same for both halves of a key, so that you can see whether the server has yours.",
		In:  []core.Part{{Name: "key", Value: in.Values[field], From: "field:" + field, Secret: true}}, Out: keys.Thumbprint(public)})
	return nil
}

// sign adds the steps from the base string to the signature. Only for the server's RSA it differs: who has
// the public half can check a signature and not make one.
func (s oauthSide) sign(base string) (signature string, err error) {
	method := s.in.Values["signatureMethod"]
	with := methodOf(method)
	if with.rsa != "" {
		return s.signRSA(with, base)
	}
	secret := s.oauthSecret()
	key := core.Part{Name: "key", Value: secret, From: "step:key", Secret: true}
	if method == plaintext {
		return s.tr.Add(core.Step{ID: "signature", Title: "Take the secrets as they are", Op: "copy", Ref: rfc("RFC 5849", "3.4.4"), Secret: true,
			Why: "PLAINTEXT signs nothing: whoever sees the request has both secrets. It is for https only.",
			In:  []core.Part{key}, Out: secret}), nil
	}
	sum := mac(with.hash, []byte(secret), []byte(base))
	return s.encodeSignature(core.Step{Op: "hmac-" + hashOp(with.hash), Ref: rfc("RFC 5849", "3.4.2"),
		Why: "Only who has the secrets can make it, and any change of the base string makes another one.",
		In:  []core.Part{{Name: "base string", Value: base, From: "step:base-string"}, key}}, sum), nil
}

func (s oauthSide) signRSA(with oauthMethod, base string) (signature string, err error) {
	if err := showKey(s.in, "privateKey", s.key, s.tr); err != nil {
		return "", err
	}
	octets, err := s.makeOrCheck(with.rsa, base)
	if err != nil || octets == nil {
		return "", keys.At("privateKey", err)
	}
	return s.encodeSignature(core.Step{Op: "rsa-pkcs1-" + hashOp(with.hash), Ref: rfc("RFC 5849", "3.4.3"),
		Why: "Only who has the private key can make it; the server checks it with the public one. The secrets play no part.",
		In: []core.Part{{Name: "base string", Value: base, From: "step:base-string"},
			{Name: "key", Value: s.tr.Step("key").Out, From: "step:key"}}}, octets), nil
}

// makeOrCheck is the signature of the base string: a new one, or theirs if it is right. Nil: it is not.
func (s oauthSide) makeOrCheck(rsa, base string) ([]byte, error) {
	if s.theirs == nil {
		return s.in.Env.Keys.Sign(rsa, s.key, []byte(base))
	}
	sent, _ := paramOf(s.theirs, "oauth_signature")
	return s.checked(rsa, base, sent)
}

// checked is theirs, decoded, if it is one of the base string.
func (s oauthSide) checked(rsa, base, sent string) ([]byte, error) {
	octets, err := base64.StdEncoding.Strict().DecodeString(sent)
	if err != nil {
		return nil, nil
	}
	valid, err := s.in.Env.Keys.Verify(rsa, s.key, []byte(base), octets)
	if err != nil || !valid {
		return nil, err
	}
	return octets, nil
}

func (s oauthSide) encodeSignature(step core.Step, octets []byte) string {
	step.ID, step.Title, step.Hex, step.Out = "signature-bytes", "Sign the base string", true, hexOf(octets)
	s.tr.Add(step)
	return s.tr.Add(core.Step{ID: "signature", Title: "Write the signature in base64", Op: "base64", Ref: rfc("RFC 4648", "4"),
		Why: "It travels as text, and so do its “+”, “/” and “=”, percent-encoded.",
		In:  []core.Part{{Name: "bytes, hex", Value: step.Out, From: "step:signature-bytes"}}, Out: base64.StdEncoding.EncodeToString(octets)})
}

// place is the last step: what goes on the wire (RFC 5849, section 3.5).
func (s oauthSide) place(where string, protocol []core.Param, signature string) string {
	secret := s.in.Values["signatureMethod"] == plaintext
	own := core.Part{Name: "OAuth’s own", Value: s.tr.Step("protocol-parameters").Out, From: "step:protocol-parameters"}
	signed := core.Part{Name: "signature", Value: signature, From: "step:signature", Secret: secret}
	protocol = append(protocol, core.Param{Name: "oauth_signature", Value: signature})
	switch where {
	case inQuery:
		return s.tr.Add(core.Step{ID: "query", Title: "Put all behind the query", Op: "percent-encode, join", Secret: secret, Ref: rfc("RFC 5849", "3.5.3"),
			Why: "It is for clients that cannot set headers. The address ends up in logs and histories.",
			In:  []core.Part{{Name: "query", Value: s.req.URL.Query, From: "request:url"}, own, signed},
			Out: "?" + appendParams(trimQuestion(s.req.URL.Query), protocol)})
	case inBody:
		return s.tr.Add(core.Step{ID: "body", Title: "Put all behind the form", Op: "percent-encode, join", Secret: secret, Ref: rfc("RFC 5849", "3.5.2"),
			Why: "The server reads them like any other field of the form.",
			In:  []core.Part{bodyPart(s.req.Body), own, signed},
			Out: appendParams(string(s.req.Body), protocol)})
	}
	realm := s.in.Values["realm"]
	return s.tr.Add(core.Step{ID: "authorization", Title: "Write the Authorization header", Op: "percent-encode, join", Secret: secret, Ref: rfc("RFC 5849", "3.5.1"),
		Why: "Each value is percent-encoded and in quotes. The realm tells which part of the server is meant; it is not signed.",
		In:  []core.Part{{Name: "realm", Value: realm, From: "field:realm"}, own, signed}, Out: oauthHeader(realm, protocol)})
}
