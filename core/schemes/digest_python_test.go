//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// digestPeerCase is a challenge, and the request that answers it.
type digestPeerCase struct {
	Method    string `json:"method"`
	URL       string `json:"url"` // as a browser writes it
	Username  string `json:"username"`
	Password  string `json:"password"`
	Challenge string `json:"challenge"`
}

// A thousand challenges, with odd paths, queries, names and Unicode: Python's requests comes to the same response, and
// our Verify takes its header. It has no auth-int, userhash and SHA-512/256, does not escape quotes, and its uri has
// neither a lone “?” nor what follows a semicolon in a path, though both are sent; of MD5-sess without qop it does not send
// the cnonce that it reckoned with.
func TestDigestAgreesWithPython(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 7616))
	cases := make([]digestPeerCase, 1000)
	for i := range cases {
		cases[i] = randomDigest(t, random)
	}
	for i, header := range askPeer[digestPeerCase, string](t, "digest.py", cases) {
		c := cases[i]
		vector := core.Vector{URL: c.URL, Method: c.Method, Challenges: []string{inUTF8(c.Challenge)}, Nonces: map[string]string{"cnonce": paramIn(header, "cnonce"), "nc": "1"}}
		in := input(t, digestScheme(t), vector, core.Values{"username": c.Username, "password": c.Password})
		_, tr, err := sign(digestScheme(t), in, requestTo(t, c.Method, c.URL))
		require.NoError(t, err, c.Challenge)
		require.Equal(t, paramIn(header, "response"), tr.Step("response").Out, "%s\n%s", c.Challenge, header)
		theirs := requestTo(t, c.Method, c.URL)
		theirs.Header.Add("Authorization", inUTF8(header))
		require.NoError(t, digestScheme(t).Verify(in, theirs, &core.Trace{}), "we refuse theirs: %s\n%s", c.Challenge, header)
	}
}

// inUTF8 is text as its bytes stand in a header line: a character each.
func inUTF8(text string) string {
	chars := make([]rune, len(text))
	for i := range len(text) {
		chars[i] = rune(text[i])
	}
	return string(chars)
}

func randomDigest(t *testing.T, random *rand.Rand) digestPeerCase {
	pick := func(choices ...string) string { return choices[random.IntN(len(choices))] }
	plain := strings.NewReplacer(`"`, "", `\`, "", "\t", "", "%", "")
	text := func() string { return plain.Replace(randomText(random)) }
	url := "https://example.com" + strings.ReplaceAll(randomPath(random), ";", "")
	if list := randomList(random, "q"); list != "" {
		url += "?" + list
	}
	protection := pick("", ", algorithm=MD5", ", algorithm=SHA-256") + pick("", `, qop="auth"`, `, qop="auth,auth-int"`)
	if random.IntN(4) == 0 {
		protection = `, algorithm=MD5-sess, qop="auth"`
	}
	return digestPeerCase{Method: pick("GET", "POST", "PUT", "PROPFIND"), URL: requestTo(t, "GET", url).URL.String(),
		Username: "u" + strings.ReplaceAll(text(), ":", ""), Password: text(),
		Challenge: `Digest realm="r` + text() + `", nonce="n` + text() + `=="` + pick("", `, opaque="o"`) + protection}
}
