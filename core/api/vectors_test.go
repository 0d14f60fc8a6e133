package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/platform"
	"authpad/core/schemes"
)

// What the call "schemes" has of each published example are parameters of build, which give its bytes.
func TestVectorsAreParametersOfBuild(t *testing.T) {
	var catalogue struct {
		OK struct {
			Schemes []struct {
				ID      string
				Vectors []json.RawMessage
			}
		}
	}
	a := testAPI()
	answer, _ := a.Call(t.Context(), "schemes", nil, nil)
	require.NoError(t, json.Unmarshal(answer, &catalogue))
	for _, listed := range catalogue.OK.Schemes {
		scheme, _ := schemes.ByID(listed.ID)
		require.Len(t, listed.Vectors, len(scheme.Vectors))
		for i, v := range scheme.Vectors {
			t.Run(listed.ID+" "+v.ID, func(t *testing.T) {
				answer, _ := a.Call(t.Context(), "build", listed.Vectors[i], nil)
				var built struct {
					OK struct {
						Request struct {
							URL     string
							Headers [][2]string
						}
						Steps []struct{ ID, Out string }
					}
				}
				require.NoError(t, json.Unmarshal(answer, &built))
				for _, line := range v.WantHeader {
					require.Contains(t, built.OK.Request.Headers, [2]string{line.Name, line.Value})
				}
				if v.WantURL != "" {
					want, err := platform.ParseURL(v.WantURL, "")
					require.NoError(t, err)
					require.Equal(t, want.String(), built.OK.Request.URL)
				}
				for id, want := range v.WantSteps {
					require.Contains(t, built.OK.Steps, struct{ ID, Out string }{id, want})
				}
			})
		}
	}
}
