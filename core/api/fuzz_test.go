package api_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core/api"
)

// secret stands where secrets do in the seeds. No error may repeat it.
const secret = "hunter2"

// FuzzCall: whatever comes in, a valid envelope goes out, without a panic and without a secret in an
// error.
func FuzzCall(f *testing.F) {
	seedCalls(f)
	a := testAPI()
	names := api.CallNames()
	f.Fuzz(func(t *testing.T, row uint8, params, body []byte) {
		name := names[int(row)%len(names)]
		answer, _, waits := a.Try(context.Background(), name, params, body)
		if waits {
			return
		}
		require.True(t, utf8.Valid(answer))
		var e envelope
		require.NoError(t, json.Unmarshal(answer, &e), "%s", answer)
		require.NotEqual(t, e.OK == nil, e.Error == nil)
		if e.Error != nil {
			require.NotEmpty(t, e.Error.Code)
			require.NotEqual(t, "internal", e.Error.Code, "a panic, or an error that none expected")
			require.NotContains(t, string(answer), secret)
		}
	})
}

// seedCalls takes the golden files, each also with its values replaced by the secret.
func seedCalls(f *testing.F) {
	paths, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	require.NoError(f, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(f, err)
		var g golden
		require.NoError(f, json.Unmarshal(text, &g))
		for row, name := range api.CallNames() {
			if name == g.Call {
				f.Add(uint8(row), []byte(g.Params), g.Body)
				f.Add(uint8(row), []byte(strings.NewReplacer("open sesame", secret, "api.example.com", secret, "GET", secret, "X-A", secret, "basic", secret).Replace(string(g.Params))), g.Body)
			}
		}
	}
}
