package schemes

import (
	"crypto/sha256"
	"strings"

	"authpad/core"
)

// The steps that both sides share, of sigv4 and of sigv4a, from the time to the line that is sent.

// describe adds the steps up to what is signed.
func (s *awsSigning) describe() (toSign string) {
	s.tr.Add(core.Step{ID: "timestamp", Title: "Take the time", Op: "format", Ref: awsRef("create-string-to-sign"),
		Why: "The server refuses a request from another time, so that a copy of it ages.",
		In:  []core.Part{s.date}, Out: s.date.Value})
	s.scope()
	s.shareToken()
	if s.asymmetric() {
		s.tr.Add(core.Step{ID: "region-set", Title: "Name the regions", Op: "copy", Ref: sigv4aRef,
			Why: "The signature holds in each of them; “*” stands for any text.",
			In:  []core.Part{s.region}, Out: s.region.Value})
	}
	return s.stringToSign(s.canonicalRequest())
}

// finish adds the steps of the keys, the signature and what is sent of it. Of sigv4a no two signatures
// are the same: verified is one that is known to be right, or empty.
func (s *awsSigning) finish(toSign, verified string) (sent string, err error) {
	signature := ""
	if s.asymmetric() {
		signature, err = s.signAsymmetric(toSign, verified)
	} else {
		signature = s.signHMAC(toSign)
	}
	if err != nil {
		return "", err
	}
	return s.compose(signature), nil
}

// made is the output of an earlier step as an input.
func (s *awsSigning) made(name, id string) core.Part {
	step := s.tr.Step(id)
	return core.Part{Name: name, Value: step.Out, From: "step:" + id, Secret: step.Secret}
}

func (s *awsSigning) out(id string) string { return s.tr.Step(id).Out }

// scope is what the signing key is good for.
func (s *awsSigning) scope() {
	parts, in := []string{s.date.Value[:8]}, []core.Part{s.made("time", "timestamp")}
	if !s.asymmetric() {
		parts, in = append(parts, s.region.Value), append(in, s.region)
	}
	in = append(in, s.service)
	scope := s.tr.Add(core.Step{ID: "credential-scope", Title: "Say what the key is for", Op: "join", Ref: awsRef("create-string-to-sign"),
		Why: "A server elsewhere, of another service, or tomorrow, must not take this signature.",
		In:  in, Out: strings.Join(append(parts, s.service.Value, "aws4_request"), "/")})
	s.tr.Add(core.Step{ID: "credential", Title: "Put the access key in front", Op: "join", Ref: awsRef("add-signature-to-request"),
		Why: "The server looks the secret up by it.",
		In: []core.Part{{Name: "access key ID", Value: s.v["accessKeyId"], From: "field:accessKeyId"},
			s.made("scope", "credential-scope")},
		Out: s.v["accessKeyId"] + "/" + scope})
}

func (s *awsSigning) shareToken() {
	if !s.masked {
		return
	}
	token := s.v["sessionToken"]
	s.tr.Add(core.Step{ID: "session-token", Title: "Take the session token", Op: "copy", Ref: awsRef("temporary-security-credentials"), Secret: true,
		Why: "Temporary keys are nothing without it: it says who they were made for, and until when.",
		In:  []core.Part{{Name: "session token", Value: token, From: "field:sessionToken", Secret: true}}, Out: token})
}

