//go:build !page

package schemes

import (
	"time"

	"authpad/core"
)

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	sigv4.Vectors = []core.Vector{
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
			Method: "PUT", URL: "https://examplebucket.s3.amazonaws.com/test%24file.text", Body: "Welcome to Amazon S3.", Untyped: true,
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
	}
}

var s3Day = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
