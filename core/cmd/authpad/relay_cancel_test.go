package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRelayCancels(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	began, gone := make(chan bool), make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
		}
		began <- true
		<-r.Context().Done()
		gone <- true
	}))
	defer s.Close()
	for _, path := range []string{"/", "/body"} {
		t.Run("where the page hangs up, at "+path, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			go func() { <-began; cancel() }()
			req, err := http.NewRequestWithContext(ctx, "POST", "http://"+r.addr+"/relay/send", bytes.NewReader(order(t, get(s.URL+path))))
			require.NoError(t, err)
			for name, value := range page {
				req.Header.Set(name, value)
			}
			if response, err := http.DefaultTransport.RoundTrip(req); err == nil {
				io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			<-gone
		})
	}
	t.Run("where the page says so", func(t *testing.T) {
		o := get(s.URL)
		o["id"] = "send-1"
		all := make(chan *told, 1)
		go func() { all <- r.send(page, o, "") }()
		<-began
		response, text := r.ask("POST", "cancel", page, strings.NewReader(`{"id":"send-2"}`))
		require.Equal(t, 200, response.StatusCode)
		require.JSONEq(t, `{"cancelled":false}`, text)
		_, text = r.ask("POST", "cancel", page, strings.NewReader(`{"id":"send-1"}`))
		require.JSONEq(t, `{"cancelled":true}`, text)
		<-gone
		require.Equal(t, "cancelled", (<-all).end.Failure.Code)
	})
	t.Run("also a body that the server does not read", func(t *testing.T) {
		silent, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer silent.Close()
		ended := make(chan bool)
		go func() {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			_, text := r.ask("POST", "cancel", page, strings.NewReader(`{"id":"large"}`))
			ended <- strings.Contains(text, "true")
			io.Copy(io.Discard, conn) // returns when the relay hangs up
			conn.Close()
			ended <- true
		}()
		o := map[string]any{"method": "POST", "url": "http://" + silent.Addr().String(), "id": "large"}
		all := r.send(page, o, strings.Repeat("x", 32<<20))
		require.Equal(t, "cancelled", all.end.Failure.Code)
		require.True(t, <-ended)
		require.True(t, <-ended)
	})
	t.Run("also an answer that the page does not read", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			http.ReadRequest(bufio.NewReader(conn)) // an answer before it would be none
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			stalled(conn)
			began <- true
			io.Copy(io.Discard, conn) // returns when the relay hangs up
			gone <- true
		}()
		response := r.begin(t.Context(), "POST", "send", page, bytes.NewReader(order(t, map[string]any{"method": "GET", "url": "http://" + listener.Addr().String(), "id": "endless"})))
		defer response.Body.Close()
		<-began
		_, text := r.ask("POST", "cancel", page, strings.NewReader(`{"id":"endless"}`))
		require.Contains(t, text, "true")
		<-gone
	})
	t.Run("after the time that was set", func(t *testing.T) {
		o := get(s.URL)
		o["timeoutMs"] = 100
		go func() { <-began; <-gone }()
		all := r.send(page, o, "")
		require.Equal(t, "timeout", all.end.Failure.Code)
	})
}
