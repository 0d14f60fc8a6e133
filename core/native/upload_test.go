package native

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func TestUpload(t *testing.T) {
	t.Run("gives each reader all of it", func(t *testing.T) {
		u := uploadFrom(iotest.OneByteReader(strings.NewReader("all of it")), 9)
		first := u.reader()
		_, err := io.ReadFull(first, make([]byte, 3))
		require.NoError(t, err)
		require.True(t, u.again())
		whole, err := io.ReadAll(u.reader())
		require.NoError(t, err)
		require.Equal(t, "all of it", string(whole))
		rest, err := io.ReadAll(first)
		require.NoError(t, err)
		require.Equal(t, " of it", string(rest))
	})
	t.Run("keeps no more than it may", func(t *testing.T) {
		u := uploadFrom(strings.NewReader(strings.Repeat("x", replayLimit+1)), -1)
		_, err := io.CopyN(io.Discard, u.reader(), replayLimit)
		require.NoError(t, err)
		require.True(t, u.again())
		_, err = io.Copy(io.Discard, u.reader())
		require.NoError(t, err, "what was kept, and the rest")
		require.False(t, u.again())
		require.Nil(t, u.kept)
		_, err = u.reader().Read(make([]byte, 1))
		require.ErrorIs(t, err, errUploadGone)
	})
	t.Run("tells each reader what went wrong", func(t *testing.T) {
		broken := errors.New("broken")
		u := uploadFrom(iotest.TimeoutReader(io.MultiReader(strings.NewReader("a"), iotest.ErrReader(broken))), -1)
		for range 2 {
			got, err := io.ReadAll(u.reader())
			require.Error(t, err)
			require.Equal(t, "a", string(got))
		}
	})
	t.Run("says nothing to who has closed", func(t *testing.T) {
		reader := uploadOf([]byte("a")).reader()
		require.NoError(t, reader.Close())
		_, err := reader.Read(make([]byte, 1))
		require.Error(t, err)
	})
	t.Run("of bytes can always be had again", func(t *testing.T) {
		u := uploadOf([]byte(strings.Repeat("x", replayLimit+9)))
		for range 2 {
			n, err := io.Copy(io.Discard, u.reader())
			require.NoError(t, err)
			require.EqualValues(t, replayLimit+9, n)
			require.True(t, u.again())
		}
	})
}
