//go:build !page

package schemes

import (
	"time"

	"authpad/core"
)

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	sigv4a.Vectors = []core.Vector{
		{ID: "get-vanilla", Name: "The shortest request", Source: awsSuiteRef, Now: suiteTime,
			Values:     core.Values{"accessKeyId": suiteKey, "secretAccessKey": suiteSecret, "regionSet": "us-east-1", "service": "service"},
			URL:        "https://example.amazonaws.com/",
			WantHeader: core.Header{{Name: "X-Amz-Date", Value: "20150830T123600Z"}, {Name: "X-Amz-Region-Set", Value: "us-east-1"}},
			WantSteps: map[string]string{"private-key": "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c",
				"canonical-request-hash": "cf59db423e841c8b7e3444158185aa261b724a5c27cbe762676f3eed19f4dc02"}},
		{ID: "get-vanilla-query-order-key-case", Name: "A query to sort", Source: awsSuiteRef, Now: suiteTime,
			Values: core.Values{"accessKeyId": suiteKey, "secretAccessKey": suiteSecret, "regionSet": "us-east-1", "service": "service"},
			URL:    "https://example.amazonaws.com/?Param2=value2&Param1=value1",
			WantSteps: map[string]string{"canonical-query": "Param1=value1&Param2=value2",
				"canonical-request-hash": "cc07b29e0d0f0b2d6aa296621a5608fd9c2271159b9b2f737f682704ebb96482"}},
		{ID: "post-x-www-form-urlencoded", Name: "A form, with the hash of the body", Source: awsSuiteRef, Now: suiteTime,
			Values: core.Values{"accessKeyId": suiteKey, "secretAccessKey": suiteSecret, "regionSet": "us-east-1", "service": "service",
				"contentSha256Header": "true"},
			Method: "POST", URL: "https://example.amazonaws.com/", Body: "Param1=value1",
			Header: core.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}, {Name: "Content-Length", Value: "13"}},
			WantSteps: map[string]string{"payload-hash": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
				"canonical-request-hash": "ba7fa291aefad463b308fdc89b33d852aea9fbcfa151d820117bd8189066cb91"}},
	}
}

var (
	suiteTime   = time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	awsSuiteRef = core.Ref{Doc: "AWS signing test suite, v4a", URL: "https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4a"}
)
