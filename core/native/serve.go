package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"authpad/core/lab"
)

// ServeOptions say what to serve. The zero value serves ./web on the default ports.
type ServeOptions struct {
	Web     string    // folder of the page; empty: "web"
	Addr    string    // of page and lab; empty: 127.0.0.1:8765, or a free port where that is taken
	LabAddr string    // of the lab alone; empty: 127.0.0.1:8766, or a free port
	Open    bool      // open the page in the person's browser
	Log     io.Writer // addresses, pairing codes and warnings, for a person; nil: none

	RelayAddr    string   // of the relay; empty: 127.0.0.1:8767, or a free port
	NoRelay      bool     // serve page and labs alone
	RelayOnly    bool     // serve neither page nor labs
	AllowOrigins []string // of pages served elsewhere that may use the relay: "https://pages.example"
	Version      string   // of this program
}

const (
	defaultAddr      = "127.0.0.1:8765"
	defaultLabAddr   = "127.0.0.1:8766"
	defaultRelayAddr = "127.0.0.1:8767"
)

// Server is a running page with its two labs: one of the page's own origin, under "lab/", and one
// of another origin, so that CORS can be met for real. Beside them runs the relay.
type Server struct {
	URL      string // of the page: "http://127.0.0.1:8765/"; empty: there is none
	LabURL   string // of the second lab: "http://127.0.0.1:8766/lab/"; empty: there is none
	RelayURL string // of the relay: "http://127.0.0.1:8767/"; empty: there is none

	pages     []*http.Server
	listeners []net.Listener
	cancel    context.CancelFunc // of every request under way
	once      sync.Once
	ended     chan struct{}
	failure   error // readable once ended is closed
}

// Serve starts to listen and returns at once. It ends with ctx or with Close. Every address must be
// a loopback one: the program has no business with the rest of the network.
func Serve(ctx context.Context, o ServeOptions) (*Server, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	listeners, err := o.listen(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Server{cancel: cancel, ended: make(chan struct{})}
	s.name(listeners)
	s.announce(o)
	if page, elsewhere := listeners[0], listeners[1]; page != nil {
		labs := LabHandler(lab.New(Env()))
		s.start(ctx, page, underLab(labs, site{dir: o.Web, lab: s.LabURL, relay: s.RelayURL}))
		s.start(ctx, elsewhere, underLab(labs, http.NotFoundHandler()))
	}
	if l := listeners[2]; l != nil {
		if err := s.startRelay(ctx, l, o); err != nil {
			s.Close()
			return nil, err
		}
	}
	context.AfterFunc(ctx, s.Close)
	s.open(o)
	return s, nil
}

func (o ServeOptions) check() error {
	switch {
	case o.RelayOnly && o.NoRelay:
		return errors.New("--relay-only and --no-relay leave nothing to serve")
	case o.RelayOnly && len(o.AllowOrigins) == 0:
		return errNobody
	case o.RelayOnly:
		return nil
	}
	return checkWeb(o.Web)
}

func (s *Server) name(listeners [3]net.Listener) {
	for i, url := range []*string{&s.URL, &s.LabURL, &s.RelayURL} {
		if listeners[i] != nil {
			*url = urlOf(listeners[i])
			s.listeners = append(s.listeners, listeners[i])
		}
	}
	if s.LabURL != "" {
		s.LabURL += "lab/"
	}
}

func (o ServeOptions) withDefaults() ServeOptions {
	if o.Web == "" {
		o.Web = "web"
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	return o
}

// checkWeb says what to do where the folder is not a built page.
func checkWeb(dir string) error {
	for _, name := range []string{"index.html", "authpad.wasm.gz"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("%s is missing: run \"make build\", or name the page’s folder with --web", filepath.Join(dir, name))
		}
	}
	return nil
}

// underLab hands "/lab/…" to the lab and the rest to the other handler. It is no http.ServeMux, which
// would answer "/lab//" and "/lab/.." by redirects of its own.
func underLab(labs, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/lab/") {
			labs.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

func (s *Server) start(ctx context.Context, l net.Listener, h http.Handler) {
	page := &http.Server{
		Handler:           onlyLoopbackNames(l, h),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	s.serve(page, recordHeads(page, l))
}

func (s *Server) serve(server *http.Server, l net.Listener) {
	s.pages = append(s.pages, server)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.end(err)
		}
	}()
}

func (s *Server) announce(o ServeOptions) {
	if s.URL != "" {
		fmt.Fprintf(o.Log, "page           %s\nlab            %slab/\nlab elsewhere  %s\n", s.URL, s.URL, s.LabURL)
	}
	if s.RelayURL != "" {
		fmt.Fprintf(o.Log, "relay          %s (off until a page is paired)\n", s.RelayURL)
	}
	fmt.Fprintf(o.Log, "stop           Ctrl-C\n")
}

func (s *Server) open(o ServeOptions) {
	if !o.Open || s.URL == "" {
		return
	}
	if err := openBrowser(s.URL); err != nil {
		fmt.Fprintf(o.Log, "no browser could be opened (%v); open the page’s address yourself\n", err)
	}
}

func openBrowser(url string) error {
	command := []string{"xdg-open", url}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open", url}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler", url}
	}
	opener := exec.Command(command[0], command[1:]...)
	err := opener.Start()
	if err == nil {
		go opener.Wait() // so that the system can forget it; its status says nothing
	}
	return err
}

// Close ends the server. Delays and streams of the lab are cut short; other answers under way get a
// second to finish.
func (s *Server) Close() { s.end(nil) }

// Wait returns when the server has ended: nil if by Close or by its context.
func (s *Server) Wait() error {
	<-s.ended
	return s.failure
}

func (s *Server) end(failure error) {
	s.once.Do(func() {
		s.failure = failure
		s.cancel()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for _, page := range s.pages {
			if page.Shutdown(ctx) != nil {
				page.Close()
			}
		}
		for _, l := range s.listeners {
			l.Close() // a server that had not begun to serve does not know its listener yet
		}
		close(s.ended)
	})
}
