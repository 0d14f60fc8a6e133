package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Who has no code gets no token, and a token ends when a person ends it.

func TestRelayTakesOnlyTheTokenOfThisPageAndPairing(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page, other := r.pair(pageOrigin), r.pair(otherOrigin)
	url, arrived := victim(t)
	refused := func(t *testing.T, r *running, header map[string]string) {
		t.Helper()
		for route, method := range routes {
			if route == "pair" {
				continue
			}
			response, text := r.ask(method, route, header, bytes.NewReader(order(t, get(url))))
			requireRefused(t, response, text, 401, "relay.token")
		}
	}
	token := page["X-Authpad-Relay"]
	for name, wrong := range map[string]string{"none": "-", "empty": "", "the word for pairing": "pair", "a guess": strings.Repeat("A", 43), "its start": token[:42], "more than it": token + "A",
		"another page's": other["X-Authpad-Relay"], "both": token + ", " + other["X-Authpad-Relay"]} {
		t.Run(name, func(t *testing.T) { refused(t, r, with(page, "X-Authpad-Relay", wrong)) })
	}
	t.Run("after the page was paired anew", func(t *testing.T) {
		again := r.pair(pageOrigin)
		refused(t, r, page)
		response, text := r.ask("GET", "status", again, nil)
		require.Equal(t, 200, response.StatusCode, text)
		require.Contains(t, text, pageOrigin)
		page = again
	})
	t.Run("after it was forgotten", func(t *testing.T) {
		before := r.code()
		response, text := r.ask("POST", "forget", page, nil)
		require.Equal(t, 204, response.StatusCode, text)
		refused(t, r, page)
		require.NotEqual(t, before, r.code(), "there is another code")
		response, _ = r.ask("GET", "status", other, nil)
		require.Equal(t, 200, response.StatusCode, "the other page is not forgotten")
	})
	t.Run("after a restart", func(t *testing.T) {
		r.stop()
		refused(t, startRelay(t, r.addr), other)
	})
	require.Zero(t, arrived.Load())
}

func (r *running) tryCode(origin, code string) (*http.Response, string) {
	return r.ask("POST", "pair", map[string]string{"Origin": origin, "X-Authpad-Relay": "pair"}, strings.NewReader(`{"code":"`+code+`"}`))
}

func TestRelayPairing(t *testing.T) {
	t.Run("takes a code once", func(t *testing.T) {
		r := startRelay(t, "127.0.0.1:0")
		code := r.code()
		response, text := r.tryCode(pageOrigin, strings.ToLower(strings.Replace(code, "-", " ", 1)))
		require.Equal(t, 200, response.StatusCode, "as people type it: %s", text)
		response, text = r.tryCode(otherOrigin, code)
		requireRefused(t, response, text, 401, "relay.code")
	})
	t.Run("takes no code after a few wrong ones", func(t *testing.T) {
		r := startRelay(t, "127.0.0.1:0")
		code := r.code()
		for _, wrong := range []string{"", "AAAA-AAAA", code[:8]} {
			response, text := r.tryCode(pageOrigin, wrong)
			requireRefused(t, response, text, 401, "relay.code")
		}
		response, text := r.tryCode(pageOrigin, code)
		requireRefused(t, response, text, 401, "relay.code")
		require.NotEqual(t, code, r.code(), "the terminal shows another one")
		response, text = r.tryCode(pageOrigin, r.code())
		require.Equal(t, 200, response.StatusCode, text)
	})
	t.Run("takes no guesses by the dozen, whoever makes them", func(t *testing.T) {
		r := startRelay(t, "127.0.0.1:0")
		for i := range 10 {
			response, text := r.tryCode([]string{pageOrigin, otherOrigin}[i%2], "AAAA-AAAA")
			requireRefused(t, response, text, 401, "relay.code")
		}
		for _, code := range []string{"AAAA-AAAA", r.code()} {
			response, text := r.tryCode(pageOrigin, code)
			requireRefused(t, response, text, 429, "relay.pairing-limit")
			require.Equal(t, "60", response.Header.Get("Retry-After"))
		}
	})
	t.Run("takes what is no order of it for nothing", func(t *testing.T) {
		r := startRelay(t, "127.0.0.1:0")
		for _, body := range []string{"", "[]", `{"code":1}`, strings.Repeat(" ", 100<<10)} {
			response, text := r.ask("POST", "pair", map[string]string{"Origin": pageOrigin, "X-Authpad-Relay": "pair"}, strings.NewReader(body))
			requireRefused(t, response, text, 400, "relay.order")
		}
	})
}

func TestRelayEndsWhatItSendsForAPageThatIsForgotten(t *testing.T) {
	r := startRelay(t, "127.0.0.1:0")
	page := r.pair(pageOrigin)
	began, gone := make(chan bool), make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(gone)
	}))
	defer s.Close()
	all := make(chan *told, 1)
	go func() { all <- r.send(page, get(s.URL), "") }()
	<-began
	r.ask("POST", "forget", page, nil)
	<-gone
	require.Equal(t, "cancelled", (<-all).end.Failure.Code)
}
