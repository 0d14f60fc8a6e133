package schemes_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
)

type edgeConfig struct {
	BaseURL       string   `json:"base_url"`
	AccessToken   string   `json:"access_token"`
	ClientToken   string   `json:"client_token"`
	ClientSecret  string   `json:"client_secret"`
	HeadersToSign []string `json:"headers_to_sign"`
	Nonce         string
	Timestamp     string
}

func TestEdgeGridVectors(t *testing.T) {
	file := vectors.Load(t, "edgegrid")
	var config edgeConfig
	require.NoError(t, json.Unmarshal(file.Shared["config"], &config))
	at, err := time.Parse("20060102T15:04:05-0700", config.Timestamp)
	require.NoError(t, err)
	pinned := core.Vector{Now: at, Nonces: map[string]string{"nonce": config.Nonce}}
	file.Run(t, map[string]func(*testing.T, vectors.Case){
		"sign": func(t *testing.T, c vectors.Case) {
			var v struct {
				Method, URL string
				Headers     [][2]string
				Body        *string
				MaxBody     int    `json:"max_body"`
				DataToSign  string `json:"data_to_sign"`
				Expect      struct{ Authorization string }
			}
			c.Decode(t, &v)
			values := core.Values{"clientToken": config.ClientToken, "clientSecret": config.ClientSecret, "accessToken": config.AccessToken,
				"headersToSign": strings.Join(config.HeadersToSign, ", "), "maxBody": strconv.Itoa(v.MaxBody)}
			req := requestTo(t, v.Method, v.URL)
			req.Body = []byte(value(v.Body))
			for _, h := range v.Headers {
				req.Header.Add(h[0], h[1])
			}
			tr := signPinned(t, "edgegrid", values, pinned, req)
			require.Equal(t, v.DataToSign, tr.Step("data-to-sign").Out)
			require.Equal(t, config.Timestamp, tr.Step("timestamp").Out)
			got, _ := req.Header.Get("Authorization")
			require.Equal(t, v.Expect.Authorization, got)
			require.NoError(t, verifyPinned(t, "edgegrid", values, pinned, req))
		},
	})
}

var edgeClient = core.Values{"clientToken": "akab-c", "clientSecret": "s3cret=", "accessToken": "akab-a", "headersToSign": "X-Test2 x-test1"}

func edgePost(t *testing.T, changed core.Values) *core.Request {
	t.Helper()
	req := requestTo(t, "POST", "https://Example.com:8443/a%20b?c=d")
	req.Header = core.Header{{Name: "x-test1", Value: " a \t b "}, {Name: "X-Test2", Value: "Ü"}, {Name: "x-test1", Value: "c"}}
	req.Body = []byte("some body")
	signPinned(t, "edgegrid", merged(edgeClient, changed), core.Vector{}, req)
	return req
}

func TestEdgeGridNamesWhatDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		client, server core.Values
		change         func(*core.Request)
		code, step     string
	}{
		"another client token":    {core.Values{"clientToken": "x"}, nil, nil, "edgegrid.wrong-client-token", "client-token"},
		"another access token":    {core.Values{"accessToken": "x"}, nil, nil, "edgegrid.wrong-access-token", "access-token"},
		"another client secret":   {core.Values{"clientSecret": "x"}, nil, nil, "edgegrid.wrong-signature", "signing-key"},
		"no headers signed":       {core.Values{"headersToSign": ""}, nil, nil, "edgegrid.headers", "canonical-headers"},
		"one header signed":       {core.Values{"headersToSign": "X-Test1"}, nil, nil, "edgegrid.headers", "canonical-headers"},
		"another order":           {core.Values{"headersToSign": "x-test1,x-test2"}, nil, nil, "edgegrid.headers", "canonical-headers"},
		"a body cut elsewhere":    {nil, core.Values{"maxBody": "4"}, nil, "edgegrid.content-hash", "content-hash"},
		"one more header signed":  {nil, core.Values{"headersToSign": "X-Test2"}, nil, "edgegrid.headers", "canonical-headers"},
		"half a signature":        {nil, nil, func(r *core.Request) { v := &r.Header[3].Value; *v = (*v)[:len(*v)-22] }, "edgegrid.signature-form", "signature"},
		"another method":          {nil, nil, func(r *core.Request) { r.Method = "PATCH" }, "edgegrid.wrong-signature", "signing-key"},
		"another scheme":          {nil, nil, func(r *core.Request) { r.URL.Scheme = "http" }, "edgegrid.address", "data-to-sign"},
		"another host":            {nil, nil, func(r *core.Request) { r.Header.Add("X-Forwarded-Host", r.URL.Authority()); r.URL.Host = "10.0.0.7" }, "edgegrid.address", "data-to-sign"},
		"a slash at the end":      {nil, nil, func(r *core.Request) { r.URL.Path += "/" }, "edgegrid.address", "data-to-sign"},
		"another port":            {nil, nil, func(r *core.Request) { r.URL.Port = "" }, "edgegrid.wrong-signature", "signing-key"},
		"another path":            {nil, nil, func(r *core.Request) { r.URL.Path = "/a b" }, "edgegrid.wrong-signature", "signing-key"},
		"another query":           {nil, nil, func(r *core.Request) { r.URL.Query = "" }, "edgegrid.wrong-signature", "signing-key"},
		"another body":            {nil, nil, func(r *core.Request) { r.Body = []byte("some bodY") }, "edgegrid.wrong-signature", "signing-key"},
		"no body":                 {nil, nil, func(r *core.Request) { r.Body = nil }, "edgegrid.wrong-signature", "signing-key"},
		"another signed header":   {nil, nil, func(r *core.Request) { r.Header[1].Value = "ü" }, "edgegrid.wrong-signature", "signing-key"},
		"a signed header missing": {nil, nil, func(r *core.Request) { r.Header = r.Header[2:] }, "edgegrid.wrong-signature", "signing-key"},
	} {
		t.Run(name, func(t *testing.T) {
			req := edgePost(t, c.client)
			if c.change != nil {
				c.change(req)
			}
			rejection := asRejection(t, verifyPinned(t, "edgegrid", merged(edgeClient, c.server), core.Vector{}, req))
			require.Equal(t, c.code, rejection.Code, rejection.Message)
			require.Equal(t, c.step, rejection.Step)
		})
	}
	t.Run("a hash of a body that is not signed", func(t *testing.T) {
		req := edgePost(t, nil)
		req.Method = "PUT"
		scheme, in := inputFor(t, "edgegrid", edgeClient, core.Vector{})
		tr := &core.Trace{}
		asRejection(t, scheme.Verify(in, req, tr))
		require.Empty(t, tr.Step("content-hash").Out)
	})
}

