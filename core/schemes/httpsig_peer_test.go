//go:build !js

package schemes_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
)

// TestHTTPSigAgainstHTTPMessageSignatures: a thousand random requests, each signed by both sides and
// checked by the other. The judge is the npm package http-message-signatures.
func TestHTTPSigAgainstHTTPMessageSignatures(t *testing.T) {
	keys := httpsigKeys(t, vectors.Load(t, "httpsig"))
	r := rand.New(rand.NewPCG(9421, 0))
	var questions []httpsigQuestion
	var values []core.Values
	var requests []*core.Request
	for i := range 1000 {
		req, components := randomMessage(t, r)
		v, key := httpsigPeerKey(keys, i)
		v["components"], v["keyId"], v["tag"] = strings.Join(components, " "), "key "+strconv.Itoa(i), []string{"", "a \"tag\"\\"}[i%2]
		signed, tr, err := signSchemeAt(t, time.Unix(now, 0), "httpsig", v, req)
		require.NoError(t, err, "%s\n%s", v["components"], req.Head())
		headers := map[string][]string{}
		for _, line := range signed.Header {
			headers[line.Name] = append(headers[line.Name], line.Value)
		}
		questions = append(questions, httpsigQuestion{Method: req.Method, URL: req.URL.String(), Headers: headers, Fields: components,
			Algorithm: v["algorithm"], Private: key.private, Public: key.public, Secret: key.secret, KeyID: v["keyId"], Tag: v["tag"], Base: tr.Step("signature-base").Out})
		values, requests = append(values, v), append(requests, signed)
	}
	for i, a := range askPeer[httpsigQuestion, httpsigJudgement](t, "httpsig.cjs", questions) {
		require.Empty(t, a.Problem, "%+v", questions[i])
		require.Equal(t, questions[i].Base, a.Base, "%+v", questions[i])
		require.True(t, a.Valid, "they refuse ours: %+v", questions[i])
		theirs := requests[i].Clone()
		theirs.Header.Set("Signature", a.Signature)
		theirs.Header.Set("Signature-Input", a.SignatureInput)
		require.NoError(t, verifySchemeAt(t, time.Unix(now, 0), "httpsig", values[i], theirs), "we refuse theirs: %+v", questions[i])
	}
}

type httpsigQuestion struct {
	Method, URL, Algorithm, Private, Public, Secret, KeyID, Tag, Base string
	Headers                                                           map[string][]string
	Fields                                                            []string
}

// httpsigJudgement is their base and signature, and what they say to ours.
type httpsigJudgement struct {
	Base, Signature, SignatureInput, Problem string
	Valid                                    bool
}

type httpsigPeerPair struct{ private, public, secret string }

func httpsigPeerKey(keys map[string]httpsigKey, i int) (core.Values, httpsigPeerPair) {
	algorithms := []string{"ed25519", "ecdsa-p256-sha256", "hmac-sha256", "rsa-v1_5-sha256", "ed25519", "hmac-sha256"}
	algorithm := algorithms[i%len(algorithms)]
	name := map[string]string{"ed25519": "test-key-ed25519", "ecdsa-p256-sha256": "test-key-ecc-p256", "rsa-v1_5-sha256": "test-key-rsa", "hmac-sha256": "test-shared-secret"}[algorithm]
	k := keys[name]
	return core.Values{"algorithm": algorithm, "key": k.private()}, httpsigPeerPair{k.PrivatePEM, k.PublicPEM, k.SecretBase64}
}

// randomMessage leaves out where the two are known to differ: “!'()~*” in a parameter (the package takes
// encodeURIComponent for the URL standard's set), bytes above 0x7f in a header, decimals such as 1.0, which
// it writes as integers, and a lone “?”, which it forgets in @request-target.
func randomMessage(t *testing.T, r *rand.Rand) (*core.Request, []string) {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	text := func(n int) string {
		b := ""
		for range r.IntN(n) {
			b += pick("a", "Z", "0", "-", ".", "_", "é", "한", "%20", "%2F", "%C3%A9", "%E2%82", "%00", ";", ":", "@", ",", "$", "\U0001f600", "+", " ")
		}
		return b
	}
	url := pick("https", "http") + "://" + pick("example.com", "EXAMPLE.com", "bücher.example", "127.0.0.1", "[::1]") + pick("", ":443", ":80", ":8080") + "/" + text(8) + pick("", "/../x", "//")
	query := []string{}
	for i := range r.IntN(4) {
		query = append(query, "p"+strconv.Itoa(i)+text(3)+pick("=", "=", "")+text(6))
	}
	if len(query) > 0 {
		url += "?" + strings.Join(query, "&")
	}
	u, err := platform.ParseURL(url, "")
	require.NoError(t, err, url)
	req := &core.Request{Method: pick("GET", "POST", "DELETE", "PATCH"), URL: u, Body: []byte(text(20))}
	components := []string{}
	add := func(component string) {
		if r.IntN(2) == 0 && !slices.Contains(components, component) {
			components = append(components, component)
		}
	}
	for i := range r.IntN(4) {
		name := "X-H" + strconv.Itoa(i)
		for range 1 + r.IntN(3) {
			req.Header.Add(name, pick("", " ", "\t")+pick("a", "a, b", "", "a=1;x=\"y\", b=(1  2);z", "x  y", `"q"`, "?1", "1.50", "token;a;b=2"))
		}
		add(`"` + strings.ToLower(name) + `"` + pick("", ";bs"))
	}
	req.Header.Add("Dict", pick("", "  ")+"a=1,  b=(1  2);z=1.5,c;d=:AA==:  , b2="+pick("?0", "tok", "-5", `"s\"t"`))
	for _, component := range []string{`"dict";key="a"`, `"dict";key="b"`, `"dict";key="c"`, `"dict";sf`, `"dict"`, `"@method"`, `"@target-uri"`, `"@authority"`, `"@scheme"`, `"@request-target"`, `"@path"`, `"@query"`} {
		add(component)
	}
	for _, name := range uniqueParameters(u.Query) {
		add(`"@query-param";name="` + name + `"`)
	}
	r.Shuffle(len(components), func(i, j int) { components[i], components[j] = components[j], components[i] })
	return req, components
}

// uniqueParameters are the names in a query that an identifier may have.
func uniqueParameters(query string) (names []string) {
	for _, p := range strings.Split(strings.TrimPrefix(query, "?"), "&") {
		name, _, _ := strings.Cut(p, "=")
		if name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == "" {
			names = append(names, name)
		}
	}
	return names
}
