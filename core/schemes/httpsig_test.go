package schemes_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// httpsigKey is one of RFC 9421, appendix B.1.
type httpsigKey struct {
	PublicPEM    string `json:"public_pem"`
	PrivatePEM   string `json:"private_pem"`
	JWK          json.RawMessage
	SecretBase64 string `json:"secret_base64"`
}

func (k httpsigKey) private() string { return k.PrivatePEM + k.SecretBase64 }
func (k httpsigKey) public() string  { return k.PublicPEM + k.SecretBase64 }

func httpsigKeys(t testing.TB, file *vectors.File) map[string]httpsigKey {
	keys := map[string]httpsigKey{}
	require.NoError(t, json.Unmarshal(file.Shared["keys"], &keys))
	require.NotEmpty(t, keys)
	return keys
}

// httpsigMessage is a message of the vectors.
type httpsigMessage struct {
	Kind, Method, Target, URL, Body string
	Status                          int
	Headers, Trailers               [][2]string
}

func (m httpsigMessage) header() (h core.Header) {
	for _, line := range m.Headers {
		h.Add(line[0], line[1])
	}
	return h
}

func (m httpsigMessage) request(t testing.TB) *core.Request {
	u, err := platform.ParseURL(m.URL, "")
	require.NoError(t, err)
	return &core.Request{Method: m.Method, URL: u, Header: m.header(), Body: []byte(m.Body)}
}

func (m httpsigMessage) response() *core.Response {
	return &core.Response{Status: m.Status, Header: m.header(), Body: []byte(m.Body), BodySize: int64(len(m.Body))}
}

// httpsigCase is a published signature.
type httpsigCase struct {
	Message        httpsigMessage
	Request        *httpsigMessage
	Label          string
	SignatureInput string `json:"signature_input"`
	Signature      string
	KeyID          string
	Alg            string
	Deterministic  bool
	SignatureBase  string `json:"signature_base"`
	Valid          bool
}

// values are the fields that ask for this signature.
func (c httpsigCase) values(t testing.TB) (values core.Values, created time.Time) {
	members, err := syntax.ParseDictionary(c.Label + "=" + c.SignatureInput)
	require.NoError(t, err)
	list := members[0].Item
	components := make([]string, len(list.Inner))
	for i, component := range list.Inner {
		components[i] = component.String()
	}
	text := func(key string) string { value, _ := list.Param(key); return value.Text }
	at, _ := list.Param("created")
	return core.Values{"algorithm": c.Alg, "label": c.Label, "components": strings.Join(components, " "), "keyId": text("keyid"),
		"nonce": text("nonce"), "tag": text("tag")}, time.Unix(at.Number, 0)
}

func (c httpsigCase) sign(header core.Header) core.Header {
	return append(header.Clone(), core.HeaderField{Name: "Signature-Input", Value: c.Label + "=" + c.SignatureInput},
		core.HeaderField{Name: "Signature", Value: c.Label + "=:" + c.Signature + ":"})
}

func TestHTTPSigVectors(t *testing.T) {
	file := vectors.Load(t, "httpsig")
	keys := httpsigKeys(t, file)
	notRepresentable := 0
	file.Run(t, map[string]func(*testing.T, vectors.Case){
		"signature": func(t *testing.T, vc vectors.Case) {
			var c httpsigCase
			vc.Decode(t, &c)
			if c.Message.Kind == "response" {
				c.checkResponse(t, keys[c.KeyID])
				return
			}
			c.checkRequest(t, keys[c.KeyID])
		},
		"component": func(t *testing.T, vc vectors.Case) {
			var c struct {
				Message                 httpsigMessage
				Component, Value, Error string
			}
			vc.Decode(t, &c)
			switch {
			case c.Message.Kind == "response":
				checkResponseComponent(t, c.Message, c.Component, c.Value)
			case !strings.HasPrefix(c.Message.Target, "/"):
				notRepresentable++ // absolute form, authority form, "*": no client here sends these
			default:
				checkComponent(t, c.Message, c.Component, c.Value, c.Error)
			}
		},
	})
	require.Equal(t, 3, notRepresentable)
}

func (c httpsigCase) checkRequest(t *testing.T, key httpsigKey) {
	values, created := c.values(t)
	require.Equal(t, c.Valid, c.verifies(t, key, values, created))
	if !c.Valid {
		return
	}
	signed, tr, err := signSchemeAt(t, created, "httpsig", merged(values, core.Values{"key": key.private()}), c.Message.request(t))
	require.NoError(t, err)
	require.Equal(t, c.SignatureBase, tr.Step("signature-base").Out)
	require.Equal(t, c.SignatureInput, tr.Step("signature-params").Out)
	line, _ := signed.Header.Get("Signature-Input")
	require.Equal(t, c.Label+"="+c.SignatureInput, line)
	line, _ = signed.Header.Get("Signature")
	if published := c.Label + "=:" + c.Signature + ":"; c.Deterministic {
		require.Equal(t, published, line)
	} else {
		require.NotEqual(t, published, line)
	}
	require.NoError(t, verifySchemeAt(t, created, "httpsig", merged(values, core.Values{"key": key.public()}), signed))
	if key.JWK != nil {
		require.NoError(t, verifySchemeAt(t, created, "httpsig", merged(values, core.Values{"key": string(key.JWK)}), signed))
	}
}

