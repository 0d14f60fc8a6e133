package native

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// arrived is a request as a redirect's target saw it.
type arrived struct {
	Method, URI, Host, Body string
	Header                  http.Header
}

// redirector redirects /<status>?to=… and tells what arrives anywhere else.
func redirector(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(r.URL.Path[1:]); err == nil {
			if to := r.URL.Query().Get("to"); to != "" {
				w.Header().Set("Location", to)
			}
			w.WriteHeader(status)
			io.WriteString(w, "moved")
			return
		}
		body, _ := io.ReadAll(r.Body)
		json.NewEncoder(w).Encode(arrived{r.Method, r.RequestURI, r.Host, string(body), r.Header})
	}))
	t.Cleanup(s.Close)
	return s
}

func TestRedirectsAreFollowedAsByFetch(t *testing.T) {
	here, there := redirector(t), redirector(t)
	sent := core.Header{{Name: "Authorization", Value: "Basic c2VjcmV0"}, {Name: "Cookie", Value: "a=1"}, {Name: "X-API-Key", Value: "k"},
		{Name: "Content-Type", Value: "text/x"}, {Name: "Content-Language", Value: "ko"}}
	cases := []struct {
		name, method, to string
		status           int
		wantMethod, body string
		without          []string
	}{
		{name: "301 keeps GET", method: "GET", status: 301, to: "/end?x=1", wantMethod: "GET", body: "b"},
		{name: "301 makes POST a GET", method: "POST", status: 301, to: "/end", wantMethod: "GET", without: bodyHeaders},
		{name: "302 makes POST a GET", method: "POST", status: 302, to: "/end", wantMethod: "GET", without: bodyHeaders},
		{name: "302 keeps PUT", method: "PUT", status: 302, to: "/end", wantMethod: "PUT", body: "b"},
		{name: "303 makes PUT a GET", method: "PUT", status: 303, to: "/end", wantMethod: "GET", without: bodyHeaders},
		{name: "303 keeps GET", method: "GET", status: 303, to: "/end", wantMethod: "GET", body: "b"},
		{name: "307 keeps POST and body", method: "POST", status: 307, to: "/end", wantMethod: "POST", body: "b"},
		{name: "308 keeps POST and body", method: "POST", status: 308, to: "end", wantMethod: "POST", body: "b"},
		{name: "another origin gets no credentials", method: "POST", status: 307, to: there.URL + "/end", wantMethod: "POST", body: "b",
			without: []string{"Authorization", "Cookie"}},
		{name: "another host name is another origin", method: "GET", status: 302, to: strings.Replace(here.URL, "127.0.0.1", "localhost", 1) + "/end",
			wantMethod: "GET", body: "b", without: []string{"Authorization", "Cookie"}},
		{name: "back again they are still gone", method: "GET", status: 302, to: there.URL + "/302?to=" + here.URL + "/end", wantMethod: "GET", body: "b",
			without: []string{"Authorization", "Cookie"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			req := request(t, c.method, here.URL+"/"+strconv.Itoa(c.status)+"?to="+c.to)
			req.Header, req.Body = sent.Clone(), []byte("b")
			response, failure := send(t, core.TLS{}, core.Fetch{Redirect: "follow"}, req)
			require.Nil(t, failure)
			require.Equal(t, 200, response.Status)
			require.Contains(t, response.URL, "/end")
			var got arrived
			require.NoError(t, json.Unmarshal(response.Body, &got))
			require.Equal(t, c.wantMethod, got.Method)
			require.Equal(t, c.body, got.Body)
			for _, f := range sent {
				require.Equal(t, !slices.Contains(c.without, f.Name), got.Header.Get(f.Name) == f.Value, f.Name)
			}
			require.Equal(t, sent, req.Header, "the caller's request is left alone")
		})
	}
}

// passage is what Follow tells of the redirects.
type passage struct {
	requests  []*core.Request
	responses []*core.Response
}

func (p *passage) add(req *core.Request, response *core.Response) {
	p.requests, p.responses = append(p.requests, req), append(p.responses, response)
}

