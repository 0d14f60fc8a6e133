package schemes_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// What the services' own code computes; the values are of Python's hmac.
func TestHMACPresets(t *testing.T) {
	at := core.Vector{Now: time.Unix(1492774577, 0)}
	for name, c := range map[string]struct {
		preset, key, body string
		want              core.Header
	}{
		"stripe":  {"stripe", "whsec_test_secret", `{"id":"evt_1"}`, core.Header{{Name: "Stripe-Signature", Value: "t=1492774577,v1=799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f"}}},
		"shopify": {"shopify", "hush", `{"id":1}`, core.Header{{Name: "X-Shopify-Hmac-Sha256", Value: "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY="}}},
	} {
		t.Run(name, func(t *testing.T) {
			values := core.Values{"preset": c.preset, "key": c.key}
			req := requestTo(t, "POST", "https://example.com/hook")
			req.Body = []byte(c.body)
			scheme, in := inputFor(t, "hmac", values, at)
			signed, _, err := sign(scheme, in, req)
			require.NoError(t, err)
			require.Equal(t, c.want, signed.Header)
			require.NoError(t, verifyPinned(t, "hmac", values, at, signed))
			signed.Body = append([]byte(c.body), '\n')
			require.Equal(t, "hmac.line-end", asRejection(t, verifyPinned(t, "hmac", values, at, signed)).Code)
			signed.Body = []byte(strings.ToUpper(c.body))
			require.Equal(t, "hmac.wrong-signature", asRejection(t, verifyPinned(t, "hmac", values, at, signed)).Code)
		})
	}
}

// A signature of one's own, with everything that a template knows; the value is of Python's hmac.
func TestHMACOwnTemplate(t *testing.T) {
	values := core.Values{"key": "00ff10", "keyEncoding": "hex", "algorithm": "SHA-1", "encoding": "base64", "header": "Authorization",
		"message":      `{method}\n{host}` + "\n{path}\r\n" + `{query}\n{header:Accept}\n{body.sha256}\n{timestamp.ms}\n{{end`,
		"value":        "Acme id=7, ts={timestamp.ms}, sig={signature}",
		"extraHeaders": "\nX-Digest: sha-256={body.sha256.base64}\n\n X-Seen : {header:Accept} {target} "}
	req := requestTo(t, "POST", "https://example.com:8443/a b?x=1&y=é")
	req.Body, req.Header = []byte("é"), core.Header{{Name: "Accept", Value: " application/json "}, {Name: "accept", Value: "text/plain"}}
	signed, tr, err := build(t, "hmac", values, *req)
	require.NoError(t, err)
	require.Equal(t, core.Header{
		{Name: "X-Digest", Value: "sha-256=SplVfkAzw1Od4utlRyAXytX5VX96BiWgnxw/biumnEw="},
		{Name: "X-Seen", Value: "application/json, text/plain /a%20b?x=1&y=%C3%A9"},
		{Name: "Authorization", Value: "Acme id=7, ts=1767323045000, sig=BjpUZn6Fz+cpHmGExzi/bd4Upak="}}, signed.Header[2:])
	require.Equal(t, "POST\nexample.com:8443\n/a%20b\nx=1&y=%C3%A9\napplication/json, text/plain\n4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c\n1767323045000\n{end",
		tr.Step("message").Out)
	require.NoError(t, verifyRequest(t, "hmac", values, signed))
	for name, change := range map[string]func(*core.Request){
		"method": func(r *core.Request) { r.Method = "PUT" },
		"path":   func(r *core.Request) { r.URL.Path = "/a%20B" },
		"query":  func(r *core.Request) { r.URL.Query = "?x=2&y=%C3%A9" },
		"host":   func(r *core.Request) { r.URL.Host = "example.org" },
		"header": func(r *core.Request) { r.Header[1].Value = "text/html" },
		"body":   func(r *core.Request) { r.Body = []byte("e") },
		"digest": func(r *core.Request) { r.Header[2].Value = "sha-256=x" },
		"id":     func(r *core.Request) { r.Header[4].Value = strings.Replace(r.Header[4].Value, "7", "8", 1) },
	} {
		changed := signed.Clone()
		change(changed)
		require.Error(t, verifyRequest(t, "hmac", values, changed), name)
	}
}

// Bytes that are no text are signed as they are, and shown in hex; what nobody would read, as its hash.
func TestHMACSignsBytes(t *testing.T) {
	values := core.Values{"key": strings.Repeat("k", 32), "algorithm": "SHA-384"}
	_, tr, err := build(t, "hmac", values, core.Request{Method: "POST", Body: []byte("\xff\x00")})
	require.NoError(t, err)
	require.Equal(t, "ff00", tr.Step("message").Out)
	require.Equal(t, "4e2dc860302daacecca752c5173a5ca695150bb962db5f0ef0d3933d962382440ed7b23757b78f56c152a953c6a9e3fa", tr.Step("signature").Out)

	large := []byte(strings.Repeat("x", 1<<16+1))
	sum := sha256.Sum256(large)
	_, tr, err = build(t, "hmac", values, core.Request{Method: "POST", Body: large})
	require.NoError(t, err)
	require.Equal(t, "65537 bytes with the SHA-256 "+hex.EncodeToString(sum[:]), tr.Step("message").Out)
	h := hmac.New(sha512.New384, []byte(values["key"]))
	h.Write(large)
	require.Equal(t, hex.EncodeToString(h.Sum(nil)), tr.Step("signature").Out)
}

