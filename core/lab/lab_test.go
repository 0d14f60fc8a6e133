package lab_test

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// testEnv stands still, and counts instead of throwing dice.
func testEnv() core.Env {
	count := 0
	return core.Env{
		Now: func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
		Nonce: func(name string, bytes int) string {
			if bytes == 0 {
				return ""
			}
			count++
			return name + strconv.Itoa(count)
		},
		Seen: func(string, time.Duration) bool { return false },
		Keys: platform.Keys(),
	}
}

func get(target string) (string, *core.Request) {
	path, query, asked := strings.Cut(target, "?")
	url := core.URL{Scheme: "http", Host: "127.0.0.1", Port: "8765", Path: "/lab/" + path}
	if asked {
		url.Query = "?" + query
	}
	return path, &core.Request{Method: "GET", URL: url}
}

func handle(target string) *lab.Response { return lab.New(testEnv()).Handle(get(target)) }

func text(t *testing.T, r *lab.Response) string {
	t.Helper()
	if r.Body == nil {
		return ""
	}
	content, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(content)
}

func TestIndex(t *testing.T) {
	listed := text(t, handle(""))
	for _, route := range []string{"echo", "auth/<scheme>", "auth/<scheme>/account", "status/<code>", "redirect?to=",
		"delay/<ms>", "bytes/<n>", "stream/<n>"} {
		require.Contains(t, listed, `"`+route, "the contract names it")
	}
	require.Equal(t, strings.Count(listed, `"route"`), strings.Count(listed, `."`), "each has a sentence")
}

func TestTooManyHeaderLines(t *testing.T) {
	path, req := get("echo")
	for range 1000 {
		req.Header.Add("X-A", "b")
	}
	require.Equal(t, 200, lab.New(testEnv()).Handle(path, req).Status)
	req.Header.Add("X-A", "b")
	refused := lab.New(testEnv()).Handle(path, req)
	require.Equal(t, 431, refused.Status)
	require.Contains(t, text(t, refused), `"code": "lab.header-lines"`)
}

func TestUnknownRoute(t *testing.T) {
	for _, target := range []string{"nothing", "echo/", "auth", "auth/", "auth/basic/", "status", "bytes//5", "/echo", "../echo", "<scheme>"} {
		r := handle(target)
		require.Equal(t, 404, r.Status, target)
		require.Contains(t, text(t, r), `"route": "echo"`, "says what there is")
	}
}

func TestEcho(t *testing.T) {
	path, req := get("echo?a=%20b+c")
	req.Method = "POST"
	req.Header = core.Header{{Name: "X-B", Value: "1"}, {Name: "x-a", Value: "2"}, {Name: "X-B", Value: "é"}}
	t.Run("gives the request back in the contract's shape", func(t *testing.T) {
		req.Body = []byte("käse")
		require.JSONEq(t, `{"method":"POST","url":"http://127.0.0.1:8765/lab/echo?a=%20b+c",
			"headers":[["X-B","1"],["x-a","2"],["X-B","é"]],"body":{"text":"käse"},"bodySize":5}`,
			text(t, lab.New(testEnv()).Handle(path, req)))
	})
	t.Run("writes bytes that are no text in base64", func(t *testing.T) {
		req.Body = []byte{0xff, 0}
		require.Contains(t, text(t, lab.New(testEnv()).Handle(path, req)), `"base64": "/wA="`)
	})
	t.Run("has no body member without a body", func(t *testing.T) {
		require.NotContains(t, text(t, handle("echo")), `"body":`)
	})
}

func TestStatus(t *testing.T) {
	for _, code := range []int{200, 201, 204, 205, 301, 304, 400, 401, 404, 405, 418, 500, 599} {
		r := handle("status/" + strconv.Itoa(code))
		require.Equal(t, code, r.Status)
		bodyless := code == 204 || code == 205 || code == 304
		require.Equal(t, bodyless, r.Body == nil, code)
	}
	for _, wrong := range []string{"100", "101", "199", "600", "-1", "+200", "2e2", "abc", "99999999999999999999"} {
		r := handle("status/" + wrong)
		require.Equal(t, 400, r.Status, wrong)
		require.Contains(t, text(t, r), `"lab.status"`)
	}
	require.True(t, handle("status/401").Header.Has("WWW-Authenticate"))
	require.True(t, handle("status/405").Header.Has("Allow"))
}

