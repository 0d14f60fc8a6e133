package json_test

import (
	stdjson "encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"authpad/core/json"
)

// read is any value as encoding/json has it, numbers as they are written.
func read(r *json.Reader) (value any, err error) {
	switch r.Next() {
	case json.String:
		return r.Str()
	case json.Number:
		number, err := r.Number()
		return stdjson.Number(number), err
	case json.Bool:
		return r.Bool()
	case json.Null:
		return nil, r.Null()
	case json.Object:
		object := map[string]any{}
		return object, r.Object(func(name []byte) (err error) {
			key := string(name)
			object[key], err = read(r)
			return err
		})
	case json.Array:
		array := []any{}
		err := r.Array(func() error {
			element, err := read(r)
			array = append(array, element)
			return err
		})
		return array, err
	}
	return nil, json.ErrSyntax
}

// readWhole returns nothing where text is not one value.
func readWhole(text string) (value any, ok bool) {
	r := json.NewReader([]byte(text))
	value, err := read(r)
	return value, err == nil && r.Ended()
}

// FuzzReader: what encoding/json takes is taken, with the same values, and nothing else; and Skip
// takes the same.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		``, ` `, `{}`, `[]`, `null`, `true`, `false`, `nul`, `"a"`, `"`, `"\`, `"\u`, `"\u00e9\n\/\\\"\b\f\r\t"`, `"\x"`, "\"\x1f\"", "\"\n\"",
		`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00\ud83d\ude00"`, `"\ud83d\ud83d\ude00"`, `"\ud83dA"`, `"\ud83d\n"`, `"\ud83d\uZZZZ"`,
		`0`, `-0`, `01`, `-`, `1.`, `.5`, `1.50`, `1e5`, `1E+5`, `1e-`, `+1`, `12345678901234567890`, `-1.5e300`,
		`[1,2]`, `[1,]`, `[,1]`, `[1 2]`, `[1}`, `{"a":1}`, `{"a":1,}`, `{"a"}`, `{"a":}`, `{a:1}`, `{"a":1 "b":2}`, `{"a":{"b":[{}]},"c":[[],[1]]}`,
		` { "a" : [ 1 , 2 ] } `, `{} {}`, `[]]`, "\x00", "[\x00]", "\ufeff1", `{"a":1,"a":2}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Count(text, "[")+strings.Count(text, "{") > 200 {
			return // api checks both beforehand
		}
		var want any
		d := stdjson.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		valid := stdjson.Valid([]byte(text)) && d.Decode(&want) == nil
		got, ok := readWhole(text)
		require.Equal(t, valid, ok, "%q", text)
		if valid {
			require.Equal(t, want, got, "%q", text)
		}
		skipping := json.NewReader([]byte(text))
		require.Equal(t, valid, skipping.Skip() == nil && skipping.Ended(), "%q", text)
	})
}

func TestReader(t *testing.T) {
	t.Run("refuses what is too deep instead of filling the stack", func(t *testing.T) {
		require.NoError(t, json.NewReader([]byte(strings.Repeat("[", 200)+strings.Repeat("]", 200))).Skip())
		require.ErrorIs(t, json.NewReader([]byte(strings.Repeat("[", 1<<20))).Skip(), json.ErrDepth)
	})
	t.Run("returns a value as it is written", func(t *testing.T) {
		raw, err := json.NewReader([]byte(` ["a", {"b" : 1.50}] , `)).Raw()
		require.NoError(t, err)
		require.Equal(t, `["a", {"b" : 1.50}]`, raw)
	})
	t.Run("keeps what is read when the text changes later", func(t *testing.T) {
		text := []byte(`"plain"`)
		read, err := json.NewReader(text).Str()
		require.NoError(t, err)
		clear(text)
		require.Equal(t, "plain", read)
	})
}
