package schemes_test

import (
	"path"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/schemes"
)

// Whatever stands where the signature should be: Verify does not panic, says no with a Rejection, and yes
// only to what was signed.

func FuzzSigV4Authorization(f *testing.F) {
	for _, c := range vectors.Load(f, "sigv4").Cases {
		var v awsCase
		c.DecodeSome(f, &v)
		if v.Expect.Header != nil {
			_, line, _ := strings.Cut(v.Expect.Header.SignedRequest, "Authorization:")
			line, _, _ = strings.Cut(line, "\n")
			f.Add(line)
		}
	}
	for _, line := range []string{"", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ", "aws4-hmac-sha256 Credential=a/b/c/d/e", "AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;,Signature=",
		"AWS4-HMAC-SHA256 =,=,=", "AWS4-HMAC-SHA256 Credential=/,SignedHeaders=host;host,Signature=\x00", "AWS4-HMAC-SHA256 Signature=é, Signature="} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, id := range []string{"sigv4", "sigv4a"} {
			values := awsAccount(id, "service")
			req := plainRequestOf("/a?b")
			signPinned(t, id, values, atTime(t, awsNow), req)
			signed, _ := req.Header.Get("Authorization")
			req.Header.Set("Authorization", line)
			if err := verifyPinned(t, id, values, atTime(t, awsNow), req); err == nil {
				require.Equal(t, signed, strings.ReplaceAll(strings.ReplaceAll(strings.Trim(line, " \t"), " ", ""), ",", ", "))
			} else {
				asRejection(t, err)
			}
		}
	})
}

func FuzzSigV4Query(f *testing.F) {
	for _, c := range vectors.Load(f, "sigv4").Cases {
		var v awsCase
		c.DecodeSome(f, &v)
		if v.Expect.Query != nil {
			_, target, _ := strings.Cut(v.Expect.Query.SignedRequest, " /")
			target, _, _ = strings.Cut(target, " HTTP/")
			f.Add(strings.TrimPrefix(target, "?"))
		}
	}
	f.Add("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%2F%2F%2F%2F&X-Amz-Date=20260102T030405Z&X-Amz-Expires=-1&X-Amz-SignedHeaders=&X-Amz-Signature=")
	f.Add("X-Amz-Signature&X-Amz-Credential&X-Amz-Algorithm&&=&%zz")
	f.Fuzz(func(t *testing.T, query string) {
		values := awsAccount("sigv4", "service")
		req := plainRequestOf("/a")
		req.URL.Query = "?" + query
		if err := verifyPinned(t, "sigv4", values, atTime(t, awsNow), req); err == nil {
			require.Contains(t, query, "X-Amz-Credential=AKIDEXAMPLE") // nobody guesses a signature
		} else {
			asRejection(t, err)
		}
	})
}

func plainRequestOf(target string) *core.Request {
	at, query, _ := strings.Cut(target, "?")
	req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: at}}
	if query != "" {
		req.URL.Query = "?" + query
	}
	return req
}

// The judge is package path, which leaves no slash at the end.
func FuzzSigV4Path(f *testing.F) {
	for _, text := range []string{"/", "//", "/a/../b", "/a//b/", "/./a/.", "/../..", "", "/a/..", "a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := path.Clean("/" + text)
		if strings.HasSuffix(text, "/") && want != "/" {
			want += "/"
		}
		require.Equal(t, want, schemes.Collapsed(text))
	})
}

// The judge is package time.
func FuzzAmzDate(f *testing.F) {
	for _, text := range []string{"20150830T123600Z", "20150230T123600Z", "20150830t123600z", "20150830T1236000", "2015-08-30T12:36Z", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, err := time.Parse("20060102T150405Z", text)
		got, ok := schemes.ReadAmzDate(text)
		if len(text) != len("20060102T150405Z") { // package time takes decimals of a second, too
			require.False(t, ok)
			return
		}
		require.Equal(t, err == nil, ok, text)
		if ok {
			require.True(t, want.Equal(got))
			require.Equal(t, text, schemes.FormatAmzDate(got))
		}
	})
}

// The judge is path.Match, whose stars stop at a slash.
func FuzzRegionPattern(f *testing.F) {
	for _, pair := range [][2]string{{"*", ""}, {"us-*", "us-east-1"}, {"*-1", "us-east-1"}, {"us-*-1", "us-1"}, {"a*a", "a"}, {"*a*b*", "ab"}, {"us-east-1", "us-east-1"}, {"**", "x"}, {"a*b*c", "abcbc"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if strings.ContainsAny(pattern+text, `/?[]\`) || len(pattern)+len(text) > 40 {
			return
		}
		want, err := path.Match(pattern, text)
		require.NoError(t, err)
		require.Equal(t, want, schemes.MatchesPattern(pattern, text), "%q %q", pattern, text)
	})
}
