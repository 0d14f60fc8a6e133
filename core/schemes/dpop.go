package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// DPoP: an access token that is good only together with a proof, signed for each request with the key that
// the token is bound to (RFC 9449).
//
// dpop_steps.go has the formula of both sides, dpop_verify.go and dpop_received.go the server, dpop_lab.go
// its nonces and challenges, dpop_notes.go what a person should know. Compact JWS is in jws.go.
var dpop = core.Scheme{
	ID: "dpop", Name: "DPoP",
	Summary: "Sends an access token with a proof that you hold its key, so that a stolen token is of no use.",
	Refs:    []core.Ref{rfc("RFC 9449", ""), rfc("RFC 7638", "")},
	Fields: []core.Field{
		{ID: "accessToken", Label: "Access token", Kind: core.SecretField, Secret: true, Optional: true,
			Help: "The token alone, bound to your key when it was issued. Empty: only the proof is sent, as to a token endpoint."},
		{ID: "algorithm", Label: "Algorithm", Kind: core.ChoiceField, Default: "ES256", Free: true,
			Help: "The one your key was made for. Nearly every server takes ES256.", Options: dpopAlgorithms},
		{ID: "key", Label: "Private key", Kind: core.MultilineField, Secret: true, Optional: true, Placeholder: "-----BEGIN PRIVATE KEY-----",
			Help: "As PEM or JWK. Empty: one is made here, which nobody can copy, and lives until the page is closed."},
		{ID: "tokenScheme", Label: "Send the token as", Kind: core.ChoiceField, Default: "DPoP", Advanced: true,
			Help:    "Bearer is for servers that do not know DPoP yet; they do not look at the proof.",
			Options: []core.Option{{Value: "DPoP", Label: "DPoP"}, {Value: "Bearer", Label: "Bearer"}}},
		{ID: "requireNonce", Label: "Ask for a nonce", Kind: core.ToggleField, Default: "false", Advanced: true,
			ToVerify: "Refuses proofs that do not hold a nonce of this server’s."},
	},
	Answers: []string{"dpop"},
	Sign:    signDPoP, Verify: verifyDPoP, Challenge: challengeDPoP, Tell: tellDPoP,
	Example: core.Example{
		Values: core.Values{"accessToken": dpopExampleToken, "key": dpopExampleKey, "requireNonce": "true"},
		Wrong:  core.Values{"key": `{"kty":"EC","crv":"P-256","d":"UpuF81l-kOxbjf7T4mNSv0r5tN67Gim7rnf6EFpcYDs","x":"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA","y":"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0"}`}, // RFC 9421, B.1.3
		Step:   "key",
	},
}

const (
	dpopExampleToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
	dpopExampleKey   = `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
)

// dpopAlgorithms are those of two halves: a proof under a shared secret proves nothing (RFC 9449, section 4.2).
var dpopAlgorithms = []core.Option{{Value: "ES256", Label: "ES256 (ECDSA, P-256)"}, {Value: "ES384", Label: "ES384 (P-384)"}, {Value: "ES512", Label: "ES512 (P-521)"},
	{Value: "EdDSA", Label: "EdDSA (Ed25519)"},
	{Value: "PS256", Label: "PS256 (RSA-PSS)"}, {Value: "PS384", Label: "PS384"}, {Value: "PS512", Label: "PS512"},
	{Value: "RS256", Label: "RS256 (RSA)"}, {Value: "RS384", Label: "RS384"}, {Value: "RS512", Label: "RS512"}}

func signDPoP(in core.Input, req *core.Request, tr *core.Trace) error {
	if req.Header.Has("DPoP") {
		return &core.FieldError{Field: "headers", Code: "dpop.conflict", Ref: rfc("RFC 9449", "4.3"),
			Message: "the headers already have a DPoP line; remove it or choose the scheme “none”"}
	}
	token, err := dpopToken(in.Values)
	if err != nil {
		return err
	}
	private, err := dpopKey(in)
	if err != nil {
		return err
	}
	public, err := in.Env.Keys.Public(private)
	if err != nil {
		return keys.At("key", err)
	}
	nonce, _ := in.Told.Get("DPoP-Nonce")
	p := &dpopProof{in: in, key: public, algorithm: in.Values["algorithm"], jti: in.Env.Nonce("jti", 16), htm: req.Method, htu: dpopTarget(req.URL),
		iat: strconv.FormatInt(in.Env.Now().Unix(), 10), address: req.URL.String(), token: token, nonce: nonce}
	p.note(tr)
	input := p.steps(tr)
	j := &jws{in: in, tr: tr, field: "key", key: jwsKey{asymmetric: private}, algorithm: p.algorithm, open: true}
	signature, _, err := j.sign(input)
	if err != nil {
		return err
	}
	proof := p.proofStep(signature, tr)
	if token != "" {
		if err := setAuthorization(req, p.authorizationStep(tr)); err != nil {
			return err
		}
	}
	req.Header.Add("DPoP", proof)
	return nil
}

// dpopToken is the access token as it is sent.
func dpopToken(v core.Values) (string, error) {
	return syntax.TrimSpace(v["accessToken"]), unsendable("dpop", "accessToken", "token", v["accessToken"])
}

// dpopKey is the key that was given, or one that is made and never leaves its place.
func dpopKey(in core.Input) (key core.Key, err error) {
	text, algorithm := in.Values["key"], in.Values["algorithm"]
	if strings.TrimSpace(text) == "" {
		key, err = in.Env.Keys.Generate(algorithm, "dpop")
		return key, keys.At("key", err)
	}
	if key, err = readKey(in.Env, text, true); err == nil {
		err = keys.Fits(key, algorithm)
	}
	return key, keys.At("key", err)
}