// canonicalRequest is method, canonical URI, canonical query, canonical headers, an empty line, signed
// headers and the hash of the payload, one below the other.
func (s *awsSigning) canonicalRequest() string {
	ref := awsRef("create-canonical-request")
	s.describePayload()
	s.tr.Add(core.Step{ID: "canonical-uri", Title: "Encode the path", Op: s.pathOp(), Ref: ref,
		Why: "Paths are written in many ways on their way to the server. S3 encodes each byte once, most others encode the encoded path again.",
		In:  []core.Part{{Name: "path as sent", Value: s.req.URL.Path, From: "request:url"}}, Out: s.path()})
	s.tr.Add(core.Step{ID: "canonical-headers", Title: "List the headers to sign", Op: "lower, trim, sort", Ref: ref, Secret: s.masked,
		Why: "Names in lower case, no space around values, one inside: what differs without a meaning must not break the signature.",
		In: []core.Part{{Name: "host", Value: s.host, From: "request:url"},
			{Name: "header lines", Value: headerLines(s.req.Header), From: "request:headers", Secret: s.masked}},
		Out: s.canonicalHeaders()})
	s.tr.Add(core.Step{ID: "signed-headers", Title: "Name the signed headers", Op: "join", Ref: ref,
		Why: "Browsers and proxies add headers of their own; the server must know which ones count.",
		In:  []core.Part{s.made("headers", "canonical-headers")}, Out: strings.Join(s.signed, ";")})
	s.canonicalQuery()
	return s.tr.Add(core.Step{ID: "canonical-request", Title: "Write the request in canonical form", Op: "join", Ref: ref, Secret: s.masked,
		Why: "Both sides must come to this text byte for byte; AWS prints its own when a signature does not match.",
		In: []core.Part{{Name: "method", Value: s.req.Method, From: "request:method"}, s.made("path", "canonical-uri"),
			s.made("query", "canonical-query"), s.made("headers", "canonical-headers"), s.made("names", "signed-headers"),
			s.made("payload", "payload-hash")},
		Out: strings.Join([]string{s.req.Method, s.out("canonical-uri"), s.out("canonical-query"), s.out("canonical-headers"), "",
			s.out("signed-headers"), s.out("payload-hash")}, "\n")})
}

func (s *awsSigning) describePayload() {
	step := core.Step{ID: "payload-hash", Title: "Hash the body", Op: "sha-256", Ref: awsRef("create-canonical-request"),
		Why: "The signature covers the body by its hash; a body that is changed on the way does not fit it.",
		In:  []core.Part{bodyPart(s.req.Body)}, Out: s.payload}
	switch {
	case s.payload == unsignedPayload && s.alwaysUnsigned():
		step.Title, step.Op, step.Ref = "Leave the body uncovered", "choose", s3QueryRef
		step.Why = "The body is not known when the signature is made, so anyone who has it may send any body."
		step.In = []core.Part{s.service}
	case s.payload == unsignedPayload:
		step.Title, step.Op, step.Ref = "Leave the body uncovered", "choose", s3HeaderRef
		step.Why = "The signature says so itself, but nobody notices a body that is changed on the way."
		step.In = []core.Part{{Name: "body", Value: "unsigned", From: "field:payload"}}
	case s.hashTyped:
		step.In = append(step.In, core.Part{Name: contentHash, Value: s.payload, From: "request:headers"})
	}
	s.tr.Add(step)
}

func (s *awsSigning) pathOp() string {
	op := "percent-encode again"
	if s.once() {
		op = "percent-encode"
	}
	if s.normal() {
		op = "normalize, " + op
	}
	return op
}

// canonicalQuery of a presigned address has the parameters of the signature, too, but for the signature.
func (s *awsSigning) canonicalQuery() {
	step := core.Step{ID: "canonical-query", Title: "Encode and sort the query", Op: "percent-encode, sort", Ref: awsRef("create-canonical-request"),
		Why: "Order and encoding may change on the way. A space is %20, a name without value gets its “=”; sorted is what is encoded.",
		In:  []core.Part{{Name: "query", Value: s.query, From: "request:url"}}}
	var own []core.Param
	if s.presigned {
		step.Secret = s.masked
		step.In = append(step.In, s.made("X-Amz-Credential", "credential"), s.made("X-Amz-Date", "timestamp"),
			core.Part{Name: "X-Amz-Expires", Value: s.expires, From: "field:expires"}, s.made("X-Amz-SignedHeaders", "signed-headers"))
		own = s.parameters(s.signsToken())
	}
	params := awsQuery(s.query, own)
	if !s.unsorted {
		params = sortParams(params)
	}
	step.Out = joinParams(params, "&")
	s.tr.Add(step)
}

// parameters are those of a presigned address, in the order of AWS's own clients.
func (s *awsSigning) parameters(withToken bool) []core.Param {
	list := []core.Param{{Name: "X-Amz-Algorithm", Value: s.algorithm()}, {Name: "X-Amz-Credential", Value: s.out("credential")},
		{Name: "X-Amz-Date", Value: s.out("timestamp")}, {Name: "X-Amz-SignedHeaders", Value: s.out("signed-headers")},
		{Name: "X-Amz-Expires", Value: s.expires}}
	if token := s.v["sessionToken"]; token != "" && withToken {
		list = append(list, core.Param{Name: sessionToken, Value: token})
	}
	if s.asymmetric() {
		list = append(list, core.Param{Name: "X-Amz-Region-Set", Value: s.out("region-set")})
	}
	return list
}

