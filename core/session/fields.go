package session

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// noteUnknown names the typed values that the scheme has no field for: a script may have mistyped one. filled has one
// for each field.
func noteUnknown(scheme *core.Scheme, typed, filled core.Values, tr *core.Trace) {
	var unknown []string
	for id := range typed {
		if _, known := filled[id]; !known {
			unknown = append(unknown, "“"+syntax.Visible(id)+"”")
		}
	}
	if unknown == nil {
		return
	}
	slices.Sort(unknown)
	fields := make([]string, len(scheme.Fields))
	for i, f := range scheme.Fields {
		fields[i] = f.ID
	}
	has := "it has none"
	if len(fields) > 0 {
		has = "its fields are " + strings.Join(fields, ", ")
	}
	tr.Note(core.Note{Code: "values.unknown", Severity: core.Warn, Field: "scheme",
		Message: scheme.Name + " has no field " + strings.Join(unknown, " and no ") + ", so nothing was made of it; " + has, Fix: "correct the name, or leave the value out"})
}
