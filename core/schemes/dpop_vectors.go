//go:build !page

package schemes

import (
	"time"

	"authpad/core"
)

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	dpop.Vectors = []core.Vector{ // the RFC does not print its private key; this one is of RFC 7515, A.3
		{ID: "rfc9449-resource", Name: "A token and its proof", Source: rfc("RFC 9449", "7.1"), Now: time.Unix(1562262618, 0), Nonces: map[string]string{"jti": "e1j3V_bKic8-LAEB"},
			Values: core.Values{"accessToken": dpopExampleToken, "key": dpopExampleKey}, URL: "https://resource.example.org/protectedresource",
			WantHeader: core.Header{{Name: "Authorization", Value: "DPoP " + dpopExampleToken}},
			WantSteps: map[string]string{"ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo",
				"claims":         `{"jti":"e1j3V_bKic8-LAEB","htm":"GET","htu":"https://resource.example.org/protectedresource","iat":1562262618,"ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}`,
				"encoded-claims": "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"}},
		{ID: "rfc9449-token", Name: "A proof for a token endpoint", Source: rfc("RFC 9449", "4.1"), Now: time.Unix(1562262616, 0), Nonces: map[string]string{"jti": "-BwC3ESc6acc2lTc"},
			Values: core.Values{"key": dpopExampleKey}, Method: "POST", URL: "https://server.example.com/token",
			WantSteps: map[string]string{"encoded-claims": "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"}},
	}
}
