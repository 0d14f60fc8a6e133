//go:build !page

package schemes

import "authpad/core"

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	edgegrid.Vectors = []core.Vector{
		{ID: "simple-get", Name: "A GET", Source: edgeTestRef, Values: edgeExample, Now: seconds(1395430461), Nonces: edgeNonces,
			URL:        edgeHost + "/testapi/v1/t1?p1=1&p2=2",
			WantHeader: core.Header{{Name: "Authorization", Value: edgeAuth + "signature=hKDH1UlnQySSHjvIcZpDMbQHihTQ0XyVAKZaApabdeA="}},
			WantSteps: map[string]string{"timestamp": "20140321T19:34:21+0000", "content-hash": "",
				"data-to-sign": "GET\thttps\takaa-baseurl-xxxxxxxxxxx-xxxxxxxxxxxxx.luna.akamaiapis.net\t/testapi/v1/t1?p1=1&p2=2\t\t\t" + edgeAuth}},
		{ID: "headers", Name: "Signed headers, in the order of their list", Source: edgeTestRef,
			Values: core.Values{"clientToken": edgeExample["clientToken"], "clientSecret": edgeExample["clientSecret"],
				"accessToken": edgeExample["accessToken"], "headersToSign": "X-Test1,X-Test2,X-Test3"},
			Now: seconds(1395430461), Nonces: edgeNonces, URL: edgeHost + "/testapi/v1/t4",
			Header:     core.Header{{Name: "X-Test2", Value: "t2"}, {Name: "X-Test1", Value: "t1"}, {Name: "X-Test3", Value: "t3"}},
			WantHeader: core.Header{{Name: "Authorization", Value: edgeAuth + "signature=Wus73Nx8jOYM+kkBFF2q8D1EATRIMr0WLWwpLBgkBqY="}},
			WantSteps:  map[string]string{"canonical-headers": "x-test1:t1\tx-test2:t2\tx-test3:t3"}},
	}
}
