//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	asap.Vectors = []core.Vector{
		{ID: "asap-spec", Name: "The claims that the specification asks for", Source: asapRef("access-token-generation"), Now: seconds(1700000000),
			Nonces: map[string]string{"jti": "a1b2c3"},
			Values: core.Values{"issuer": "service-a", "audience": "service-b", "keyId": "service-a/key1", "privateKey": asapKey},
			URL:    "https://service-b.example.com/",
			WantSteps: map[string]string{"header": `{"typ":"JWT","alg":"ES256","kid":"service-a/key1"}`,
				"claims": `{"iss":"service-a","sub":"service-a","aud":"service-b","iat":1700000000,"exp":1700000060,"jti":"a1b2c3"}`}},
	}
}
