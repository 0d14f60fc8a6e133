package schemes

import (
	"maps"
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// Why a signature of Version 4 may not fit or cannot be read: the ways in which clients are known to differ.

// misshapen says in what a text is not the form of a signature; empty: in nothing.
func (s *awsServer) misshapen(signature string) string {
	octets, err := syntax.Unhex(signature)
	lower := err == nil && hexOf(octets) == signature
	if s.asymmetric() {
		_, err := keys.SignatureJOSE("ES256", octets)
		return either(lower && err == nil, "", "Signature is not one of ECDSA in DER, in hexadecimal digits in lower case")
	}
	return either(lower && len(octets) == 32, "", "Signature has "+strconv.Itoa(len(signature))+" characters; it has to be 64 hexadecimal digits in lower case")
}

// misspelt is the name of a parameter that was X-Amz-Signature once: “amp;X-Amz-Signature”, “x-amz-signature”.
func misspelt(query string) string {
	for _, p := range syntax.ParseForm(strings.TrimPrefix(query, "?")) {
		if strings.HasSuffix(strings.ToLower(p.Name), "x-amz-signature") {
			return p.Name
		}
	}
	return ""
}

// cause is one way in which clients often differ.
type cause struct {
	code, message string
	change        func(*awsSigning)
}

// explain tries those ways until one fits the signature. What differs then is known, and harmless to say.
func (s *awsServer) explain(toSign string) error {
	for _, c := range s.causes() {
		try := *s.awsSigning
		try.v, try.tr, try.parts = maps.Clone(s.v), &core.Trace{}, nil
		c.change(&try)
		theirs := try.describe()
		if theirs == toSign {
			continue
		}
		fits, err := s.fits(theirs)
		if err != nil {
			return err
		}
		if fits {
			return differing(s.id+"."+c.code, c.message, s.tr, try.tr)
		}
	}
	step := "k-date"
	if s.asymmetric() {
		step = "private-key"
	}
	return s.refuse("wrong-signature", step, "the signature differs: the secret access key is not this server’s, or what was signed arrived changed: method, path, query, a signed header or the body")
}

type awsCauses []cause

//go:noinline
func (l *awsCauses) add(code, message string, change func(*awsSigning)) {
	*l = append(*l, cause{code, message, change})
}

func (s *awsServer) causes() []cause {
	var list awsCauses
	if !isExplained(s.req, 0) {
		return nil
	}
	list.add("path-plus", "“+” in the path was signed as another character than this server reads; the client has to send %20 or %2B",
		func(try *awsSigning) { try.plusOther = true })
	encoding, normal := either(s.once(), "twice", "once"), either(s.normal(), "false", "true")
	const path, kept = "the path was signed in another form: ", "double slashes "
	list.add("path", path+kept+keptOrNot(normal), func(try *awsSigning) { try.v["normalizePath"] = normal })
	list.add("path", path+"percent-encoded "+encoding, func(try *awsSigning) { try.v["pathEncoding"] = encoding })
	list.add("path", path+"percent-encoded "+encoding+", "+kept+keptOrNot(normal),
		func(try *awsSigning) { try.v["pathEncoding"], try.v["normalizePath"] = encoding, normal })
	list.add("query-plus", "“+” in the query was signed as a plus, but is read as a space; the client has to send %20 or %2B",
		func(try *awsSigning) { try.query = strings.ReplaceAll(try.query, "+", "%2B") })
	list.add("query-order", "the query was signed in the order in which it was sent; it has to be sorted",
		func(try *awsSigning) { try.unsorted = true })
	if len(s.req.Body) > 0 {
		list.add("body-left-out", "the signature is right for an empty body; the client forgot to hash the one it sent",
			func(try *awsSigning) { try.payload = sha256Hex("") })
		list.add("body-covered", "the signature covers the body, but nothing in the request says so",
			func(try *awsSigning) { try.payload = sha256Hex(string(try.req.Body)) })
	}
	list.add("unsigned-payload", "the signature does not cover the body, but the request does not say so, or this service does not take it",
		func(try *awsSigning) { try.payload = unsignedPayload })
	for _, sent := range asSent(s.req) {
		code := "host"
		if sent.URL.Path != s.req.URL.Path {
			code = "path"
		} else if sent.Method != s.req.Method {
			code = "method"
		}
		list.add(code, signedElsewhere(sent, s.req), func(try *awsSigning) { try.arriveAs(sent) })
	}
	list.add("token-unsigned", "the session token was left out of what is signed, or put into it, unlike this server has it",
		func(try *awsSigning) { try.v["signSessionToken"] = either(try.signsToken(), "false", "true") })
	return list
}

func (s *awsSigning) arriveAs(req *core.Request) {
	if host := req.URL.Authority(); host != s.req.URL.Authority() {
		s.host = host
	}
	s.req = req
}

// either is the first text where on holds.
//
//go:noinline
func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

func keptOrNot(normal string) string { return either(normal == "true", "left out", "kept") }

func withoutPort(authority string) string {
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		return authority[:colon]
	}
	return authority
}
