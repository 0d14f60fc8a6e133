package syntax_test

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

// The standard library is the judge.
func FuzzHex(f *testing.F) {
	for _, seed := range []string{"", "00", "0", "fF", "fg", "g0", "0123456789abcdefABCDEF", "é", "\xff\x00", "@@", "``", "::", "//"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, hex.EncodeToString([]byte(text)), syntax.Hex([]byte(text)))
		want, err := hex.DecodeString(text)
		got, wrong := syntax.Unhex(text)
		require.Equal(t, err == nil, wrong == nil)
		if err == nil {
			require.Equal(t, want, got)
		}
	})
}
