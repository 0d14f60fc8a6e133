package relay

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"authpad/core"
)

// send has an order sent, and passes on what becomes of it. It ends when the page goes, cancels or is forgotten.
func (r *Relay) send(w http.ResponseWriter, req *http.Request, s *session) {
	http.NewResponseController(w).EnableFullDuplex() // the answer may begin before the body has ended
	to := newFrames(w)
	defer to.close()
	defer io.Copy(io.Discard, req.Body) // a browser reads no answer before its own request has gone out whole
	order, read, err := readOrder(req.Body)
	if err != nil {
		refuseOrder(w, err)
		return
	}
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	if !s.sends.add(order.ID, cancel) {
		refuse(w, http.StatusConflict, "send.running", "a send with this id is still running")
		return
	}
	defer s.sends.remove(order.ID)
	size := int64(-1)
	if req.ContentLength >= 0 {
		size = req.ContentLength - read
	}
	relay(ctx, s.sender, to, order, req.Body, size)
}

func relay(ctx context.Context, sender Sender, to *frames, order *Order, body io.Reader, size int64) {
	started := time.Now()
	last, response, err := sender.Send(ctx, order, body, size, to)
	var failure *core.Failure
	if err != nil && !errors.As(err, &failure) || failure != nil && !to.begun && strings.HasPrefix(failure.Code, "relay.") {
		refuseOrder(to.to, err)
		return
	}
	to.end(last, response, failure, float64(time.Since(started).Microseconds())/1000)
}

// refuseOrder answers before anything was sent.
func refuseOrder(w http.ResponseWriter, err error) {
	var wrong *core.FieldError
	var failed *core.Failure
	switch {
	case errors.As(err, &wrong):
		refuseField(w, http.StatusBadRequest, wrong.Code, wrong.Field, wrong.Message)
	case errors.As(err, &failed):
		refuseField(w, http.StatusBadRequest, failed.Code, "url", failed.Message)
	default:
		refuse(w, http.StatusInternalServerError, "internal", "authpad made a mistake of its own; please report what you did")
	}
}

// sends are those under way for one page, by ID.
type sends struct {
	mu      sync.Mutex
	running map[string]context.CancelFunc
}

func (s *sends) add(id string, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		s.running = map[string]context.CancelFunc{}
	}
	if id == "" {
		return true
	}
	if s.running[id] != nil {
		return false
	}
	s.running[id] = cancel
	return true
}

func (s *sends) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, id)
}

// cancel ends a send by its ID. Mostly a page just hangs up; that goes unnoticed while a body is on its way to
// a server that does not read it.
func (r *Relay) cancel(w http.ResponseWriter, req *http.Request, s *session) {
	var named struct{ ID string }
	json.NewDecoder(io.LimitReader(req.Body, 1<<10)).Decode(&named)
	s.sends.mu.Lock()
	stop := s.sends.running[named.ID]
	s.sends.mu.Unlock()
	if stop != nil {
		stop()
	}
	answer(w, http.StatusOK, map[string]bool{"cancelled": stop != nil})
}
