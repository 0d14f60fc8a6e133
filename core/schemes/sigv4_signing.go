package schemes

import (
	"strings"

	"authpad/core"
)

// What one signature of Version 4 is made of, before its steps. Sign takes it from the fields and from
// what was typed; Verify puts in what the request says.

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	contentHash     = "X-Amz-Content-Sha256"
	sessionToken    = "X-Amz-Security-Token"
)

// awsSigning is one signature, of sigv4 or sigv4a, as both sides compute it.
type awsSigning struct {
	id  string      // of the scheme
	v   core.Values // without space around them
	env core.Env
	own *any          // see core.Input.Plan
	req *core.Request // with every header that is signed; not with the signature
	tr  *core.Trace

	parts []core.Part // the inputs of all steps, one behind the other: one allocation instead of one a step

	accessKey, secret, token string

	host      string
	ofHost    awsEndpoint // what AWS's names of hosts tell
	query     string      // without what belongs to the signature
	date      core.Part   // its Value is the time as it is sent
	region    core.Part   // for sigv4a the set of regions
	service   core.Part
	presigned bool
	expires   string
	payload   string
	hashTyped bool     // X-Amz-Content-Sha256 came with the request
	signed    []string // names of headers, in lower case and sorted
	masked    bool     // a session token is part of what is signed
	key       []byte   // that signs, of sigv4; nil until it is derived
	pair      *awsPair // of sigv4a; nil until it is derived
	unsorted  bool     // the query; a mistake that Verify looks for
	plusOther bool     // “+” in the path read the other way; likewise
}

// awsEndpoint is what a host is for; either may be empty.
type awsEndpoint struct{ region, service string }

// newAWSSigning is what this side would sign by its own values, at its own time.
func newAWSSigning(id string, in core.Input, req *core.Request, tr *core.Trace) (*awsSigning, error) {
	now := in.Env.Now()
	s := &awsSigning{id: id, env: in.Env, own: in.Plan, req: req, tr: tr, host: req.URL.Authority(), parts: make([]core.Part, 0, 40),
		date: core.Part{Name: "now", Value: formatAmzDate(now), From: "env:now"}}
	s.v = s.tidied(in.Values)
	s.accessKey, s.secret, s.token = s.v["accessKeyId"], s.v["secretAccessKey"], s.v["sessionToken"]
	s.presigned = s.is("in", inQuery)
	s.readQuery()
	s.expires = s.v["expires"]
	s.masked = s.token != "" || req.Header.Has(sessionToken)
	s.locate()
	return s, s.check()
}

// asymmetric is sigv4a.
func (s *awsSigning) asymmetric() bool { return s.id == "sigv4a" }

func (s *awsSigning) algorithm() string {
	if s.asymmetric() {
		return "AWS4-ECDSA-P256-SHA256"
	}
	return "AWS4-HMAC-SHA256"
}

func (s *awsSigning) regionField() string {
	if s.asymmetric() {
		return "regionSet"
	}
	return "region"
}

// readQuery is about the parameters of a presigned address only where there can be any: in a header's
// signature they count like all others.
func (s *awsSigning) readQuery() {
	if s.query = s.req.URL.Query; s.presigned {
		s.query, _ = cutPresigned(s.query)
	}
}

// locate takes region and service from the fields, or else from the host.
func (s *awsSigning) locate() {
	field := s.regionField()
	s.ofHost.region, s.ofHost.service = awsHost(s.req.URL.Host)
	region, service := s.ofHost.region, s.ofHost.service
	if region == "*" && !s.asymmetric() {
		region = ""
	}
	choose := func(label, field, known string) core.Part {
		if typed := s.v[field]; typed != "" || known == "" {
			return core.Part{Name: label, Value: typed, From: "field:" + field}
		}
		return core.Part{Name: label, Value: known, From: "request:url"}
	}
	s.region, s.service = choose("region", field, region), choose("service", "service", service)
}

// onS3 is whether the rules of S3 hold, as they do for its kin.
func (s *awsSigning) onS3() bool {
	return s.service.Value == "s3" || strings.HasPrefix(s.service.Value, "s3-") || s.service.Value == "s3express"
}