func TestEdgeGridJoinsLinesOfOneName(t *testing.T) {
	scheme, in := inputFor(t, "edgegrid", edgeClient, core.Vector{})
	tr := &core.Trace{}
	require.NoError(t, scheme.Verify(in, edgePost(t, nil), tr))
	require.Equal(t, "x-test2:Ü\tx-test1:a b, c", tr.Step("canonical-headers").Out, "as a browser sends them")
}

func TestEdgeGridAccepts(t *testing.T) {
	req := edgePost(t, core.Values{"clientSecret": " s3cret=\n", "clientToken": "akab-c "})
	require.Contains(t, req.Header[3].Value, "client_token=akab-c;")
	req.Header[0].Value = "a b"
	require.NoError(t, verifyPinned(t, "edgegrid", edgeClient, core.Vector{}, req), "space in headers does not count")
	long := requestTo(t, "POST", "https://example.com/")
	long.Body = []byte("abcdef")
	signPinned(t, "edgegrid", merged(edgeClient, core.Values{"maxBody": "3"}), core.Vector{}, long)
	long.Body = []byte("abcDEF")
	require.NoError(t, verifyPinned(t, "edgegrid", merged(edgeClient, core.Values{"maxBody": "3"}), core.Vector{}, long), "what is behind the cut is not signed, and a note says so")
}

func TestEdgeGridReadsOneForm(t *testing.T) {
	req := edgePost(t, nil)
	good := req.Header[3].Value
	for line, code := range map[string]string{
		strings.Replace(good, "client_token", "Client_token", 1):       "edgegrid.format",
		strings.Replace(good, ";access", "; access", 1):                "edgegrid.format",
		strings.Replace(good, "akab-a", "", 1):                         "edgegrid.format",
		good + ";":                                                     "edgegrid.format",
		good + ";x":                                                    "edgegrid.format",
		strings.Replace(good, "+0000", "+0100", 1):                     "edgegrid.timestamp",
		strings.Replace(good, "timestamp=2", "timestamp=x", 1):         "edgegrid.timestamp",
		strings.Replace(good, "EG1-HMAC-SHA256", "EG2-HMAC-SHA256", 1): "authorization.scheme",
		strings.Replace(good, "client_token=akab-c;access_token=akab-a", "access_token=akab-a;client_token=akab-c", 1): "edgegrid.format",
	} {
		req.Header[3].Value = line
		require.Equal(t, code, asRejection(t, verifyPinned(t, "edgegrid", edgeClient, core.Vector{}, req)).Code, line)
	}
}

