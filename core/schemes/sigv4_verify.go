package schemes

import (
	"slices"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/syntax"
)

// The server's side of Signature Version 4.

// awsWindow is how far a request's time may be from the server's, either way.
const awsWindow = 15 * time.Minute

// awsServer checks one request. It builds what the client should have built: the server's own keys, region
// and service, with time, names of headers and lifetime as the request has them.
type awsServer struct {
	*awsSigning
	claims  awsClaims
	lacking bool // a header that this server insists on
}

func verifyAWS(id string, in core.Input, req *core.Request, tr *core.Trace) error {
	received := req.Clone()
	received.Header.Del("Authorization")
	own, err := newAWSSigning(id, in, received, tr)
	if err != nil {
		return err
	}
	if host := req.Header.Values("Host"); len(host) == 1 { // what the client wrote, wherever a proxy sent it
		own.host = syntax.TrimSpace(host[0])
	}
	s := &awsServer{awsSigning: own}
	refused := s.read(req)
	s.presigned = s.claims.presigned
	s.readQuery()
	if err := s.choosePayload(); err != nil {
		return err
	}
	if refused == nil {
		refused = s.adopt()
	}
	return s.judge(refused)
}

// adopt takes over what the request may choose, and returns the first thing that it may not. It goes on
// after that, so that the expected steps differ in as little as possible.
func (s *awsServer) adopt() error {
	var first error
	for _, part := range [...]func() error{s.adoptTime, s.checkRegionSet, s.checkScope, s.checkToken, s.adoptHeaders, s.adoptPayload} {
		first = firstOf(first, part())
	}
	return first
}

