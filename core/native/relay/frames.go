package relay

import (
	"encoding/binary"
	"io"
	"net/http"
	"sync"
	"time"

	"authpad/core"
	"authpad/core/api"
)

// The kinds of frames. A frame is its kind in one byte, the length of what follows in four, big-endian, and
// that: JSON, or bytes of the body.
const (
	frameHop  = 1 // a redirect that was followed
	frameHead = 2 // the head of the answer
	frameBody = 3
	frameEnd  = 4 // always the last one: without it the relay was lost
)

const maxFrame = 1 << 20 // of the body

// latency is how long a frame may wait for the next one, to go out with it: a small answer is one packet then,
// and not three. Its price is paid by none that is read to its end.
const latency = time.Millisecond

// frames writes them to the page: it reads an answer while it arrives, and where it does not read, the server it
// comes from is not read either.
type frames struct {
	to    http.ResponseWriter
	begun bool

	mu      sync.Mutex // of to, which the timer uses, too
	timer   *time.Timer
	waiting bool // for the timer
	ended   bool
}

func newFrames(w http.ResponseWriter) *frames { return &frames{to: w} }

// Passed and Begun are those of Receiver.
func (f *frames) Passed(req *core.Request, response *core.Response) error {
	return f.write(frameHop, api.AppendHop(f.start(), req, response, int64(len(response.Body))))
}

func (f *frames) Begun(req *core.Request, response *core.Response) (io.Writer, error) {
	return bodyFrames{f}, f.write(frameHead, api.AppendHead(f.start(), req, response))
}

// end writes the last frame, which goes out with the end of the request.
func (f *frames) end(last *core.Request, response *core.Response, failure *core.Failure, millis float64) error {
	return f.write(frameEnd, api.AppendEnd(f.start(), last, response, failure, millis))
}

// start is room for most heads.
func (f *frames) start() []byte { return make([]byte, 0, 4<<10) }

func (f *frames) write(kind byte, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		f.begun = true
		f.to.Header().Set("Content-Type", "application/octet-stream")
	}
	header := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(payload)))
	if _, err := f.to.Write(header); err != nil {
		return err
	}
	if _, err := f.to.Write(payload); err != nil {
		return err
	}
	f.wait()
	return nil
}

// wait has what is written go out a little later.
func (f *frames) wait() {
	switch {
	case f.waiting:
		return
	case f.timer == nil:
		f.timer = time.AfterFunc(latency, f.flush)
	default:
		f.timer.Reset(latency)
	}
	f.waiting = true
}

func (f *frames) flush() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting = false; !f.ended {
		http.NewResponseController(f.to).Flush() // an error comes again with the next frame
	}
}

// close is for the end of the request: nothing may be written behind it.
func (f *frames) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	if f.timer != nil {
		f.timer.Stop()
	}
}

// bodyFrames makes frames of what is written to it.
type bodyFrames struct{ *frames }

func (b bodyFrames) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		n := min(len(p), maxFrame)
		if err := b.write(frameBody, p[:n]); err != nil {
			return written, err
		}
		written, p = written+n, p[n:]
	}
	return written, nil
}
