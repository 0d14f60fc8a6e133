package lab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core/lab"
)

func TestReplayMemoryForgetsInTime(t *testing.T) {
	now := time.Unix(1e9, 0)
	seen := lab.ReplayMemory(func() time.Time { return now })
	require.False(t, seen("a", time.Minute))
	require.True(t, seen("a", time.Minute))
	require.False(t, seen("b", time.Hour))
	now = now.Add(time.Minute + 1)
	require.False(t, seen("a", time.Minute))
	require.True(t, seen("b", time.Hour))
}
