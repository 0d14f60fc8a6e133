package schemes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

func TestAPIKeyVectors(t *testing.T) {
	vectors.Load(t, "apikey").Run(t, map[string]func(*testing.T, vectors.Case){
		"apply": func(t *testing.T, c vectors.Case) {
			var v struct {
				In, Name, Value, URL string
				Headers              [][2]string
				Expect               struct {
					URL     string
					Headers [][2]string
					Params  [][2]string
					Error   bool
				}
			}
			c.Decode(t, &v)
			values := core.Values{"in": v.In, "name": v.Name, "value": v.Value}
			u, err := platform.ParseURL(v.URL, "")
			require.NoError(t, err)
			req, _, err := build(t, "apikey", values, core.Request{URL: u, Header: header(v.Headers)})
			if v.Expect.Error {
				require.Equal(t, "value", fieldError(t, err).Field)
				return
			}
			require.NoError(t, err)
			if v.Expect.URL != "" {
				require.Equal(t, v.Expect.URL, req.URL.String())
			}
			for _, param := range v.Expect.Params {
				require.Equal(t, []string{param[1]}, syntax.Parameters(req.URL.Query, param[0]))
			}
			require.Equal(t, header(v.Expect.Headers), req.Header)
			require.NoError(t, verifyRequest(t, "apikey", values, req))
		},
	})
}

func header(lines [][2]string) core.Header {
	var h core.Header
	for _, line := range lines {
		h.Add(line[0], line[1])
	}
	return h
}

func TestAPIKeyLeavesOtherParametersAlone(t *testing.T) {
	for before, want := range map[string]string{
		"?":                        "?key=a%2Bb",
		"?a=%zz&b=+&&c=%2f%2F&d='": "?a=%zz&b=+&&c=%2f%2F&d=%27&key=a%2Bb", // %27 is the URL parser's
		"?key=1&x=2&%6Bey=3&key":   "?key=a%2Bb&x=2",
		"?KEY=1":                   "?KEY=1&key=a%2Bb",
		"?x=key=1":                 "?x=key=1&key=a%2Bb",
		"?x&":                      "?x&&key=a%2Bb",
	} {
		t.Run(before, func(t *testing.T) {
			values := core.Values{"in": "query", "name": "key", "value": "a+b"}
			req, _, err := buildAt(t, "apikey", values, "https://example.com/"+before)
			require.NoError(t, err)
			require.Equal(t, want, req.URL.Query)
			parsed, err := platform.ParseURL(req.URL.String(), "")
			require.NoError(t, err)
			require.Equal(t, req.URL, parsed, "the URL parser changes nothing any more")
			require.NoError(t, verifyRequest(t, "apikey", values, req))
		})
	}
}

// What is in the query or among the cookies already may be a secret too: the key's own old value, and those of
// other names.
func TestAPIKeyMasksWhatWasThereBefore(t *testing.T) {
	for place, own := range map[string]struct{ url, cookies, step, part string }{
		"query":  {"https://example.com/?key=old-secret&access_token=other-secret&x=1", "", "query", "query: query"},
		"cookie": {"https://example.com/", "key=old-secret; session=other-secret", "cookie", "cookie: cookies"},
	} {
		t.Run(place, func(t *testing.T) {
			u, err := platform.ParseURL(own.url, "")
			require.NoError(t, err)
			request := core.Request{URL: u}
			if own.cookies != "" {
				request.Header.Add("Cookie", own.cookies)
			}
			req, tr, err := build(t, "apikey", core.Values{"in": place, "name": "key", "value": "new-secret"}, request)
			require.NoError(t, err)
			require.NotContains(t, req.URL.Query+fmt.Sprint(req.Header), "old-secret", "it is replaced")
			require.Contains(t, req.URL.Query+fmt.Sprint(req.Header), "other-secret", "it is kept")
			var holding, shown []string // what has a secret in it, and what of that is not masked
			tell := func(what, value string, masked bool) {
				if !strings.Contains(value, "-secret") {
					return
				}
				holding = append(holding, what)
				if !masked {
					shown = append(shown, what)
				}
			}
			for _, step := range tr.Steps {
				for _, part := range step.In {
					tell(step.ID+": "+part.Name, part.Value, part.Secret)
				}
				tell(step.ID, step.Out, step.Secret)
				tell(step.ID+"'s texts", step.Title+step.Why, false)
			}
			for _, note := range tr.Notes {
				tell(note.Code, note.Message+note.Fix, false)
			}
			require.Subset(t, holding, []string{own.part, own.step}, "what was there, and what became of it")
			require.Empty(t, shown)
		})
	}
}