func TestFollowTellsOfEachRedirect(t *testing.T) {
	here, there := redirector(t), redirector(t)
	follow := func(req *core.Request) (passage, *core.Request, *core.Response, error) {
		transport, err := NewTransport(Options{})
		require.NoError(t, err)
		var p passage
		last, response, err := transport.(core.Follower).Follow(t.Context(), req, p.add)
		return p, last, response, err
	}
	t.Run("as sent and as answered", func(t *testing.T) {
		first := request(t, "GET", here.URL+"/302?to="+here.URL+"/307?to="+there.URL+"/end")
		first.Header.Add("Authorization", "Basic c2VjcmV0")
		p, last, response, err := follow(first)
		require.NoError(t, err)
		require.Len(t, p.requests, 2)
		require.Same(t, first, p.requests[0])
		require.Equal(t, 302, p.responses[0].Status)
		require.Equal(t, "moved", string(p.responses[0].Body))
		require.Equal(t, int64(5), p.responses[0].BodySize)
		require.True(t, p.requests[1].Header.Has("Authorization"))
		require.Equal(t, 307, p.responses[1].Status)
		require.Equal(t, there.URL+"/end", last.URL.String())
		require.Empty(t, last.Header, "another origin")
		require.Equal(t, 200, response.Status)
	})
	t.Run("also where the last one fails", func(t *testing.T) {
		p, last, response, err := follow(request(t, "GET", here.URL+"/302?to=http://127.0.0.1:1/"))
		require.Error(t, err)
		require.Nil(t, response)
		require.Len(t, p.requests, 1)
		require.Equal(t, "http://127.0.0.1:1/", last.URL.String())
	})
	t.Run("also in a circle", func(t *testing.T) {
		s := httptest.NewServer(http.RedirectHandler("/", http.StatusFound))
		defer s.Close()
		p, _, response, err := follow(request(t, "GET", s.URL))
		require.Error(t, err)
		require.Len(t, p.requests, maxRedirects)
		require.Equal(t, 302, response.Status)
	})
	t.Run("without waiting for an end that may not come", func(t *testing.T) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				w.Header().Set("Location", "/end")
				w.WriteHeader(http.StatusFound)
				w.(http.Flusher).Flush()
				<-r.Context().Done() // it ends when the client has gone on
			}
		}))
		defer s.Close()
		p, _, response, err := follow(request(t, "GET", s.URL))
		require.NoError(t, err)
		require.Equal(t, 200, response.Status)
		require.Empty(t, p.responses[0].Body)
	})
}

func TestAHostLineStaysWithItsOrigin(t *testing.T) {
	here, there := redirector(t), redirector(t)
	for to, want := range map[string]string{"/end": "virtual.example", there.URL + "/end": strings.TrimPrefix(there.URL, "http://")} {
		req := request(t, "GET", here.URL+"/302?to="+to)
		req.Header.Add("Host", "virtual.example")
		response, failure := send(t, core.TLS{}, core.Fetch{}, req)
		require.Nil(t, failure)
		require.Contains(t, string(response.Body), `"Host":"`+want+`"`)
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	s := redirector(t)
	cases := []struct {
		name, redirect, path string
		status               int
		code                 string
	}{
		{"manual shows the redirect", "manual", "/302?to=/end", 302, ""},
		{"error is a failure beside the redirect", "error", "/302?to=/end", 302, "redirect"},
		{"error lets other answers through", "error", "/404?to=/end", 404, ""},
		{"without a Location it is the answer", "follow", "/302", 302, ""},
		{"300 and 304 are answers", "follow", "/300?to=/end", 300, ""},
		{"another scheme", "follow", "/302?to=ftp://a/", 302, "redirect.scheme"},
		{"no address", "follow", "/302?to=http://a%20b/", 302, "redirect.location"},
		{"credentials of the server's choice", "follow", "/302?to=http://user:hunter2@127.0.0.1/", 302, "redirect.credentials"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			response, failure := send(t, core.TLS{}, core.Fetch{Redirect: c.redirect}, request(t, "GET", s.URL+c.path))
			require.Equal(t, c.status, response.Status)
			if c.code == "" {
				require.Nil(t, failure)
				require.Equal(t, "moved", string(response.Body))
				return
			}
			require.NotNil(t, failure)
			require.Equal(t, c.code, failure.Code)
			require.NotContains(t, failure.Message, "hunter2")
		})
	}
	t.Run("a circle ends", func(t *testing.T) {
		count := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			count++
			http.Redirect(w, r, "/", http.StatusFound)
		}))
		defer s.Close()
		_, failure := send(t, core.TLS{}, core.Fetch{}, request(t, "GET", s.URL))
		require.NotNil(t, failure)
		require.Equal(t, "redirect.too-many", failure.Code)
		require.Equal(t, maxRedirects+1, count)
	})
	t.Run("an unknown rule is refused", func(t *testing.T) {
		_, err := NewTransport(Options{Fetch: core.Fetch{Redirect: "folow"}})
		var refused *core.FieldError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "redirect", refused.Field)
	})
}
