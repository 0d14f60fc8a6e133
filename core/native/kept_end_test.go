package native

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// scripted gives each connection its answers in turn. After the last one it ends the connection, having read one more
// request.
func scripted(t *testing.T, connections ...[]string) (address string, asked chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	asked = make(chan string, 10)
	go func() {
		for _, answers := range connections {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			play(conn, answers, asked)
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), asked
}

func play(conn net.Conn, answers []string, asked chan<- string) {
	from := bufio.NewReader(conn)
	for i := 0; i <= len(answers); i++ {
		req, err := http.ReadRequest(from)
		if err != nil {
			return
		}
		io.Copy(io.Discard, req.Body)
		asked <- req.URL.Path
		if i == len(answers) {
			return
		}
		io.WriteString(conn, answers[i])
		if !strings.Contains(answers[i], "\r\n\r\n") { // broken off
			return
		}
	}
}

func TestAKeptConnectionThatHasEnded(t *testing.T) {
	k := newKept()
	defer k.Close()
	get := func(url string) (*core.Response, *core.Failure) {
		t.Helper()
		return sendKept(t, k, Options{}, request(t, "GET", url))
	}
	t.Run("is noticed", func(t *testing.T) {
		s := httptest.NewServer(http.HandlerFunc(whence))
		defer s.Close()
		for range 20 {
			response, failure := get(s.URL)
			require.Nil(t, failure)
			require.Equal(t, 200, response.Status)
			s.CloseClientConnections()
		}
	})
	t.Run("has the request sent anew, once", func(t *testing.T) {
		address, asked := scripted(t, []string{okAnswer}, []string{okAnswer}, []string{})
		for _, path := range []string{"/1", "/2"} {
			response, failure := get(address + path)
			require.Nil(t, failure)
			require.Equal(t, "ok", string(response.Body))
		}
		require.Equal(t, []string{"/1", "/2", "/2"}, []string{<-asked, <-asked, <-asked})
		_, failure := get(address + "/3")
		require.Equal(t, "closed", failure.Code, "of a new connection, too")
		require.Equal(t, []string{"/3", "/3"}, []string{<-asked, <-asked})
		require.Empty(t, asked)
	})
	t.Run("but not where an answer had begun", func(t *testing.T) {
		address, asked := scripted(t, []string{okAnswer, "HTTP/1.1 200 "}, []string{okAnswer})
		_, failure := get(address + "/1")
		require.Nil(t, failure)
		_, failure = get(address + "/2")
		require.Equal(t, "closed", failure.Code)
		require.Equal(t, []string{"/1", "/2"}, []string{<-asked, <-asked})
		require.Empty(t, asked)
	})
	t.Run("and a request in chunks goes over a new one, since it could not be sent anew", func(t *testing.T) {
		address, asked := scripted(t, []string{okAnswer}, []string{okAnswer})
		for _, path := range []string{"/1", "/2"} {
			chunks := request(t, "GET", address+path)
			chunks.Header.Add("Transfer-Encoding", "chunked")
			response, failure := sendKept(t, k, Options{}, chunks)
			require.Nil(t, failure)
			require.Equal(t, "ok", string(response.Body))
		}
		require.Equal(t, []string{"/1", "/2"}, []string{<-asked, <-asked})
	})
	t.Run("and what a server says unasked is no answer", func(t *testing.T) {
		log.SetOutput(io.Discard) // as the program does: net/http logs it
		defer log.SetOutput(os.Stderr)
		const evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
		address, _ := scripted(t, []string{okAnswer + evil}, []string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + evil}, []string{okAnswer})
		k := newKept()
		defer k.Close()
		for _, left := range []int{0, 0, 1} {
			response, failure := sendKept(t, k, Options{}, request(t, "GET", address))
			require.Nil(t, failure)
			require.Equal(t, "ok", string(response.Body))
			require.Len(t, k.links, left)
		}
	})
}

func TestKeptConnectionsEnd(t *testing.T) {
	ended := make(chan string, 100)
	s := httptest.NewUnstartedServer(http.HandlerFunc(whence))
	s.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			ended <- c.RemoteAddr().String()
		}
	}
	s.Start()
	defer s.Close()
	before := runtime.NumGoroutine()
	k := newKept()
	sent := func() string {
		response, failure := sendKept(t, k, Options{}, request(t, "GET", s.URL))
		require.Nil(t, failure)
		return string(response.Body)
	}
	t.Run("after a while, and nobody knows how they were made", func(t *testing.T) {
		require.Equal(t, sent(), <-ended)
		require.Eventually(t, func() bool { k.mu.Lock(); defer k.mu.Unlock(); return len(k.links) == 0 }, 5*time.Second, 5*time.Millisecond)
	})
	t.Run("with what they were kept for", func(t *testing.T) {
		since, last := time.Now(), sent()
		k.Close()
		require.Equal(t, last, <-ended)
		require.Equal(t, sent(), <-ended, "and none is kept from then on")
		require.Less(t, time.Since(since), keptFor)
	})
	t.Run("and nothing runs on", func(t *testing.T) {
		require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 }, 5*time.Second, 5*time.Millisecond)
	})
	t.Run("where there are too many", func(t *testing.T) {
		k := newKept()
		for range maxKept + 4 {
			one := httptest.NewServer(http.HandlerFunc(whence))
			defer one.Close()
			_, failure := sendKept(t, k, Options{}, request(t, "GET", one.URL))
			require.Nil(t, failure)
		}
		require.Len(t, k.links, maxKept)
		k.Close()
	})
}
