package schemes

import (
	"bytes"
	"strings"

	"authpad/core"
	"authpad/core/keys"
	"authpad/core/syntax"
)

// AWS Signature Version 4A: as sigv4, but with a key pair that is derived from the secret access key, so
// that one signature is good in several regions, whose servers need no more than the public key.
var sigv4a = core.Scheme{
	ID: "sigv4a", Name: "AWS Signature Version 4A",
	Summary: "Signs the request for several regions at once, with a key pair derived from the secret access key.",
	Refs:    []core.Ref{sigv4aRef, awsRef(awsPage)},
	Fields: awsFields(core.Field{ID: "regionSet", Label: "Region set", Kind: core.TextField, Placeholder: "us-east-1,eu-west-1",
		Help: "The regions in which the signature holds, with commas between them; “*” stands for any text."}, true),
	Answers: []string{"aws4-ecdsa-p256-sha256"},
	Sign:    signSigV4A, Verify: verifySigV4A, Challenge: challengeSigV4A,
	Example: core.Example{
		Values: core.Values{"accessKeyId": suiteKey, "secretAccessKey": suiteSecret, "regionSet": "us-east-1,eu-west-1", "service": "events"},
		Wrong:  core.Values{"secretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEV"},
		Step:   "private-key",
	},
}

// The account of AWS's test suite.
const (
	suiteKey    = "AKIDEXAMPLE"
	suiteSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var (
	sigv4aRef = core.Ref{Doc: "AWS IAM User Guide", Section: "AWS Signature Version 4 for API requests",
		URL: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html"}
)

func signSigV4A(in core.Input, req *core.Request, tr *core.Trace) error {
	return signAWS("sigv4a", in, req, tr)
}

func verifySigV4A(in core.Input, req *core.Request, tr *core.Trace) error {
	return verifyAWS("sigv4a", in, req, tr)
}

func challengeSigV4A(in core.Input) []core.Challenge {
	return challengeAWS("AWS4-ECDSA-P256-SHA256", core.Param{Name: "region-set", Value: in.Values["regionSet"]}, in)
}

// signAsymmetric derives the key pair and signs with it, unless verified is a signature that is known to
// be right: no two are the same.
func (s *awsSigning) signAsymmetric(toSign, verified string) (string, error) {
	p, err := s.pairOf()
	if err != nil {
		return "", err
	}
	s.showPair(p)
	if verified == "" {
		signature, err := s.env.Keys.Sign("ES256", p.key, []byte(toSign))
		if err != nil {
			return "", keys.At("secretAccessKey", err)
		}
		der, err := keys.SignatureDER(signature)
		if err != nil {
			return "", keys.At("secretAccessKey", err)
		}
		verified = hexOf(der)
	}
	return s.add("ecdsa", verified), nil
}

// awsPair is a derived key pair. number is the private key.
type awsPair struct {
	number, fixed []byte
	key, public   core.Key
}

// pairOf derives the key pair once.
func (s *awsSigning) pairOf() (*awsPair, error) {
	if s.pair != nil {
		return s.pair, nil
	}
	p := &awsPair{}
	p.number, p.fixed = awsScalar(s.secret, s.accessKey)
	var err error
	if p.key, err = keys.FromScalar("P-256", p.number); err == nil {
		p.public, err = s.env.Keys.Public(p.key)
	}
	if err != nil {
		return nil, keys.At("secretAccessKey", err)
	}
	s.pair = p
	return p, nil
}

func (s *awsSigning) showPair(p *awsPair) {
	s.add("private-key", hexOf(p.number),
		core.Part{Name: "“AWS4A” and secret access key", Value: "AWS4A" + s.secret, From: "field:secretAccessKey", Secret: true},
		core.Part{Name: "message with the access key ID and a counter, hex", Value: hexOf(p.fixed), Hex: true, From: "field:accessKeyId"})
	s.add("public-key", "04"+hexOf(p.public.X)+hexOf(p.public.Y))
}

// awsScalar is the number of the private key (FIPS 186-4, appendix B.4.2), and the message it was made of:
// HMAC("AWS4A" + secret, message) + 1, with the first message of which that is less than the order of the curve.
func awsScalar(secret, accessKey string) (number, message []byte) {
	for counter := byte(1); ; counter++ {
		message = counterMessage(accessKey, counter)
		number = mac("SHA-256", []byte("AWS4A"+secret), message)
		if bytes.Compare(number, []byte(orderMinusTwo)) <= 0 || counter == 254 {
			return plusOne(number), message
		}
	}
}

// counterMessage is i, label, zero, context and length of a key derivation in counter mode (NIST SP 800-108,
// section 4.1). i stays 1: it is the counter at the end of the context that counts.
func counterMessage(accessKey string, counter byte) []byte {
	return []byte("\x00\x00\x00\x01AWS4-ECDSA-P256-SHA256\x00" + accessKey + string([]byte{counter, 0, 0, 1, 0}))
}

// orderMinusTwo is two less than the order of P-256 (SEC 2, section 2.4.2).
const orderMinusTwo = "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff" +
	"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x4f"

// plusOne adds one to a big-endian number.
func plusOne(number []byte) []byte {
	for i := len(number) - 1; i >= 0; i-- {
		if number[i]++; number[i] != 0 {
			break
		}
	}
	return number
}

// verifyAsymmetric takes a signature that is not misshapen.
func (s *awsServer) verifyAsymmetric(toSign, signature string) (bool, error) {
	der, _ := syntax.Unhex(signature)
	both, err := keys.SignatureJOSE("ES256", der)
	if err != nil {
		return false, nil
	}
	p, err := s.pairOf()
	if err != nil {
		return false, err
	}
	valid, err := s.env.Keys.Verify("ES256", p.public, []byte(toSign), both)
	return valid, keys.At("secretAccessKey", err)
}

// matchRegions holds that the sent set, whose members may have “*” in them, has each of the server's regions.
func (s *awsServer) matchRegions(sent string) error {
	if sent == "" {
		return s.refuse("wrong-region-set", "region-set", "X-Amz-Region-Set is missing, which names the regions that the signature is for")
	}
	for _, region := range strings.Split(s.region.Value, ",") {
		matched := false
		for _, pattern := range strings.Split(sent, ",") {
			matched = matched || matchesPattern(syntax.TrimSpace(pattern), region)
		}
		if !matched {
			refused := s.refuse("wrong-region-set", "region-set", "the signature is for other regions than those of this server")
			refused.Want, refused.Got = s.region.Value, visible(sent)
			return refused
		}
	}
	s.region = core.Part{Name: "X-Amz-Region-Set", Value: sent, From: "request:headers"}
	return nil
}

// matchesPattern is for patterns in which “*” stands for any text. What stands between two of them is
// best found as early as possible.
func matchesPattern(pattern, text string) bool {
	pieces := strings.Split(pattern, "*")
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 || len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return pattern == text
	}
	text = text[len(first) : len(text)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		at := strings.Index(text, piece)
		if at < 0 {
			return false
		}
		text = text[at+len(piece):]
	}
	return true
}
