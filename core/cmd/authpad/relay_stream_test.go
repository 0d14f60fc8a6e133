package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// large is 1 GiB, or less with -short.
func large() int64 {
	if testing.Short() {
		return 64 << 20
	}
	return 1 << 30
}

// heap watches how large it becomes.
type heap struct{ before, most, next int64 }

func inUse() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func watchHeap() *heap {
	runtime.GC()
	now := inUse()
	return &heap{before: now, most: now}
}

// at looks once in 8 MiB.
func (h *heap) at(count int64) {
	if count >= h.next {
		h.most, h.next = max(h.most, inUse()), count+8<<20
	}
}

// allowed is for everything at both ends and between, garbage included: this process is client, relay and server.
const allowed = 24 << 20

// zeros is n bytes of nothing.
type zeros int64

func (z *zeros) Read(p []byte) (int, error) {
	if *z <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), int64(*z))
	clear(p[:n])
	*z -= zeros(n)
	return int(n), nil
}

func TestRelayPassesALargeAnswerOn(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left := zeros(large())
		w.Header().Set("Content-Length", strconv.FormatInt(large(), 10))
		io.CopyBuffer(struct{ io.Writer }{w}, &left, make([]byte, 1<<20))
	}))
	defer s.Close()
	response := r.begin(t.Context(), "POST", "send", page, bytes.NewReader(order(t, get(s.URL))))
	defer response.Body.Close()
	watch, count, payload := watchHeap(), int64(0), make([]byte, 1<<20)
	for kind := byte(0); kind != 4; {
		var header [5]byte
		_, err := io.ReadFull(response.Body, header[:])
		require.NoError(t, err)
		n := binary.BigEndian.Uint32(header[1:])
		require.LessOrEqual(t, int(n), len(payload))
		_, err = io.ReadFull(response.Body, payload[:n])
		require.NoError(t, err)
		if kind = header[0]; kind == 3 {
			count += int64(n)
			watch.at(count)
		}
	}
	require.Equal(t, large(), count)
	require.Less(t, watch.most-watch.before, int64(allowed))
}

func TestRelayPassesALargeBodyOn(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	watch, count := watchHeap(), int64(0)
	var framing string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		framing = strings.Join(r.TransferEncoding, "") + strconv.FormatInt(r.ContentLength, 10)
		piece := make([]byte, 1<<20)
		for {
			n, err := r.Body.Read(piece)
			count += int64(n)
			watch.at(count)
			if err != nil {
				return
			}
		}
	}))
	defer s.Close()
	for want, size := range map[string]int64{strconv.FormatInt(large(), 10): large(), "chunked-1": -1} {
		count, watch.next = 0, 0
		left := zeros(large())
		head := order(t, map[string]any{"method": "POST", "url": s.URL})
		req, err := http.NewRequest("POST", "http://"+r.addr+"/relay/send", io.MultiReader(bytes.NewReader(head), &left))
		require.NoError(t, err)
		if req.ContentLength = -1; size >= 0 {
			req.ContentLength = size + int64(len(head))
		}
		for name, value := range page {
			req.Header.Set(name, value)
		}
		response, err := http.DefaultTransport.RoundTrip(req)
		require.NoError(t, err)
		all := readTold(t, response, io.Discard)
		response.Body.Close()
		require.Nil(t, all.end.Failure)
		require.Equal(t, 200, all.head.Response.Status)
		require.Equal(t, large(), count)
		require.Equal(t, want, framing)
	}
	require.Less(t, watch.most-watch.before, int64(allowed))
}

// A server that has heard enough answers at once, and hangs up on the rest.
func TestRelayTellsTheAnswerToHalfABody(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusRequestEntityTooLarge) }))
	defer s.Close()
	all := r.send(page, map[string]any{"method": "POST", "url": s.URL}, strings.Repeat("x", 32<<20))
	require.Nil(t, all.end.Failure)
	require.Equal(t, 413, all.head.Response.Status)
}

func TestRelayTellsTheHeadBeforeTheBody(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	release := make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, piece := range []string{"", "one", "two"} {
			io.WriteString(w, piece)
			w.(http.Flusher).Flush()
			<-release // the test has read what came so far
		}
	}))
	defer s.Close()
	response := r.begin(t.Context(), "POST", "send", page, bytes.NewReader(order(t, get(s.URL))))
	defer response.Body.Close()
	for _, want := range []string{"", "one", "two"} {
		kind, payload := readFrame(t, response.Body)
		if want != "" {
			require.Equal(t, want, string(payload))
		} else {
			require.EqualValues(t, 2, kind)
		}
		release <- true
	}
	kind, _ := readFrame(t, response.Body)
	require.EqualValues(t, 4, kind)
}

// stalled counts what can be written to conn until it takes no more for a second.
func stalled(conn net.Conn) (count int64) {
	piece := make([]byte, 1<<20)
	for {
		conn.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := conn.Write(piece)
		if count += int64(n); err != nil || count > 1<<30 {
			return count
		}
	}
}

// buffered is what the system and the relay may hold between two ends.
const buffered = 48 << 20

func TestRelayReadsNoMoreThanIsTakenFromIt(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	t.Run("of an answer that the page does not read", func(t *testing.T) {
		written := make(chan int64, 1)
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
			written <- stalled(conn)
		}()
		response := r.begin(t.Context(), "POST", "send", page, bytes.NewReader(order(t, get("http://"+listener.Addr().String()))))
		defer response.Body.Close()
		require.Less(t, <-written, int64(buffered))
	})
	t.Run("of a body that the server does not read", func(t *testing.T) {
		conn, err := net.Dial("tcp", r.addr)
		require.NoError(t, err)
		defer conn.Close()
		head := "POST /relay/send HTTP/1.1\r\nHost: " + r.addr + "\r\nContent-Length: 10737418240\r\n"
		for name, value := range page {
			head += name + ": " + value + "\r\n"
		}
		_, err = io.WriteString(conn, head+"\r\n"+string(order(t, map[string]any{"method": "POST", "url": "http://" + listener.Addr().String()})))
		require.NoError(t, err)
		require.Less(t, stalled(conn), int64(buffered))
	})
}
