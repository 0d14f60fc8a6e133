package schemes

import (
	"maps"
	"strings"

	"authpad/core"
)

// Why a signature of Version 4 may not fit: the ways in which clients are known to differ.

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

func (s *awsServer) causes() []cause {
	var list []cause
	add := func(code, message string, change func(*awsSigning)) {
		list = append(list, cause{code, message, change})
	}
	add("path-plus", "“+” in the path was signed as another character than this server reads; the client has to send %20 or %2B",
		func(try *awsSigning) { try.plusOther = true })
	for _, encoding := range [...]string{"once", "twice"} {
		for _, normal := range [...]string{"true", "false"} {
			add("path", "the path was signed in another form: percent-encoded "+encoding+", double slashes "+keptOrNot(normal),
				func(try *awsSigning) { try.v["pathEncoding"], try.v["normalizePath"] = encoding, normal })
		}
	}
	add("query-plus", "“+” in the query was signed as a plus, but is read as a space; the client has to send %20 or %2B",
		func(try *awsSigning) { try.query = strings.ReplaceAll(try.query, "+", "%2B") })
	add("query-order", "the query was signed in the order in which it was sent; it has to be sorted",
		func(try *awsSigning) { try.unsorted = true })
	if len(s.req.Body) > 0 {
		add("body-left-out", "the signature is right for an empty body; the client forgot to hash the one it sent",
			func(try *awsSigning) { try.payload = sha256Hex("") })
		add("body-covered", "the signature covers the body, but nothing in the request says so",
			func(try *awsSigning) { try.payload = sha256Hex(string(try.req.Body)) })
	}
	add("unsigned-payload", "the signature does not cover the body, but the request does not say so, or this service does not take it",
		func(try *awsSigning) { try.payload = unsignedPayload })
	for _, port := range [...]string{"", ":443", ":80"} {
		add("host", "the host was signed with another port than was sent",
			func(try *awsSigning) { try.host = withoutPort(try.host) + port })
	}
	add("token-unsigned", "the session token was left out of what is signed, or put into it, unlike this server has it",
		func(try *awsSigning) { try.v["signSessionToken"] = flipped(try.signsToken()) })
	return list
}

func keptOrNot(normal string) string {
	if normal == "true" {
		return "left out"
	}
	return "kept"
}

func flipped(on bool) string {
	if on {
		return "false"
	}
	return "true"
}

func withoutPort(authority string) string {
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		return authority[:colon]
	}
	return authority
}
