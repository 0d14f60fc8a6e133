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

// Other people's JavaScript and Python as judges. AUTHPAD_PEERS names the folder into which “make interop” put them.

// askPeer gives the cases to testdata/<script> as a JSON file and returns its answers, one for each case.
func askPeer[Case, Answer any](t *testing.T, script string, cases []Case) []Answer {
	t.Helper()
	peer := peerFor(t, script)
	require.NotEmpty(t, cases)
	text, err := json.Marshal(cases)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "cases.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	peer.Args = append(peer.Args, file)
	peer.Stderr = os.Stderr
	said, err := peer.Output()
	require.NoError(t, err)
	var answers []Answer
	require.NoError(t, json.Unmarshal(said, &answers))
	require.Len(t, answers, len(cases))
	t.Logf("judged by %s: %d cases", script, len(cases)) // which .ci/interop looks for
	return answers
}

// peerFor is the command that runs the script. Who asks for judges and has not those of this language is told.
func peerFor(t *testing.T, script string) *exec.Cmd {
	t.Helper()
	folder := os.Getenv("AUTHPAD_PEERS")
	libraries, program, options := filepath.Join(folder, "node_modules"), "node", []string(nil)
	if filepath.Ext(script) == ".py" {
		libraries = filepath.Join(folder, "python")
		program = filepath.Join(libraries, "bin", "python3")
		options = []string{"-I"} // or jwt.py would find itself for the library of that name
	}
	if folder == "" {
		t.Skip("AUTHPAD_PEERS names no folder with libraries: not judged by " + script)
	}
	if _, err := os.Stat(libraries); err != nil {
		t.Skip(err.Error() + ": not judged by " + script)
	}
	peer := exec.Command(program, append(options, filepath.Join("testdata", script))...)
	peer.Env = append(os.Environ(), "NODE_PATH="+libraries)
	return peer
}
