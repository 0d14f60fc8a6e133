package schemes

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/keys"
)

// The server’s side of DPoP (RFC 9449, sections 4.3 and 7.1).

// dpopWindow is how far a proof’s time may be from the server’s, either way.
const dpopWindow = 5 * time.Minute

// verifyDPoP rebuilds the proof from the request, the server’s own token and key, and what the proof alone
// can tell: its ID and its time.
func verifyDPoP(in core.Input, req *core.Request, tr *core.Trace) error {
	own, err := dpopOwn(in, req)
	if err != nil {
		return err
	}
	theirs, wrong := receiveDPoP(req.Header)
	own.theirs = theirs
	if theirs.jti != "" {
		own.jti = theirs.jti
	}
	bound := own.key.Kind != ""
	if !bound {
		own.key = theirs.key
	}
	if wrong == nil {
		wrong, err = own.judge(bound, req)
	}
	if err != nil {
		return err
	}
	theirs.right = wrong == nil
	input := own.steps(tr)
	if wrong == nil {
		return own.checkSignature(input, tr)
	}
	if own.token != "" {
		own.authorizationStep(tr)
	}
	return wrong
}

// dpopOwn is what the server knows by itself.
func dpopOwn(in core.Input, req *core.Request) (p *dpopProof, err error) {
	p = &dpopProof{in: in, algorithm: in.Values["algorithm"], htm: req.Method, htu: dpopTarget(req.URL), address: req.URL.String(),
		iat: strconv.FormatInt(in.Env.Now().Unix(), 10)}
	if p.token, err = dpopToken(in.Values); err != nil {
		return p, err
	}
	if in.Values["requireNonce"] == "true" {
		p.nonce = newDPoPNonce(in)
	}
	if strings.TrimSpace(in.Values["key"]) == "" {
		return p, nil
	}
	key, err := in.Env.Keys.Read(in.Values["key"])
	if err == nil {
		key, err = in.Env.Keys.Public(key)
	}
	p.key = key
	return p, keys.At("key", err)
}

// judge compares, in the order of the steps. What is right it takes over as the client has it.
func (p *dpopProof) judge(bound bool, req *core.Request) (*core.Rejection, error) {
	r := p.theirs
	public, err := p.in.Env.Keys.Public(r.key)
	if err != nil {
		return refuseJWK(err)
	}
	if theirs := keys.Thumbprint(public); bound && theirs != keys.Thumbprint(p.key) {
		wrong := refuseDPoP("wrong-key", "key", "6", "the proof is by another key than the one that the token is bound to; these are their fingerprints")
		wrong.Want, wrong.Got = keys.Thumbprint(p.key), theirs
		return wrong, nil
	}
	p.algorithm = r.algorithm
	switch {
	case r.htm != p.htm:
		return p.differs("htm", "4.3", "the proof is for another method", p.htm, r.htm), nil
	case !sameTarget(r.htu, req.URL):
		return p.differs("htu", "4.3", "the proof is for another address", p.htu, r.htu), nil
	}
	p.htu = r.htu
	if wrong := p.judgeTime(); wrong != nil {
		return wrong, nil
	}
	if wrong := p.judgeToken(req, keys.Thumbprint(public)); wrong != nil {
		return wrong, nil
	}
	return p.judgeNonce(), nil
}

// refuseJWK: what is wrong with a key that came with the proof is the client’s fault.
func refuseJWK(err error) (*core.Rejection, error) {
	if errors.Is(err, core.ErrWaits) {
		return nil, err
	}
	return refuseDPoP("jwk", "key", "4.3", "the key in jwk cannot be used: "+messageOf(err)), nil
}

// differs is a rejection of the step that has the claim’s name.
func (p *dpopProof) differs(claim, section, message, want, got string) *core.Rejection {
	r := refuseDPoP(claim, claim, section, message)
	r.Want, r.Got = want, visible(got)
	return r
}

// judgeTime leaves the time to the nonce, where one is asked for (RFC 9449, section 4.3, check 11).
func (p *dpopProof) judgeTime() *core.Rejection {
	at, _ := p.theirs.iat.date()
	if p.nonce == "" {
		if err := refuseTime("dpop.clock", "iat", p.in.Env.Now(), at, dpopWindow, rfc("RFC 9449", "11.1")); err != nil {
			return err.(*core.Rejection)
		}
	}
	p.iat = p.theirs.iat.text
	return nil
}

