package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/api"
)

// refused is what fetch would not send: a method, a body with it, and lines that scripts may not set.
const refused = `"request":{"method":"TRACE","url":"https://a.test/","headers":[["Cookie","a=b"],["Host","b.test"]],"body":{"text":"x"}},"auth":{"scheme":"none","values":{}}`

type built struct {
	Request struct{ Text string }
	Notes   []core.Note
	Browser struct {
		Dropped   []struct{ Name string }
		Added     [][]string
		Preflight any
		Blocked   *core.Note
	}
}

// relayAPI is a page with a relay that answers with what another core has told.
func relayAPI(asked *api.SendOptions) *api.API {
	return apiWhere(func(h *api.Host) {
		h.Relay = true
		h.Transport = func(o api.SendOptions) (core.Transport, error) { *asked = o; return relayed{scripted{o, false}}, nil }
	})
}

type relayed struct{ scripted }

func (r relayed) Send(ctx core.Context, req *core.Request) (*core.Response, error) {
	if req.URL.Path == "/pem" {
		return nil, &core.FieldError{Field: "tls.ca", Code: "tls.ca.pem", Message: "no certificate"}
	}
	return &core.Response{Status: 204, URL: req.URL.String(), Trailer: core.Header{{Name: "X-Sum", Value: "1"}},
		TLS: &core.TLSReport{JSON: `{"version":"TLS 1.3","chain":[{"subject":"CN=é"}]}`}}, nil
}

func TestRelayHasNoBrowsersRules(t *testing.T) {
	var asked api.SendOptions
	a := relayAPI(&asked)
	for _, via := range []string{"fetch", "relay"} {
		var b built
		answer := call(t, a, "build", `{`+refused+`,"via":"`+via+`"}`)
		require.Nil(t, answer.Error)
		require.NoError(t, json.Unmarshal(answer.OK, &b))
		if via == "fetch" {
			require.NotNil(t, b.Browser.Blocked)
			require.Len(t, b.Browser.Dropped, 2)
			continue
		}
		require.Nil(t, b.Browser.Blocked)
		require.Empty(t, b.Browser.Dropped)
		require.Nil(t, b.Browser.Preflight)
		require.Equal(t, [][]string{{"Content-Length", "1"}}, b.Browser.Added, "the Host line is typed")
		require.Equal(t, "TRACE / HTTP/1.1\nContent-Type: text/plain;charset=UTF-8\nCookie: a=b\nHost: b.test\nContent-Length: 1\n\nx",
			strings.Join(sortedHead(b.Request.Text), "\n"))
	}
}

// sortedHead is a request's text with Content-Type, wherever it stands, in front of the other lines.
func sortedHead(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "Content-Type:") {
			rest := append(append([]string{}, lines[1:i]...), lines[i+1:]...)
			return append([]string{lines[0], line}, rest...)
		}
	}
	return lines
}

func TestSendThroughTheRelay(t *testing.T) {
	var asked api.SendOptions
	a := relayAPI(&asked)
	answer := call(t, a, "send", `{`+refused+`,"via":"relay","tls":{"verify":false,"pkcs12":"AAE="},"proxy":{"url":"http://p.test:1","password":"x"}}`)
	require.Nil(t, answer.Error)
	require.Equal(t, core.TLS{SkipVerify: true, PKCS12: "\x00\x01"}, asked.TLS)
	require.Equal(t, core.Proxy{URL: "http://p.test:1", Password: "x"}, asked.Proxy)
	var sent struct {
		Built     built
		Exchanges []struct {
			Response struct{ Trailers [][]string }
			TLS      struct {
				Version string
				Chain   []struct{ Subject string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(answer.OK, &sent))
	require.Empty(t, sent.Built.Notes, "nothing is said of a browser that does not verify as chosen")
	require.Equal(t, [][]string{{"X-Sum", "1"}}, sent.Exchanges[0].Response.Trailers)
	require.Equal(t, "CN=é", sent.Exchanges[0].TLS.Chain[0].Subject, "what another core has told goes on as it is")

	wrong := call(t, a, "send", `{"request":{"url":"https://a.test/pem"},"via":"relay"}`)
	require.Equal(t, "tls.ca", wrong.Error.Field, "a mistake that only the relay can see stands at its field")
	require.Equal(t, "via.unknown", call(t, a, "send", `{"request":{"url":"https://a.test/"},"via":"pigeon"}`).Error.Code)
	require.Equal(t, "via.unknown", call(t, a, "build", `{"request":{"url":"https://a.test/"},"via":"pigeon"}`).Error.Code)
	require.Equal(t, "relay.unavailable", call(t, apiOf(true), "send", `{"request":{"url":"https://a.test/"},"via":"relay"}`).Error.Code)
}
