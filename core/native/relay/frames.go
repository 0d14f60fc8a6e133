package relay

import (
	"bytes"
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

const (
	frameHeader = 5       // bytes: the kind, and the length of what follows
	maxFrame    = 1 << 20 // of the body
	firstFrame  = 16 << 10
)

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

	now func() time.Time
}

func newFrames(w http.ResponseWriter) *frames { return &frames{to: w, now: time.Now} }

// Passed and Begun are those of Receiver.
func (f *frames) Passed(req *core.Request, response *core.Response) error {
	return f.tell(frameHop, api.AppendHop(f.start(), req, response, int64(len(response.Body))))
}

func (f *frames) Begun(req *core.Request, response *core.Response) (io.Writer, error) {
	return bodyFrames{f}, f.tell(frameHead, api.AppendHead(f.start(), req, response))
}

// end writes the last frame, which goes out with the end of the request.
func (f *frames) end(last *core.Request, response *core.Response, failure *core.Failure, millis float64) error {
	return f.tell(frameEnd, api.AppendEnd(f.start(), last, response, failure, millis))
}

// start is room for most heads.
func (f *frames) start() []byte { return make([]byte, 0, 4<<10) }

func (f *frames) tell(kind byte, payload []byte) error {
	return f.write(header(kind, len(payload)), payload)
}

// write takes whole frames. What is large goes out by one write for each piece.
func (f *frames) write(pieces ...[]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		f.begun = true
		f.to.Header().Set("Content-Type", "application/octet-stream")
	}
	for _, piece := range pieces {
		if _, err := f.to.Write(piece); err != nil {
			return err
		}
	}
	f.wait()
	return nil
}

func header(kind byte, size int) []byte {
	return binary.BigEndian.AppendUint32([]byte{kind}, uint32(size))
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

// bodyFrames makes frames of a body.
type bodyFrames struct{ *frames }

// patience is how long a frame may take to be read. Behind chunks a reader fills the room that it is given, however long
// that takes, and a page waits for what has come.
const patience = 50 * time.Millisecond

// ReadFrom makes a frame of what is there. A body that fills the first room is a large one; it is read into larger pieces
// as long as those come at once.
func (b bodyFrames) ReadFrom(body io.Reader) (read int64, _ error) {
	room := make([]byte, frameHeader+firstFrame)
	size := firstFrame
	for {
		began := b.now()
		n, err := body.Read(room[frameHeader : frameHeader+size])
		if n > 0 {
			copy(room, header(frameBody, n))
			if err := b.write(room[:frameHeader+n]); err != nil {
				return read, err
			}
			read += int64(n)
		}
		switch {
		case err == io.EOF:
			return read, nil
		case err != nil:
			return read, err
		case b.now().Sub(began) > patience:
			size = firstFrame
		case n == size:
			size = maxFrame
		}
		if len(room) < frameHeader+size {
			room = make([]byte, frameHeader+maxFrame)
		}
	}
}

func (b bodyFrames) Write(p []byte) (written int, err error) {
	n, err := b.ReadFrom(bytes.NewReader(p))
	return int(n), err
}
