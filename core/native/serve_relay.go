package native

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"authpad/core/native/relay"
	"authpad/core/platform"
)

// startRelay serves the relay on a listener of its own, for the page of this server and for the origins allowed.
func (s *Server) startRelay(ctx context.Context, l net.Listener, o ServeOptions) error {
	origins, err := allowedOrigins(o.AllowOrigins)
	if err != nil {
		return err
	}
	if s.URL != "" {
		origins = append(origins, strings.TrimSuffix(s.URL, "/"))
	}
	at, err := netip.ParseAddrPort(l.Addr().String())
	if err != nil {
		return err
	}
	handler := relay.New(relay.Options{At: at, Origins: origins, Sender: courierFrom(at), Version: o.Version, Log: o.Log})
	context.AfterFunc(ctx, handler.Close)
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    32 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // what went wrong in a request may repeat parts of it
	}
	s.serve(server, l)
	return nil
}

// allowedOrigins takes origins as a browser writes them. Pages that came over plain http may be anyone's by the
// time they arrive; those of this machine did not travel.
func allowedOrigins(typed []string) ([]string, error) {
	var origins []string
	for _, text := range typed {
		page, err := platform.ParseURL(text, "")
		switch origin := page.Origin(); {
		case err != nil || page.Host == "" || page.String() != origin+page.Path || page.Path != "" && page.Path != "/", strings.Contains(text, "*"):
			return nil, fmt.Errorf("%q is no origin, such as https://pages.example: scheme, host and port, no path", text)
		case page.Scheme == "https", page.Scheme == "http" && page.Loopback():
			origins = append(origins, origin)
		default:
			return nil, fmt.Errorf("%q is not protected on its way here: only https pages, and those of this machine, can be allowed", text)
		}
	}
	return origins, nil
}

var errNobody = errors.New("--relay-only serves pages from elsewhere: name them with --allow-origin https://…")
