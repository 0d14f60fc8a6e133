//go:build !page

package schemes

import (
	"time"

	"authpad/core"
)

// The published examples. The page has them from web/schemes.js, so that its module need not carry them.
func init() {
	wsse.Vectors = []core.Vector{
		{ID: "atom", Name: "The nonce hashed as it is sent", Source: atomRef,
			Values: core.Values{"username": "bob", "password": "taadtaadpstcsm"},
			Now:    time.Date(2003, 12, 15, 14, 43, 7, 0, time.UTC), Nonces: map[string]string{"nonce": "d36e316282959a9ed4c89851497a717f"},
			URL: "http://bob.example.com/atom.cgi",
			WantHeader: core.Header{{Name: "Authorization", Value: `WSSE profile="UsernameToken"`},
				{Name: "X-WSSE", Value: `UsernameToken Username="bob", PasswordDigest="quR/EWLAV4xLf9Zqyw4pDmfV9OY=", ` +
					`Nonce="d36e316282959a9ed4c89851497a717f", Created="2003-12-15T14:43:07Z"`}},
			WantSteps: map[string]string{"password-digest": "quR/EWLAV4xLf9Zqyw4pDmfV9OY=", "created": "2003-12-15T14:43:07Z"}},
		{ID: "atom-base64", Name: "The same nonce, sent in base64", Source: oasisRef("3.1"),
			Values: core.Values{"username": "bob", "password": "taadtaadpstcsm"},
			Now:    time.Date(2003, 12, 15, 14, 43, 7, 0, time.UTC), Nonces: map[string]string{"nonce": "ZDM2ZTMxNjI4Mjk1OWE5ZWQ0Yzg5ODUxNDk3YTcxN2Y="},
			URL: "http://bob.example.com/atom.cgi",
			WantSteps: map[string]string{"nonce-octets": "6433366533313632383239353961396564346338393835313439376137313766",
				"password-digest": "quR/EWLAV4xLf9Zqyw4pDmfV9OY="}},
	}
}
