package api_test

import (
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/lab"
)

// TestLabRefusesHugeBodies holds the lab of a page to what the native one does (core/native).
func TestLabRefusesHugeBodies(t *testing.T) {
	limit := make([]byte, lab.MaxRequestBody+1)
	ask := func(body []byte) (status int, headers [][2]string, said string) {
		answer, bytes := testAPI().Call(t.Context(), "lab", []byte(`{"method":"POST","url":"http://127.0.0.1:8765/lab/status/201","route":"status/201"}`), body)
		var got struct {
			OK struct {
				Status  int
				Headers [][2]string
			}
		}
		require.NoError(t, json.Unmarshal(answer, &got))
		return got.OK.Status, got.OK.Headers, string(bytes)
	}
	status, _, _ := ask(limit[:lab.MaxRequestBody])
	require.Equal(t, 201, status)
	status, headers, said := ask(limit)
	require.Equal(t, 413, status)
	require.Equal(t, pairs(lab.TooLarge().Header), headers)
	whole, err := io.ReadAll(lab.TooLarge().Body)
	require.NoError(t, err)
	require.Equal(t, string(whole), said)
}

func pairs(header core.Header) (lines [][2]string) {
	for _, f := range header {
		lines = append(lines, [2]string{f.Name, f.Value})
	}
	return lines
}
