//go:build !js

package schemes_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	judge "github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// A thousand random requests, signed here and by github.com/icholy/digest. It has no -sess algorithms (and
// writes a tab as backslash and t, which no other reader takes for one),
// but takes the hash of A1 from outside.
func TestDigestAgreesWithIcholy(t *testing.T) {
	random := rand.New(rand.NewSource(7616))
	texts := []string{"", "a", "Mufasa", "open sesame", `q"u\o,te=d`, "a:b:c", "x yz", "%2F+?&#", strings.Repeat("long", 80), "p:w"}
	words := append([]string{"Zoë", "한글", "e\u0301", "€/", "𝄞"}, texts...)
	pick := func(list []string) string { return list[random.Intn(len(list))] }
	for n := range 1000 {
		c := &judge.Challenge{Realm: pick(texts), Nonce: "n" + pick(texts), Opaque: pick(texts), Userhash: random.Intn(4) == 0,
			Algorithm: pick([]string{"", "MD5", "SHA-256", "SHA-512-256"})}
		if qop := pick([]string{"", "auth", "auth-int"}); qop != "" {
			c.QOP = []string{qop}
		}
		line := c.String()
		o := judge.Options{Method: pick([]string{"GET", "POST", "PUT", "DELETE", "PATCH", "PROPFIND"}), Count: random.Intn(1 << 20),
			Username: pick(words), Password: pick(words), Cnonce: "c" + strconv.Itoa(n)}
		o.Count = max(o.Count, 1)
		address, err := platform.ParseURL("https://example.com/"+pick(words)+"/"+pick(words)+"?"+pick(words)+"="+pick(words), "")
		require.NoError(t, err)
		o.URI = address.Target()
		body := []byte(pick(words))
		o.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		if random.Intn(3) == 0 {
			o.A1 = sessionHash(c, o)
			base := map[string]string{"": "MD5"}[c.Algorithm] + c.Algorithm
			c.Algorithm = base // the judge reckons with it; we are told of the session
			line = strings.Replace(c.String(), "algorithm="+base, "algorithm="+base+"-sess", 1)
		}
		want, err := judge.Digest(c, o)
		require.NoError(t, err)

		in := input(t, digestScheme(t), core.Vector{Challenges: []string{line}, Nonces: map[string]string{"cnonce": o.Cnonce, "nc": strconv.FormatInt(int64(o.Count), 16)}},
			core.Values{"username": o.Username, "password": o.Password})
		signed, tr, err := sign(digestScheme(t), in, &core.Request{Method: o.Method, URL: address, Body: body})
		require.NoError(t, err, line)
		require.Equal(t, want.Response, tr.Step("response").Out, "%s\n%s", line, signed.Head())
		requireReadByJudge(t, want, signed.Header[0].Value)
		require.NoError(t, digestScheme(t).Verify(in, signed, &core.Trace{}), signed.Head())
	}
}

// sessionHash is H(H(A1):nonce:cnonce) by the standard library alone.
func sessionHash(c *judge.Challenge, o judge.Options) string {
	hashes := map[string]func() hash.Hash{"": md5.New, "MD5": md5.New, "SHA-256": sha256.New, "SHA-512-256": sha512.New512_256}
	h := func(text string) string {
		sum := hashes[c.Algorithm]()
		io.WriteString(sum, text)
		return hex.EncodeToString(sum.Sum(nil))
	}
	return h(h(o.Username+":"+c.Realm+":"+o.Password) + ":" + c.Nonce + ":" + o.Cnonce)
}

// requireReadByJudge holds that the other side's parser reads our line as what it would have written.
func requireReadByJudge(t *testing.T, want *judge.Credentials, line string) {
	t.Helper()
	extended, isExtended := syntax.ParseChallenges([]string{line})[0].Param("username*") // which the judge does not know
	if isExtended {
		line = strings.Replace(line, "username*="+extended, `username="x"`, 1)
	}
	got, err := judge.ParseCredentials(line)
	require.NoError(t, err, line)
	got.Algorithm = strings.TrimSuffix(got.Algorithm, "-sess")
	if isExtended {
		got.Username, _ = syntax.DecodeExt(extended)
	}
	if want.QOP == "" {
		want.Cnonce, want.Nc, got.Cnonce, got.Nc = "", 0, "", 0
	}
	require.Equal(t, want, got)
}
