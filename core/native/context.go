package native

import (
	"context"
	"time"

	"authpad/core"
)

// whole is ctx as the standard library wants it.
func whole(ctx core.Context) context.Context {
	if standard, is := ctx.(context.Context); is {
		return standard
	}
	return wholeContext{ctx}
}

type wholeContext struct{ core.Context }

func (wholeContext) Deadline() (time.Time, bool) { return time.Time{}, false }

func (wholeContext) Value(any) any { return nil }
