//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	hawk.Vectors = []core.Vector{
		{ID: "readme-get", Name: "A request without a body", Source: hawkExampleRef,
			Values: core.Values{"id": "dh37fgj492je", "key": hawkKey, "ext": "some-app-ext-data"}, Now: seconds(1353832234), Nonces: map[string]string{"nonce": "j4h3g2"},
			URL: "http://example.com:8000/resource/1?b=1&a=2",
			WantHeader: core.Header{{Name: "Authorization", Value: `Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", ` +
				`ext="some-app-ext-data", mac="6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE="`}},
			WantSteps: map[string]string{"payload-hash": "",
				"normalized": "hawk.1.header\n1353832234\nj4h3g2\nGET\n/resource/1?b=1&a=2\nexample.com\n8000\n\nsome-app-ext-data\n"}},
		{ID: "readme-post", Name: "With the body’s hash", Source: hawkPayloadRef,
			Values: core.Values{"id": "dh37fgj492je", "key": hawkKey, "ext": "some-app-ext-data"}, Now: seconds(1353832234), Nonces: map[string]string{"nonce": "j4h3g2"},
			Method: "POST", URL: "http://example.com:8000/resource/1?b=1&a=2",
			Header: core.Header{{Name: "Content-Type", Value: "text/plain"}}, Body: "Thank you for flying Hawk",
			WantHeader: core.Header{{Name: "Authorization", Value: `Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", ` +
				`hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY=", ext="some-app-ext-data", mac="aSe1DERmZuRl3pI36/9BdZmnErTw3sNzOOAUlfeKjVw="`}},
			WantSteps: map[string]string{"content-type": "text/plain", "payload-hash": "Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY="}},
		{ID: "bewit", Name: "A link that expires", Source: hawkBewitRef,
			Values: core.Values{"id": "123456", "key": hawkKey, "in": inBewit, "ext": "some-app-data"},
			Now:    seconds(4511484641 - 300), URL: "http://example.com:8080/resource/4",
			WantURL: "http://example.com:8080/resource/4?bewit=MTIzNDU2XDQ1MTE0ODQ2NDFcZm1CdkNWT3MvcElOTUUxSTIwbWhrejQ3UnBwTmo4Y1VrSHpQd3Q5OXJ1cz1cc29tZS1hcHAtZGF0YQ",
			WantSteps: map[string]string{"mac": "fmBvCVOs/pINME1I20mhkz47RppNj8cUkHzPwt99rus=",
				"bewit-text": `123456\4511484641\fmBvCVOs/pINME1I20mhkz47RppNj8cUkHzPwt99rus=\some-app-data`}},
	}
}
