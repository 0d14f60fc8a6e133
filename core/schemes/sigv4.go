package schemes

import (
	"time"

	"authpad/core"
)

// AWS Signature Version 4: the request is written down in an agreed form, and signed with a key that is
// derived from the secret access key for one day, region and service. sigv4_signing.go has what it shares
// with sigv4a, sigv4_steps.go the formula of both sides.
var sigv4 = core.Scheme{
	ID: "sigv4", Name: "AWS Signature Version 4",
	Summary: "Signs the request with a key derived from the secret access key, which itself is never sent.",
	Refs:    []core.Ref{awsRef(""), s3HeaderRef, s3QueryRef},
	Fields: awsFields(core.Field{ID: "region", Label: "Region", Kind: core.TextField, Placeholder: "us-east-1",
		Help: "Where the service is. Left empty, it is taken from a host of AWS."}, false),
	Answers: []string{"aws4-hmac-sha256"},
	Sign:    signSigV4, Verify: verifySigV4, Challenge: challengeSigV4,
	Vectors: []core.Vector{
		{ID: "s3-get-object", Name: "Part of an object from S3", Source: s3HeaderRef, Now: s3Day,
			Values: core.Values{"accessKeyId": s3Key, "secretAccessKey": s3Secret, "region": "us-east-1", "service": "s3"},
			URL:    "https://examplebucket.s3.amazonaws.com/test.txt",
			Header: core.Header{{Name: "Range", Value: "bytes=0-9"}},
			WantHeader: core.Header{{Name: "X-Amz-Date", Value: "20130524T000000Z"},
				{Name: "Authorization", Value: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
					"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
					"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"}},
			WantSteps: map[string]string{"canonical-request-hash": "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972"}},
		{ID: "s3-put-object", Name: "An object into S3, with a “$” in its name", Source: s3HeaderRef, Now: s3Day,
			Values: core.Values{"accessKeyId": s3Key, "secretAccessKey": s3Secret, "region": "us-east-1", "service": "s3"},
			Method: "PUT", URL: "https://examplebucket.s3.amazonaws.com/test%24file.text", Body: "Welcome to Amazon S3.",
			Header: core.Header{{Name: "Date", Value: "Fri, 24 May 2013 00:00:00 GMT"}, {Name: "x-amz-date", Value: "20130524T000000Z"},
				{Name: "x-amz-storage-class", Value: "REDUCED_REDUNDANCY"}},
			WantSteps: map[string]string{"canonical-uri": "/test%24file.text",
				"payload-hash": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
				"signature":    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"}},
		{ID: "s3-list-objects", Name: "A list from S3", Source: s3HeaderRef, Now: s3Day,
			Values: core.Values{"accessKeyId": s3Key, "secretAccessKey": s3Secret, "region": "us-east-1", "service": "s3"},
			URL:    "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
			WantSteps: map[string]string{"canonical-query": "max-keys=2&prefix=J",
				"signature": "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"}},
		{ID: "s3-presigned-get", Name: "A presigned address of S3", Source: s3QueryRef, Now: s3Day,
			Values: core.Values{"accessKeyId": s3Key, "secretAccessKey": s3Secret, "region": "us-east-1", "service": "s3",
				"in": inQuery, "expires": "86400"},
			URL: "https://examplebucket.s3.amazonaws.com/test.txt",
			WantURL: "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
				"&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
				"&X-Amz-Date=20130524T000000Z&X-Amz-SignedHeaders=host&X-Amz-Expires=86400" +
				"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
			WantSteps: map[string]string{"payload-hash": "UNSIGNED-PAYLOAD",
				"canonical-request-hash": "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04"}},
	},
	Example: core.Example{
		Values: core.Values{"accessKeyId": s3Key, "secretAccessKey": s3Secret, "region": "us-east-1", "service": "s3"},
		Wrong:  core.Values{"secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEV"},
		Step:   "k-date",
	},
}

// The account of AWS's own examples.
const (
	s3Key    = "AKIAIOSFODNN7EXAMPLE"
	s3Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var s3Day = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)

// awsFields are the fields of both schemes. freeHash says that a server takes x-amz-content-sha256 or goes
// without: S3, which the examples of sigv4 are for, insists on it.
func awsFields(region core.Field, freeHash bool) []core.Field {
	header, query := core.When{Field: "in", Values: []string{inHeader}}, core.When{Field: "in", Values: []string{inQuery}}
	choice := []core.Option{{Value: "auto", Label: "As the service wants it"}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
	return []core.Field{
		{ID: "accessKeyId", Label: "Access key ID", Kind: core.TextField, Placeholder: "AKIAIOSFODNN7EXAMPLE",
			Help: "The public half of the credentials; it is sent."},
		{ID: "secretAccessKey", Label: "Secret access key", Kind: core.SecretField, Secret: true,
			Help: "It never leaves this page: keys for one day, region and service are derived from it."},
		{ID: "sessionToken", Label: "Session token", Kind: core.SecretField, Secret: true,
			Help: "Only with temporary credentials, whose access key ID begins with ASIA."},
		region,
		{ID: "service", Label: "Service", Kind: core.TextField, Placeholder: "s3",
			Help: "The name the service signs with, such as s3, execute-api or es. Left empty, it is taken from a host of AWS."},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader, Free: true,
			Help:    "A presigned address can be opened by anyone who has it, without headers, until it expires.",
			Options: []core.Option{{Value: inHeader, Label: "Header"}, {Value: inQuery, Label: "Query (a presigned address)"}}},
		{ID: "expires", Label: "Valid for", Kind: core.NumberField, Default: "900", Free: true, When: query,
			Help: "In seconds, at most 604800 (a week)."},
		{ID: "payload", Label: "Body", Kind: core.ChoiceField, Default: "signed", Free: true, Advanced: true, When: header,
			Help:    "Only S3 and few others take a body that the signature does not cover.",
			Options: []core.Option{{Value: "signed", Label: "Signed"}, {Value: "unsigned", Label: "Unsigned (UNSIGNED-PAYLOAD)"}}},
		{ID: "pathEncoding", Label: "Encode the path", Kind: core.ChoiceField, Default: "auto", Advanced: true,
			Help: "How often it is percent-encoded in what is signed, counting the address itself: S3 once, others twice.",
			Options: []core.Option{{Value: "auto", Label: "As the service wants it"}, {Value: "once", Label: "Once, as S3 does"},
				{Value: "twice", Label: "Twice"}}},
		{ID: "normalizePath", Label: "Leave out double slashes", Kind: core.ChoiceField, Default: "auto", Advanced: true,
			Help: "In what is signed, “//” and “/./” become “/”. S3 does not do it, other services do.", Options: choice},
		{ID: "contentSha256Header", Label: "Send the body's hash", Kind: core.ChoiceField, Default: "auto", Free: freeHash, Advanced: true,
			When: header, Help: "In X-Amz-Content-Sha256, which S3, S3 Glacier and OpenSearch Serverless insist on.", Options: choice},
		{ID: "signSessionToken", Label: "Sign the session token", Kind: core.ToggleField, Default: "true", Advanced: true,
			Help: "A few services, such as AWS IoT, want it sent beside the signature instead."},
	}
}

func signSigV4(in core.Input, req *core.Request, tr *core.Trace) error {
	return signAWS("sigv4", in, req, tr)
}

func verifySigV4(in core.Input, req *core.Request, tr *core.Trace) error {
	return verifyAWS("sigv4", in, req, tr)
}

// challengeSigV4 says what a client needs to know. AWS itself answers 403 without a challenge; a 401 has
// to have one (RFC 9110, section 15.5.2).
func challengeSigV4(in core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: "AWS4-HMAC-SHA256", Params: []core.Param{{Name: "realm", Value: realm},
		{Name: "region", Value: in.Values["region"]}, {Name: "service", Value: in.Values["service"]}}}}
}

// awsRef is a part of “Create a signed request”, by its anchor.
func awsRef(anchor string) core.Ref {
	ref := core.Ref{Doc: "AWS IAM User Guide", Section: "Create a signed AWS API request",
		URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"}
	if anchor != "" {
		ref.URL += "#" + anchor
	}
	return ref
}

var (
	s3HeaderRef = core.Ref{Doc: "Amazon S3 API Reference", Section: "Authenticating Requests: Using the Authorization Header",
		URL: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"}
	s3QueryRef = core.Ref{Doc: "Amazon S3 API Reference", Section: "Authenticating Requests: Using Query Parameters",
		URL: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"}
)
