//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	jwt.Vectors = []core.Vector{
		{ID: "rfc7515-hs256", Name: "HMAC with SHA-256", Source: rfc("RFC 7515", "A.1"), Now: seconds(1300819370),
			Values: core.Values{"algorithm": "HS256", "autoClaims": "false",
				"key":    `{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}`,
				"header": "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", "claims": joeClaims},
			URL: "https://api.example.com/data",
			WantHeader: core.Header{{Name: "Authorization",
				Value: "Bearer eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + joeEncoded + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}},
			WantSteps: map[string]string{"encoded-header": "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "encoded-claims": joeEncoded,
				"signature": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}},
		{ID: "rfc7515-es256", Name: "ECDSA on P-256", Source: rfc("RFC 7515", "A.3"), Now: seconds(1300819370),
			Values: core.Values{"algorithm": "ES256", "autoClaims": "false",
				"key":    `{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`,
				"header": `{"alg":"ES256"}`, "claims": joeClaims},
			URL:       "https://api.example.com/data",
			WantSteps: map[string]string{"signing-input": "eyJhbGciOiJFUzI1NiJ9." + joeEncoded}},
		{ID: "jwtio", Name: "The example of jwt.io", Source: core.Ref{Doc: "jwt.io", URL: "https://jwt.io/"}, Now: seconds(1516239022),
			Values: core.Values{"algorithm": "HS256", "autoClaims": "false", "key": "your-256-bit-secret",
				"claims": `{"sub":"1234567890","name":"John Doe","iat":1516239022}`},
			URL: "https://api.example.com/data",
			WantSteps: map[string]string{"header": `{"alg":"HS256","typ":"JWT"}`,
				"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"}},
	}
}
