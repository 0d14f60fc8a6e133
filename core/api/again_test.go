package api_test

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

// TestAnswersDoNotDependOnEarlierOnes types at random: what a core answers that has answered before is what one says
// that has just been started.
func TestAnswersDoNotDependOnEarlierOnes(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	used := testAPI()
	form := map[string]any{"request": map[string]any{}, "auth": map[string]any{}}
	compared := 0
	for range 3000 {
		typeSomething(chance, form)
		params, err := json.Marshal(form)
		require.NoError(t, err)
		once, again := build(testAPI(), params), build(testAPI(), params)
		got := build(used, params)
		if once != again { // signed with chance
			continue
		}
		compared++
		require.Equal(t, once, got, "%s", params)
	}
	require.Greater(t, compared, 2000)
}

func build(a interface {
	Call(core.Context, string, []byte, []byte) ([]byte, []byte)
	Release([]byte)
}, params []byte) string {
	answer, _ := a.Call(context.Background(), "build", params, nil)
	defer a.Release(answer)
	return string(answer)
}

// typeSomething changes one thing in the form, as a person does.
func typeSomething(chance *rand.Rand, form map[string]any) {
	one := func(choices ...string) string { return choices[chance.IntN(len(choices))] }
	request, auth := form["request"].(map[string]any), form["auth"].(map[string]any)
	values, _ := auth["values"].(core.Values)
	switch chance.IntN(15) {
	case 0:
		s := schemes.All()[chance.IntN(len(schemes.All()))]
		auth["scheme"], auth["values"] = s.ID, maps.Clone(s.Example.Values)
	case 1:
		request["method"] = one("GET", "GET", "POST", "patch", "TRACE")
	case 2:
		request["headers"] = [][2]string{{one("Accept", "X-A", "Cookie", "Content-Type"), one("a", "text/plain", `“”"`)}, {"X-B", one("1", "2")}}[:1+chance.IntN(2)]
	case 3:
		request["body"] = map[string]any{"text": one("", "a", "b", "{}")}
	case 4:
		form["steps"] = chance.IntN(4) > 0
	case 5:
		form["fetch"] = map[string]any{"origin": one("https://pad.example", "https://api.example.com", ""), "credentials": one("", "include"),
			"mode": one("", "no-cors", "same-origin"), "cache": one("", "default"), "redirect": one("", "error")}
	case 6, 7:
		request["url"] = one("https://api.example.com/", "https://api.example.com/a?b=1", "https://api.example.com/a?b=2", "http://api.example.com:22/", "http://u:p@api.example.com/", "lab/echo")
	case 8:
		form["env"] = map[string]any{"now": one("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"), "nonces": map[string]string{one("nonce", "cnonce", "jti", "oauth_nonce"): one("a", "b")}}
	case 9:
		form["via"] = one("fetch", "fetch", "relay")
	case 10:
		form["challenge"] = [][]string{nil, {`Digest realm="r", nonce="n", qop="auth"`}, {`Digest realm="r", nonce="m"`, `Basic realm="r", charset="UTF-8"`}}[chance.IntN(3)]
	default:
		if len(values) > 0 {
			names := slices.Sorted(maps.Keys(values))
			name := names[chance.IntN(len(names))]
			values[name] += one("", "x", "é")
		}
	}
}
