//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	oauth1.Vectors = []core.Vector{
		{ID: "rfc5849-initiate", Name: "Asking for a request token", Source: rfc("RFC 5849", "1.2"),
			Values: core.Values{"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44", "realm": "Photos",
				"callback": "http://printer.example.com/ready", "version": "false"},
			Now: seconds(137131200), Nonces: map[string]string{"oauth_nonce": "wIjqoS"},
			Method: "POST", URL: "https://photos.example.net/initiate",
			WantSteps: map[string]string{"timestamp": "137131200", "signature": "74KNZJeDHnMBp0EMJ9ZHt/XKycU="}},
		{ID: "rfc5849-photos", Name: "Fetching a photo", Source: rfc("RFC 5849", "1.2"),
			Values: core.Values{"consumerKey": "dpf43f3p2l4k3l03", "consumerSecret": "kd94hf93k423kf44", "realm": "Photos",
				"token": "nnch734d00sl2jdk", "tokenSecret": "pfkkdhi9sl3r4s00", "version": "false"},
			Now: seconds(137131202), Nonces: map[string]string{"oauth_nonce": "chapoH"},
			URL:       "http://photos.example.net/photos?file=vacation.jpg&size=original",
			WantSteps: map[string]string{"key": "kd94hf93k423kf44&pfkkdhi9sl3r4s00", "signature": "MdpQcU8iPSUjWoN/UDMsK2sui9I="}},
		{ID: "rfc5849-parameters", Name: "Repeated and empty parameters, and a form", Source: rfc("RFC 5849", "3.4.1.1"),
			Values: core.Values{"consumerKey": "9djdj82h48djs9d2", "token": "kkk9d7dh3k39sjv7", "realm": "Example", "version": "false",
				"consumerSecret": "j49sk3j29djd", "tokenSecret": "dh893hdasih9"},
			Now: seconds(137131201), Nonces: map[string]string{"oauth_nonce": "7d8f3e4a"},
			Method: "POST", URL: "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
			Header: core.Header{{Name: "Content-Type", Value: formType}}, Body: "c2&a3=2+q",
			WantSteps: map[string]string{"base-string-uri": "http://example.com/request",
				"normalized-parameters": "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a&oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7"}},
	}
}
