package schemes

import (
	"encoding/base64"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// The derivation that both sides of OAuth 1.0 share (RFC 5849, section 3.4).

const plaintext = "PLAINTEXT"

// oauthMethod is what a signature method computes with: HMAC of a hash, RSA under the name core.Keys
// has for it, or neither for PLAINTEXT. RFC 5849 has SHA-1 only; servers took the others up later.
type oauthMethod struct{ hash, rsa string }

func methodOf(name string) oauthMethod {
	switch name {
	case "HMAC-SHA1":
		return oauthMethod{hash: "SHA-1"}
	case "HMAC-SHA256":
		return oauthMethod{hash: "SHA-256"}
	case "HMAC-SHA512":
		return oauthMethod{hash: "SHA-512"}
	case "RSA-SHA1":
		return oauthMethod{hash: "SHA-1", rsa: "RS1"}
	case "RSA-SHA256":
		return oauthMethod{hash: "SHA-256", rsa: "RS256"}
	case "RSA-SHA512":
		return oauthMethod{hash: "SHA-512", rsa: "RS512"}
	}
	return oauthMethod{}
}

// oauthSide is what one of the two sides brings to the steps.
type oauthSide struct {
	in     core.Input
	req    *core.Request
	tr     *core.Trace
	theirs []core.Param // what the request says; nil when signing
	key    core.Key     // of an RSA method
}

// nameParties are the steps that only the server's values decide.
func (s oauthSide) nameParties() {
	v := s.in.Values
	s.tr.Add(core.Step{ID: "consumer-key", Title: "Take the consumer key", Op: "copy", Ref: rfc("RFC 5849", "3.1"),
		Why: "The server finds the consumer secret by it. It is the application’s user name, and no secret.",
		In:  []core.Part{{Name: "consumer key", Value: v["consumerKey"], From: "field:consumerKey"}}, Out: v["consumerKey"]})
	s.tr.Add(core.Step{ID: "token", Title: "Take the token", Op: "copy", Ref: rfc("RFC 5849", "3.1"),
		Why: "It stands for the person who let the application in; it is empty and not sent while there is none.",
		In:  []core.Part{{Name: "token", Value: v["token"], From: "field:token"}}, Out: v["token"]})
	s.tr.Add(core.Step{ID: "signature-method", Title: "Choose the signature method", Op: "choose", Ref: rfc("RFC 5849", "3.4"),
		Why: "The server takes the one that was agreed upon, and refuses every other.",
		In:  []core.Part{{Name: "method", Value: v["signatureMethod"], From: "field:signatureMethod"}}, Out: v["signatureMethod"]})
}

// makeUnique gives the request its time and its nonce: what the request says, or else new ones.
func (s oauthSide) makeUnique() {
	now := s.in.Env.Now()
	time, sent := paramOf(s.theirs, "oauth_timestamp")
	timePart := core.Part{Name: "oauth_timestamp", Value: time, From: "request:headers"}
	if !sent {
		time = strconv.FormatInt(now.Unix(), 10)
		timePart = core.Part{Name: "now", Value: syntax.FormatTime(now), From: "env:now"}
	}
	s.tr.Add(core.Step{ID: "timestamp", Title: "Count the seconds since 1970", Op: "unix time", Ref: rfc("RFC 5849", "3.3"),
		Why: "The server refuses a request from another time, so that it need not remember nonces for ever.",
		In:  []core.Part{timePart}, Out: time})
	nonce, sent := paramOf(s.theirs, "oauth_nonce")
	noncePart := core.Part{Name: "oauth_nonce", Value: nonce, From: "request:headers"}
	if !sent {
		nonce = s.in.Env.Nonce("oauth_nonce", 16)
		noncePart = core.Part{Name: "nonce", Value: nonce, From: "env:oauth_nonce"}
	}
	s.tr.Add(core.Step{ID: "nonce", Title: "Draw a nonce", Op: "random", Ref: rfc("RFC 5849", "3.3"),
		Why: "The server takes each one once, so that nobody can send a copy of this request.",
		In:  []core.Part{noncePart}, Out: nonce})
}

var bodyHashRef = core.Ref{Doc: "OAuth Request Body Hash", Section: "3.2",
	URL: "https://datatracker.ietf.org/doc/html/draft-eaton-oauth-bodyhash-00#section-3.2"}

// hashBody covers a body that is not a form: of itself OAuth signs only parameters.
func (s oauthSide) hashBody() error {
	name := methodOf(s.in.Values["signatureMethod"]).hash
	sum, err := hashOfBody(s.in.Env, name, s.req.Body)
	if err != nil {
		return keys.At("body", err)
	}
	s.tr.Add(core.Step{ID: "body-hash", Title: "Hash the body", Op: hashOp(name) + ", base64", Ref: bodyHashRef,
		Why: "The signature covers parameters only; through its hash it covers this body, too.",
		In: []core.Part{bodyPart(s.req.Body),
			{Name: "method", Value: s.in.Values["signatureMethod"], From: "step:signature-method"}},
		Out: base64.StdEncoding.EncodeToString(sum)})
	return nil
}

// collect gathers every parameter that is signed and returns those of the protocol.
func (s oauthSide) collect(protocol []core.Param) {
	list := s.tr.Add(core.Step{ID: "protocol-parameters", Title: "List OAuth’s own parameters", Op: "list", Ref: rfc("RFC 5849", "3.1"),
		Why: "All but the signature itself are signed, so that nobody can swap one of them.",
		In:  oauthOrigins(protocol), Out: joinParams(protocol, "\n")})
	query, form := oauthSources(s.req)
	inputs := []core.Part{{Name: "OAuth’s own", Value: list, From: "step:protocol-parameters"},
		{Name: "query", Value: s.req.URL.Query, From: "request:url"}}
	if isForm(s.req) {
		inputs = append(inputs, core.Part{Name: "form", Value: string(s.req.Body), From: "request:body"})
	}
	all := append(append(without(query), protocol...), without(form)...)
	s.tr.Add(core.Step{ID: "parameters", Title: "Collect and decode all parameters", Op: "decode", Ref: rfc("RFC 5849", "3.4.1.3.1"),
		Why: "Servers see them decoded. “+” is a space in queries and forms; the realm does not belong to them.",
		In:  inputs, Out: joinParams(all, "\n")})
	s.normalize(all)
}

// without is the list without what OAuth itself put there, which is in protocol already.
func without(list []core.Param) []core.Param {
	var rest []core.Param
	for _, p := range list {
		if !isOAuthName(p.Name) {
			rest = append(rest, p)
		}
	}
	return rest
}

// normalize is RFC 5849, section 3.4.1.3.2.
func (s oauthSide) normalize(all []core.Param) {
	encoded := encodeParams(all)
	lines := s.tr.Add(core.Step{ID: "encoded-parameters", Title: "Percent-encode names and values", Op: "percent-encode", Ref: rfc("RFC 5849", "3.6"),
		Why: "Everyone encodes otherwise: this way “*” is %2A, a space %20 and “~” itself, whatever the address has.",
		In:  []core.Part{{Name: "parameters", Value: joinParams(all, "\n"), From: "step:parameters"}}, Out: joinParams(encoded, "\n")})
	sorted := sortParams(encoded)
	lines = s.tr.Add(core.Step{ID: "sorted-parameters", Title: "Sort by name, then by value", Op: "sort", Ref: rfc("RFC 5849", "3.4.1.3.2"),
		Why: "Their order may change on the way. The bytes count, after encoding; of one name every value stays.",
		In:  []core.Part{{Name: "encoded", Value: lines, From: "step:encoded-parameters"}}, Out: joinParams(sorted, "\n")})
	s.tr.Add(core.Step{ID: "normalized-parameters", Title: "Join them with “&”", Op: "join", Ref: rfc("RFC 5849", "3.4.1.3.2"),
		Why: "An empty value keeps its “=”, so that “c2” and “c2=” are the same.",
		In:  []core.Part{{Name: "sorted", Value: lines, From: "step:sorted-parameters"}}, Out: joinParams(sorted, "&")})
}

// composeBase is RFC 5849, section 3.4.1.1.
func (s oauthSide) composeBase() string {
	method, normalized := strings.ToUpper(s.req.Method), s.tr.Step("normalized-parameters").Out
	uri := s.tr.Add(core.Step{ID: "base-string-uri", Title: "Take the address without its query", Op: "normalize", Ref: rfc("RFC 5849", "3.4.1.2"),
		Why: "Scheme and host in lower case, the port only if it is not the default: proxies change the rest.",
		In:  []core.Part{{Name: "address", Value: s.req.URL.String(), From: "request:url"}}, Out: baseStringURI(s.req.URL)})
	return s.tr.Add(core.Step{ID: "base-string", Title: "Join method, address and parameters", Op: "percent-encode, join", Ref: rfc("RFC 5849", "3.4.1.1"),
		Why: "Both sides must build this text byte for byte; a difference anywhere breaks the signature. PLAINTEXT alone does not sign it.",
		In: []core.Part{{Name: "method", Value: method, From: "request:method"}, {Name: "address", Value: uri, From: "step:base-string-uri"},
			{Name: "parameters", Value: normalized, From: "step:normalized-parameters"}},
		Out: method + "&" + percent(uri) + "&" + percent(normalized)})
}

// oauthOrigins says where each of OAuth's own parameters comes from.
func oauthOrigins(protocol []core.Param) []core.Part {
	parts := make([]core.Part, len(protocol))
	for i, p := range protocol {
		from := "step:" + stepOf(p.Name)
		switch {
		case p.Name == "oauth_version" || p.Name == "oauth_callback" || p.Name == "oauth_verifier":
			from = "field:" + strings.TrimPrefix(p.Name, "oauth_")
		case from == "step:protocol-parameters": // of another client
			from = "request:headers"
		}
		parts[i] = core.Part{Name: p.Name, Value: p.Value, From: from}
	}
	return parts
}
