package schemes

import "authpad/core"

// AWS Signature Version 4: the request is written down in an agreed form, and signed with a key that is
// derived from the secret access key for one day, region and service. sigv4_signing.go has what it shares
// with sigv4a, sigv4_steps.go the formula of both sides.
var sigv4 = core.Scheme{
	ID: "sigv4", Name: "AWS Signature Version 4",
	Summary: "Signs the request with a key derived from the secret access key, which itself is never sent.",
	Refs:    []core.Ref{awsRef(awsPage), s3HeaderRef, s3QueryRef},
	Fields: awsFields(core.Field{ID: "region", Label: "Region", Kind: core.TextField, Placeholder: "us-east-1",
		Help: "Where the service is. Empty: taken from an address of AWS, such as s3.eu-west-1.amazonaws.com."}, false),
	Answers: []string{"aws4-hmac-sha256"},
	Sign:    signSigV4, Verify: verifySigV4, Challenge: challengeSigV4,
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

// awsFields are the fields of both schemes. freeHash says that a server takes x-amz-content-sha256 or goes
// without: S3, which the examples of sigv4 are for, insists on it.
func awsFields(region core.Field, freeHash bool) []core.Field {
	header, query := core.When{Field: "in", Values: []string{inHeader}}, core.When{Field: "in", Values: []string{inQuery}}
	return []core.Field{
		{ID: "accessKeyId", Label: "Access key ID", Kind: core.TextField, Placeholder: "AKIAIOSFODNN7EXAMPLE",
			Help: "The public half of the credentials; it is sent."},
		{ID: "secretAccessKey", Label: "Secret access key", Kind: core.SecretField, Secret: true,
			Help: "It never leaves this page: keys for one day, region and service are derived from it."},
		{ID: "sessionToken", Label: "Session token", Kind: core.SecretField, Secret: true,
			Help: "Only with temporary credentials, whose access key ID begins with ASIA."},
		region,
		{ID: "service", Label: "Service", Kind: core.TextField, Placeholder: "s3",
			Help: "Its name in signatures, such as s3, execute-api or es. Empty: taken from an address of AWS."},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader, Free: true,
			Help:    "A presigned address can be opened by anyone who has it, without headers, until it expires.",
			Options: awsPlaces},
		{ID: "expires", Label: "Valid for", Kind: core.NumberField, Default: "900", Free: true, When: query,
			Help: "In seconds, at most 604800 (a week)."},
		{ID: "payload", Label: "Body", Kind: core.ChoiceField, Default: "signed", Free: true, Advanced: true, When: header,
			Help:    "Only S3 and few others take a body that the signature does not cover.",
			Options: awsPayloads},
		{ID: "pathEncoding", Label: "Encode the path", Kind: core.ChoiceField, Default: "auto", Advanced: true,
			Help:    "How often it is percent-encoded in what is signed, counting the address itself: S3 once, others twice.",
			Options: awsEncodings},
		{ID: "normalizePath", Label: "Leave out double slashes", Kind: core.ChoiceField, Default: "auto", Advanced: true,
			Help: "In what is signed, “//” and “/./” become “/”. S3 does not do it, other services do.", Options: awsChoice},
		{ID: "contentSha256Header", Label: "Send the body’s hash", Kind: core.ChoiceField, Default: "auto", Free: freeHash, Advanced: true,
			When: header, Help: "In X-Amz-Content-Sha256, which S3, S3 Glacier and OpenSearch Serverless insist on.", Options: awsChoice},
		{ID: "signSessionToken", Label: "Sign the session token", Kind: core.ToggleField, Default: "true", Advanced: true,
			Help: "A few services, such as AWS IoT, want it sent beside the signature instead."},
	}
}

var (
	awsPlaces    = []core.Option{{Value: inHeader, Label: "Header"}, {Value: inQuery, Label: "Query (a presigned address)"}}
	awsPayloads  = []core.Option{{Value: "signed", Label: "Signed"}, {Value: "unsigned", Label: "Unsigned (UNSIGNED-PAYLOAD)"}}
	awsEncodings = []core.Option{{Value: "auto", Label: "As the service wants it"}, {Value: "once", Label: "Once, as S3 does"},
		{Value: "twice", Label: "Twice"}}
	awsChoice = []core.Option{{Value: "auto", Label: "As the service wants it"}, {Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
)

func signSigV4(in core.Input, req *core.Request, tr *core.Trace) error {
	return signAWS("sigv4", in, req, tr)
}

func verifySigV4(in core.Input, req *core.Request, tr *core.Trace) error {
	return verifyAWS("sigv4", in, req, tr)
}

func challengeSigV4(in core.Input) []core.Challenge {
	return challengeAWS("AWS4-HMAC-SHA256", core.Param{Name: "region", Value: in.Values["region"]}, in)
}

// challengeAWS says what a client needs to know. AWS itself answers 403 without a challenge; a 401 has to
// have one (RFC 9110, section 15.5.2).
func challengeAWS(scheme string, region core.Param, in core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: scheme, Params: []core.Param{{Name: "realm", Value: realm}, region,
		{Name: "service", Value: in.Values["service"]}}}}
}

const awsPage = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"

// awsRef is a part of “Create a signed request”, by its address.
func awsRef(page string) core.Ref {
	return core.Ref{Doc: "AWS IAM User Guide", Section: "Create a signed AWS API request", URL: page}
}

var (
	s3HeaderRef = core.Ref{Doc: "Amazon S3 API Reference", Section: "Authenticating Requests: Using the Authorization Header",
		URL: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"}
	s3QueryRef = core.Ref{Doc: "Amazon S3 API Reference", Section: "Authenticating Requests: Using Query Parameters",
		URL: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"}
)
