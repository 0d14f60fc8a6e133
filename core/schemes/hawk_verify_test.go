package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

var (
	hawkSteve = core.Values{"id": "dh37fgj492je", "key": "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"}
	hawkNow   = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

// hawkPost is a signed request with a body.
func hawkPost(t *testing.T, changed core.Values) *core.Request {
	t.Helper()
	req := requestTo(t, "POST", "http://example.com:8000/resource/1?b=1&a=2")
	req.Header.Add("Content-Type", "Text/Plain; charset=utf-8")
	req.Body = []byte("Thank you for flying Hawk")
	signPinned(t, "hawk", merged(hawkSteve, changed), core.Vector{}, req)
	return req
}

func TestHawkNamesWhatDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		client, server core.Values
		change         func(*core.Request)
		code, step     string
	}{
		"another key":               {core.Values{"key": "x"}, nil, nil, "hawk.wrong-mac", "mac"},
		"another ID":                {core.Values{"id": "x"}, nil, nil, "hawk.wrong-id", "id"},
		"the other algorithm":       {core.Values{"algorithm": "sha1"}, nil, nil, "hawk.payload", "payload-hash"},
		"the other, without hash":   {core.Values{"algorithm": "sha1", "payloadHash": "false"}, core.Values{"payloadHash": "false"}, nil, "hawk.algorithm", "mac"},
		"a hash that is missing":    {core.Values{"payloadHash": "false"}, nil, nil, "hawk.payload-missing", "payload-hash"},
		"a changed body":            {nil, nil, func(r *core.Request) { r.Body = []byte("x") }, "hawk.payload", "payload-hash"},
		"a lost body":               {nil, nil, func(r *core.Request) { r.Body = nil }, "hawk.payload", "payload-hash"},
		"a changed body, unasked":   {nil, core.Values{"payloadHash": "false"}, func(r *core.Request) { r.Body = []byte("x") }, "hawk.payload", "payload-hash"},
		"another content type":      {nil, nil, func(r *core.Request) { r.Header[0].Value = "text/html" }, "hawk.payload", "payload-hash"},
		"the type left out":         {nil, nil, hashedWith("", "Thank you for flying Hawk"), "hawk.content-type", "payload-hash"},
		"the type with parameters":  {nil, nil, hashedWith("Text/Plain; charset=utf-8", "Thank you for flying Hawk"), "hawk.content-type", "payload-hash"},
		"an empty body hashed":      {nil, nil, hashedWith("text/plain", ""), "hawk.payload", "payload-hash"},
		"another method":            {nil, nil, func(r *core.Request) { r.Method = "PUT" }, "hawk.address", "normalized"},
		"a slash at the end":        {nil, nil, func(r *core.Request) { r.URL.Path += "/" }, "hawk.address", "normalized"},
		"a host behind a proxy":     {nil, nil, func(r *core.Request) { r.URL.Host = "10.0.0.7"; r.Header.Add("Host", "example.com:8000") }, "hawk.address", "normalized"},
		"a key with a line break":   {core.Values{"key": hawkSteve["key"] + "\n"}, nil, nil, "hawk.key-line-end", "mac"},
		"an ext that is not signed": {nil, nil, addToHawk(`ext="x"`), "hawk.ext-unsigned", "normalized"},
		"a hash that is not signed": {core.Values{"payloadHash": "false"}, nil, addToHawk(`hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY="`), "hawk.hash-unsigned", "normalized"},
		"another path":              {nil, nil, func(r *core.Request) { r.URL.Path = "/resource/2" }, "hawk.wrong-mac", "mac"},
		"another query":             {nil, nil, func(r *core.Request) { r.URL.Query = "?a=2&b=1" }, "hawk.wrong-mac", "mac"},
		"a query that came along":   {nil, nil, func(r *core.Request) { r.URL.Query += "&c" }, "hawk.wrong-mac", "mac"},
		"another host":              {nil, nil, func(r *core.Request) { r.URL.Host = "example.net" }, "hawk.wrong-mac", "mac"},
		"a port behind a proxy":     {nil, nil, func(r *core.Request) { r.URL.Port = "9999" }, "hawk.port", "normalized"},
		"another application":       {core.Values{"app": "x"}, core.Values{"app": "y"}, nil, "hawk.app", "normalized"},
		"no application":            {nil, core.Values{"app": "y"}, nil, "hawk.app", "normalized"},
	} {
		t.Run(name, func(t *testing.T) {
			req := hawkPost(t, c.client)
			if c.change != nil {
				c.change(req)
			}
			rejection := asRejection(t, verifyPinned(t, "hawk", merged(hawkSteve, c.server), core.Vector{}, req))
			require.Equal(t, c.code, rejection.Code, rejection.Message)
			require.Equal(t, c.step, rejection.Step)
		})
	}
	t.Run("hashes the bare content type", func(t *testing.T) {
		good, other := hawkPost(t, nil), hawkPost(t, nil)
		other.Header[0].Value = "text/plain"
		require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, other))
		require.Contains(t, good.Header[1].Value, `hash="Yi9LfIIFRtBEPt74PVmbTF/xVAwPn7ub15ePICfgnuY="`, "that of Hawk's documentation")
	})
	t.Run("a query that the client did not sign", func(t *testing.T) {
		req := requestTo(t, "GET", "https://example.com/a")
		signPinned(t, "hawk", hawkSteve, core.Vector{}, req)
		req.URL.Query = "?b"
		require.Equal(t, "hawk.query", asRejection(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req)).Code)
	})
}

