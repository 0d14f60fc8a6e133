package schemes_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

type hawkCredentials struct{ ID, Key, Algorithm string }

func (c hawkCredentials) values(more core.Values) core.Values {
	return merged(core.Values{"id": c.ID, "key": c.Key, "algorithm": c.Algorithm}, more)
}

type hawkArtifacts struct {
	TS                                                any
	Nonce, Method, Resource, Host, Hash, Ext, Mac, ID string
	Port                                              int
}

// request has the header that a client of these artifacts sent.
func (a hawkArtifacts) request(t *testing.T) (*core.Request, time.Time) {
	req := requestTo(t, a.Method, "http://"+a.Host+":"+strconv.Itoa(a.Port)+a.Resource)
	ts, isText := a.TS.(string)
	if !isText {
		ts = strconv.FormatFloat(a.TS.(float64), 'f', 0, 64)
	}
	line := "Hawk"
	for _, p := range [][2]string{{"id", a.ID}, {"ts", ts}, {"nonce", a.Nonce}, {"hash", a.Hash}, {"ext", a.Ext}, {"mac", a.Mac}} {
		if p[1] != "" {
			line += " " + p[0] + `="` + p[1] + `",`
		}
	}
	req.Header.Add("Authorization", strings.TrimSuffix(line, ","))
	return req, time.Unix(mustParse(t, ts), 0)
}

