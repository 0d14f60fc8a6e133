package schemes

import (
	"crypto/sha256"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// The steps that both sides share, of sigv4 and of sigv4a, from the time to the line that is sent.

// describe adds the steps up to what is signed.
func (s *awsSigning) describe() (toSign string) {
	s.add("timestamp", s.date.Value, s.date)
	if s.asymmetric() {
		s.add("credential-scope", strings.Join(s.scope(), "/"), s.service)
	} else {
		s.add("credential-scope", strings.Join(s.scope(), "/"), s.region, s.service)
	}
	s.add("credential", s.accessKey+"/"+s.out("credential-scope"), core.Part{Name: "access key ID", Value: s.accessKey, From: "field:accessKeyId"})
	if s.masked {
		s.add("session-token", s.token, core.Part{Name: "session token", Value: s.token, From: "field:sessionToken", Secret: true})
	}
	if s.asymmetric() {
		s.add("region-set", s.region.Value, s.region)
	}
	hash := s.add("canonical-request-hash", sha256Hex(s.canonicalRequest()))
	return s.add("string-to-sign", strings.Join([]string{s.algorithm(), s.out("timestamp"), s.out("credential-scope"), hash}, "\n"))
}

// scope is what the key is for; that of sigv4a names no region.
func (s *awsSigning) scope() []string {
	scope := []string{s.date.Value[:8], s.region.Value, s.service.Value, "aws4_request"}
	if s.asymmetric() {
		scope[1] = scope[0]
		return scope[1:]
	}
	return scope
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

// canonicalRequest is method, canonical URI, canonical query, canonical headers, an empty line, signed
// headers and the hash of the payload, one below the other.
func (s *awsSigning) canonicalRequest() string {
	s.describePayload()
	s.add("canonical-uri", s.path(), core.Part{Name: "path as sent", Value: s.req.URL.Path, From: "request:url"})
	s.tr.Step("canonical-uri").Op = s.pathOp()
	s.add("canonical-headers", s.canonicalHeaders(), core.Part{Name: "host", Value: s.host, From: "request:url"},
		core.Part{Name: "header lines", Value: headerLines(s.req.Header), From: "request:headers", Secret: s.masked})
	s.add("signed-headers", strings.Join(s.signed, ";"))
	s.canonicalQuery()
	return s.add("canonical-request", strings.Join([]string{s.req.Method, s.out("canonical-uri"), s.out("canonical-query"),
		s.out("canonical-headers"), "", s.out("signed-headers"), s.out("payload-hash")}, "\n"),
		core.Part{Name: "method", Value: s.req.Method, From: "request:method"})
}

func (s *awsSigning) describePayload() {
	switch {
	case s.payload == unsignedPayload && s.alwaysUnsigned():
		s.add("payload-unknown", s.payload, s.service)
	case s.payload == unsignedPayload:
		s.add("payload-unsigned", s.payload, core.Part{Name: "body", Value: s.v["payload"], From: "field:payload"})
	case s.hashTyped:
		s.add("payload-hash", s.payload, requestPart(s.req), core.Part{Name: contentHash, Value: s.payload, From: "request:headers"})
		_, notHex := syntax.Unhex(s.payload)
		s.tr.Step("payload-hash").Hex = notHex == nil
	default:
		s.add("payload-hash", s.payload, requestPart(s.req))
	}
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
	text, in := "canonical-query", []core.Part{{Name: "query", Value: s.query, From: "request:url"}}
	var own []core.Param
	if s.presigned {
		text, own = "presigned-query", s.parameters(s.signsToken())
		in = append(in, core.Part{Name: "X-Amz-Expires", Value: s.expires, From: "field:expires"})
	}
	params := awsQuery(s.query, own)
	if !s.unsorted {
		params = sortParams(params)
	}
	s.add(text, joinParams(params, "&"), in...)
}

// parameters are those of a presigned address, in the order of AWS's own clients.
func (s *awsSigning) parameters(withToken bool) []core.Param {
	list := []core.Param{{Name: "X-Amz-Algorithm", Value: s.algorithm()}, {Name: "X-Amz-Credential", Value: s.out("credential")},
		{Name: "X-Amz-Date", Value: s.out("timestamp")}, {Name: "X-Amz-SignedHeaders", Value: s.out("signed-headers")},
		{Name: "X-Amz-Expires", Value: s.expires}}
	if s.token != "" && withToken {
		list = append(list, core.Param{Name: sessionToken, Value: s.token})
	}
	if s.asymmetric() {
		list = append(list, core.Param{Name: "X-Amz-Region-Set", Value: s.out("region-set")})
	}
	return list
}

// signHMAC derives the key for one day, region and service:
// HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), "aws4_request").
func (s *awsSigning) signHMAC(toSign string) string {
	secret := core.Part{Name: "“AWS4” and secret access key", Value: "AWS4" + s.secret, From: "field:secretAccessKey", Secret: true}
	messages := []string{s.out("timestamp")[:8], s.region.Value, s.service.Value, "aws4_request"}
	keys := s.derived(secret.Value, messages)
	s.add("k-date", keys[0], secret)
	s.add("k-region", keys[1], s.region)
	s.add("k-service", keys[2], s.service)
	s.add("k-signing", keys[3])
	s.key = []byte(keys[4])
	return s.add("signature", hmacHex(s.key, toSign))
}

// awsKeys are the derived keys for one day, region and service.
type awsKeys struct {
	messages string
	keys     []string
}

// derived is chainHMAC, made once while messages stay the same, as they do while a person types an address.
func (s *awsSigning) derived(secret string, messages []string) []string {
	joined := strings.Join(messages, "\n")
	if s.own == nil {
		return chainHMAC(secret, messages)
	}
	last, kept := (*s.own).(awsKeys)
	if !kept || last.messages != joined {
		last = awsKeys{joined, chainHMAC(secret, messages)}
		*s.own = last
	}
	return last.keys
}

// chainHMAC takes one message after the other, each with the last result as its key. It returns each result in
// hexadecimal, and the last one as it is.
func chainHMAC(key string, messages []string) []string {
	results := make([]string, 0, len(messages)+1)
	for _, message := range messages {
		sum := mac("SHA-256", []byte(key), []byte(message))
		results, key = append(results, hexOf(sum)), string(sum)
	}
	return append(results, key)
}

// compose is the line of the header, or the whole query.
func (s *awsSigning) compose(signature string) string {
	if !s.presigned {
		return s.add("authorization", s.algorithm()+" Credential="+s.out("credential")+", SignedHeaders="+s.out("signed-headers")+", Signature="+signature)
	}
	params := joinParams(encodeParams(append(s.parameters(true), core.Param{Name: "X-Amz-Signature", Value: signature})), "&")
	if kept := strings.TrimPrefix(s.query, "?"); kept != "" {
		params = kept + "&" + params
	}
	return s.add("signed-query", "?"+params, core.Part{Name: "query", Value: s.query, From: "request:url"})
}

func hmacHex(key []byte, text string) string { return hexOf(mac("SHA-256", key, []byte(text))) }

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hexOf(sum[:])
}