// addToHawk is a client that sends what it has not signed.
func addToHawk(attribute string) func(*core.Request) {
	return editHeader("Authorization", ", mac=", ", "+attribute+", mac=")
}

// hashedWith swaps the hash for that of another content type or body; the MAC is not looked at before it.
func hashedWith(contentType, body string) func(*core.Request) {
	return func(r *core.Request) {
		last := len(r.Header) - 1
		before, rest, _ := strings.Cut(r.Header[last].Value, `hash="`)
		_, after, _ := strings.Cut(rest, `"`)
		r.Header[last].Value = before + `hash="` + sha256Base64("hawk.1.payload\n"+contentType+"\n"+body+"\n") + `"` + after
	}
}

func TestHawkAccepts(t *testing.T) {
	t.Run("what it may not have asked for", func(t *testing.T) {
		for _, client := range []core.Values{nil, {"app": "a"}, {"app": "a", "dlg": "d"}, {"ext": "x y!"}, {"payloadHash": "true"}} {
			require.NoError(t, verifyPinned(t, "hawk", merged(hawkSteve, core.Values{"payloadHash": "false"}), core.Vector{}, hawkPost(t, client)))
		}
	})
	t.Run("other writings of the header", func(t *testing.T) {
		req := hawkPost(t, nil)
		good := req.Header[1].Value
		for _, line := range []string{"hawk" + good[4:], strings.ReplaceAll(good, ", ", ","), strings.ReplaceAll(good, ", ", " ,\t"), good + ", "} {
			req.Header[1].Value = line
			require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req), line)
		}
	})
	t.Run("the hash of nothing in a GET", func(t *testing.T) {
		req := requestTo(t, "GET", "https://example.com/")
		const line = `Hawk id="dh37fgj492je", ts="1767323045", nonce="j4h3g2", hash="B0weSUXsMcb5UhL41FZbrUJCAotzSI3HawE1NPLRUz8=", mac="q/t+NNAkQZNlq/aAD6PlexImwQTxwgT2MahfTa9XRLA="`
		req.Header.Add("Authorization", line)
		rejection := asRejection(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req))
		require.Equal(t, "hawk.wrong-mac", rejection.Code, "the hash is right: hapi's clients send it so")
	})
}

