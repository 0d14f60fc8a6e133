package session_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/session"
)

func TestParseChallenges(t *testing.T) {
	for _, line := range []string{`Basic realm="a: b"`, `WWW-Authenticate: Basic realm="a: b"`, `proxy-authenticate:Basic realm="a: b"`} {
		list := session.ParseChallenges([]string{line})
		require.Len(t, list, 1, line)
		require.Equal(t, "Basic", list[0].Scheme)
		require.Equal(t, "a: b", list[0].Params[0].Value)
		require.Empty(t, list[0].Problems)
	}
	require.Empty(t, session.ParseChallenges(nil))
}
