package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// names has every name under .example lead where the table says, by way of a name server of the test's.
func names(t *testing.T, table map[string]string) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = before; server.Close() })
	go func() {
		packet := make([]byte, 1<<10)
		for {
			n, from, err := server.ReadFrom(packet)
			if err != nil {
				return
			}
			if reply := nameReply(packet[:n], table); reply != nil {
				server.WriteTo(reply, from)
			}
		}
	}()
}

func nameReply(packet []byte, table map[string]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(packet) != nil || len(m.Questions) != 1 {
		return nil
	}
	asked := m.Questions[0]
	ip := net.ParseIP(table[strings.TrimSuffix(asked.Name.String(), ".")])
	m.Header.Response, m.Additionals = true, nil
	head := dnsmessage.ResourceHeader{Name: asked.Name, Class: dnsmessage.ClassINET, TTL: 1}
	switch four := ip.To4(); {
	case ip == nil:
		m.Header.RCode = dnsmessage.RCodeNameError
	case four != nil && asked.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte(four)}}}
	case four == nil && asked.Type == dnsmessage.TypeAAAA:
		m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(ip)}}}
	}
	reply, _ := m.Pack()
	return reply
}

// redirectTo sends everyone on to what the query says.
func redirectTo(t *testing.T) (url string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", r.URL.RawQuery)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/?"
}

// forwardProxy passes on what it is asked for, wherever that leads.
func forwardProxy(t *testing.T) (url string, asked chan string) {
	asked = make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.RequestURI
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

// The relay must be no way into itself: not by any spelling of its address, nor by what a server or a name says.
func TestRelaySendsNothingToItself(t *testing.T) {
	names(t, map[string]string{"rebound.example": "127.0.0.1", "rebound6.example": "::1", "mapped.example": "::ffff:127.0.0.1"})
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	_, port, _ := net.SplitHostPort(r.addr)
	away := redirectTo(t)
	proxy, asked := forwardProxy(t)
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST", "localhost.", "a.localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.2", "0.0.0.0", "0",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::127.0.0.1]", "rebound.example", "rebound6.example", "mapped.example"} {
		t.Run(host, func(t *testing.T) {
			url := "http://" + host + ":" + port + "/relay/status"
			all := r.send(page, get(url), "")
			require.Equal(t, 400, all.status)
			require.Equal(t, "relay.itself", all.Error.Code, all.Error.Message)
			require.Equal(t, "url", all.Error.Field)
			require.Equal(t, 400, r.send(page, get(strings.Replace(url, "http:", "https:", 1)), "").status)

			all = r.send(page, get(away+url), "")
			require.Equal(t, 200, all.status)
			require.Len(t, all.hops, 1)
			require.Nil(t, all.head)
			require.Equal(t, "relay.itself", all.end.Failure.Code)

			if strings.HasSuffix(host, ".example") {
				return // the proxy alone knows where that leads
			}
			through := get(url)
			through["proxy"] = map[string]string{"url": proxy}
			require.Equal(t, "relay.itself", r.send(page, through, "").Error.Code)
			through = get("http://elsewhere.invalid/")
			through["proxy"] = map[string]string{"url": "http://" + host + ":" + port}
			if all = r.send(page, through, ""); all.status == 200 { // no name server knows names under localhost
				require.Equal(t, "proxy.dns", all.end.Failure.Code)
				return
			}
			require.Equal(t, "relay.itself", all.Error.Code)
		})
	}
	require.Empty(t, asked)
	require.NotContains(t, r.terminal.String(), "rebound")
}

// What machines tell about themselves is reached by who types its address, and by nobody else.
func TestRelaySendsNothingToMetadataThatNobodyNamed(t *testing.T) {
	places := map[string]string{"one.example": "169.254.169.254", "two.example": "169.254.1.1", "three.example": "fe80::1", "four.example": "fd00:ec2::254",
		"five.example": "100.100.100.200", "six.example": "168.63.129.16", "seven.example": "::ffff:169.254.169.254", "eight.example": "64:ff9b::a9fe:a9fe", "nine.example": "fd20:ce::254"}
	names(t, places)
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	away := redirectTo(t)
	proxy, asked := forwardProxy(t)
	for name, ip := range places {
		t.Run(ip, func(t *testing.T) {
			all := r.send(page, get("http://"+name+"/"), "")
			require.Equal(t, 400, all.status, "by a name server's answer")
			require.Equal(t, "relay.metadata", all.Error.Code, all.Error.Message)
			require.Equal(t, "relay.metadata", r.send(page, get("https://"+name+"/"), "").Error.Code)

			address := "http://" + strings.Trim(net.JoinHostPort(ip, ""), ":") + "/latest/"
			for _, to := range []string{address, "http://" + name + "/"} {
				all = r.send(page, get(away+to), "")
				require.Len(t, all.hops, 1)
				require.Equal(t, "relay.metadata", all.end.Failure.Code, "by a redirect to %s", to)
			}
			through := get(away + address)
			through["proxy"] = map[string]string{"url": "http://" + name + ":80"}
			require.Equal(t, "relay.metadata", r.send(page, through, "").Error.Code, "as a proxy")
		})
	}
	t.Run("decimal, by a redirect", func(t *testing.T) {
		require.Equal(t, "relay.metadata", r.send(page, get(away+"http://2852039166/"), "").end.Failure.Code)
	})
	t.Run("by a name that leads there everywhere", func(t *testing.T) {
		require.Equal(t, "relay.metadata", r.send(page, get(away+"http://metadata.google.internal/"), "").end.Failure.Code)
	})
	t.Run("through a proxy, by a redirect", func(t *testing.T) {
		s := httptest.NewServer(http.RedirectHandler("http://169.254.169.254/latest/", http.StatusFound)) // as a proxy: it answers every request so
		defer s.Close()
		through := get("http://elsewhere.invalid/")
		through["proxy"] = map[string]string{"url": s.URL}
		require.Equal(t, "relay.metadata", r.send(page, through, "").end.Failure.Code)
	})
	t.Run("but through a proxy where it was typed", func(t *testing.T) {
		through := get("http://169.254.169.254/latest/")
		through["proxy"] = map[string]string{"url": proxy}
		require.Equal(t, 418, r.send(page, through, "").head.Response.Status)
		require.Equal(t, "GET http://169.254.169.254/latest/", <-asked)
	})
}
