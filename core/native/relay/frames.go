package relay

import (
	"encoding/binary"
	"io"
	"net/http"

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
	frameHeader = 5
	maxFrame    = 1 << 20
)

// frames writes them to the page, each at once: the page reads an answer while it arrives, and where it does
// not read, the server it comes from is not read either.
type frames struct {
	to    http.ResponseWriter
	flush *http.ResponseController
	begun bool
	room  []byte
}

func newFrames(w http.ResponseWriter) *frames {
	return &frames{to: w, flush: http.NewResponseController(w)}
}

// Passed and Begun are those of Receiver.
func (f *frames) Passed(req *core.Request, response *core.Response) error {
	return f.json(frameHop, api.AppendHop(f.start(), req, response, int64(len(response.Body))))
}

func (f *frames) Begun(req *core.Request, response *core.Response) (io.Writer, error) {
	return bodyFrames{f}, f.json(frameHead, api.AppendHead(f.start(), req, response))
}

func (f *frames) end(last *core.Request, response *core.Response, failure *core.Failure, millis float64) error {
	return f.json(frameEnd, api.AppendEnd(f.start(), last, response, failure, millis))
}

// start is room behind a header.
func (f *frames) start() []byte { return make([]byte, 0, 4<<10) }

func (f *frames) json(kind byte, text []byte) error {
	f.room = append(append(f.room[:0], make([]byte, frameHeader)...), text...)
	return f.write(kind, f.room)
}

// write sends a frame whose first bytes are left for its header.
func (f *frames) write(kind byte, frame []byte) error {
	if !f.begun {
		f.begun = true
		f.to.Header().Set("Content-Type", "application/octet-stream")
	}
	frame[0] = kind
	binary.BigEndian.PutUint32(frame[1:frameHeader], uint32(len(frame)-frameHeader))
	if _, err := f.to.Write(frame); err != nil {
		return err
	}
	return f.flush.Flush()
}

// bodyFrames makes frames of what is written to it.
type bodyFrames struct{ *frames }

func (b bodyFrames) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		n := min(len(p), maxFrame)
		b.room = append(append(b.room[:0], make([]byte, frameHeader)...), p[:n]...)
		if err := b.write(frameBody, b.room); err != nil {
			return written, err
		}
		written, p = written+n, p[n:]
	}
	return written, nil
}
