package schemes_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/schemes"
)

// What the tests of single schemes share.

// build signs own, whose URL is https://example.com/ if it has none.
func build(t *testing.T, id string, values core.Values, own core.Request) (*core.Request, *core.Trace, error) {
	t.Helper()
	scheme, found := schemes.ByID(id)
	require.True(t, found)
	if own.URL == (core.URL{}) {
		own.URL = core.URL{Scheme: "https", Host: "example.com", Path: "/"}
	}
	filled, err := scheme.Fill(values)
	require.NoError(t, err)
	return sign(scheme, core.Input{Values: filled, Env: environment(core.Vector{})}, &own)
}

func buildAt(t *testing.T, id string, values core.Values, url string) (*core.Request, *core.Trace, error) {
	t.Helper()
	u, err := platform.ParseURL(url, "")
	require.NoError(t, err)
	return build(t, id, values, core.Request{URL: u})
}

// verify checks a GET request with this header and no query.
func verify(t *testing.T, id string, values core.Values, header core.Header) error {
	t.Helper()
	return verifyRequest(t, id, values, &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"}, Header: header})
}

func verifyRequest(t *testing.T, id string, values core.Values, req *core.Request) error {
	t.Helper()
	scheme, found := schemes.ByID(id)
	require.True(t, found)
	filled, err := scheme.Fill(values)
	require.NoError(t, err)
	return scheme.Verify(core.Input{Values: filled, Env: environment(core.Vector{})}, req, &core.Trace{})
}

func fieldError(t *testing.T, err error) *core.FieldError {
	t.Helper()
	var wrong *core.FieldError
	require.ErrorAs(t, err, &wrong)
	return wrong
}

func codesOf(tr *core.Trace) []string {
	var codes []string
	for _, n := range tr.Notes {
		codes = append(codes, n.Code)
	}
	return codes
}

func noteOf(t *testing.T, tr *core.Trace, code string) core.Note {
	t.Helper()
	for _, n := range tr.Notes {
		if n.Code == code {
			return n
		}
	}
	require.Fail(t, "no note", "%s; there are %v", code, codesOf(tr))
	return core.Note{}
}

func lastWord(line string) string { return line[strings.LastIndexByte(line, ' ')+1:] }
