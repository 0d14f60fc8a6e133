package schemes

import (
	"slices"
	"strings"

	"authpad/core/syntax"
)

// Which headers a signature of Version 4 has to cover, and what it says of the body.

// adoptHeaders takes the list of signed headers, if it has all that must be signed and none that is missing.
func (s *awsServer) adoptHeaders() error {
	names := strings.Split(s.claims.signedHeaders, ";")
	if s.wantsHash() && s.sendsHash() && !s.req.Header.Has(contentHash) {
		s.lacking = true
		return s.refuse("no-content-sha256", "signed-headers", "there is no header "+contentHash+", which the service "+s.service.Value+" insists on")
	}
	if refused := s.checkNames(names); refused != nil {
		return refused
	}
	for _, f := range s.req.Header {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "x-amz-") && !slices.Contains(names, name) && (name != "x-amz-security-token" || s.signsToken()) {
			return s.refuse("unsigned-header", "signed-headers", visible(name)+" is not signed; every header that begins with x-amz- has to be, since it changes what the request means")
		}
	}
	if !s.lacking {
		s.signed = names
	}
	for _, name := range names {
		if name != "host" && name != "content-length" && !s.req.Header.Has(name) {
			return s.refuse("missing-header", "canonical-headers", visible(name)+" is signed, but the request has no such header; a browser or a proxy may have dropped it")
		}
	}
	return nil
}

// checkNames looks at the list by itself.
func (s *awsServer) checkNames(names []string) error {
	for i, name := range names {
		if !syntax.IsToken(name) || name != strings.ToLower(name) || i > 0 && name <= names[i-1] {
			return s.refuse("signed-headers", "signed-headers", "SignedHeaders has to be names in lower case, sorted, each once, with semicolons between them")
		}
	}
	switch {
	case !slices.Contains(names, "host"):
		return s.refuse("host-unsigned", "signed-headers", "the host is not signed, so the request could be sent to another server")
	case slices.Contains(names, "x-amz-security-token") && !s.signsToken():
		return s.refuse("signed-token", "signed-headers", "the session token is signed; this server wants it beside the signature")
	}
	return nil
}

// adoptPayload takes what the request says of its body, if that is true and allowed.
func (s *awsServer) adoptPayload() error {
	said := syntax.Parameters(s.query, contentHash) // as some clients presign
	if lines := s.req.Header.Values(contentHash); lines != nil {
		said = []string{joinedLines(lines)}
	}
	if said == nil || s.presigned && said[0] == s.payload {
		return nil
	}
	hash, err := hashOfBody(s.env, "SHA-256", s.req.Body)
	switch claimed := said[0]; {
	case err != nil:
		return err
	case claimed == unsignedPayload && !s.mayBeUnsigned():
		return s.refuse("unsigned-payload", "payload-hash", "the body is not covered, which the service "+s.service.Value+" does not take")
	case claimed == unsignedPayload || claimed == hexOf(hash):
		s.payload, s.hashTyped = claimed, claimed != unsignedPayload
		return nil
	case strings.HasPrefix(claimed, "STREAMING-"):
		return s.refuse("streaming", "payload-hash", "the body is signed in chunks, which is not checked here; send it in one piece")
	default:
		s.payload = hexOf(hash)
		refused := s.refuse("wrong-payload-hash", "payload-hash", contentHash+" is not the hash of this body: it was changed on the way, or another one was signed")
		refused.Want, refused.Got = s.payload, visible(claimed)
		return refused
	}
}
