package native

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
)

// Where the program listens: on this machine only, and for who calls it by this machine's names.

// listen opens all or nothing: the page's, the second lab's and the relay's, nil where there is none.
func (o ServeOptions) listen(ctx context.Context) (listeners [3]net.Listener, err error) {
	places := [3]struct {
		addr, usual string
		left        bool
	}{{o.Addr, defaultAddr, o.RelayOnly}, {o.LabAddr, defaultLabAddr, o.RelayOnly}, {o.RelayAddr, defaultRelayAddr, o.NoRelay}}
	for i, place := range places {
		if place.left {
			continue
		}
		if listeners[i], err = listenLoopback(ctx, place.addr, place.usual); err != nil {
			for _, open := range listeners[:i] {
				if open != nil {
					open.Close()
				}
			}
			return listeners, err
		}
	}
	return listeners, nil
}

// listenLoopback listens on addr or, where none was chosen, on the usual one or any free port.
func listenLoopback(ctx context.Context, addr, usual string) (net.Listener, error) {
	chosen := addr != ""
	if !chosen {
		addr = usual
	}
	if err := checkLoopback(addr); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		if chosen {
			return nil, fmt.Errorf("%s is in use by another program; choose another port, or leave it out to get a free one", addr)
		}
		return config.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	return listener, err
}

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is not host:port, such as 127.0.0.1:8765", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is open to the network; authpad listens on 127.0.0.1, [::1] or localhost only", addr)
	}
	return nil
}

func urlOf(l net.Listener) string { return "http://" + l.Addr().String() + "/" }

// onlyLoopbackNames refuses requests for other host names: a name that a stranger's page was loaded
// under may be pointed at 127.0.0.1 later, and that page would then read this server (DNS rebinding).
func onlyLoopbackNames(l net.Listener, h http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	names := []string{l.Addr().String(), "127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port}
	if port == "80" { // which is left out of the Host header
		names = append(names, "127.0.0.1", "localhost", "[::1]")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(names, strings.ToLower(r.Host)) {
			http.Error(w, "this server answers to 127.0.0.1, localhost and [::1] with port "+port+" only", http.StatusMisdirectedRequest)
			return
		}
		h.ServeHTTP(w, r)
	})
}
