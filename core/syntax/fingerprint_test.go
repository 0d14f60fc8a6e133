package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

func TestFingerprintAsToolsPrintIt(t *testing.T) {
	plain := strings.Repeat("0a", 32)
	colons := strings.TrimSuffix(strings.Repeat("0A:", 32), ":")
	for _, typed := range []string{plain, strings.ToUpper(plain), colons, " " + colons + "\n", strings.ReplaceAll(colons, ":", " "),
		"sha256 Fingerprint=" + colons, "SHA256 Fingerprint=" + colons, "SHA256:" + plain, strings.ReplaceAll(colons, ":", ":\n")} {
		read, err := syntax.ReadFingerprint(typed)
		require.NoError(t, err, typed)
		require.Equal(t, plain, read)
	}
	read, err := syntax.ReadFingerprint(" \n")
	require.NoError(t, err)
	require.Empty(t, read)
}

func FuzzReadFingerprint(f *testing.F) {
	f.Add("sha256 Fingerprint=" + strings.Repeat("0A:", 31) + "0A")
	f.Add("sha256//YhKJ=")
	f.Add(strings.Repeat("0", 40))
	f.Fuzz(func(t *testing.T, typed string) {
		read, err := syntax.ReadFingerprint(typed)
		if err != nil || read == "" {
			require.True(t, err == nil || read == "")
			require.True(t, err != nil || strings.TrimSpace(typed) == "", "nothing typed becomes no pin by accident")
			return
		}
		require.Len(t, read, 64)
		again, err := syntax.ReadFingerprint(read)
		require.NoError(t, err)
		require.Equal(t, read, again)
	})
}
