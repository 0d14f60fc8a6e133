package schemes_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestHawkBewits(t *testing.T) {
	signed := func(url string) *core.Request {
		req := requestTo(t, "GET", url)
		signPinned(t, "hawk", merged(hawkSteve, core.Values{"in": "bewit", "ext": "zoë\n"}), core.Vector{}, req)
		return req
	}
	for _, url := range []string{"https://example.com", "https://example.com/a?", "https://example.com/a?b=c&d", "http://[::1]:80/%20?é"} {
		req := signed(url)
		require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req), url)
		req.Method = "HEAD"
		require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req), url)
		req.URL.Query += "&e"
		require.Error(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req), url)
	}
	t.Run("of npm's hawk 9.0.2 for the same", func(t *testing.T) {
		require.Equal(t, "?b&bewit=ZGgzN2ZnajQ5MmplXDE3NjczMjMzNDVcc2RtaVg1bG5GY01TdVlpYjRHU08wMGZDVW9pRHowajlsbXdrNE9xYWxkUT1cem_rCg", signed("https://example.com/a?b").URL.Query)
	})
	t.Run("between other parameters", func(t *testing.T) {
		req := signed("https://example.com/a?b&c=d")
		req.URL.Query = strings.Replace(req.URL.Query, "&c=d", "", 1) + "&c=d"
		require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req), req.URL.Query)
	})
	for name, c := range map[string]struct {
		change func(*core.Request)
		code   string
	}{
		"another method":               {func(r *core.Request) { r.Method = "POST" }, "hawk.bewit-method"},
		"another path":                 {func(r *core.Request) { r.URL.Path = "/b" }, "hawk.wrong-mac"},
		"credentials twice":            {func(r *core.Request) { r.Header.Add("Authorization", `Hawk id="a", ts="1", nonce="a", mac="a"`) }, "hawk.bewit-authorization"},
		"no base64url":                 {func(r *core.Request) { r.URL.Query = "?bewit=a+b" }, "hawk.bewit"},
		"nothing":                      {func(r *core.Request) { r.URL.Query = "?bewit=" }, "hawk.bewit"},
		"three parts":                  {func(r *core.Request) { r.URL.Query = bewitOf(`a\1\b`) }, "hawk.bewit"},
		"five parts":                   {func(r *core.Request) { r.URL.Query = bewitOf(`a\1\b\c\d`) }, "hawk.bewit"},
		"another ID":                   {func(r *core.Request) { r.URL.Query = bewitOf(`a\1\b\`) }, "hawk.wrong-id"},
		"an end that is none":          {func(r *core.Request) { r.URL.Query = bewitOf(`dh37fgj492je\1e9\b\`) }, "hawk.expires"},
		"a MAC of another length":      {func(r *core.Request) { r.URL.Query = bewitOf(`dh37fgj492je\1999999999\b\`) }, "hawk.algorithm"},
		"a scheme changed by a proxy":  {func(r *core.Request) { r.URL.Scheme = "http" }, "hawk.port"},
		"nothing that is called bewit": {func(r *core.Request) { r.URL.Query = "?xbewit=a" }, "authorization.missing"},
	} {
		t.Run(name, func(t *testing.T) {
			req := signed("https://example.com/a?b")
			c.change(req)
			require.Equal(t, c.code, asRejection(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req)).Code)
		})
	}
}

func bewitOf(text string) string {
	return "?bewit=" + base64.RawURLEncoding.EncodeToString([]byte(text))
}

func TestHawkRefusesWhatItCannotSay(t *testing.T) {
	bewit := core.Values{"in": "bewit"}
	for name, c := range map[string]struct {
		values      core.Values
		own         core.Request
		field, code string
	}{
		"a quote in the ID":          {core.Values{"id": `a"b`}, core.Request{}, "id", "hawk.value"},
		"a backslash in ext":         {core.Values{"ext": `a\b`}, core.Request{}, "ext", "hawk.value"},
		"Hangul in app":              {core.Values{"app": `한`}, core.Request{}, "app", "hawk.value"},
		"dlg alone":                  {core.Values{"dlg": "a"}, core.Request{}, "dlg", "hawk.dlg"},
		"a backslash in a bewit":     {merged(bewit, core.Values{"ext": `a\b`}), core.Request{}, "ext", "hawk.bewit-text"},
		"Hangul in a bewit":          {merged(bewit, core.Values{"id": `한`}), core.Request{}, "id", "hawk.bewit-text"},
		"a bewit for POST":           {bewit, core.Request{Method: "POST"}, "method", "hawk.bewit-method"},
		"a bewit valid for no time":  {merged(bewit, core.Values{"expires": "0"}), core.Request{Method: "GET"}, "expires", "hawk.expires"},
		"a bewit valid for a while":  {merged(bewit, core.Values{"expires": "a while"}), core.Request{Method: "GET"}, "expires", "hawk.expires"},
		"a bewit and a header":       {bewit, core.Request{Method: "GET", Header: core.Header{{Name: "Authorization", Value: "a"}}}, "headers", "hawk.bewit-authorization"},
		"a header of one's own":      {nil, core.Request{Header: core.Header{{Name: "Authorization", Value: "a"}}}, "headers", "authorization.conflict"},
		"a header and a bewit":       {nil, core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a", Path: "/", Query: "?b&bewit=b"}}, "url", "hawk.bewit-authorization"},
		"a bewit beside another one": {bewit, core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "a", Path: "/", Query: "?bewit=b"}}, "url", "hawk.bewit-twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "hawk", c.values, c.own)
			require.Equal(t, c.code, fieldError(t, err).Code)
			require.Equal(t, c.field, fieldError(t, err).Field)
		})
	}
	scheme, in := inputFor(t, "hawk", hawkSteve, core.Vector{Nonces: map[string]string{"nonce": `"`}})
	require.Equal(t, "hawk.nonce", fieldError(t, scheme.Sign(in, plainRequest(t), &core.Trace{})).Code)
}
