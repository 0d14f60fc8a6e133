package core_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestWithCancel(t *testing.T) {
	t.Run("ends when told, for the first reason", func(t *testing.T) {
		ctx, end := core.WithCancel(context.Background())
		require.NoError(t, ctx.Err())
		end(context.DeadlineExceeded)
		end(context.Canceled)
		<-ctx.Done()
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
	})
	t.Run("ends with its parent, for the same reason", func(t *testing.T) {
		parent, endParent := core.WithCancel(t.Context())
		ctx, end := core.WithCancel(parent)
		defer end(context.Canceled)
		endParent(context.DeadlineExceeded)
		<-ctx.Done()
		require.ErrorIs(t, ctx.Err(), context.DeadlineExceeded)
	})
	t.Run("leaves its parent alone", func(t *testing.T) {
		parent, endParent := core.WithCancel(t.Context())
		defer endParent(context.Canceled)
		_, end := core.WithCancel(parent)
		end(context.Canceled)
		require.NoError(t, parent.Err())
	})
}
