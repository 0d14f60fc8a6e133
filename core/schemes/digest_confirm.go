package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// confirmDigest reads Authentication-Info (RFC 7615, section 3; RFC 7616, section 3.5): the server's own
// proof that it knows the password, and the nonce it wants to be used next.
func confirmDigest(in core.Input, req *core.Request, answer *core.Response, tr *core.Trace) {
	line, given := answer.Header.Get("Authentication-Info")
	theirs, err := readDigest(req, &core.Trace{})
	if !given || err != nil {
		return
	}
	params, problems := syntax.ParseParams(line)
	said := digestCredentials{core.Challenge{Params: params}}
	if len(problems) > 0 {
		noteInfo(tr, "info-problem", core.Warn, "Authentication-Info is not written as it should be: "+problems[0])
	}
	if nonce := said.get("nextnonce"); nonce != "" {
		noteInfo(tr, "nextnonce", core.Info, "the server names the nonce of the next request, which then takes it without asking")
	}
	if proof, given := said.Param("rspauth"); given {
		checkProof(proof, said, theirs, answer, tr)
	}
}

// checkProof compares the server's proof with what it should be.
func checkProof(proof string, said, theirs digestCredentials, answer *core.Response, tr *core.Trace) {
	a, ha1 := proofOf(theirs, answer.Body, tr)
	if ha1 == nil {
		return
	}
	for _, name := range []string{"nc", "cnonce", "qop"} {
		if value, given := said.Param(name); given && value != theirs.get(name) {
			noteInfo(tr, "rspauth-other", core.Warn, "the server’s proof is for another request: its "+name+" is not the one that was sent")
			return
		}
	}
	if a.qop == qopAuthInt && (answer.BodySize != int64(len(answer.Body)) || answer.Header.Has("Content-Encoding")) {
		noteInfo(tr, "rspauth-body", core.Info, "the server’s proof covers the answer’s body as it was sent, which is not at hand here: it cannot be checked")
		return
	}
	if sameSecret(strings.ToLower(proof), a.stepsOfProof(ha1, core.Part{Name: "sent by the server", Value: proof, From: "response:Authentication-Info"}, tr)) {
		noteInfo(tr, "rspauth", core.Info, "the server proves that it knows the password, too: its rspauth is right")
		return
	}
	noteInfo(tr, "rspauth-wrong", core.Warn, "the server’s rspauth is wrong: it does not know the password, or the answer was changed on the way")
}

// proofOf is what the client sent, as far as the server's proof repeats it, with the answer's body. ha1
// is the step of HA1 in tr; nil: there is nothing to prove.
func proofOf(theirs digestCredentials, body []byte, tr *core.Trace) (a digestAnswer, ha1 *core.Step) {
	algorithm, known := digestAlgorithmOf(theirs.get("algorithm"))
	a = digestAnswer{offer: digestOffer{algorithm: algorithm, nonce: theirs.get("nonce")}, qop: theirs.get("qop"),
		nc: theirs.get("nc"), cnonce: theirs.get("cnonce"), uri: theirs.get("uri"), body: body}
	if ha1 = tr.Step("ha1-sess"); ha1 == nil {
		ha1 = tr.Step("ha1")
	}
	if !known {
		return a, nil
	}
	return a, ha1
}

// stepsOfProof are those of rspauth, which is computed as the response was, but for A2: it is ":" uri, and
// with auth-int ":" uri ":" H(body of the answer). sent is the server's, for who compares.
func (a digestAnswer) stepsOfProof(ha1 *core.Step, sent core.Part, tr *core.Trace) string {
	hash := a.offer.algorithm
	texts, in := []string{"", a.uri}, []core.Part{{Name: "uri", Value: a.uri, From: "step:uri"}}
	if a.qop == qopAuthInt {
		hashed := hash.hash(string(a.body))
		texts, in = append(texts, hashed), append(in, core.Part{Name: "hash of the answer’s body", Value: hashed, Hex: true, From: "response:body"})
	}
	ha2 := tr.Add(core.Step{ID: "rspauth-ha2", Title: "Hash the answer", Op: hash.ofJoined(), Ref: rfc("RFC 7616", "3.5"),
		Why: "As for the request, but without a method: nobody can take your own response for the server’s.",
		In:  in, Hex: true, Out: hash.hash(texts...)})
	in = []core.Part{{Name: "HA1", Value: ha1.Out, From: "step:" + ha1.ID, Secret: true}, {Name: "nonce", Value: a.offer.nonce, From: "step:nonce"}}
	if a.qop != "" {
		in = append(in, core.Part{Name: "nc", Value: a.nc, From: "step:nc"}, core.Part{Name: "cnonce", Value: a.cnonce, From: "step:cnonce"})
	}
	return tr.Add(core.Step{ID: "rspauth", Title: "Compute the server’s proof", Op: hash.ofJoined(), Ref: rfc("RFC 7616", "3.5"),
		Why: "Only a server that knows the password, or its hash, can send the same.",
		In:  append(in, core.Part{Name: "HA2 of the answer", Value: ha2, From: "step:rspauth-ha2"}, sent), Hex: true, Out: a.response(ha1.Out, ha2)})
}

func noteInfo(tr *core.Trace, code string, severity core.Severity, message string) {
	tr.Note(core.Note{Code: "digest." + code, Severity: severity, Ref: rfc("RFC 7616", "3.5"), Message: message})
}