// alwaysUnsigned: S3 cannot know the body when an address is presigned, and VPC Lattice covers none.
func (s *awsSigning) alwaysUnsigned() bool {
	return s.onS3() && s.presigned || s.service.Value == "vpc-lattice-svcs"
}

func (s *awsSigning) mayBeUnsigned() bool { return s.onS3() || s.alwaysUnsigned() }

// once is whether the path is percent-encoded once only.
func (s *awsSigning) once() bool {
	return s.is("pathEncoding", "once") || s.is("pathEncoding", "auto") && s.onS3()
}

// plusIsSpace is how AWS's own S3 reads a path, unlike MinIO and others
// (https://github.com/anomalizer/ngx_aws_auth/issues/87).
func (s *awsSigning) plusIsSpace() bool {
	return s.once() && (s.ofHost.service == "s3") != s.plusOther
}

func (s *awsSigning) normal() bool { return s.chosen("normalizePath", !s.onS3()) }

// wantsHash: these services refuse a request that does not have the hash of its body in a header.
func (s *awsSigning) wantsHash() bool {
	return !s.presigned && (s.onS3() || s.service.Value == "aoss" || s.service.Value == "glacier")
}

func (s *awsSigning) sendsHash() bool {
	return !s.presigned && s.chosen("contentSha256Header", s.wantsHash() || s.payload == unsignedPayload)
}

func (s *awsSigning) signsToken() bool { return !s.is("signSessionToken", "false") }

// chosen is a choice of auto, true and false.
func (s *awsSigning) chosen(field string, auto bool) bool {
	return s.is(field, "true") || auto && !s.is(field, "false")
}

func (s *awsSigning) is(field, value string) bool { return s.v[field] == value }

func signAWS(id string, in core.Input, req *core.Request, tr *core.Trace) error {
	s, err := newAWSSigning(id, in, req, tr)
	if err != nil {
		return err
	}
	if err := s.honourTyped(); err != nil {
		return err
	}
	if err := s.choosePayload(); err != nil {
		return err
	}
	s.note()
	s.addLines()
	s.signed = s.covered()
	s.joinLines()
	last, err := s.finish(s.describe(), "")
	if err != nil {
		return err
	}
	if s.presigned {
		req.URL.Query = last
		return nil
	}
	return setAuthorization(req, last)
}

// honourTyped takes time, hash, token and region set from headers that a person typed, and refuses what
// would be signed twice.
func (s *awsSigning) honourTyped() error {
	if err := s.conflict(); err != nil {
		return err
	}
	if typed, given := s.req.Header.Get("X-Amz-Date"); given {
		at, ok := readAmzDate(typed)
		if !ok {
			return s.wrong("headers", "date", "X-Amz-Date is no time as AWS writes it, such as 20150830T123600Z")
		}
		s.date = core.Part{Name: "X-Amz-Date", Value: typed, From: "request:headers"}
		s.noteTypedDate(at)
	}
	if typed, given := s.req.Header.Get(contentHash); given {
		s.payload, s.hashTyped = typed, true
	}
	if typed, given := s.req.Header.Get(sessionToken); given {
		s.token = typed
	}
	if typed, given := s.req.Header.Get("X-Amz-Region-Set"); given && s.asymmetric() {
		s.region = core.Part{Name: "X-Amz-Region-Set", Value: typed, From: "request:headers"}
	}
	if s.presigned { // it has its own places in the address
		s.req.Header.Del("X-Amz-Date")
		s.req.Header.Del(sessionToken)
		s.req.Header.Del("X-Amz-Region-Set")
	}
	return nil
}

// choosePayload is the last line of the canonical request, unless it was typed. A body that is not covered
// is not hashed: it may be large.
func (s *awsSigning) choosePayload() error {
	if !s.hashTyped && (s.is("payload", "unsigned") || s.alwaysUnsigned()) {
		s.payload = unsignedPayload
	}
	if s.payload == unsignedPayload {
		return nil
	}
	hash, err := hashOfRequest(s.env, "SHA-256", s.req)
	if s.hashTyped {
		s.noteTypedHash(hexOf(hash))
	} else {
		s.payload = hexOf(hash)
	}
	return err
}