func TestAPIKeyReplacesACookieOfItsName(t *testing.T) {
	own := core.Request{Header: core.Header{{Name: "Cookie", Value: "key=old; a=1"}, {Name: "X", Value: "y"}, {Name: "cookie", Value: "b=2;key=older"}}}
	values := core.Values{"in": "cookie", "name": "key", "value": "new"}
	req, tr, err := build(t, "apikey", values, own)
	require.NoError(t, err)
	require.Equal(t, core.Header{{Name: "Cookie", Value: "a=1; b=2; key=new"}, {Name: "X", Value: "y"}}, req.Header)
	noteOf(t, tr, "apikey.replaced")
	require.NoError(t, verifyRequest(t, "apikey", values, req))
}

func TestAPIKeyRefusesWhatItsPlaceCannotCarry(t *testing.T) {
	for name, c := range map[string]struct {
		values      core.Values
		field, code string
	}{
		"no name":                    {core.Values{"name": "", "in": "query"}, "name", "apikey.no-name"},
		"a space in a header's name": {core.Values{"name": "X Key"}, "name", "apikey.name"},
		"a colon behind the name":    {core.Values{"name": "X-Key:"}, "name", "apikey.name"},
		"an equals in a cookie name": {core.Values{"name": "a=b", "in": "cookie"}, "name", "apikey.name"},
		"a line break in a header":   {core.Values{"value": "a\r\nX: y"}, "value", "apikey.not-sendable"},
		"a NUL in a cookie":          {core.Values{"value": "a\x00", "in": "cookie"}, "value", "apikey.not-sendable"},
		"Hangul in a header":         {core.Values{"value": "한글"}, "value", "apikey.not-sendable"},
		"a semicolon in a cookie":    {core.Values{"value": "a; b=c", "in": "cookie"}, "value", "apikey.semicolon"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "apikey", c.values, core.Request{})
			require.Equal(t, c.field, fieldError(t, err).Field)
			require.Equal(t, c.code, fieldError(t, err).Code)
		})
	}
	t.Run("a header line of the name already there", func(t *testing.T) {
		_, _, err := build(t, "apikey", nil, core.Request{Header: core.Header{{Name: "x-api-key", Value: "1"}}})
		require.Equal(t, "apikey.conflict", fieldError(t, err).Code)
	})
	t.Run("but Hangul and line breaks go into a query", func(t *testing.T) {
		values := core.Values{"in": "query", "name": "열쇠", "value": " 한\n글 "}
		req, _, err := build(t, "apikey", values, core.Request{})
		require.NoError(t, err)
		require.Equal(t, "?%EC%97%B4%EC%87%A0=%20%ED%95%9C%0A%EA%B8%80%20", req.URL.Query)
		require.NoError(t, verifyRequest(t, "apikey", values, req))
	})
}

