package native

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestEachRedirectSaysWhatItMadeOfTheCredentials(t *testing.T) {
	here, there := redirector(t), redirector(t)
	credentials := core.Header{{Name: "authorization", Value: "Basic c2VjcmV0"}, {Name: "Cookie", Value: "a=1"}}
	cases := []struct {
		name, method, to string
		status           string
		header           core.Header
		want             [][]string // codes, by hop
		says             string
	}{
		{"within an origin there is nothing to say", "GET", "/end", "302", credentials, [][]string{nil}, ""},
		{"another origin", "GET", there.URL + "/end", "302", credentials, [][]string{{"redirect.credentials-dropped"}}, "Authorization, Cookie did not go on to " + there.URL},
		{"another name", "GET", strings.Replace(here.URL, "127.0.0.1", "localhost", 1) + "/end", "302", credentials[:1], [][]string{{"redirect.credentials-dropped"}}, "Authorization did not"},
		{"without credentials", "GET", there.URL + "/end", "302", core.Header{{Name: "Accept", Value: "*/*"}}, [][]string{nil}, ""},
		{"there and back", "GET", there.URL + "/302?to=" + here.URL + "/end", "307", credentials,
			[][]string{{"redirect.credentials-dropped"}, {"redirect.credentials-back"}}, "curl would send Authorization, Cookie again"},
		{"a key in a line of its own", "GET", there.URL + "/end", "302", core.Header{{Name: "X-API-Key", Value: "k3y"}}, [][]string{{"redirect.key-kept"}}, "X-API-Key went on"},
		{"a typed Host", "GET", there.URL + "/end", "302", core.Header{{Name: "host", Value: "virtual.example"}}, [][]string{{"redirect.host-dropped"}}, ""},
		{"POST becomes GET", "POST", "/end", "303", nil, [][]string{{"redirect.method"}}, "POST became GET"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, c.method, here.URL+"/"+c.status+"?to="+c.to)
			req.Header = c.header
			transport, err := NewTransport(Options{})
			require.NoError(t, err)
			var got [][]string
			var texts string
			_, _, err = transport.(core.Follower).Follow(t.Context(), req, func(_ *core.Request, response *core.Response) {
				var codes []string
				for _, n := range response.Notes {
					codes = append(codes, n.Code)
					texts += n.Message + n.Fix
				}
				got = append(got, codes)
			})
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			require.Contains(t, texts, c.says)
			require.NotContains(t, texts, "c2VjcmV0")
			require.NotContains(t, texts, "k3y")
		})
	}
}

// What the notes say of curl, curl does.
func TestCurlRedirectsAsTheNotesSay(t *testing.T) {
	installed(t, "curl")
	here, there := redirector(t), redirector(t)
	curl := func(args ...string) string {
		out, err := exec.Command("curl", append([]string{"-sL", "--noproxy", "*", "-H", "Authorization: Basic c2VjcmV0", "-H", "Cookie: a=1", "-H", "X-API-Key: k"}, args...)...).Output()
		require.NoError(t, err)
		return string(out)
	}
	away := curl(here.URL + "/302?to=" + there.URL + "/end")
	require.NotContains(t, away, "c2VjcmV0")
	require.NotContains(t, away, "a=1")
	require.Contains(t, away, "X-Api-Key")
	require.Contains(t, curl("--location-trusted", here.URL+"/302?to="+there.URL+"/end"), "c2VjcmV0")
	back := curl(here.URL + "/302?to=" + there.URL + "/302?to=" + here.URL + "/end")
	require.Contains(t, back, "c2VjcmV0")
	require.Contains(t, back, "a=1")
	require.Contains(t, curl("-H", "Host: virtual.example", here.URL+"/302?to="+there.URL+"/end"), `"Host":"virtual.example"`)
	require.NotContains(t, curl("-H", "Host: virtual.example", here.URL+"/302?to="+strings.Replace(there.URL, "127.0.0.1", "localhost", 1)+"/end"), "virtual.example")
	require.Contains(t, curl("-d", "b", here.URL+"/302?to=/end"), `"Method":"GET"`)
	require.Contains(t, curl("-X", "POST", "-d", "b", here.URL+"/302?to=/end"), `"Method":"POST"`)
}
