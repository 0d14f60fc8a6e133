//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// hawkCase is a request, and what we made of it.
type hawkCase struct {
	URL         string `json:"url"`
	Method      string `json:"method"`
	ID          string `json:"id"`
	Key         string `json:"key"`
	Algorithm   string `json:"algorithm"`
	TS          int64  `json:"ts"`
	TTL         int    `json:"ttl"`
	Nonce       string `json:"nonce"`
	Ext         string `json:"ext"`
	App         string `json:"app"`
	Dlg         string `json:"dlg"`
	Body        string `json:"body"`
	ContentType string `json:"contentType"`
	Hashed      bool   `json:"hashed"`
	Answer      string `json:"answer"`
	Ours        string `json:"ours"`
	OurLink     string `json:"ourLink"`
}

// hawkJudgement is what npm's hawk says to it.
type hawkJudgement struct{ Header, Refused, Proof, Bewit, LinkRefused string }

// A thousand requests with odd paths, queries, bodies and Unicode: npm's hawk sends the same header and the
// same link, takes ours, and we take its proof.
func TestHawkAgreesWithNPM(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	cases := make([]hawkCase, 1000)
	for i := range cases {
		cases[i] = randomHawk(t, random)
	}
	for i, said := range askPeer[hawkCase, hawkJudgement](t, "hawk.cjs", cases) {
		c := cases[i]
		require.Equal(t, said.Header, c.Ours, c.URL)
		require.Empty(t, said.Refused, c.URL)
		require.Empty(t, said.LinkRefused, c.OurLink)
		_, ours, _ := strings.Cut(c.OurLink, "bewit=")
		require.Equal(t, said.Bewit, ours)
		scheme, in := inputFor(t, "hawk", c.values(), c.pinned())
		tr := &core.Trace{}
		scheme.Confirm(in, c.signed(t), hawkAnswer(c.ContentType, c.Answer, said.Proof), tr)
		require.Equal(t, []string{"hawk.proof"}, codesOf(tr), said.Proof)
	}
}

func randomHawk(t *testing.T, random *rand.Rand) hawkCase {
	word := func() string {
		const letters = "aZ9 !#$%&'()*+,-./:;<=>?@[]^_`{|}~"
		var b strings.Builder
		for range random.IntN(8) {
			b.WriteByte(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	c := hawkCase{Method: []string{"GET", "POST", "PUT", "DELETE"}[random.IntN(4)], ID: "i" + word(), Key: "k" + randomText(random),
		Algorithm: []string{"sha256", "sha1"}[random.IntN(2)], TS: int64(1e9 + random.IntN(1e9)), TTL: 1 + random.IntN(1e6),
		Nonce: "n" + word(), Ext: word(), Answer: randomText(random), Body: randomText(random),
		ContentType: []string{"", "text/plain", "Application/JSON; charset=utf-8", " text/html ;x"}[random.IntN(4)]}
	if random.IntN(3) == 0 {
		c.App, c.Dlg = "a"+word(), word()
	}
	if c.Method == "GET" {
		c.Body = ""
	}
	c.Hashed = c.Method != "GET" && random.IntN(4) > 0
	url := []string{"https://Example.com", "http://api.example.com:8080", "HTTPS://example.com:443", "http://[::1]"}[random.IntN(4)] + randomPath(random)
	if random.IntN(4) > 0 {
		url += "?" + randomList(random, "q")
	}
	c.URL = requestTo(t, c.Method, url).URL.String()
	signed := c.signed(t)
	c.Ours, _ = signed.Header.Get("Authorization")
	require.NoError(t, verifyPinned(t, "hawk", c.values(), c.pinned(), signed))
	link := requestTo(t, "GET", c.URL)
	signPinned(t, "hawk", merged(c.values(), core.Values{"in": "bewit", "expires": strconv.Itoa(c.TTL)}), c.pinned(), link)
	require.Len(t, syntax.Parameters(link.URL.Query, "bewit"), 1)
	require.NoError(t, verifyPinned(t, "hawk", c.values(), c.pinned(), link))
	c.OurLink = link.URL.Target()
	return c
}

func (c hawkCase) signed(t *testing.T) *core.Request {
	req := requestTo(t, c.Method, c.URL)
	req.Body = []byte(c.Body)
	if c.ContentType != "" {
		req.Header.Add("Content-Type", c.ContentType)
	}
	signPinned(t, "hawk", c.values(), c.pinned(), req)
	return req
}

func (c hawkCase) values() core.Values {
	return core.Values{"id": c.ID, "key": c.Key, "algorithm": c.Algorithm, "ext": c.Ext, "app": c.App, "dlg": c.Dlg,
		"payloadHash": strconv.FormatBool(c.Hashed)}
}

func (c hawkCase) pinned() core.Vector {
	return core.Vector{Now: time.Unix(c.TS, 0), Nonces: map[string]string{"nonce": c.Nonce}}
}
