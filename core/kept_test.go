package core_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestKept(t *testing.T) {
	made := 0
	derive := func(text string) func() []string {
		return func() []string { made++; return []string{text} }
	}
	var k core.Kept
	require.Equal(t, []string{"a"}, k.Derive("1", derive("a")))
	k.Tidy()
	require.Equal(t, []string{"a"}, k.Derive("1", derive("never")))
	require.Equal(t, 1, made, "what was wanted is kept")
	require.Equal(t, []string{"b"}, k.Derive("2", derive("b")))
	k.Tidy()
	k.Tidy()
	require.Equal(t, []string{"c"}, k.Derive("2", derive("c")), "what a request did not want is forgotten")
	var none *core.Kept
	require.Equal(t, []string{"d"}, none.Derive("1", derive("d")))
}