func TestHawkReadsOnlyWhatItsServersRead(t *testing.T) {
	req := hawkPost(t, nil)
	good := req.Header[1].Value
	for line, code := range map[string]string{
		strings.Replace(good, `ts="`, `TS="`, 1):                "hawk.unknown-attribute",
		strings.Replace(good, `id="dh37fgj492je"`, "id=abc", 1): "hawk.format",
		strings.Replace(good, `", ts`, `" ts`, 1):               "hawk.format",
		strings.Replace(good, `nonce="`, `nonce="\`, 1):         "hawk.format",
		strings.Replace(good, `nonce="6e`, `nonce="é`, 1):       "hawk.value",
		strings.Replace(good, `nonce="`, `ext="", nonce="`, 1):  "hawk.value",
		strings.Replace(good, `ts="1`, `ts="-1`, 1):             "hawk.timestamp",
		strings.Replace(good, `ts="1`, `ts="+1`, 1):             "hawk.timestamp",
		strings.Replace(good, `ts="1`, `ts="a`, 1):              "hawk.timestamp", // NaN passes Hawk's own check
		good + `, mac="a"`: "hawk.duplicate",
		good + `x`:         "hawk.format",
		"Hawk ":            "hawk.format",
		"Basic Og==":       "authorization.scheme",
	} {
		req.Header[1].Value = line
		require.Equal(t, code, asRejection(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{}, req)).Code, line)
	}
}

func TestHawkClockAndReplay(t *testing.T) {
	req := hawkPost(t, nil)
	for _, seconds := range []int{-60, 0, 60} {
		require.NoError(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{Now: hawkNow.Add(time.Duration(seconds) * time.Second)}, req))
	}
	for _, seconds := range []int{-61, 61} {
		rejection := asRejection(t, verifyPinned(t, "hawk", hawkSteve, core.Vector{Now: hawkNow.Add(time.Duration(seconds) * time.Second)}, req))
		require.Equal(t, "hawk.stale", rejection.Code)
		require.Equal(t, "timestamp", rejection.Step)
	}
	scheme, in := inputFor(t, "hawk", hawkSteve, core.Vector{})
	in.Env.Seen = remember()
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
	require.Equal(t, "hawk.replay", asRejection(t, scheme.Verify(in, req, &core.Trace{})).Code)
}

// A client whose clock is wrong is told the server's time, and believes only who has the key.
func TestHawkTakesTheServersTime(t *testing.T) {
	scheme, server := inputFor(t, "hawk", hawkSteve, core.Vector{Now: hawkNow.Add(time.Hour)})
	late := hawkPost(t, nil)
	server.Refused = asRejection(t, scheme.Verify(server, late, &core.Trace{}))
	challenges := scheme.Challenge(server)
	lines := []string{syntax.FormatChallenge(challenges[0])}
	require.True(t, strings.HasPrefix(lines[0], `Hawk ts="1767326645", tsm="`), lines[0])

	_, client := inputFor(t, "hawk", hawkSteve, core.Vector{})
	client.Challenges = syntax.ParseChallenges(lines)
	again, tr := requestTo(t, "POST", "http://example.com:8000/resource/1"), &core.Trace{}
	require.NoError(t, scheme.Sign(client, again, tr))
	require.Equal(t, "1767326645", tr.Step("timestamp").Out)
	require.Contains(t, noteOf(t, tr, "hawk.clock").Message, "in 1 hour")
	require.NoError(t, scheme.Verify(server, again, &core.Trace{}))

	for name, change := range map[string]func(*core.Challenge){
		"another time":   func(c *core.Challenge) { c.Params[0].Value = "1999999999" },
		"another MAC":    func(c *core.Challenge) { c.Params[1].Value = "a" + c.Params[1].Value[1:] },
		"no MAC":         func(c *core.Challenge) { c.Params = c.Params[:1] },
		"no time at all": func(c *core.Challenge) { c.Params = []core.Param{{Name: "ts", Value: "x\ny"}, c.Params[1]} },
	} {
		t.Run("does not believe "+name, func(t *testing.T) {
			client.Challenges = syntax.ParseChallenges(lines)
			change(&client.Challenges[0])
			req, tr := requestTo(t, "GET", "http://example.com/"), &core.Trace{}
			require.NoError(t, scheme.Sign(client, req, tr))
			require.Equal(t, "1767323045", tr.Step("timestamp").Out)
			noteOf(t, tr, "hawk.tsm")
		})
	}
	t.Run("also for a bewit", func(t *testing.T) {
		client.Challenges, client.Values = syntax.ParseChallenges(lines), merged(client.Values, core.Values{"in": "bewit"})
		tr := &core.Trace{}
		require.NoError(t, scheme.Sign(client, requestTo(t, "GET", "http://example.com/"), tr))
		require.Equal(t, "1767326945", tr.Step("expires").Out)
	})
}
