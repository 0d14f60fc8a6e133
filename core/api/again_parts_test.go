package api

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// TestEveryMemberCounts changes each member of a step and of a note: what was written before must not stand for it.
func TestEveryMemberCounts(t *testing.T) {
	first := core.Step{ID: "a", Title: "b", Why: "c", Op: "d", Out: "e", In: []core.Part{{Name: "f", Value: "g", From: "h"}}, Ref: core.Ref{Doc: "i"}}
	eachChange(&first, func(name string, changed core.Step) {
		var last writtenStep
		var w writer
		w.stepAgain(&first, &last)
		w.stepAgain(&changed, &last)
		var want writer
		for _, s := range []core.Step{first, changed} {
			want.stepHead(&s)
			want.stepInputs(&s)
			want.stepTail(&s)
		}
		require.Equal(t, string(want.Bytes()), string(w.Bytes()), name)
	})
	note := core.Note{Code: "a", Severity: core.Info, Field: "b", Message: "c", Fix: "d", Ref: core.Ref{Doc: "e"}}
	eachChange(&note, func(name string, changed core.Note) {
		var last writtenNote
		var w, want writer
		w.noteAgain(&note, &last)
		w.noteAgain(&changed, &last)
		want.note(&note)
		want.note(&changed)
		require.Equal(t, string(want.Bytes()), string(w.Bytes()), name)
	})
}

// eachChange calls try with copies of a struct in which one text or switch is another, lists and structs within included.
func eachChange[T any](of *T, try func(name string, changed T)) {
	changing := snapshot(*of)
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			before := v.String()
			v.SetString(before + "x")
			try(path, snapshot(changing))
			v.SetString(before)
		case reflect.Bool:
			v.SetBool(!v.Bool())
			try(path, snapshot(changing))
			v.SetBool(!v.Bool())
		case reflect.Slice:
			for i := range v.Len() {
				walk(path+"[]", v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		}
	}
	walk("", reflect.ValueOf(&changing).Elem())
}

// snapshot keeps the inputs of a step as they are now.
func snapshot[T any](of T) T {
	if s, isStep := any(&of).(*core.Step); isStep {
		s.In = append([]core.Part(nil), s.In...)
	}
	return of
}
