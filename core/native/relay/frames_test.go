package relay

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

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
	began := time.Now()
	f.now = func() time.Time { return began } // all comes at once, however slow this machine is
	into, err := f.Begun(&core.Request{}, &core.Response{})
	require.NoError(t, err)
	w.sizes = nil
	_, err = io.Copy(into, body)
	return w, err
}

// inPieces reads so many bytes at a time.
type inPieces struct {
	of   io.Reader
	size int
}

func (p inPieces) Read(b []byte) (int, error) { return p.of.Read(b[:min(len(b), p.size)]) }

// nowhere is a page's side that keeps nothing.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(int)             {}

func TestBodyFrames(t *testing.T) {
	large := strings.Repeat("0123456789", 1<<20)
	t.Run("of a large body are long, and each is written at once", func(t *testing.T) {
		w, err := framesOf(t, struct{ io.Reader }{strings.NewReader(large)})
		require.NoError(t, err)
		require.Equal(t, large, string(bodyOf(t, w.Body.Bytes())))
		require.Equal(t, []int{frameHeader + firstFrame, frameHeader + maxFrame}, w.sizes[:2])
		require.Len(t, w.sizes, 11)
	})
	t.Run("of pieces as large as the first room are made in one other room", func(t *testing.T) { // such are records of TLS
		pieces := inPieces{strings.NewReader(large), firstFrame}
		f := newFrames(&nowhere{header: http.Header{}})
		defer f.close()
		began := time.Now()
		f.now = func() time.Time { return began }
		into, err := f.Begun(&core.Request{}, &core.Response{})
		require.NoError(t, err)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = io.Copy(into, pieces)
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3*maxFrame))
	})
	t.Run("stay short where they come slowly", func(t *testing.T) {
		w := &writes{ResponseRecorder: httptest.NewRecorder()}
		f := newFrames(w)
		defer f.close()
		at := time.Now()
		into, err := f.Begun(&core.Request{}, &core.Response{})
		require.NoError(t, err)
		w.sizes = nil
		f.now = func() time.Time { at = at.Add(patience + 1); return at }
		_, err = io.Copy(into, struct{ io.Reader }{strings.NewReader(large[:3*firstFrame])})
		require.NoError(t, err)
		require.Equal(t, []int{frameHeader + firstFrame, frameHeader + firstFrame, frameHeader + firstFrame}, w.sizes)
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
