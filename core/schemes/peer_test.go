//go:build !js

package schemes_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Other people's JavaScript as a judge. AUTHPAD_PEERS names a folder in which "npm install" put it.

// askPeer gives the cases to testdata/<script> as a JSON file and returns its answers, one for each case.
func askPeer[Case, Answer any](t *testing.T, script string, cases []Case) []Answer {
	t.Helper()
	folder := os.Getenv("AUTHPAD_PEERS")
	if folder == "" {
		t.Skip("AUTHPAD_PEERS names no folder with node_modules: not judged by " + script)
	}
	require.NotEmpty(t, cases)
	text, err := json.Marshal(cases)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "cases.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	node := exec.Command("node", filepath.Join("testdata", script), file)
	node.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(folder, "node_modules"))
	node.Stderr = os.Stderr
	said, err := node.Output()
	require.NoError(t, err)
	var answers []Answer
	require.NoError(t, json.Unmarshal(said, &answers))
	require.Len(t, answers, len(cases))
	return answers
}