// judgeToken looks at the access token and at what binds it (RFC 9449, section 7.1).
func (p *dpopProof) judgeToken(req *core.Request, jkt string) *core.Rejection {
	if p.token == "" && !req.Header.Has("Authorization") {
		return nil // a proof alone
	}
	sent, err := credentials(req, p.in.Values["tokenScheme"])
	switch {
	case err != nil && p.token == "":
		return nil // another kind of credentials, such as a token endpoint takes
	case err != nil:
		wrong := err.(*core.Rejection)
		switch {
		case p.theirs.ath == "": // the client has no token, and so no step of it
			wrong.Step = "claims"
		case wrong.Code == "authorization.scheme":
			wrong.Step = "token-scheme"
		}
		return wrong
	case sent == "":
		return refuseDPoP("empty-token", "claims", "7.1", "the Authorization header names DPoP, but has no token")
	case p.token != "" && !sameSecret(sent, p.token):
		return refuseDPoP("wrong-token", "access-token", "7.1", "the access token is not the one this server knows")
	}
	p.token = sent
	if p.theirs.ath != p.ath() {
		return p.differs("ath", "4.3", "the proof is not for this access token: its hash is missing or another one", p.ath(), p.theirs.ath)
	}
	if bound := boundTo(sent); bound != "" && bound != jkt {
		r := refuseDPoP("wrong-key", "key", "6.1", "the access token is bound to another key: its cnf.jkt is not the fingerprint of the proof’s")
		r.Want, r.Got = visible(bound), jkt
		return r
	}
	return nil
}

// boundTo is cnf.jkt of a token that is a JWT (RFC 9449, section 6.1); empty: it says nothing.
func boundTo(token string) (jkt string) {
	parts := splitJWT(token)
	if parts == nil {
		return ""
	}
	claims, err := decodeBase64url(parts[1])
	if err != nil {
		return ""
	}
	r := json.NewReader([]byte(memberText(string(claims), "cnf")))
	_ = r.Object(func(name []byte) (err error) {
		if string(name) != "jkt" {
			return r.Skip()
		}
		jkt, err = r.Str()
		return err
	})
	return jkt
}

func (p *dpopProof) judgeNonce() *core.Rejection {
	if p.nonce == "" {
		p.nonce = p.theirs.nonce
		return nil
	}
	switch age, ours := dpopNonceAge(p.theirs.nonce, p.in); {
	case p.theirs.nonce == "":
		return refuseDPoP("use-nonce", "nonce", "8", "the proof has no nonce; take the one of the answer’s DPoP-Nonce line")
	case !ours:
		return refuseDPoP("other-nonce", "nonce", "8", "the nonce is not one of this server’s")
	case age > dpopNonceLifetime || age < -time.Minute:
		return refuseDPoP("stale", "nonce", "8.2", "the nonce is too old; take the one of the answer’s DPoP-Nonce line")
	}
	p.nonce = p.theirs.nonce
	return nil
}

// checkSignature comes last, and the memory of proofs behind it: only a right one is worth remembering.
func (p *dpopProof) checkSignature(input string, tr *core.Trace) error {
	j := &jws{in: p.in, tr: tr, field: "key", key: jwsKey{asymmetric: p.theirs.key}, algorithm: p.algorithm, theirs: p.theirs.jwsToken, open: true}
	signature, valid, err := j.sign(input)
	if err != nil {
		wrong, err := refuseJWK(err)
		if err != nil {
			return err
		}
		return wrong
	}
	if valid {
		p.proofStep(signature, tr)
	}
	if p.token != "" {
		p.authorizationStep(tr)
	}
	if !valid {
		return cmp.Or(j.key.refuseDER(p.in.Env, "dpop", p.theirs.jwsToken),
			error(refuseDPoP("wrong-signature", "signing-input", "4.3", "the signature is not one by the proof’s own key: the proof was changed, or its key was")))
	}
	key := "dpop " + keys.Thumbprint(p.theirs.key) + " " + percent(p.jti)
	if p.in.Env.Seen != nil && p.in.Env.Seen(key, 2*dpopWindow+time.Minute) {
		return refuseDPoP("replay", "jti", "11.1", "this proof was used already: each request needs a new one")
	}
	return nil
}
