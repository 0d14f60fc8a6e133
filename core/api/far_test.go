package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/api"
	"authpad/core/schemes"
)

// file is a body that a page holds.
type file struct {
	octets        []byte
	size          int64 // 0: that of octets
	broken        error
	hashed, moved int
	meanwhile     func() // while it is hashed
}

func (f *file) Size() int64 { return max(f.size, int64(len(f.octets))) }

func (f *file) Sum(hash string) ([]byte, error) {
	f.hashed++
	if f.meanwhile != nil {
		f.meanwhile()
	}
	if hash == "SHA-512" {
		sum := sha512.Sum512(f.octets)
		return sum[:], f.broken
	}
	sum := sha256.Sum256(f.octets)
	return sum[:], f.broken
}

func (f *file) Bytes() ([]byte, error) {
	f.moved++
	return f.octets, f.broken
}

func apiHolding(f *file) *api.API {
	return apiWhere(func(h *api.Host) { h.Far = func(core.Context) core.Far { return f } })
}

// TestAFarBodyIsLikeOneAtHand builds every example with a body of either kind. A far one is brought only where a scheme
// signs more than its hash.
func TestAFarBodyIsLikeOneAtHand(t *testing.T) {
	octets := bytes.Repeat([]byte("a\xffb"), 30<<10)
	compared := 0
	for _, s := range schemes.All() {
		for _, extra := range []core.Values{nil, {"contentDigest": "sha-512"}, {"qop": "auth-int"}, {"bodyHash": "true"}, {"payload": "unsigned"}, {"payloadHash": "false"}, {"message": "{body}"}, {"message": "{body.sha256}"}} {
			values := core.Values{}
			for id, value := range s.Example.Values {
				values[id] = value
			}
			for id, value := range extra {
				values[id] = value
			}
			params, err := json.Marshal(map[string]any{
				"request":   map[string]any{"method": "PUT", "url": "https://a.test/x", "headers": [][2]string{{"Content-Type", "application/x-www-form-urlencoded"}}},
				"auth":      map[string]any{"scheme": s.ID, "values": values},
				"challenge": []string{`Digest realm="a", nonce="b", qop="auth,auth-int", algorithm=SHA-256`},
			})
			require.NoError(t, err)
			near, _ := testAPI().Call(context.Background(), "build", params, octets)
			again, _ := testAPI().Call(context.Background(), "build", params, octets)
			f := &file{octets: octets}
			far, _ := apiHolding(f).Call(context.Background(), "build", params, nil)
			brought := s.ID == "oauth1" || s.ID == "hawk" && extra["payloadHash"] == "" || s.ID == "digest" && extra["qop"] != "" || s.ID == "hmac" && extra["message"] == "{body}"
			require.Equal(t, brought, f.moved > 0, "%s %v", s.ID, extra)
			if string(near) == string(again) { // not signed with chance
				compared++
				require.Equal(t, string(near), string(far), "%s %v", s.ID, extra)
			}
		}
	}
	require.Greater(t, compared, 60)
}

func TestAFarBodyIsHashedOnce(t *testing.T) {
	f := &file{octets: []byte("a file")}
	a := apiHolding(f)
	const params = `{"request":{"method":"PUT","url":"https://a.test/"},"auth":{"scheme":"sigv4","values":{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"secret","region":"us-east-1","service":"service"}}}`
	_, _, waits := a.Try(context.Background(), "build", []byte(params), nil)
	require.True(t, waits)
	require.Zero(t, f.hashed)
	answer, _ := a.Call(context.Background(), "build", []byte(params), nil)
	require.Contains(t, string(answer), `"bodySize":6,"bodySha256":"`)
	require.Equal(t, 1, f.hashed)
}

func TestAFarBodyThatCannotBeRead(t *testing.T) {
	gone := &core.FieldError{Field: "body", Code: "body.unreadable", Message: "the file is gone"}
	for _, scheme := range []string{"none", "basic", "sigv4", "hawk"} {
		values := exampleValues(t, scheme)
		params, err := json.Marshal(map[string]any{"request": map[string]any{"method": "PUT", "url": "https://a.test/"}, "auth": map[string]any{"scheme": scheme, "values": values}})
		require.NoError(t, err)
		for _, name := range []string{"build", "send"} {
			answer, _ := apiHolding(&file{broken: gone}).Call(context.Background(), name, params, nil)
			require.Contains(t, string(answer), `{"error":{"code":"body.unreadable","field":"body"`, "%s %s", name, scheme)
		}
	}
}

