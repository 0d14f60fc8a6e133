package syntax

import (
	"strings"

	"authpad/core"
)

// SetParameter gives the query (as in core.URL, with its "?") one parameter of this name: parameter,
// which is "name=value" already encoded, takes the place of the first one, further ones are removed,
// and without one it comes last. Everything else stays byte for byte.
func SetParameter(query, name, parameter string) string {
	list := strings.TrimPrefix(query, "?")
	if list == "" {
		return "?" + parameter
	}
	var kept []string
	done := false
	for _, p := range strings.Split(list, "&") {
		if !isParameter(p, name) {
			kept = append(kept, p)
		} else if !done {
			kept, done = append(kept, parameter), true
		}
	}
	if !done {
		kept = append(kept, parameter)
	}
	return "?" + strings.Join(kept, "&")
}

// Parameters returns the decoded value of every parameter of this name, read as servers read a query:
// like a form, where "+" is a space (URL standard, section 5.1).
func Parameters(query, name string) []string {
	var values []string
	for _, p := range strings.Split(strings.TrimPrefix(query, "?"), "&") {
		if isParameter(p, name) {
			_, value, _ := strings.Cut(p, "=")
			values = append(values, decodeParameter(value))
		}
	}
	return values
}

// ParseForm reads application/x-www-form-urlencoded (https://url.spec.whatwg.org/#urlencoded-parsing)
// in order: "+" is a space, a name without "=" has an empty value, nothing between two "&" is nothing.
// What is not UTF-8 stays the bytes it is.
func ParseForm(list string) []core.Param {
	var params []core.Param
	for _, p := range strings.Split(list, "&") {
		if p != "" {
			name, value, _ := strings.Cut(p, "=")
			params = append(params, core.Param{Name: decodeParameter(name), Value: decodeParameter(value)})
		}
	}
	return params
}

func isParameter(p, name string) bool {
	written, _, _ := strings.Cut(p, "=")
	return p != "" && decodeParameter(written) == name
}

func decodeParameter(s string) string { return PercentDecode(strings.ReplaceAll(s, "+", " ")) }