// verifies asks the server, who has the public key only.
func (c httpsigCase) verifies(t *testing.T, key httpsigKey, values core.Values, created time.Time) bool {
	req := c.Message.request(t)
	req.Header = c.sign(req.Header)
	err := verifySchemeAt(t, created, "httpsig", merged(values, core.Values{"key": key.public()}), req)
	if err != nil {
		rejection := asRejection(t, err)
		require.Equal(t, "httpsig.wrong-signature", rejection.Code)
		require.Equal(t, "key", rejection.Step)
	}
	return err == nil
}

func (c httpsigCase) checkResponse(t *testing.T, key httpsigKey) {
	_, created := c.values(t)
	req := &core.Request{Method: "GET", URL: core.URL{Scheme: "https", Host: "example.com", Path: "/"}}
	if c.Request != nil {
		req = c.Request.request(t)
	}
	answer := c.Message.response()
	answer.Header = c.sign(answer.Header)
	tr := confirmHTTPSigAt(t, created, core.Values{"key": key.private(), "algorithm": c.Alg}, req, answer)
	require.Equal(t, c.SignatureBase, tr.Step("answer-base").Out)
	noteOf(t, tr, "httpsig.answer-right")
	answer.Status++
	noteOf(t, confirmHTTPSigAt(t, created, core.Values{"key": key.private(), "algorithm": c.Alg, "serverKey": key.public()}, req, answer), "httpsig.answer-wrong")
}

func checkComponent(t *testing.T, m httpsigMessage, component, want, wantError string) {
	_, tr, err := build(t, "httpsig", merged(httpsigSecret, core.Values{"components": component}), *m.request(t))
	if wantError != "" {
		wrong := fieldError(t, err)
		require.Equal(t, "components", wrong.Field)
		require.Contains(t, map[string]string{"dictionary key not present": "httpsig.no-member", "query parameter not present": "httpsig.no-query-param"}[wantError], wrong.Code)
		return
	}
	require.NoError(t, err)
	require.Equal(t, want, tr.Step("component-1").Out)
}

// checkResponseComponent reads the value out of the base of a signature that is wrong otherwise.
func checkResponseComponent(t *testing.T, m httpsigMessage, component, want string) {
	answer := m.response()
	answer.Header = append(answer.Header, core.HeaderField{Name: "Signature-Input", Value: "sig1=(" + component + ")"},
		core.HeaderField{Name: "Signature", Value: "sig1=:AA==:"})
	tr := confirmHTTPSigAt(t, time.Unix(now, 0), httpsigSecret, &core.Request{Method: "GET"}, answer)
	if strings.HasSuffix(component, ";tr") {
		require.Contains(t, noteOf(t, tr, "httpsig.answer-unreadable").Message, "trailers cannot be signed here")
		return
	}
	require.True(t, strings.HasPrefix(tr.Step("answer-base").Out, component+": "+want+"\n"))
}

// httpsigSecret is enough to sign with.
var httpsigSecret = core.Values{"algorithm": "hmac-sha256", "key": "a secret of thirty-two characters"}

func signSchemeAt(t testing.TB, now time.Time, id string, values core.Values, unsigned *core.Request) (*core.Request, *core.Trace, error) {
	t.Helper()
	s, in := schemeInputAt(t, now, id, values)
	return sign(s, in, unsigned)
}

func verifySchemeAt(t testing.TB, now time.Time, id string, values core.Values, req *core.Request) error {
	t.Helper()
	s, in := schemeInputAt(t, now, id, values)
	return s.Verify(in, req.Clone(), &core.Trace{})
}

func confirmHTTPSigAt(t testing.TB, now time.Time, values core.Values, req *core.Request, answer *core.Response) *core.Trace {
	t.Helper()
	s, in := schemeInputAt(t, now, "httpsig", values)
	tr := &core.Trace{}
	s.Confirm(in, req, answer, tr)
	return tr
}

func schemeInputAt(t testing.TB, now time.Time, id string, values core.Values) (*core.Scheme, core.Input) {
	t.Helper()
	s, found := schemes.ByID(id)
	require.True(t, found)
	filled, err := s.Fill(values)
	require.NoError(t, err)
	return s, core.Input{Values: filled, Env: environment(core.Vector{Now: now})}
}