func TestAPIKeyNotes(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		url    string
		want   []string
	}{
		"nothing to say":   {core.Values{"value": "k"}, "https://example.com/", nil},
		"plain http":       {core.Values{"value": "k"}, "http://example.com/", []string{"apikey.plain-http"}},
		"an empty key":     {nil, "https://example.com/", []string{"apikey.empty-value"}},
		"outside ASCII":    {core.Values{"value": "clé"}, "https://example.com/", []string{"apikey.latin-1"}},
		"the whole line":   {core.Values{"value": "x-api-key: k"}, "https://example.com/", []string{"apikey.pasted-name"}},
		"a line of others": {core.Values{"value": "key: k"}, "https://example.com/", nil},
		"in the query":     {core.Values{"value": "k", "in": "query"}, "https://example.com/", []string{"apikey.in-query"}},
		"replaced":         {core.Values{"value": "k", "in": "query", "name": "a"}, "https://example.com/?a=1", []string{"apikey.in-query", "apikey.replaced"}},
		"in a cookie":      {core.Values{"value": "k", "in": "cookie"}, "https://example.com/", []string{"apikey.in-cookie"}},
		"no cookie-octet":  {core.Values{"value": "a b", "in": "cookie"}, "https://example.com/", []string{"apikey.in-cookie", "apikey.cookie-octet"}},
		"space around":     {core.Values{"value": " k"}, "https://example.com/", []string{"apikey.space"}},
		"space in a query": {core.Values{"value": " k", "in": "query"}, "https://example.com/", []string{"apikey.in-query"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := buildAt(t, "apikey", c.values, c.url)
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

func TestAPIKeyNamesWhatDiffers(t *testing.T) {
	server := core.Values{"name": "key", "value": "correct", "in": "header"}
	for name, c := range map[string]struct {
		req        core.Request
		code, step string
	}{
		"no key":              {core.Request{}, "apikey.missing", "name"},
		"another key":         {core.Request{Header: core.Header{{Name: "Key", Value: "wrong"}}}, "apikey.wrong-key", "value"},
		"a key in the query":  {core.Request{URL: core.URL{Query: "?key=correct"}}, "apikey.place", "place"},
		"a key in the cookie": {core.Request{Header: core.Header{{Name: "Cookie", Value: "a=b; key=correct"}}}, "apikey.place", "place"},
		"two keys":            {core.Request{Header: core.Header{{Name: "key", Value: "correct"}, {Name: "key", Value: "wrong"}}}, "apikey.repeated", "value"},
	} {
		t.Run(name, func(t *testing.T) {
			rejection := asRejection(t, verifyRequest(t, "apikey", server, &c.req))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
		})
	}
}

func TestAPIKeyChallenge(t *testing.T) {
	scheme, _ := schemes.ByID("apikey")
	filled, err := scheme.Fill(nil)
	require.NoError(t, err)
	require.Equal(t, `ApiKey realm="authpad lab", in="header", name="X-API-Key"`,
		syntax.FormatChallenge(scheme.Challenge(core.Input{Values: filled})[0]))
}

// Whatever the query was: one parameter of the name remains, with the key, the others stay as they
// are, and the URL parser changes nothing any more.
func FuzzAPIKeyInQuery(f *testing.F) {
	for _, c := range vectors.Load(f, "apikey").Cases {
		var v struct{ Name, Value, URL string }
		c.DecodeSome(f, &v)
		f.Add(v.Name, v.Value, v.URL)
	}
	f.Add("k", "v", "https://h/?%6B=1&&k&=&x=%zz+#f")
	f.Fuzz(func(t *testing.T, name, value, url string) {
		u, err := platform.ParseURL(url, "")
		if err != nil || name == "" || u.Scheme != "https" {
			return
		}
		values := core.Values{"in": "query", "name": name, "value": value}
		req, _, err := build(t, "apikey", values, core.Request{URL: u})
		require.NoError(t, err)
		require.Equal(t, []string{value}, syntax.Parameters(req.URL.Query, name))
		require.Equal(t, others(u.Query, name), others(req.URL.Query, name))
		parsed, err := platform.ParseURL(req.URL.String(), "")
		require.NoError(t, err)
		require.Equal(t, req.URL, parsed)
		require.NoError(t, verifyRequest(t, "apikey", values, req))
		if verifyRequest(t, "apikey", merged(values, core.Values{"value": value + "x"}), req) == nil {
			t.Fatal("accepted another key")
		}
	})
}

// others are the parameters of other names, as they stand.
func others(query, name string) []string {
	var kept []string
	for _, p := range strings.Split(strings.TrimPrefix(query, "?"), "&") {
		if strings.TrimPrefix(query, "?") != "" && len(syntax.Parameters("?"+p, name)) == 0 {
			kept = append(kept, p)
		}
	}
	return kept
}
