package syntax_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/syntax"
)

func TestParseTemplate(t *testing.T) {
	type part = syntax.TemplatePart
	for text, want := range map[string][]part{
		"":                      nil,
		"plain":                 {{Text: "plain"}},
		"{method}":              {{Name: "method", At: 1}},
		`v0:{timestamp}:{body}`: {{Text: "v0:"}, {Name: "timestamp", At: 4}, {Text: ":"}, {Name: "body", At: 16}},
		`{method}\n{path}`:      {{Name: "method", At: 1}, {Text: "\n"}, {Name: "path", At: 11}},
		"{a}\r\n{b}":            {{Name: "a", At: 1}, {Text: "\n"}, {Name: "b", At: 5}},
		`\r\t\\n`:               {{Text: "\r\t\\n"}},
		`{{"id":{a}}`:           {{Text: `{"id":`}, {Name: "a", At: 8}, {Text: "}"}},
		"{{{a}":                 {{Text: "{"}, {Name: "a", At: 3}},
		"é가{header:X-Name}":     {{Text: "é가"}, {Name: "header:X-Name", At: 3}},
		"}":                     {{Text: "}"}},
	} {
		parts, problem := syntax.ParseTemplate(text)
		require.Nil(t, problem, text)
		require.Equal(t, want, parts, text)
	}
	for text, at := range map[string]int{"{": 1, "é{a": 2, "a{}": 2, `ab\x`: 3, `\`: 1, "{{{": 3} {
		_, problem := syntax.ParseTemplate(text)
		require.NotNil(t, problem, text)
		require.Equal(t, at, problem.At, text)
	}
}

// Whatever was read can be written down again, and reads the same.
func FuzzParseTemplate(f *testing.F) {
	for _, seed := range []string{"", `{method}\n{path}`, "{{x}", `\\{a}`, "{", "a{}", "\xff{é}", "{a}\r\n"} {
		f.Add(seed)
	}
	escape := strings.NewReplacer("{", "{{", `\`, `\\`, "\r", `\r`)
	f.Fuzz(func(t *testing.T, text string) {
		parts, problem := syntax.ParseTemplate(text)
		if problem != nil {
			require.Positive(t, problem.At)
			require.LessOrEqual(t, problem.At, len(text))
			return
		}
		written := ""
		for i := range parts {
			if parts[i].Name != "" {
				written += "{" + strings.ReplaceAll(parts[i].Name, "\r\n", "\n") + "}"
			} else {
				written += escape.Replace(parts[i].Text)
			}
			parts[i].At = 0
		}
		again, problem := syntax.ParseTemplate(written)
		require.Nil(t, problem, "%q", written)
		for i := range again {
			again[i].At = 0
		}
		require.Equal(t, parts, again)
	})
}
