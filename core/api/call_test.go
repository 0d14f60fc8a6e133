package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/api"
)

// envelope is what every answer is.
type envelope struct {
	OK    json.RawMessage
	Error *struct{ Code, Field, Step, Message string }
}

func call(t testing.TB, a *api.API, name, params string) envelope {
	t.Helper()
	answer, _ := a.Call(context.Background(), name, []byte(params), nil)
	var e envelope
	require.NoError(t, json.Unmarshal(answer, &e), "%s", answer)
	require.NotEqual(t, e.OK == nil, e.Error == nil, "%s", answer)
	return e
}

func TestParams(t *testing.T) {
	deep := strings.Repeat(`{"x":`, 65) + "1" + strings.Repeat("}", 65)
	cases := []struct{ name, params, code, field string }{
		{"takes nothing for {}", "", "url.empty", "url"},
		{"takes null for missing", `{"request":null,"auth":{"values":null},"steps":null}`, "url.empty", "url"},
		{"ignores unknown members", `{"what":[{"ever":1}],"request":{"url":"","more":{}}}`, "url.empty", "url"},
		{"takes the last of a repeat", `{"request":{"url":"https://a.test/"},"request":{"url":""}}`, "url.empty", "url"},
		{"refuses another type at the top", `[]`, "json.type", ""},
		{"refuses half a value", `{"request":{"url":"x`, "json.syntax", ""},
		{"refuses more than one value", `{} {}`, "json.syntax", ""},
		{"refuses text behind the value", `{}"`, "json.syntax", ""},
		{"refuses what is no UTF-8", "{\"request\":{\"url\":\"\xff\"}}", "json.utf8", ""},
		{"refuses 65 levels", deep, "json.depth", ""},
		{"counts no brackets in texts", `{"x":"` + strings.Repeat("[", 100) + `"}`, "url.empty", "url"},
		{"names the member", `{"request":7}`, "json.type", "request"},
		{"names the header row", `{"request":{"headers":[["a","b"],["c"]]}}`, "json.type", "request.headers.1"},
		{"refuses three of a pair", `{"request":{"headers":[["a","b","c"]]}}`, "json.type", "request.headers.0.2"},
		{"does not name what is not ours", `{"auth":{"values":{"hunter2":1}}}`, "json.type", "auth.values"},
		{"wants texts as values", `{"auth":{"values":["hunter2"]}}`, "json.type", "auth.values"},
		{"wants true or false", `{"steps":"false"}`, "json.type", "steps"},
		{"knows the options of fetch", `{"fetch":{"redirect":"hunter2"}}`, "json.type", "fetch.redirect"},
		{"wants whole milliseconds", `{"fetch":{"timeoutMs":1.5}}`, "json.type", "fetch.timeoutMs"},
		{"wants no negative ones", `{"fetch":{"timeoutMs":-1}}`, "json.type", "fetch.timeoutMs"},
		{"wants RFC 3339", `{"env":{"now":"hunter2"}}`, "env.now", "now"},
		{"wants no time before 1970", `{"env":{"now":"1970-01-01T00:00:00+00:01"}}`, "env.now", "now"},
		{"wants no time that looks like none", `{"env":{"now":"0001-01-01T00:00:00Z"}}`, "env.now", "now"},
		{"wants no year of five digits", `{"env":{"now":"9999-12-31T23:59:59-00:01"}}`, "env.now", "now"},
		{"wants one kind of body", `{"request":{"body":{"text":"a","form":[]}}}`, "body.kinds", "body"},
		{"wants an origin", `{"fetch":{"origin":"hunter2"}}`, "fetch.origin", "fetch.origin"},
		{"wants no address for an origin", `{"fetch":{"origin":"https://a.test/hunter2"}}`, "fetch.origin", "fetch.origin"},
		{"wants base64", `{"request":{"body":{"base64":"hunter2!"}}}`, "body.base64", "body"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			answer := call(t, testAPI(), "build", c.params)
			require.NotNil(t, answer.Error)
			require.Equal(t, c.code, answer.Error.Code, answer.Error.Message)
			require.Equal(t, c.field, answer.Error.Field)
			require.NotContains(t, answer.Error.Message, "hunter2")
		})
	}
	t.Run("refuses more than 32 MiB", func(t *testing.T) {
		answer := call(t, testAPI(), "build", `{"x":"`+strings.Repeat("x", 32<<20)+`"}`)
		require.Equal(t, "json.size", answer.Error.Code)
	})
}

func TestInvalidUTF8(t *testing.T) {
	// Half a surrogate pair is all JSON can smuggle in; percent-decoding gives any byte.
	a := testAPI()
	for _, params := range []string{
		`{"request":{"url":"https://a.test/\ud800","headers":[["X","\udfff"]],"method":"POST","body":{"text":"\ud800"}}}`,
		`{"request":{"url":"https://%ff:%fe@a.test/"},"auth":{"scheme":"basic","values":{"charset":"iso-8859-1"}}}`,
		`{"request":{"url":"https://a.test/"},"auth":{"scheme":"basic","values":{"username":"\ud800"}}}`,
	} {
		call(t, a, "build", params)
	}
	answer, _ := a.Call(t.Context(), "build", []byte(`{"request":{"url":"https://a.test/","method":"POST"}}`), []byte{0xff, 0xfe})
	require.Contains(t, string(answer), `(2 bytes)`)
}

func TestEmptyBodyBesideIsNone(t *testing.T) {
	answer, _ := testAPI().Call(t.Context(), "build", []byte(`{"request":{"method":"POST","url":"https://a.test/","body":{"text":"hi"}}}`), []byte{})
	require.Contains(t, string(answer), `\n\nhi"`)
}