// judge completes the expected steps, and compares the signatures last.
func (s *awsServer) judge(refused error) error {
	s.addLines()
	if s.signed == nil {
		s.signed = s.covered()
	}
	toSign, verified := s.describe(), ""
	if refused == nil && s.asymmetric() {
		right, err := s.fits(toSign)
		if err != nil {
			return err
		}
		if right {
			verified = s.claims.signature
		}
	}
	if _, err := s.finish(toSign, verified); err != nil || refused != nil {
		return firstOf(err, refused)
	}
	if sameSecret(s.out("signature"), s.claims.signature) {
		return nil
	}
	return s.explain(toSign)
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// fits reports whether the request's signature is one of toSign.
func (s *awsServer) fits(toSign string) (bool, error) {
	if s.asymmetric() {
		return s.verifyAsymmetric(toSign, s.claims.signature)
	}
	return sameSecret(hmacHex(s.key, toSign), s.claims.signature), nil
}

//go:noinline
func (s *awsServer) refuse(code, step, message string) *core.Rejection {
	return &core.Rejection{Code: s.id + "." + code, Step: step, Message: message, Ref: awsRef(awsPage)}
}

// read finds the signature in the header or in the query.
func (s *awsServer) read(req *core.Request) error {
	_, params := cutPresigned(req.URL.Query)
	presigned, problem, last := presents(params), "", "authorization"
	if presigned && req.Header.Has("Authorization") {
		return s.refuse("two-signatures", last, "the request has a signature in the address and an Authorization header; it may have one only")
	}
	if presigned {
		last = "signed-query"
		s.claims, problem = readPresigned(params)
	} else {
		line, err := authorization(req)
		if name := misspelt(req.URL.Query); err != nil && name != "" {
			s.claims.presigned = true
			return s.refuse("malformed", "signed-query", "the address has a parameter "+visible(name)+", which has to be X-Amz-Signature"+
				either(strings.Contains(name, ";"), ": in HTML alone “&amp;” stands for “&”", "; capitals count"))
		}
		if err == nil && !strings.HasPrefix(line, "AWS4-") {
			_, err = credentials(req, s.algorithm()) // which says what else it is
		}
		if err != nil {
			return err
		}
		s.claims, problem = readAuthorization(line)
	}
	if s.claims.algorithm != "" && s.claims.algorithm != s.algorithm() {
		refused := s.refuse("algorithm", last, "the signature is of another kind than this server takes")
		refused.Want, refused.Got = s.algorithm(), visible(s.claims.algorithm)
		return refused
	}
	if problem == "" {
		problem = s.misshapen(s.claims.signature)
	}
	if problem != "" {
		return s.refuse("malformed", last, "what is said about the signature cannot be read: "+problem)
	}
	return nil
}

// presents reports whether the query claims to have a signature. The other parameters may also be there
// for other reasons.
func presents(params []core.Param) bool {
	return slices.ContainsFunc(params, func(p core.Param) bool {
		return p.Name == "X-Amz-Algorithm" || p.Name == "X-Amz-Credential" || p.Name == "X-Amz-Signature"
	})
}

// adoptTime takes the time of the request, if the server's clock is near.
func (s *awsServer) adoptTime() error {
	sent := s.claims.date
	from := core.Part{Name: "X-Amz-Date", Value: sent, From: "request:url"}
	if !s.presigned {
		sent = joinedLines(s.req.Header.Values("X-Amz-Date"))
		from = core.Part{Name: "X-Amz-Date", Value: sent, From: "request:headers"}
	}
	at, ok := readAmzDate(sent)
	switch {
	case sent == "":
		return s.refuse("date", "timestamp", "X-Amz-Date is missing")
	case !ok:
		refused := s.refuse("date", "timestamp", "X-Amz-Date is not written as 20150830T123600Z, in UTC")
		refused.Want, refused.Got = formatAmzDate(s.env.Now()), visible(sent)
		return refused
	}
	s.date = from
	now := s.env.Now()
	seconds, ok := readExpires(s.claims.expires)
	if s.presigned && ok {
		s.expires = s.claims.expires
	}
	until := at.Add(time.Duration(seconds) * time.Second)
	switch {
	case s.presigned && !ok:
		refused := s.refuse("expires", "canonical-query", "X-Amz-Expires is no whole number of seconds from 1 to 604800, which is a week")
		refused.Got = visible(s.claims.expires)
		return refused
	case s.presigned && now.After(until):
		return s.refuse("expired", "timestamp", "the address expired "+ago(now, until)+"; presign it anew")
	case s.presigned && now.After(at): // however long ago
		return nil
	}
	return refuseTime(s.id+".skew", "timestamp", now, at, awsWindow, awsRef(awsPage))
}

const scopeNames = "date region service ending"

// checkScope compares what the key is for, and whose it is.
func (s *awsServer) checkScope() error {
	names, own := scopeNames, s.scope()
	if s.asymmetric() {
		names = "date service ending"
	}
	key, scope := cutCredential(s.claims.credential, len(own))
	theirs := strings.Split(scope, "/")
	if key == "" || len(theirs) != len(own) {
		refused := s.refuse("malformed", "credential", "Credential is not an access key ID, "+strings.ReplaceAll(strings.TrimSuffix(names, " ending"), " ", ", ")+
			" and aws4_request, with slashes between them"+either(strings.Contains(scope, "%2F"), "; it was percent-encoded once more than it should be", ""))
		refused.Want, refused.Got = s.accessKey+"/"+strings.Join(own, "/"), visible(s.claims.credential)
		return refused
	}
	for i, name := range strings.Split(names, " ") {
		if theirs[i] != own[i] {
			refused := s.refuse("wrong-"+name, "credential-scope", "the signature is for another "+name+" than this request has, or this server serves")
			refused.Want, refused.Got = own[i], visible(theirs[i])
			return refused
		}
	}
	if key != s.accessKey {
		refused := s.refuse("wrong-access-key", "credential", "this server does not know the access key ID")
		refused.Got = visible(key)
		return refused
	}
	return nil
}

// checkToken: a session token belongs to its keys.
func (s *awsServer) checkToken() error {
	own, theirs := s.token, s.claims.token
	if lines := s.req.Header.Values(sessionToken); len(lines) > 0 {
		theirs = joinedLines(append(lines, theirs))
	}
	s.masked = s.masked || theirs != ""
	switch {
	case sameSecret(own, theirs):
		return nil
	case theirs == "" && s.presigned:
		return s.refuse("no-session-token", "canonical-query", "the address has no session token, which these temporary keys need")
	case own == "":
		return s.refuse("wrong-session-token", "session-token", "the request has a session token, and this server has none for these keys")
	case theirs == "":
		s.lacking = s.signsToken()
		return s.refuse("no-session-token", "signed-headers", "the request has no session token, which these temporary keys need")
	}
	return s.refuse("wrong-session-token", "session-token", "the session token is not the one of these keys")
}

func (s *awsServer) checkRegionSet() error {
	if !s.asymmetric() {
		return nil
	}
	sent := s.claims.regionSet
	if !s.presigned {
		sent = joinedLines(s.req.Header.Values("X-Amz-Region-Set"))
	}
	return s.matchRegions(sent)
}