func mustParse(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

func TestHawkVectors(t *testing.T) {
	vectors.Load(t, "hawk").Run(t, map[string]func(*testing.T, vectors.Case){
		"normalized":    checkHawkNormalized,
		"client_header": checkHawkClient,
		"server_verify": checkHawkServer,
		"response":      checkHawkResponse,
		"bewit":         checkHawkBewit,
		"timestamp_mac": checkHawkTime,
	})
}

// The server's trace has the text, whatever the MAC is: none of these cases has a key.
func checkHawkNormalized(t *testing.T, c vectors.Case) {
	var v struct {
		Type, Expect string
		Artifacts    hawkArtifacts
	}
	c.Decode(t, &v)
	require.Equal(t, "header", v.Type)
	v.Artifacts.ID, v.Artifacts.Mac = "i", "m"
	req, at := v.Artifacts.request(t)
	scheme, in := inputFor(t, "hawk", core.Values{"id": "i", "key": "k", "payloadHash": "false"}, core.Vector{Now: at})
	tr := &core.Trace{}
	require.Equal(t, "hawk.algorithm", asRejection(t, scheme.Verify(in, req, tr)).Code, "“m” is no MAC")
	require.Equal(t, v.Expect, tr.Step("normalized").Out)
}

func checkHawkClient(t *testing.T, c vectors.Case) {
	var v struct {
		Credentials hawkCredentials
		Method, URI string
		Options     struct {
			Timestamp                   int64
			Nonce, Payload, ContentType string
			Ext                         *string
		}
		Expect struct{ Header string }
	}
	c.Decode(t, &v)
	values := v.Credentials.values(core.Values{"ext": value(v.Options.Ext)})
	pinned := core.Vector{Now: time.Unix(v.Options.Timestamp, 0), Nonces: map[string]string{"nonce": v.Options.Nonce}}
	req := requestTo(t, v.Method, v.URI)
	req.Body = []byte(v.Options.Payload)
	if v.Options.ContentType != "" {
		req.Header.Add("Content-Type", v.Options.ContentType)
	}
	tr := signPinned(t, "hawk", values, pinned, req)
	require.Equal(t, v.Expect.Header, req.Header[len(req.Header)-1].Value)
	require.Equal(t, "Authorization", req.Header[len(req.Header)-1].Name)
	theirs := syntax.ParseChallenges([]string{v.Expect.Header})[0]
	for param, step := range map[string]string{"ts": "timestamp", "nonce": "nonce", "hash": "payload-hash", "mac": "mac"} {
		want, _ := theirs.Param(param)
		require.Equal(t, want, tr.Step(step).Out, step)
	}
	require.NoError(t, verifyPinned(t, "hawk", values, pinned, req))
}

var hawkErrors = map[string]string{
	"":                                       "",
	"payload supplied but no hash attribute": "hawk.payload-missing",
	"stale timestamp":                        "hawk.stale",
	"not Hawk":                               "authorization.scheme",
	"missing attribute":                      "hawk.incomplete",
	"unknown attribute":                      "hawk.unknown-attribute",
	"bad header format":                      "hawk.format",
	"duplicate attribute":                    "hawk.duplicate",
	"header syntax":                          "hawk.format",
	"bad mac":                                "hawk.wrong-mac",
}

type hawkRequest struct {
	Method, URL, Host, Authorization string
	Port                             int
}

func (r hawkRequest) received(t *testing.T) *core.Request {
	req := requestTo(t, r.Method, "http://"+r.Host+":"+strconv.Itoa(r.Port)+r.URL)
	if r.Authorization != "" {
		req.Header.Add("Authorization", r.Authorization)
	}
	return req
}

// The MAC of the case “bad mac” is also too short for its algorithm, which is said first.
func checkHawkServer(t *testing.T, c vectors.Case) {
	var v struct {
		Request     hawkRequest
		Credentials hawkCredentials
		Valid       bool
		NowSec      int64 `json:"now_sec"`
		Error       string
		Payload     *string
	}
	c.Decode(t, &v)
	req := v.Request.received(t)
	demanded := core.Values{"payloadHash": strconv.FormatBool(v.Payload != nil)}
	req.Body = []byte(value(v.Payload))
	err := verifyPinned(t, "hawk", v.Credentials.values(demanded), core.Vector{Now: time.Unix(v.NowSec, 0)}, req)
	if v.Valid {
		require.NoError(t, err)
		return
	}
	want, known := hawkErrors[v.Error]
	require.True(t, known, v.Error)
	if c.ID == "server-bad-mac" {
		want = "hawk.algorithm"
	}
	require.Equal(t, want, asRejection(t, err).Code)
}

func checkHawkResponse(t *testing.T, c vectors.Case) {
	var v struct {
		Credentials                 hawkCredentials
		Artifacts                   hawkArtifacts
		Payload, Ext, Header, Error string
		ContentType                 string `json:"content_type"`
		Valid                       bool
	}
	c.Decode(t, &v)
	req, at := v.Artifacts.request(t)
	scheme, in := inputFor(t, "hawk", v.Credentials.values(nil), core.Vector{Now: at})
	tr := &core.Trace{}
	scheme.Confirm(in, req, hawkAnswer(v.ContentType, v.Payload, v.Header), tr)
	theirs := syntax.ParseChallenges([]string{v.Header})[0]
	hash, _ := theirs.Param("hash")
	require.Equal(t, hash, tr.Step("response-payload-hash").Out)
	if !v.Valid {
		require.Equal(t, []string{"hawk.proof-wrong"}, codesOf(tr))
		return
	}
	mac, _ := theirs.Param("mac")
	require.Equal(t, mac, tr.Step("response-mac").Out)
	require.Equal(t, []string{"hawk.proof"}, codesOf(tr))
}

func hawkAnswer(contentType, body, line string) *core.Response {
	answer := &core.Response{Status: 200, Body: []byte(body), BodySize: int64(len(body)), Header: core.Header{{Name: "Content-Type", Value: contentType}}}
	if line != "" {
		answer.Header.Add("server-authorization", line)
	}
	return answer
}

func checkHawkBewit(t *testing.T, c vectors.Case) {
	var v struct {
		Request     hawkRequest
		Credentials hawkCredentials
		Valid       bool
		Expect      struct {
			ID, Mac, Ext string
			Exp          int64
			Resource     string `json:"resource_without_bewit"`
		}
	}
	c.Decode(t, &v)
	require.True(t, v.Valid)
	received := v.Request.received(t)
	pinned := core.Vector{Now: time.Unix(v.Expect.Exp-1, 0)}
	require.NoError(t, verifyPinned(t, "hawk", v.Credentials.values(nil), pinned, received))
	for _, late := range []int64{0, 1} {
		pinned.Now = time.Unix(v.Expect.Exp+late, 0)
		require.Equal(t, "hawk.expired", asRejection(t, verifyPinned(t, "hawk", v.Credentials.values(nil), pinned, received)).Code)
	}

	req := requestTo(t, "GET", "http://"+v.Request.Host+":"+strconv.Itoa(v.Request.Port)+v.Expect.Resource)
	pinned.Now = time.Unix(v.Expect.Exp-300, 0)
	tr := signPinned(t, "hawk", v.Credentials.values(core.Values{"in": "bewit", "ext": v.Expect.Ext}), pinned, req)
	require.Equal(t, v.Expect.Mac, tr.Step("mac").Out)
	require.Equal(t, syntax.Parameters(received.URL.Query, "bewit"), syntax.Parameters(req.URL.Query, "bewit"))
	require.Equal(t, v.Expect.ID, tr.Step("id").Out)
}

func checkHawkTime(t *testing.T, c vectors.Case) {
	var v struct {
		Credentials    hawkCredentials
		TS, Normalized string
		Expect         struct{ TSM string }
	}
	c.Decode(t, &v)
	require.Equal(t, "hawk.1.ts\n"+v.TS+"\n", v.Normalized)
	scheme, in := inputFor(t, "hawk", v.Credentials.values(nil), core.Vector{Now: time.Unix(mustParse(t, v.TS), 0)})
	in.Refused = &core.Rejection{Code: "hawk.stale"}
	require.Equal(t, []core.Challenge{{Scheme: "Hawk", Params: []core.Param{{Name: "ts", Value: v.TS}, {Name: "tsm", Value: v.Expect.TSM},
		{Name: "error", Value: "Stale timestamp"}}}}, scheme.Challenge(in))
	in.Refused = nil
	require.Equal(t, []core.Challenge{{Scheme: "Hawk"}}, scheme.Challenge(in))
}