func TestOrigin(t *testing.T) {
	for typed, want := range map[string]string{"https://A.test:443/": "https://a.test", "null": "null", "": "http://127.0.0.1:8765"} {
		answer := call(t, testAPI(), "predict", `{"request":{"url":"https://b.test/","method":"POST"},"fetch":{"origin":"`+typed+`"}}`)
		require.Contains(t, string(answer.OK), `["Origin","`+want+`"]`, typed)
		require.NotContains(t, string(answer.OK), "fetch.origin-unknown")
	}
}

func TestTLSInAPageIsRead(t *testing.T) {
	answer := call(t, testAPI(), "send", `{"request":{"url":"https://a.test/"},"tls":{"fingerprint":"abc"}}`)
	require.Equal(t, "tls.fingerprint.length", answer.Error.Code)
	require.Equal(t, "tls.fingerprint", answer.Error.Field)
	answer = call(t, testAPI(), "send", `{"request":{"url":"https://a.test/"},"tls":{"verify":true,"ca":""}}`)
	require.NotContains(t, string(answer.OK), "tls.not-in-a-browser", "that is what the browser does")
}

func TestTwoBodiesAreOneTooMany(t *testing.T) {
	answer, _ := testAPI().Call(t.Context(), "build", []byte(`{"request":{"method":"POST","url":"https://a.test/","body":{"text":"hunter2"}}}`), []byte("x"))
	require.Contains(t, string(answer), `{"error":{"code":"body.twice","field":"body"`)
	require.NotContains(t, string(answer), "hunter2")
}

func TestCancel(t *testing.T) {
	a := testAPI()
	params := []byte(`{"id":"7","request":{"url":"https://a.test/wait"}}`)
	var running sync.WaitGroup
	var answer []byte
	running.Go(func() { answer, _ = a.Call(context.Background(), "send", params, nil) })
	for { // until the send has begun
		if e := call(t, a, "cancel", `{"id":"7"}`); string(e.OK) == `{"cancelled":true}` {
			break
		}
		runtime.Gosched() // js/wasm has one thread and takes it from nobody
	}
	running.Wait()
	require.Contains(t, string(answer), `"failure":{"code":"cancelled"`)
	require.Equal(t, `{"cancelled":false}`, string(call(t, a, "cancel", `{"id":"7"}`).OK))
}

func TestSendIDIsTakenWhileRunning(t *testing.T) {
	a := testAPI()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var running sync.WaitGroup
	params := []byte(`{"id":"7","request":{"url":"https://a.test/wait"}}`)
	for range 2 { // one of them is refused, the other waits for the end of ctx
		running.Go(func() {
			answer, _ := a.Call(ctx, "send", params, nil)
			if bytes.Contains(answer, []byte(`"send.running"`)) {
				cancel()
			}
		})
	}
	running.Wait()
	require.Error(t, ctx.Err())
}

func TestLabStream(t *testing.T) {
	a := testAPI()
	answer, first := a.Call(t.Context(), "lab", []byte(`{"method":"GET","url":"http://127.0.0.1:8765/lab/bytes/1000000","route":"bytes/1000000"}`), nil)
	var started struct {
		OK struct {
			Status, Stream int
			Size           int64
		}
	}
	require.NoError(t, json.Unmarshal(answer, &started))
	require.Equal(t, 200, started.OK.Status, "%s", answer)
	require.EqualValues(t, 1000000, started.OK.Size)
	require.NotZero(t, started.OK.Stream)
	read, done := len(first), false
	params, err := json.Marshal(map[string]int{"stream": started.OK.Stream})
	require.NoError(t, err)
	for !done {
		answer, chunk := a.Call(t.Context(), "lab-read", params, nil)
		read += len(chunk)
		done = bytes.Equal(answer, []byte(`{"ok":{"done":true}}`))
	}
	require.Equal(t, 1000000, read)
	_, chunk := a.Call(t.Context(), "lab-read", params, nil)
	require.Empty(t, chunk)
}

func TestLabStreamsAreLimited(t *testing.T) {
	a := testAPI()
	open := `{"method":"GET","url":"http://127.0.0.1:8765/lab/bytes/1000000","route":"bytes/1000000"}`
	for range 64 {
		require.Nil(t, call(t, a, "lab", open).Error)
	}
	require.Equal(t, "lab.streams", call(t, a, "lab", open).Error.Code)
	call(t, a, "lab-close", `{"stream":1}`)
	require.Nil(t, call(t, a, "lab", open).Error)
}

func TestHostWithoutTransport(t *testing.T) {
	answer := call(t, api.New(api.Host{}), "send", `{"request":{"url":"https://a.test/"}}`)
	require.Equal(t, "unavailable", answer.Error.Code)
}

func TestTry(t *testing.T) {
	a := testAPI()
	ctx := context.Background()
	build := []byte(`{"request":{"url":"https://a.test/"},"auth":{"scheme":"basic","values":{"username":"a","password":"b"}}}`)
	_, _, waits := a.Try(ctx, "send", build, nil)
	require.True(t, waits, "sending always waits")
	_, _, waits = a.Try(ctx, "no such call", nil, nil)
	require.False(t, waits)

	tried, _, waits := a.Try(ctx, "build", build, nil)
	require.False(t, waits, "nothing is asked of Keys")
	made, _ := a.Call(ctx, "build", build, nil)
	require.Equal(t, string(made), string(tried))
}
