package session_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/session"
)

func TestValuesWithoutAField(t *testing.T) {
	const note = "values.unknown"
	typed := core.Values{"user": "a", "pass\u202eword": "secret", "password": "b"}
	built, err := session.Build(job("https://a.test/", "basic", typed))
	require.NoError(t, err)
	require.Contains(t, codes(built.Trace.Notes), note)
	for _, n := range built.Trace.Notes {
		if n.Code == note {
			require.Equal(t, "HTTP Basic has no field “pass\ufffdword” and no “user”, so nothing was made of it; its fields are username, password, charset", n.Message)
		}
	}
	trace, _ := session.Verify(session.Spec{URL: "https://a.test/"}, "basic", typed, job("https://a.test/", "basic", nil).Env)
	require.Contains(t, codes(trace.Notes), note)
	for scheme, values := range map[string]core.Values{"basic": {"username": "a", "password": "b", "charset": "utf-8"}, "none": nil} {
		built, err := session.Build(job("https://a.test/", scheme, values))
		require.NoError(t, err)
		require.NotContains(t, codes(built.Trace.Notes), note)
	}
}
