package native

import (
	"errors"
	"io"
	"sync"
)

// replayLimit is how much of a body that is read while it is sent is kept, for a redirect that wants it
// again (307, 308): 1 MiB. What is larger goes out once.
const replayLimit = 1 << 20

// upload is a request's body: bytes that are there, or a stream.
type upload struct {
	size int64 // -1: known at its end only

	mu     sync.Mutex
	source io.Reader // nil: kept is all of it
	kept   []byte    // its start
	taken  int64     // from source
	ended  error     // what source ended with
}

func uploadOf(body []byte) *upload {
	return &upload{size: int64(len(body)), kept: body, taken: int64(len(body)), ended: io.EOF}
}

// uploadFrom reads source, which has size bytes, or -1.
func uploadFrom(source io.Reader, size int64) *upload { return &upload{size: size, source: source} }

// reader reads the body from its start. Of several readers, which there are while one connection is not
// closed yet and the next one is made, each gets all of it.
func (u *upload) reader() io.ReadCloser { return &uploadReader{upload: u} }

// again reports whether there can be another reader.
func (u *upload) again() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.taken <= int64(len(u.kept))
}

type uploadReader struct {
	upload *upload
	at     int64
	mu     sync.Mutex
	closed bool
}

var errUploadGone = errors.New("the start of the body is no longer there")

func (r *uploadReader) Read(p []byte) (int, error) {
	if r.isClosed() {
		return 0, errUploadGone
	}
	n, err := r.upload.readAt(p, r.at)
	r.at += int64(n)
	return n, err
}

func (r *uploadReader) isClosed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

// Close does not wait for a Read that waits for the source.
func (r *uploadReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

func (u *upload) readAt(p []byte, at int64) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case at < int64(len(u.kept)):
		return copy(p, u.kept[at:]), nil
	case at < u.taken:
		return 0, errUploadGone
	case u.ended != nil:
		return 0, u.ended
	}
	n, err := u.source.Read(p)
	u.keep(p[:n])
	u.ended = err
	return n, err
}

// keep lets go of everything at once when it is too much.
func (u *upload) keep(p []byte) {
	before := u.taken
	u.taken += int64(len(p))
	switch {
	case u.taken > replayLimit:
		u.kept = nil
	case before == int64(len(u.kept)):
		u.kept = append(u.kept, p...)
	}
}
