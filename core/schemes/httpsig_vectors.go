//go:build !page

package schemes

import (
	"time"

	"authpad/core"
)

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	httpsig.Vectors = []core.Vector{
		{ID: "rfc9421-b26-ed25519", Name: "Ed25519", Source: rfc("RFC 9421", "B.2.6"), Now: time.Unix(1618884473, 0),
			Values: core.Values{"key": httpsigExampleKey, "keyId": "test-key-ed25519", "label": "sig-b26",
				"components": `"date" "@method" "@path" "@authority" "content-type" "content-length"`},
			Method: "POST", URL: httpsigExampleURL, Header: httpsigExampleHeader, Body: httpsigExampleBody,
			WantSteps: map[string]string{"signature-base": `"date": Tue, 20 Apr 2021 02:07:55 GMT` + "\n" + `"@method": POST` + "\n" + `"@path": /foo` + "\n" +
				`"@authority": example.com` + "\n" + `"content-type": application/json` + "\n" + `"content-length": 18` + "\n" +
				`"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`},
			WantHeader: core.Header{{Name: "Signature", Value: "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"}}},
		{ID: "rfc9421-b25-hmac", Name: "A shared secret", Source: rfc("RFC 9421", "B.2.5"), Now: time.Unix(1618884473, 0),
			Values: core.Values{"algorithm": "hmac-sha256", "keyId": "test-shared-secret", "label": "sig-b25", "components": `"date" "@authority" "content-type"`,
				"key": "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="},
			Method: "POST", URL: httpsigExampleURL, Header: httpsigExampleHeader, Body: httpsigExampleBody,
			WantSteps: map[string]string{"signature-params": `("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"`,
				"signature": "a71710c3a1b7023b4c0508f0a3c5f39197ff6f0b392de95b68c939ac6206b44f"},
			WantHeader: core.Header{{Name: "Signature", Value: "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"}}},
		{ID: "rfc9421-43-ecdsa", Name: "ECDSA, and the body through its digest", Source: rfc("RFC 9421", "4.3"), Now: time.Unix(1618884475, 0),
			Values: core.Values{"algorithm": "ecdsa-p256-sha256", "keyId": "test-key-ecc-p256", "contentDigest": "sha-512",
				"components": `"@method" "@authority" "@path" "content-digest" "content-type" "content-length"`,
				"key":        `{"kty":"EC","crv":"P-256","d":"UpuF81l-kOxbjf7T4mNSv0r5tN67Gim7rnf6EFpcYDs","x":"qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA","y":"Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0"}`},
			Method: "POST", URL: httpsigExampleURL, Header: httpsigExampleHeader[:2], Body: httpsigExampleBody,
			WantSteps: map[string]string{"content-digest": httpsigExampleHeader[2].Value, "signature-params": `("@method" "@authority" "@path" "content-digest" "content-type" "content-length")` +
				`;created=1618884475;keyid="test-key-ecc-p256"`}},
	}
}
