package native

import (
	"bufio"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"authpad/core"
	"authpad/core/platform"
)

// proxy is core.Proxy, read and checked.
type proxy struct {
	address     string // to connect to: host:port
	credentials string // of Basic (RFC 7617); empty: none
}

// newProxy returns nil where none is given.
func newProxy(o core.Proxy) (*proxy, error) {
	if strings.TrimSpace(o.URL) == "" {
		return nil, nil
	}
	refuse := func(code, message string) (*proxy, error) {
		return nil, &core.FieldError{Field: "proxy.url", Code: code, Message: message}
	}
	address, err := platform.ParseURL(o.URL, "")
	switch {
	case err != nil:
		return refuse("proxy.url", "this is no address of a proxy, such as http://proxy.example:3128")
	case address.Scheme != "http":
		return refuse("proxy.scheme", "only proxies that are spoken to in plain HTTP are known, as most are: its address begins with http://, for https requests too")
	case address.Path != "/" && address.Path != "" || address.Query != "":
		return refuse("proxy.url", "a proxy has a host and a port, and no path")
	}
	user, password := o.Username, o.Password
	if user == "" && password == "" {
		user, _ = url.PathUnescape(address.Username)
		password, _ = url.PathUnescape(address.Password)
	}
	if strings.Contains(user, ":") {
		return nil, &core.FieldError{Field: "proxy.username", Code: "proxy.colon", Ref: core.Ref{Doc: "RFC 7617", Section: "2"},
			Message: "the proxy’s user name cannot contain a colon"}
	}
	p := &proxy{address: dialAddress(address)}
	if user != "" || password != "" {
		p.credentials = base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	}
	return p, nil
}

// authorization is a header line, or nothing.
func (p *proxy) authorization() string {
	if p.credentials == "" {
		return ""
	}
	return "Proxy-Authorization: Basic " + p.credentials + "\r\n"
}

// blame says that it was the proxy that was not reached.
func (p *proxy) blame(f *core.Failure) *core.Failure {
	switch {
	case p == nil, f.Code == "timeout", f.Code == "cancelled", strings.HasPrefix(f.Code, "relay."):
		return f
	}
	return &core.Failure{Code: "proxy." + f.Code, Message: "the proxy was not reached: " + f.Message, TLS: f.TLS}
}

// tunnel asks the proxy for a connection to the server (RFC 9110, section 9.3.6).
func (h *hop) tunnel(ctx context.Context) *core.Failure {
	if h.proxy == nil {
		return nil
	}
	stop := context.AfterFunc(ctx, func() { h.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	server := dialAddress(h.req.URL)
	ask := "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n" + h.proxy.authorization() + "\r\n"
	if _, err := h.conn.Write([]byte(ask)); err != nil {
		return h.proxy.blame(h.failure(ctx, "asking for a tunnel", err))
	}
	head := bufio.NewReaderSize(io.LimitReader(oneByOne{h.conn}, maxHead), 1)
	answer, err := http.ReadResponse(head, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return h.proxy.blame(h.failure(ctx, "asking for a tunnel", err))
	}
	return h.proxy.refusal(answer.StatusCode, server)
}

// refusal is nil where there is a tunnel.
func (p *proxy) refusal(status int, server string) *core.Failure {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusProxyAuthRequired && p.credentials == "":
		return &core.Failure{Code: "proxy.credentials", Message: "the proxy " + p.address + " wants a user name and a password (407)"}
	case status == http.StatusProxyAuthRequired:
		return &core.Failure{Code: "proxy.credentials", Message: "the proxy " + p.address + " does not take this user name and password (407), or not by Basic"}
	}
	return &core.Failure{Code: "proxy.tunnel", Message: "the proxy " + p.address + " made no connection to " + server + ": it answered " + strconv.Itoa(status)}
}

// oneByOne hands out single bytes: what follows the proxy's head is the server's, and no reader may hold it back.
type oneByOne struct{ net.Conn }

func (c oneByOne) Read(p []byte) (int, error) { return c.Conn.Read(p[:min(len(p), 1)]) }