func exampleValues(t *testing.T, scheme string) core.Values {
	i := slices.IndexFunc(schemes.All(), func(s *core.Scheme) bool { return s.ID == scheme })
	require.GreaterOrEqual(t, i, 0)
	return schemes.All()[i].Example.Values
}

func TestASendIsCancelledWhileItsFileIsHashed(t *testing.T) {
	f := &file{octets: []byte("a file")}
	var a *api.API
	f.meanwhile = func() { require.Equal(t, `{"cancelled":true}`, string(call(t, a, "cancel", `{"id":"7"}`).OK)) }
	a = apiHolding(f)
	answer, _ := a.Call(context.Background(), "send", []byte(`{"id":"7","request":{"method":"PUT","url":"https://a.test/"}}`), nil)
	require.Contains(t, string(answer), `"failure":{"code":"cancelled"`)
	require.NotContains(t, string(answer), `"response"`)
}

// The text has the bodies of few bytes; one that is far is not brought for that.
func TestWhatTheWireSaysOfASmallFarBody(t *testing.T) {
	for octets, text := range map[string]string{"a file": `Content-Length: 6\n\n(6 bytes)\n"`, "": `Content-Length: 0\n\n"`} {
		answer, _ := apiHolding(&file{octets: []byte(octets)}).Call(context.Background(), "build", []byte(`{"request":{"method":"PUT","url":"https://a.test/"}}`), nil)
		require.Contains(t, string(answer), text)
	}
}

// A browser would read gigabytes at once only to show their hash.
func TestAHugeFarBodyIsNotHashedToBeShown(t *testing.T) {
	f := &file{size: 3 << 30}
	answer, _ := apiHolding(f).Call(context.Background(), "build", []byte(`{"request":{"method":"PUT","url":"https://a.test/"}}`), nil)
	require.Contains(t, string(answer), `"bodySize":3221225472,"bodySha256":""`)
	require.Contains(t, string(answer), `["Content-Length","3221225472"]`)
	require.Zero(t, f.hashed)
}

func TestABodyBesideAFarOne(t *testing.T) {
	answer, _ := apiHolding(&file{octets: []byte("a")}).Call(context.Background(), "build", []byte(`{"request":{"method":"PUT","url":"https://a.test/","body":{"text":"b"}}}`), nil)
	require.Contains(t, string(answer), `"code":"body.twice"`)
}

// fileSet are files for parts.
type fileSet [][]byte

func (f fileSet) Count() int { return len(f) }

func (f fileSet) Join(texts [][]byte, files []int) core.Far {
	whole := slices.Clone(texts[0])
	for i, number := range files {
		whole = slices.Concat(whole, f[number-1], texts[i+1])
	}
	return &file{octets: whole}
}

func TestFilesOfPartsAreLikePartsAtHand(t *testing.T) {
	first, second := bytes.Repeat([]byte("a\xff"), 50<<10), bytes.Repeat([]byte("b"), 50<<10)
	build := func(a *api.API, scheme, one, two string) string {
		values, err := json.Marshal(exampleValues(t, scheme))
		require.NoError(t, err)
		params := `{"request":{"method":"POST","url":"https://a.test/","body":{"multipart":[{"name":"a",` + one + `,"filename":"1"},{"name":"b","value":"c"},{"name":"d",` + two + `}]}},"auth":{"scheme":"` + scheme + `","values":` + string(values) + `}}`
		answer, _ := a.Call(context.Background(), "build", []byte(params), nil)
		return string(answer)
	}
	inJSON := func(octets []byte) string { return `"base64":"` + base64.StdEncoding.EncodeToString(octets) + `"` }
	with := apiWhere(func(h *api.Host) { h.Files = func(core.Context) core.Files { return fileSet{second, first} } })
	for _, scheme := range []string{"none", "basic", "sigv4", "hawk"} {
		far := build(with, scheme, `"file":1`, `"file":0`)
		require.Contains(t, far, `{"ok"`)
		require.Equal(t, build(testAPI(), scheme, inJSON(first), inJSON(second)), far, scheme)
	}
	for _, wrong := range []string{`"file":2`, `"file":-1`, `"file":1.5`, `"file":"1"`, `"file":1000000000000000000000`} {
		require.Contains(t, build(with, "none", wrong, `"file":0`), `{"error":{"code":"body.file","field":"body"`, wrong)
	}
	require.Contains(t, build(testAPI(), "none", `"file":0`, `"file":0`), `"code":"body.file"`, "none came beside")
	require.Contains(t, build(with, "none", `"value":""`, `"value":""`), `"code":"body.file"`, "none is named")
}
