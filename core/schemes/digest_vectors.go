//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	digest.Vectors = []core.Vector{
		{ID: "rfc7616-sha-256", Name: "SHA-256 before MD5", Source: rfc("RFC 7616", "3.9.1"),
			Values: core.Values{"username": "Mufasa", "password": "Circle of Life"}, URL: "http://www.example.org/dir/index.html",
			Challenges: []string{digestExample + `algorithm=SHA-256, ` + digestExampleNonce, digestExample + `algorithm=MD5, ` + digestExampleNonce},
			Nonces:     map[string]string{"cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "nc": "00000001"},
			WantSteps: map[string]string{"algorithm": "SHA-256", "qop": "auth",
				"response": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
			WantHeader: core.Header{{Name: "Authorization", Value: `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", ` +
				`algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, ` +
				`cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, ` +
				`response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`}}},
		{ID: "rfc7616-md5", Name: "MD5", Source: rfc("RFC 7616", "3.9.1"),
			Values: core.Values{"username": "Mufasa", "password": "Circle of Life"}, URL: "http://www.example.org/dir/index.html",
			Challenges: []string{digestExample + `algorithm=MD5, ` + digestExampleNonce},
			Nonces:     map[string]string{"cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "nc": "00000001"},
			WantSteps:  map[string]string{"algorithm": "MD5", "response": "8ca523f5e9506fed4657c9700eebdbec"}},
		{ID: "rfc7616-sha-512-256", Name: "SHA-512/256 and a hashed user name (erratum 4897)", Source: rfc("RFC 7616", "3.9.2"),
			Values: core.Values{"username": "Jäsøn Doe", "password": "Secret, or not?"}, URL: "http://api.example.org/doe.json",
			Challenges: []string{`Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ` +
				`opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`},
			Nonces: map[string]string{"cnonce": "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "nc": "00000001"},
			WantSteps: map[string]string{"userhash": "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
				"response": "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"}},
		{ID: "rfc2617", Name: "As in 1999: MD5 without being named", Source: rfc("RFC 2617", "3.5"),
			Values: core.Values{"username": "Mufasa", "password": "Circle Of Life"}, URL: "http://www.nowhere.org/dir/index.html",
			Challenges: []string{`Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`},
			Nonces:     map[string]string{"cnonce": "0a4f113b", "nc": "00000001"},
			WantSteps:  map[string]string{"ha1": "939e7578ed9e3c518a452acee763bce9", "response": "6629fae49393a05397450978507c4ef1"}},
		{ID: "rfc2069", Name: "As in 1997: without qop (erratum 749)", Source: rfc("RFC 2069", "2.4"),
			Values: core.Values{"username": "Mufasa", "password": "CircleOfLife"}, URL: "http://www.nowhere.org/dir/index.html",
			Challenges: []string{`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`},
			WantSteps:  map[string]string{"qop": "none", "response": "1949323746fe6a43ef61f9606e7febea"}},
	}
}
