package session_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

// remembering is a job whose server asked once already.
func remembering(t *testing.T, lines ...string) session.Job {
	t.Helper()
	j := digestJob()
	j.Memory = &session.Memory{}
	result := run(t, j, &server{answers: []*core.Response{asking(lines...), {Status: 200}}})
	require.Equal(t, "first answer", whys(result))
	return j
}

func TestMemoryAnswersAtOnce(t *testing.T) {
	j := remembering(t, digestAsks)
	for count := 2; count < 18; count++ {
		s := &server{answers: []*core.Response{{Status: 200}}}
		require.Equal(t, "first", whys(run(t, j, s)))
		require.Equal(t, "n1", credentialsOf(s.got[0], "nonce"))
		require.Equal(t, strings.Repeat("0", 8-len(strconv.FormatInt(int64(count), 16)))+strconv.FormatInt(int64(count), 16), credentialsOf(s.got[0], "nc"))
	}
}

func TestMemoryIsShownByBuild(t *testing.T) {
	j := remembering(t, digestAsks)
	for range 3 {
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Equal(t, "00000002", credentialsOf(built.Request, "nc"), "building does not count")
		require.Contains(t, codes(built.Trace.Notes), "challenge.remembered")
	}
}

func TestMemoryKeepsTheCnonceOfASession(t *testing.T) {
	j := digestJob()
	j.Memory = &session.Memory{}
	drawn := 0
	j.Env.Nonce = func(name string, bytes int) string {
		drawn++
		return strings.Repeat("c"+strconv.Itoa(drawn), min(bytes, 1))
	}
	s := &server{answers: []*core.Response{asking(digestAsks), {Status: 200}, {Status: 200}, asking(strings.Replace(digestAsks, "n1", "n2", 1) + ", stale=true"), {Status: 200}}}
	for range 3 {
		run(t, j, s)
	}
	first := credentialsOf(s.got[1], "cnonce")
	require.NotEmpty(t, first)
	require.Equal(t, first, credentialsOf(s.got[2], "cnonce"))
	require.NotEqual(t, first, credentialsOf(s.got[4], "cnonce"), "another nonce, another session")
}

func TestMemoryLeavesWhatIsPinned(t *testing.T) {
	j := remembering(t, digestAsks)
	draw := j.Env.Nonce
	j.Env.Nonce = func(name string, bytes int) string {
		if name == "nc" {
			return "0000000f"
		}
		return draw(name, bytes)
	}
	built, err := session.Build(j)
	require.NoError(t, err)
	require.Equal(t, "0000000f", credentialsOf(built.Request, "nc"))
}

func TestMemoryCountsAPastedChallenge(t *testing.T) {
	j := digestJob()
	j.Memory, j.Challenge = &session.Memory{}, []string{digestAsks}
	s := &server{answers: []*core.Response{{Status: 200}}}
	run(t, j, s)
	run(t, j, s)
	require.Equal(t, []string{"00000001", "00000002"}, []string{credentialsOf(s.got[0], "nc"), credentialsOf(s.got[1], "nc")})
}

func TestMemoryLearns(t *testing.T) {
	again := strings.Replace(digestAsks, "n1", "n2", 1)
	for name, c := range map[string]struct {
		answers   []*core.Response // to a request that answers n1 at once
		why       string
		nonce, nc string // of the next request
	}{
		"nothing of a plain answer":         {[]*core.Response{{Status: 200}}, "first", "n1", "00000003"},
		"the nonce that the server names":   {[]*core.Response{saying(200, "Authentication-Info", `nextnonce="n2", rspauth="x"`)}, "first digest.nextnonce digest.rspauth-wrong", "n2", "00000001"},
		"an empty one is none":              {[]*core.Response{saying(200, "authentication-info", `nextnonce=""`)}, "first", "n1", "00000003"},
		"a stale nonce, with one more try":  {[]*core.Response{asking(again + ", stale=TRUE"), {Status: 200}}, "first answer", "n2", "00000002"},
		"a stale nonce, and only one":       {[]*core.Response{asking(again + ", stale=true")}, "first answer", "n2", "00000002"},
		"another realm, with one more try":  {[]*core.Response{asking(strings.Replace(again, `"r"`, `"s"`, 1)), {Status: 200}}, "first answer", "n2", "00000002"},
		"a refusal, without another try":    {[]*core.Response{asking(again)}, "first answer.refused", "n2", "00000001"},
		"the same challenge keeps counting": {[]*core.Response{asking(digestAsks)}, "first answer.refused", "n1", "00000003"},
		"nothing of another scheme":         {[]*core.Response{asking("Basic realm=x")}, "first challenge.other-scheme", "n1", "00000003"},
	} {
		t.Run(name, func(t *testing.T) {
			j := remembering(t, digestAsks)
			result := run(t, j, &server{answers: c.answers})
			require.Equal(t, c.why, strings.Join(append([]string{whys(result)}, codes(result.Exchanges[0].Notes)...), " "))
			built, err := session.Build(j)
			require.NoError(t, err)
			require.Equal(t, c.nonce, credentialsOf(built.Request, "nonce"))
			require.Equal(t, c.nc, credentialsOf(built.Request, "nc"))
			require.NotContains(t, codes(built.Trace.Notes), "digest.stale", "that was the last request")
		})
	}
}

