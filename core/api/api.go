// Package api is the one door to the core: named calls, JSON in and JSON out, bodies beside it as
// bytes. The page goes through it by way of wasm/, scripts by way of "authpad call". The shapes are
// the contract with both; testdata holds an example of every call.
package api

import (
	"errors"
	"sync"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/lab"
	"authpad/core/platform"
	"authpad/core/session"
)

// Host is what the core runs in: a page or a native program.
type Host struct {
	Env       core.Env                                    // the real clock, randomness and replay memory
	Transport func(o SendOptions) (core.Transport, error) // nil: send answers with the error "unavailable"
	PageURL   string                                      // what relative addresses are relative to; empty natively
	Version   string
	ASCII     bool                               // answers in ASCII alone, other characters escaped: a browser reads that faster
	Far       func(call core.Context) core.Far   // the body of a call, as it was given to API.Call, that the host holds; nil: none, ever
	Files     func(call core.Context) core.Files // likewise, for the parts of a multipart body
	Relay     bool                               // Transport also takes “relay”: requests that no browser's rules apply to
	Gecko     bool                               // PageURL is open in Firefox, which does some things otherwise than Chromium
}

// SendOptions is how one request is to be sent.
type SendOptions struct {
	Call  core.Context // as it was given to API.Call
	ID    string       // as given to send: cancel and progress events name it; may be empty
	Fetch core.Fetch
	TLS   core.TLS
	Proxy core.Proxy
	Via   string // "fetch" or "relay"

	// Meanwhile is work for the time in which an answer is waited for. A transport may call it from the
	// goroutine that sends, when a request is on its way; from the second time on nothing is left to do.
	Meanwhile func()
}

// API answers calls. It may be used by several goroutines at once.
type API struct {
	host   Host
	origin string // of PageURL; empty: no browser
	lab    *lab.Lab
	asked  session.Memory // what servers asked for

	mu      sync.Mutex
	spare   []byte                     // room for the next answer, or nil
	last    *again                     // nil: a call has it
	sends   map[string]func(why error) // running, by ID
	streams map[int]*labStream         // bodies of lab answers that are not read to their end
	stream  int                        // the last one's number
	waited  map[string]bool            // by the name of a call: the last had to wait for keys
}

// New returns an API for this host.
func New(h Host) *API {
	a := &API{host: h, lab: lab.New(h.Env), sends: map[string]func(why error){}, streams: map[int]*labStream{}, waited: map[string]bool{}}
	if page, err := platform.ParseURL(h.PageURL, ""); err == nil && h.PageURL != "" {
		a.origin = page.Origin()
	}
	return a
}

// answerSize is room for what build answers for a scheme with few steps.
const answerSize = 8 << 10

// Call makes one call. params is a JSON object, or empty; body goes beside it, and an empty one is as
// good as none. The answer is an envelope, {"ok": …} or {"error": {"code", …}}, and outBody what goes
// beside that. It never panics: a bug is the error "internal", which no other mistake has.
func (a *API) Call(ctx core.Context, name string, params, body []byte) (answer, outBody []byte) {
	c := &call{api: a, env: a.host.Env, ctx: ctx, params: params, body: body}
	if !a.expects(name) {
		return a.make(c, name)
	}
	keys := &watchedKeys{keys: a.host.Env.Keys, waits: true}
	c.env.Keys = keys
	answer, outBody = a.make(c, name)
	if !keys.asked {
		a.remember(name, false)
	}
	return answer, outBody
}

// Try is Call where the event loop cannot turn: inside an exported function of a WebAssembly module.
// waits says that the call needs the world outside; there is no answer then, and it is to be made
// by Call, in a goroutine.
func (a *API) Try(ctx core.Context, name string, params, body []byte) (answer, outBody []byte, waits bool) {
	if row := find(name); row != nil && row.waits || a.expects(name) {
		return nil, nil, true
	}
	keys := &watchedKeys{keys: a.host.Env.Keys}
	c := &call{api: a, env: a.host.Env, ctx: ctx, params: params, body: body}
	c.env.Keys = keys
	answer, outBody = a.make(c, name)
	if keys.asked { // whatever was made of that
		a.Release(answer)
		a.remember(name, true)
		return nil, nil, true
	}
	return answer, outBody, false
}

func (a *API) make(c *call, name string) (answer, outBody []byte) {
	defer func() {
		if recover() != nil { // what was thrown may hold values: it is not repeated
			answer, outBody = errorAnswer(errInternal), nil
		}
	}()
	c.out = writer{json.WriteInto(a.room()), c.env.Keys, a.takeLast()}
	c.out.ASCII = a.host.ASCII
	err := c.run(name)
	a.keepLast(c.out.last) // not after a panic
	if err != nil {
		return errorAnswer(err), nil
	}
	return c.out.Bytes(), c.outBody
}

// Release takes back an answer that Call gave, and whose bytes nobody reads any more, as room for
// the next. Nobody needs to: it is for hosts that call at every keystroke.
func (a *API) Release(answer []byte) {
	const keep = 64 << 10
	if cap(answer) < answerSize || cap(answer) > keep {
		return
	}
	a.mu.Lock()
	a.spare = answer[:0]
	a.mu.Unlock()
}

func (a *API) room() []byte {
	a.mu.Lock()
	room := a.spare
	a.spare = nil
	a.mu.Unlock()
	if room == nil {
		room = make([]byte, 0, answerSize)
	}
	return room
}

// takeLast returns what only one call at a time may use; keepLast gives it back.
func (a *API) takeLast() *again {
	a.mu.Lock()
	defer a.mu.Unlock()
	last := a.last
	a.last = nil
	if last == nil {
		last = new(again)
	}
	return last
}

func (a *API) keepLast(last *again) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == nil { // else another call has ended meanwhile, and knows newer things
		a.last = last
	}
}

// call is one call on its way.
type call struct {
	api     *API
	env     core.Env // of this call: the host's, but for what has to wait
	ctx     core.Context
	params  []byte
	body    []byte // empty: none
	wasRead bool   // the parameters
	out     writer // at the value of "ok"
	outBody []byte
}

func (c *call) run(name string) error {
	row := find(name)
	if row == nil {
		return &core.FieldError{Code: "call.unknown", Message: "there is no call of this name"}
	}
	c.out.Object()
	c.out.Member("ok")
	err := row.run(c)
	if err == nil && !c.wasRead { // there is nothing it wants to know
		err = c.read(func(r reader, _ []byte) error { return r.Skip() })
	}
	c.out.EndObject()
	return err
}

// errInternal says no more than that it is one: its cause may hold values.
var errInternal = errors.New("internal")

// errorAnswer is the envelope of an error. Only the three expected kinds say what is wrong.
func errorAnswer(err error) []byte {
	var w writer
	w.Object()
	w.Member("error")
	w.Object()
	w.failure(err)
	w.EndObject()
	w.EndObject()
	return w.Bytes()
}

func (w *writer) failure(err error) {
	var wrong *core.FieldError
	var refused *core.Rejection
	var failed *core.Failure
	switch {
	case errors.As(err, &wrong):
		w.Text("code", wrong.Code)
		w.Optional("field", wrong.Field)
		w.Text("message", wrong.Message)
		w.ref(wrong.Ref)
	case errors.As(err, &refused):
		w.Text("code", refused.Code)
		w.Optional("step", refused.Step)
		w.Text("message", refused.Message)
		w.ref(refused.Ref)
	case errors.As(err, &failed):
		w.Text("code", failed.Code)
		w.Text("message", failed.Message)
	default:
		w.Text("code", "internal")
		w.Text("message", "authpad made a mistake of its own; please report what you did")
	}
}
