package schemes_test

import (
	"embed"
	"testing"

	"github.com/stretchr/testify/require"
)

// Keys for tests, made for them with openssl: rsa1024, rsa2048, p256, p384, p521 and ed25519, each private half
// (PKCS#8) as name.pem and most public ones as name.public.pem.
//
//go:embed testdata/*.pem
var keyFiles embed.FS

func testKey(t testing.TB, name string) string {
	t.Helper()
	text, err := keyFiles.ReadFile("testdata/" + name + ".pem")
	require.NoError(t, err)
	return string(text)
}