func (s *awsSigning) stringToSign(canonical string) string {
	hash := s.tr.Add(core.Step{ID: "canonical-request-hash", Title: "Hash the canonical request", Op: "sha-256", Ref: awsRef("create-canonical-request-hash"),
		Why: "What is signed stays short, however long the request is.",
		In:  []core.Part{s.made("canonical request", "canonical-request")}, Out: sha256Hex(canonical)})
	return s.tr.Add(core.Step{ID: "string-to-sign", Title: "Write what is signed", Op: "join", Ref: awsRef("create-string-to-sign"),
		Why: "Time and scope are signed, too, so that neither can be exchanged.",
		In: []core.Part{s.made("time", "timestamp"), s.made("scope", "credential-scope"),
			s.made("hash", "canonical-request-hash")},
		Out: strings.Join([]string{s.algorithm(), s.out("timestamp"), s.out("credential-scope"), hash}, "\n")})
}

// signHMAC derives the key for one day, region and service:
// HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), "aws4_request").
func (s *awsSigning) signHMAC(toSign string) string {
	ref, secret := awsRef("derive-signing-key"), s.v["secretAccessKey"]
	key := []byte("AWS4" + secret)
	derive := func(id, title, why, message string, in ...core.Part) {
		key = mac("SHA-256", key, []byte(message))
		s.tr.Add(core.Step{ID: id, Title: title, Why: why, Op: "hmac-sha-256", In: in, Out: hexOf(key), Secret: true, Ref: ref})
	}
	derive("k-date", "Derive a key for the day", "Here the secret enters. Whoever learns a later key cannot go back to it.", s.out("timestamp")[:8],
		core.Part{Name: "“AWS4” and secret access key", Value: "AWS4" + secret, From: "field:secretAccessKey", Secret: true}, s.made("day, of the time", "timestamp"))
	derive("k-region", "Derive a key for the region", "A server of one region need not know the secret, or keys of other regions.", s.region.Value,
		s.made("key of the day", "k-date"), s.region)
	derive("k-service", "Derive a key for the service", "Likewise, each service has only keys of its own.", s.service.Value,
		s.made("key of the region", "k-region"), s.service)
	derive("k-signing", "Derive the signing key", "It ends the chain, so that no other use of the keys comes to the same one.", "aws4_request",
		s.made("key of the service", "k-service"))
	s.key = key
	return s.tr.Add(core.Step{ID: "signature", Title: "Sign", Op: "hmac-sha-256, hex", Ref: awsRef("calculate-signature"),
		Why: "Only who knows the secret comes to it, and it fits no other request.",
		In:  []core.Part{s.made("signing key", "k-signing"), s.made("string to sign", "string-to-sign")},
		Out: hmacHex(key, toSign)})
}

// compose is the line of the header, or the whole query.
func (s *awsSigning) compose(signature string) string {
	if s.presigned {
		params := joinParams(encodeParams(append(s.parameters(true), core.Param{Name: "X-Amz-Signature", Value: signature})), "&")
		query := s.query
		if strings.TrimPrefix(query, "?") == "" {
			query = "?" + params
		} else {
			query += "&" + params
		}
		return s.tr.Add(core.Step{ID: "signed-query", Title: "Put everything into the query", Op: "percent-encode, join", Ref: s3QueryRef, Secret: s.masked,
			Why: "The address alone is now enough: whoever has it may send this request until it expires.",
			In: []core.Part{{Name: "query", Value: s.query, From: "request:url"}, s.made("credential", "credential"),
				s.made("signed headers", "signed-headers"), s.made("signature", "signature")},
			Out: query})
	}
	return s.tr.Add(core.Step{ID: "authorization", Title: "Write the header", Op: "join", Ref: awsRef("add-signature-to-request"),
		Why: "The server takes credential and names from here, comes to a signature of its own and compares the two.",
		In: []core.Part{s.made("credential", "credential"), s.made("signed headers", "signed-headers"),
			s.made("signature", "signature")},
		Out: s.algorithm() + " Credential=" + s.out("credential") + ", SignedHeaders=" + s.out("signed-headers") + ", Signature=" + signature})
}

func hmacHex(key []byte, text string) string { return hexOf(mac("SHA-256", key, []byte(text))) }

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hexOf(sum[:])
}