// A thousand requests with odd paths, queries, headers, bodies and keys, against the text written down by
// plain replacement and crypto/hmac.
func TestHMACAgreesWithPlainReplacement(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 2104))
	names := []string{"{method}", "{path}", "{query}", "{target}", "{host}", "{url}", "{header:X-Odd}", "{body}", "{body.sha256}", "{timestamp}", "{timestamp.ms}", "{nonce}", "|", "é"}
	hashes := map[string]func() hash.Hash{"SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-384": sha512.New384, "SHA-512": sha512.New}
	for i := range 1000 {
		message := ""
		for range 1 + random.IntN(8) {
			message += names[random.IntN(len(names))] + "\n"
		}
		values := core.Values{"key": "k" + randomText(random), "message": message, "extraHeaders": "X-Time: {timestamp};{timestamp.ms}\nX-Nonce: {nonce}",
			"value": "n={nonce}, s={signature}", "algorithm": []string{"SHA-1", "SHA-256", "SHA-384", "SHA-512"}[random.IntN(4)]}
		method := []string{"GET", "POST", "DELETE"}[random.IntN(3)]
		req := requestTo(t, method, "https://example.com:444"+randomPath(random)+"?"+escapeAll(randomText(random)))
		req.Body, req.Header = []byte(randomText(random)), core.Header{{Name: "x-odd", Value: "v" + strconv.Itoa(i)}}

		signed, tr, err := build(t, "hmac", values, *req)
		require.NoError(t, err)
		sum := sha256.Sum256(req.Body)
		path, query, _ := strings.Cut(strings.TrimPrefix(req.URL.String(), "https://example.com:444"), "?")
		target := path
		if req.URL.Query != "" {
			target += "?" + query
		}
		h := hmac.New(hashes[values["algorithm"]], []byte(values["key"]))
		h.Write([]byte(strings.NewReplacer("{method}", method, "{path}", path, "{query}", query, "{target}", target, "{host}", "example.com:444",
			"{url}", "https://example.com:444"+target, "{header:X-Odd}", "v"+strconv.Itoa(i), "{body}", string(req.Body), "{body.sha256}", hex.EncodeToString(sum[:]),
			"{timestamp}", "1767323045", "{timestamp.ms}", "1767323045000", "{nonce}", strings.Repeat("6e", 16)).Replace(message)))
		require.Equal(t, hex.EncodeToString(h.Sum(nil)), tr.Step("signature").Out, "%q for %s", message, req.URL)
		require.NoError(t, verifyRequest(t, "hmac", values, signed), message)
	}
}

func TestHMACChallenge(t *testing.T) {
	scheme, in := inputFor(t, "hmac", core.Values{"key": "k", "preset": "slack"}, core.Vector{})
	require.Equal(t, `HMAC realm="authpad lab", header="X-Slack-Signature", algorithm="HMAC-SHA-256"`, syntax.FormatChallenge(scheme.Challenge(in)[0]))
}

// Whatever the templates: what Sign makes of them Verify accepts, if it can be read back at all, and never
// another body.
func FuzzHMACTemplates(f *testing.F) {
	f.Add("{body}", "{signature}", "", "b")
	f.Add(`{method}\n{timestamp}{nonce}{body}`, "t={timestamp},{nonce}{signature}", "X: {header:a}{query}", "é")
	f.Add("{body.sha256}{header:X}", "{signature}{signature}", "X: {body.sha256.base64}\nY: {{", "")
	f.Fuzz(func(t *testing.T, message, value, extra, body string) {
		values := core.Values{"key": "k", "message": message, "value": value, "extraHeaders": extra}
		req, tr, err := build(t, "hmac", values, core.Request{Method: "POST", Body: []byte(body)})
		if err != nil {
			fieldError(t, err)
			return
		}
		err = verifyRequest(t, "hmac", values, req)
		if err != nil {
			asRejection(t, err)
			require.True(t, strings.Contains(extra+value, "{"), "refused its own signature: %v", err)
			return
		}
		req.Body = append(req.Body, 'x')
		if changed := verifyRequest(t, "hmac", values, req); changed == nil {
			other, _, err := build(t, "hmac", values, core.Request{Method: "POST", Body: req.Body})
			require.NoError(t, err)
			require.Equal(t, req.Header, other.Header, "accepted another body: %v", tr.Step("message"))
		}
	})
}