func TestEdgeGridClockAndReplay(t *testing.T) {
	req, at := edgePost(t, nil), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, seconds := range []int{-30, 0, 30} {
		require.NoError(t, verifyPinned(t, "edgegrid", edgeClient, core.Vector{Now: at.Add(time.Duration(seconds) * time.Second)}, req))
	}
	rejection := asRejection(t, verifyPinned(t, "edgegrid", edgeClient, core.Vector{Now: at.Add(31 * time.Second)}, req))
	require.Equal(t, "edgegrid.clock", rejection.Code)
	require.Contains(t, rejection.Message, "within 30 seconds")
	scheme, in := inputFor(t, "edgegrid", edgeClient, core.Vector{})
	in.Env.Seen = remember()
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
	require.Equal(t, "edgegrid.replay", asRejection(t, scheme.Verify(in, req, &core.Trace{})).Code)
}

func TestEdgeGridRefusesWhatItCannotSay(t *testing.T) {
	for name, c := range map[string]struct {
		values      core.Values
		field, code string
	}{
		"a semicolon in a token":   {core.Values{"clientToken": "a;b"}, "clientToken", "edgegrid.token"},
		"a line break in a token":  {core.Values{"accessToken": "a\nb"}, "accessToken", "edgegrid.token"},
		"Hangul in a token":        {core.Values{"accessToken": "한"}, "accessToken", "edgegrid.token"},
		"a header that is no name": {core.Values{"headersToSign": "X-A: b"}, "headersToSign", "edgegrid.header-name"},
		"less than no body":        {core.Values{"maxBody": "-1"}, "maxBody", "edgegrid.max-body"},
		"much of the body":         {core.Values{"maxBody": "much"}, "maxBody", "edgegrid.max-body"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := build(t, "edgegrid", c.values, core.Request{})
			require.Equal(t, c.code, fieldError(t, err).Code)
			require.Equal(t, c.field, fieldError(t, err).Field)
		})
	}
	for _, nonce := range []string{"", "a;b", "a\x00b", "한"} {
		scheme, in := inputFor(t, "edgegrid", edgeClient, core.Vector{Nonces: map[string]string{"nonce": nonce}})
		require.Equal(t, "edgegrid.nonce", fieldError(t, scheme.Sign(in, plainRequest(t), &core.Trace{})).Code, "%q", nonce)
	}
	_, _, err := build(t, "edgegrid", edgeClient, core.Request{Header: core.Header{{Name: "Authorization", Value: "a"}}})
	require.Equal(t, "authorization.conflict", fieldError(t, err).Code)
}

func TestEdgeGridNotes(t *testing.T) {
	client := merged(edgeClient, core.Values{"headersToSign": ""})
	for name, c := range map[string]struct {
		values core.Values
		own    core.Request
		want   []string
	}{
		"nothing to say":              {client, core.Request{Method: "POST", Body: []byte("x")}, nil},
		"empty":                       {nil, core.Request{}, []string{"edgegrid.empty", "edgegrid.empty", "edgegrid.empty"}},
		"a line of the file":          {merged(client, core.Values{"clientSecret": "client_secret = a"}), core.Request{}, []string{"edgegrid.pasted-name"}},
		"one token twice":             {merged(client, core.Values{"clientToken": "akab-a"}), core.Request{}, []string{"edgegrid.same-token"}},
		"a PUT's body":                {client, core.Request{Method: "PUT", Body: []byte("x")}, []string{"edgegrid.body-not-covered"}},
		"a body that is cut":          {merged(client, core.Values{"maxBody": "1"}), core.Request{Method: "POST", Body: []byte("xy")}, []string{"edgegrid.body-cut"}},
		"headers that are not there":  {merged(client, core.Values{"headersToSign": "X-A"}), core.Request{}, []string{"edgegrid.no-header"}},
		"headers of the browser":      {merged(client, core.Values{"headersToSign": "Host, Sec-A"}), core.Request{}, []string{"edgegrid.browser-header", "edgegrid.browser-header"}},
		"a question mark and no more": {client, core.Request{URL: core.URL{Scheme: "https", Host: "a", Path: "/", Query: "?"}}, []string{"edgegrid.empty-query"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "edgegrid", c.values, c.own)
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
}

// Whatever is in the header: Verify says no with a code and a step that it has.
func FuzzEdgeGrid(f *testing.F) {
	f.Add("EG1-HMAC-SHA256 client_token=akab-c;access_token=akab-a;timestamp=20260102T03:04:05+0000;nonce=n;signature=s")
	f.Add("EG1-HMAC-SHA256 client_token=;;")
	f.Add("eg1-hmac-sha256 client_token=a;access_token=b;timestamp=20260230T99:04:05+0000;nonce=n;signature=s;")
	f.Fuzz(func(t *testing.T, line string) {
		req := plainRequest(t)
		req.Header.Add("Authorization", line)
		scheme, in := inputFor(t, "edgegrid", edgeClient, core.Vector{})
		tr := &core.Trace{}
		rejection := asRejection(t, scheme.Verify(in, req, tr))
		require.NotNil(t, tr.Step(rejection.Step))
	})
}
