package schemes

import (
	"crypto/sha256"

	"authpad/core"
	"authpad/core/keys"
)

// dpopProof is what a proof says, as one side has it (RFC 9449, section 4.2).
type dpopProof struct {
	in            core.Input
	key           core.Key // the public half
	algorithm     string
	jti, htm, htu string
	iat           string // as written
	address       string // that htu is cut from
	token         string // the access token that goes with it; empty: none
	nonce         string // of the server's; empty: none

	theirs *dpopReceived // for Verify: what came; nil when signing
}

// steps is the one formula of both sides: from the key to what is signed.
func (p *dpopProof) steps(tr *core.Trace) (input string) {
	p.keySteps(tr)
	p.requestSteps(tr)
	p.tokenSteps(tr)
	header := tr.Add(core.Step{ID: "header", Title: "Write the proof’s header", Op: "json", Ref: rfc("RFC 9449", "4.2"),
		Why: "The public key travels along: the server needs none beforehand, only its fingerprint with the token.",
		In: []core.Part{{Name: "algorithm", Value: p.algorithm, From: p.from("field:algorithm")},
			{Name: "public key", Value: tr.Step("key").Out, From: "step:key"}},
		Out: p.header()})
	claims := tr.Add(core.Step{ID: "claims", Title: "Write what is proven", Op: "json", Ref: rfc("RFC 9449", "4.2"),
		Why: "All of it is signed. Whoever catches the proof can use it for this request only, and not twice.",
		In:  p.claimParts(tr), Out: p.claims()})
	return (&jws{tr: tr}).encode(header, claims)
}

func (p *dpopProof) from(own string) string {
	if p.theirs != nil {
		return "request:headers"
	}
	return own
}

// dpopStep adds a step that has one input.
func dpopStep(tr *core.Trace, id, title, op, section, why string, from core.Part, out string) string {
	return tr.Add(core.Step{ID: id, Title: title, Op: op, Why: why, In: []core.Part{from}, Out: out, Secret: id == "access-token", Ref: rfc("RFC 9449", section)})
}

func (p *dpopProof) keySteps(tr *core.Trace) {
	public := dpopStep(tr, "key", "Take the public key", "jwk", "4.2",
		"It goes into the proof, so that anyone can check it. The private half never leaves its place.",
		core.Part{Name: "key", Value: p.in.Values["key"], From: "field:key", Secret: true}, keys.JWK(p.key))
	dpopStep(tr, "jkt", "Fingerprint the public key", "sha-256, base64url", "6.1",
		"The token was issued for the key of this fingerprint, called jkt; with another key it is refused.",
		core.Part{Name: "public key", Value: public, From: "step:key"}, keys.Thumbprint(p.key))
}

func (p *dpopProof) requestSteps(tr *core.Trace) {
	dpopStep(tr, "jti", "Make an ID", "random", "11.1",
		"The server remembers it: a proof that is sent again is found out.",
		core.Part{Name: "jti", Value: p.jti, From: p.from("env:jti")}, p.jti)
	dpopStep(tr, "htm", "Take the method", "copy", "4.2",
		"The proof is for this method; with another one the server refuses it.",
		core.Part{Name: "method", Value: p.htm, From: "request:method"}, p.htm)
	dpopStep(tr, "htu", "Take the address, without its query", "cut", "4.2",
		"The proof is for this address. Query and fragment are left out on both sides, so they are not protected.",
		core.Part{Name: "address", Value: p.address, From: "request:url"}, p.htu)
	dpopStep(tr, "iat", "Take the time", "seconds since 1970", "11.1",
		"A server takes young proofs only, so that it need not remember them for long.",
		core.Part{Name: "now", Value: p.iat, From: p.from("env:now")}, p.iat)
}

