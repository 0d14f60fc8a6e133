package schemes_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

func TestContentDigestVectors(t *testing.T) {
	vectors.Load(t, "content_digest").Run(t, map[string]func(*testing.T, vectors.Case){
		"digest": func(t *testing.T, vc vectors.Case) {
			var c struct {
				Field, Value string
				BodyHex      string `json:"body_hex"`
				Valid        bool
			}
			vc.Decode(t, &c)
			body, err := hex.DecodeString(c.BodyHex)
			require.NoError(t, err)
			checkContentDigest(t, body, c.Value, c.Valid)
		},
		"parse": func(t *testing.T, vc vectors.Case) {
			var c struct {
				Field, Value string
				Digests      map[string]string
			}
			vc.Decode(t, &c)
			members, err := syntax.ParseDictionary(c.Value)
			require.NoError(t, err)
			require.Len(t, members, len(c.Digests))
			for _, m := range members {
				require.Equal(t, c.Digests[m.Key], base64.StdEncoding.EncodeToString([]byte(m.Text)))
			}
		},
		"want": func(t *testing.T, vc vectors.Case) {
			var c struct {
				Field, Value string
				Preferences  map[string]int64
			}
			vc.Decode(t, &c)
			s, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", httpsigSecret)
			in.Told = core.Header{{Name: "Want-Content-Digest", Value: c.Value}}
			_, tr, err := sign(s, in, &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a.example", Path: "/"}})
			require.NoError(t, err)
			require.Greater(t, c.Preferences["sha-256"], c.Preferences["sha-512"])
			require.Equal(t, "choose sha-256", noteOf(t, tr, "httpsig.digest-wanted").Fix)
		},
	})
}

// checkDigest signs a request that has the value, as it is, and asks the server; and it computes the value.
func checkContentDigest(t *testing.T, body []byte, value string, valid bool) {
	own := core.Request{Method: "POST", Body: body, Header: core.Header{{Name: "Content-Digest", Value: value}}}
	values := merged(httpsigSecret, core.Values{"components": `"content-digest"`})
	req, tr, err := build(t, "httpsig", values, own)
	require.NoError(t, err)
	require.Equal(t, value, tr.Step("component-1").Out)
	if err := verifyRequest(t, "httpsig", values, req); valid {
		require.NoError(t, err)
	} else {
		require.Equal(t, "httpsig.digest-mismatch", asRejection(t, err).Code)
		noteOf(t, tr, "httpsig.digest-mismatch")
		return
	}
	for _, algorithm := range []string{"sha-256", "sha-512"} {
		if strings.Contains(value, algorithm) {
			_, tr, err := build(t, "httpsig", merged(values, core.Values{"contentDigest": algorithm}), core.Request{Method: "POST", Body: body})
			require.NoError(t, err)
			require.Contains(t, strings.Split(value, ","), tr.Step("content-digest").Out)
		}
	}
}
