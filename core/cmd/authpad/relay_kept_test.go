package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// connected tells each request which connection it came over, and of the end of each.
func connected(t *testing.T) (url string, ended chan string) {
	t.Helper()
	ended = make(chan string, 100)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.RemoteAddr) }))
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			ended <- c.RemoteAddr().String()
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, ended
}

// requireEnd holds that the connection is ended, and not just given up after a while.
func requireEnd(t *testing.T, over string, ended <-chan string, since time.Time) {
	t.Helper()
	require.Equal(t, over, <-ended)
	require.Less(t, time.Since(since), 1900*time.Millisecond)
}

// What is left connected is for the page that it was connected for, as long as that is paired.
func TestRelayKeepsConnectionsApart(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	url, ended := connected(t)
	over := func(page map[string]string) string { return string(r.send(page, get(url), "").body) }
	one, other := r.pair(pageOrigin), r.pair(otherOrigin)
	first := over(one)
	require.NotEqual(t, first, over(other))
	since := time.Now()
	require.Equal(t, first, over(one))

	t.Run("until the page forgets", func(t *testing.T) {
		response, text := r.ask("POST", "forget", one, nil)
		require.Equal(t, 204, response.StatusCode, text)
		requireEnd(t, first, ended, since)
	})
	t.Run("until it is paired anew", func(t *testing.T) {
		since, before := time.Now(), over(other)
		other = r.pair(otherOrigin)
		requireEnd(t, before, ended, since)
		require.NotEqual(t, before, over(other))
	})
	t.Run("until the program ends", func(t *testing.T) {
		since, last := time.Now(), over(other)
		r.stop()
		requireEnd(t, last, ended, since)
	})
}
