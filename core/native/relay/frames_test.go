package relay

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// writes is a page's side that remembers the writes.
type writes struct {
	*httptest.ResponseRecorder
	sizes []int
}

func (w *writes) Write(p []byte) (int, error) {
	w.sizes = append(w.sizes, len(p))
	return w.ResponseRecorder.Write(p)
}

// bodyOf puts the frames of a body together again.
func bodyOf(t *testing.T, sent []byte) (body []byte) {
	t.Helper()
	for len(sent) > 0 {
		size := binary.BigEndian.Uint32(sent[1:])
		require.LessOrEqual(t, size, uint32(maxFrame))
		if sent[0] == frameBody {
			body = append(body, sent[frameHeader:frameHeader+size]...)
		}
		sent = sent[frameHeader+size:]
	}
	return body
}

func framesOf(t *testing.T, body io.Reader) (w *writes, err error) {
	t.Helper()
	w = &writes{ResponseRecorder: httptest.NewRecorder()}
	f := newFrames(w)
	defer f.close()
	into, err := f.Begun(&core.Request{}, &core.Response{})
	require.NoError(t, err)
	w.sizes = nil
	_, err = io.Copy(into, body)
	return w, err
}

func TestBodyFrames(t *testing.T) {
	large := strings.Repeat("0123456789", 1<<20)
	t.Run("of a large body are long, and each is written at once", func(t *testing.T) {
		w, err := framesOf(t, struct{ io.Reader }{strings.NewReader(large)})
		require.NoError(t, err)
		require.Equal(t, large, string(bodyOf(t, w.Body.Bytes())))
		require.Equal(t, []int{frameHeader + firstFrame, frameHeader + maxFrame}, w.sizes[:2])
		require.Len(t, w.sizes, 11)
	})
	t.Run("do not wait to be full", func(t *testing.T) {
		w, err := framesOf(t, iotest.OneByteReader(strings.NewReader("abc")))
		require.NoError(t, err)
		require.Equal(t, "abc", string(bodyOf(t, w.Body.Bytes())))
		require.Equal(t, []int{frameHeader + 1, frameHeader + 1, frameHeader + 1}, w.sizes)
	})
	t.Run("have what came before a body broke off", func(t *testing.T) {
		broken := errors.New("broken")
		w, err := framesOf(t, io.MultiReader(bytes.NewReader([]byte("half")), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
		require.Equal(t, "half", string(bodyOf(t, w.Body.Bytes())))
	})
}
