package core

import "sync"

// Context says when nobody waits for an answer any more. Every context.Context is one; it is only
// this part of it because the page pays 30 kB of gzip for the rest, most of it texts for times.
type Context interface {
	Done() <-chan struct{} // closed at the end; nil: there is none
	Err() error            // nil before the end, then context.Canceled or context.DeadlineExceeded
}

// WithCancel returns a context that ends with its parent, or before it when end is called with the
// reason. end must be called at last; only the first reason counts.
func WithCancel(parent Context) (ctx Context, end func(why error)) {
	c := &cancellable{done: make(chan struct{})}
	if parent.Done() != nil {
		go func() {
			select {
			case <-parent.Done():
				c.end(parent.Err())
			case <-c.done:
			}
		}()
	}
	return c, c.end
}

type cancellable struct {
	done chan struct{}
	mu   sync.Mutex
	err  error
}

func (c *cancellable) Done() <-chan struct{} { return c.done }

func (c *cancellable) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *cancellable) end(why error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = why
		close(c.done)
	}
}