func TestRedirect(t *testing.T) {
	tests := []struct {
		name, target string
		status       int
		location     string
	}{
		{"goes to another route", "redirect?to=echo", 302, "echo"},
		{"goes to another origin", "redirect?to=http%3A%2F%2Flocalhost%3A8766%2Flab%2Fecho%3Fa%3Db", 302, "http://localhost:8766/lab/echo?a=b"},
		{"takes another code", "redirect?to=echo&code=307", 307, "echo"},
		{"counts hops down", "redirect?to=echo%3Fa&n=3", 302, "redirect?to=echo%3Fa&code=302&n=2"},
		{"ends the hops", "redirect?to=echo%3Fa&code=308&n=1", 308, "echo?a"},
		{"cannot be made to write a header line", "redirect?to=echo%0d%0aSet-Cookie:%20a", 302, "echo%0D%0ASet-Cookie:%20a"},
		{"writes non-ASCII in percent-encoding", "redirect?to=%C3%A9", 302, "%C3%A9"},
		{"needs a place", "redirect", 400, ""},
		{"needs a place that is not blank", "redirect?to=%20", 400, ""},
		{"takes no other code", "redirect?to=echo&code=304", 400, ""},
		{"takes no endless chain", "redirect?to=echo&n=101", 400, ""},
		{"takes no chain of none", "redirect?to=echo&n=0", 400, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := handle(test.target)
			require.Equal(t, test.status, r.Status)
			location, _ := r.Header.Get("Location")
			require.Equal(t, test.location, location)
		})
	}
}

func TestDelay(t *testing.T) {
	r := handle("delay/1500")
	require.Equal(t, 1500*time.Millisecond, r.Delay)
	require.JSONEq(t, `{"delayMs":1500}`, text(t, r))
	require.Equal(t, time.Minute, handle("delay/60000").Delay)
	for _, wrong := range []string{"60001", "-1", "1s", "1.5"} {
		require.Equal(t, 400, handle("delay/"+wrong).Status, wrong)
		require.Zero(t, handle("delay/"+wrong).Delay)
	}
}

func TestHead(t *testing.T) {
	for _, target := range []string{"echo", "bytes/1000", "auth/basic", "status/404", "nothing"} {
		path, req := get(target)
		whole := lab.New(testEnv()).Handle(path, req)
		req.Method = "HEAD"
		head := lab.New(testEnv()).Handle(path, req)
		require.Nil(t, head.Body, target)
		require.Equal(t, whole.Status, head.Status, target)
		require.Equal(t, whole.Header, head.Header, target)
		if target != "echo" { // which has the method in its answer
			require.Equal(t, whole.Size, head.Size, target)
		}
	}
}

// FuzzHandle: whatever is asked, the answer is one that both hosts can send, and harmless.
func FuzzHandle(f *testing.F) {
	for _, target := range []string{"", "echo", "auth/basic", "auth/bearer/account", "status/204", "redirect?to=echo&n=3",
		"redirect?to=%0a%ff", "delay/10", "bytes/70000", "stream/65", "json/6", "json/200", "say?type=text/html&text=%3Cb%3E", "say?type=%ff", "\xff", "status/9999999999999999999"} {
		f.Add("GET", target, "Authorization", "Basic QTpi", []byte(nil))
		f.Add("HEAD", target, "x", "\xff", []byte("a=b\xff"))
	}
	f.Fuzz(func(t *testing.T, method, target, name, value string, content []byte) {
		path, req := get(target)
		req.Method, req.Header, req.Body = method, core.Header{{Name: name, Value: value}}, content
		r := lab.New(testEnv()).Handle(path, req)
		require.True(t, r.Status >= 200 && r.Status <= 599, r.Status)
		require.True(t, r.Delay >= 0 && r.Delay <= time.Minute)
		for _, line := range r.Header {
			require.True(t, syntax.IsToken(line.Name) && syntax.ValidFieldValue(line.Value), line)
		}
		policy, _ := r.Header.Get("Content-Security-Policy")
		require.Equal(t, "sandbox; default-src 'none'", policy)
		require.Equal(t, []string{"nosniff"}, r.Header.Values("X-Content-Type-Options"))
		checkBody(t, method, r)
	})
}

func checkBody(t *testing.T, method string, r *lab.Response) {
	const most = 1 << 20
	if r.Body == nil {
		return
	}
	require.NotEqual(t, "HEAD", method)
	content, err := io.ReadAll(io.LimitReader(r.Body, most))
	require.NoError(t, err)
	if r.Size >= 0 {
		require.Equal(t, min(r.Size, most), int64(len(content)))
	}
	if mediaType, _ := r.Header.Get("Content-Type"); mediaType == "application/json" && r.Size < most && r.Status != 200 {
		require.True(t, utf8.Valid(content) && json.Valid(content), string(content))
	}
}