func (p *dpopProof) tokenSteps(tr *core.Trace) {
	if p.token != "" {
		scheme := p.in.Values["tokenScheme"]
		dpopStep(tr, "token-scheme", "Choose how the token is sent", "choose", "7.1",
			"“DPoP” tells the server to ask for the proof; as “Bearer” a bound token is refused.",
			core.Part{Name: "scheme", Value: scheme, From: "field:tokenScheme"}, scheme)
		dpopStep(tr, "access-token", "Take the access token", "trim", "7.1",
			"Without the key that it is bound to it is of no use to others.",
			core.Part{Name: "token", Value: p.in.Values["accessToken"], From: "field:accessToken", Secret: true}, p.token)
		dpopStep(tr, "ath", "Hash the access token", "sha-256, base64url", "4.2",
			"It ties the proof to this token: one that was made for another cannot be used with it.",
			core.Part{Name: "token", Value: p.token, From: "step:access-token", Secret: true}, p.ath())
	}
	if p.nonce != "" {
		dpopStep(tr, "nonce", "Take the server’s nonce", "copy", "8",
			"The server gave it in DPoP-Nonce: proofs that were made beforehand cannot have it.",
			core.Part{Name: "DPoP-Nonce", Value: p.nonce, From: "challenge:DPoP-Nonce"}, p.nonce)
	}
}

// ath is the hash of the token's bytes, which are those of the header line.
func (p *dpopProof) ath() string {
	octets, _ := encodeCharset(p.token, latin1Charset) // dpopToken lets nothing else in
	sum := sha256.Sum256(octets)
	return base64url(sum[:])
}

func (p *dpopProof) header() string {
	if p.theirs != nil && p.theirs.right {
		return p.theirs.headerText
	}
	return `{"typ":"dpop+jwt","alg":` + quoteJSON(p.algorithm) + `,"jwk":` + keys.JWK(p.key) + `}`
}

// claims are in the order of the RFC's examples. Of a right proof they are the text that was signed.
func (p *dpopProof) claims() string {
	if p.theirs != nil && p.theirs.right {
		return p.theirs.claimsText
	}
	text := `{"jti":` + quoteJSON(p.jti) + `,"htm":` + quoteJSON(p.htm) + `,"htu":` + quoteJSON(p.htu) + `,"iat":` + p.iat
	if p.token != "" {
		text += `,"ath":` + quoteJSON(p.ath())
	}
	if p.nonce != "" {
		text += `,"nonce":` + quoteJSON(p.nonce)
	}
	return text + "}"
}

func (p *dpopProof) claimParts(tr *core.Trace) (in []core.Part) {
	for _, id := range [...]string{"jti", "htm", "htu", "iat", "ath", "nonce"} {
		if step := tr.Step(id); step != nil {
			in = append(in, core.Part{Name: id, Value: step.Out, From: "step:" + id})
		}
	}
	return in
}

func (p *dpopProof) proofStep(signature string, tr *core.Trace) string {
	input := tr.Step("signing-input").Out
	return tr.Add(core.Step{ID: "proof", Title: "Put the signature behind them", Op: "join", Ref: rfc("RFC 9449", "4.1"),
		Why: "This is the DPoP header. Each request needs a new one.",
		In: []core.Part{{Name: "header and claims", Value: input, From: "step:signing-input"},
			{Name: "signature", Value: signature, From: "step:signature"}},
		Out: input + "." + signature})
}

func (p *dpopProof) authorizationStep(tr *core.Trace) string {
	scheme := p.in.Values["tokenScheme"]
	return tr.Add(core.Step{ID: "authorization", Title: "Name the scheme in front", Op: "join", Ref: rfc("RFC 9449", "7.1"), Secret: true,
		Why: "The server chooses how to read the rest by this word.",
		In: []core.Part{{Name: "scheme", Value: scheme, From: "step:token-scheme"},
			{Name: "token", Value: p.token, From: "step:access-token", Secret: true}},
		Out: scheme + " " + p.token})
}

// dpopTarget is htu: the address without query and fragment (RFC 9449, section 4.2). The URL's parser has
// lowered the case, left the default port out and the path's dots away.
func dpopTarget(u core.URL) string {
	u.Query, u.Fragment = "", ""
	return u.Origin() + u.Target()
}