func TestMemoryTakesTheRealmThatAskedLast(t *testing.T) {
	j := remembering(t, digestAsks)
	other := strings.NewReplacer(`"r"`, `"s"`, "n1", "n2").Replace(digestAsks)
	for _, asks := range []string{other, digestAsks, other} {
		run(t, j, &server{answers: []*core.Response{asking(asks), {Status: 200}}})
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Contains(t, asks, `"`+credentialsOf(built.Request, "nonce")+`"`)
		require.NotEqual(t, "00000001", credentialsOf(built.Request, "nc"), "each counts for itself")
	}
}

func TestMemoryKeepsOriginsApart(t *testing.T) {
	j := remembering(t, digestAsks)
	for _, address := range []string{"https://b.test/x?y=z", "http://a.test/x?y=z", "https://a.test:444/x?y=z", "https://sub.a.test/"} {
		other := j
		other.Request.URL = address
		built, err := session.Build(other)
		require.NoError(t, err)
		require.False(t, built.Request.Header.Has("Authorization"), address)
	}
	elsewhere := j
	elsewhere.Request.URL = "https://a.test/other"
	built, err := session.Build(elsewhere)
	require.NoError(t, err)
	require.Equal(t, "/other", credentialsOf(built.Request, "uri"))
	other := j
	other.Scheme = "basic"
	built, err = session.Build(other)
	require.NoError(t, err)
	require.NotContains(t, codes(built.Trace.Notes), "challenge.remembered")

	t.Run("also what a redirect brought", func(t *testing.T) {
		moved := saying(200, "Authentication-Info", `nextnonce="evil"`)
		moved.URL = "https://b.test/"
		run(t, j, &server{answers: []*core.Response{moved}})
		for _, address := range []string{"https://a.test/", "https://b.test/"} {
			next := j
			next.Request.URL = address
			built, err := session.Build(next)
			require.NoError(t, err)
			require.NotEqual(t, "evil", credentialsOf(built.Request, "nonce"))
		}
	})
}

func TestMemoryReadsDomain(t *testing.T) {
	for domain, want := range map[string]bool{"": true, "/": true, "/x": true, "/other /x": true, "/other": false, "https://a.test": true,
		"https://a.test/x": true, "https://a.test/other": false, "https://b.test/x": false} {
		j := remembering(t, digestAsks+`, domain="`+domain+`"`)
		built, err := session.Build(j)
		require.NoError(t, err)
		require.Equal(t, want, built.Request.Header.Has("Authorization"), domain)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	memory := &session.Memory{}
	signed := func(host int) bool {
		j := digestJob()
		j.Memory, j.Request.URL = memory, "https://"+strconv.Itoa(host)+".test/"
		built, err := session.Build(j)
		require.NoError(t, err)
		return built.Request.Header.Has("Authorization")
	}
	for host := range 40 {
		j := digestJob()
		j.Memory, j.Request.URL = memory, "https://"+strconv.Itoa(host)+".test/"
		run(t, j, &server{answers: []*core.Response{asking(digestAsks), {Status: 200}}})
	}
	require.True(t, signed(39))
	require.True(t, signed(8))
	require.False(t, signed(7))
	j := digestJob()
	j.Memory = memory
	run(t, j, &server{answers: []*core.Response{asking(strings.Replace(digestAsks, "n1", strings.Repeat("n", 20000), 1)), {Status: 200}}})
	built, err := session.Build(j)
	require.NoError(t, err)
	require.False(t, built.Request.Header.Has("Authorization"), "a huge challenge is not kept")
}

func TestMemoryServesSeveralAtOnce(t *testing.T) {
	j := remembering(t, digestAsks)
	var mu sync.Mutex
	seen := map[string]bool{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			result, err := session.Run(t.Context(), j, &server{answers: []*core.Response{{Status: 200}}})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				seen[credentialsOf(result.Built.Request, "nc")] = true
			}
		})
	}
	all.Wait()
	require.Len(t, seen, 20, "no count twice")
}
