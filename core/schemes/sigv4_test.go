package schemes_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/platform"
	"authpad/core/syntax"
)

// awsCase is one case of sigv4.json and sigv4a.json.
type awsCase struct {
	Request struct {
		Method, Target, Body string
		Headers              [][2]string
	}
	RawRequest string `json:"raw_request"`
	Context    struct {
		Credentials struct {
			AccessKeyID     string `json:"access_key_id"`
			SecretAccessKey string `json:"secret_access_key"`
			Token           string
		}
		Region, Service, Timestamp string
		Normalize                  bool
		SignBody                   bool  `json:"sign_body"`
		OmitSessionToken           bool  `json:"omit_session_token"`
		DoubleEncode               *bool `json:"double_encode"`
		Expires                    int   `json:"expiration_in_seconds"`
	}
	Mode      string
	Expect    awsExpectations
	PublicKey struct{ X, Y string } `json:"public_key"`
	PrivateD  string                `json:"private_key_d"`
}

type awsExpectation struct {
	CanonicalRequest string `json:"canonical_request"`
	StringToSign     string `json:"string_to_sign"`
	Signature        string
	SignedRequest    string `json:"signed_request"`
}

type awsExpectations struct {
	awsExpectation
	Header, Query *awsExpectation
}

// byMode are the expectations by the place of the signature.
func (c awsCase) byMode() map[string]awsExpectation {
	if c.Mode != "" {
		return map[string]awsExpectation{c.Mode: c.Expect.awsExpectation}
	}
	return map[string]awsExpectation{"header": *c.Expect.Header, "query": *c.Expect.Query}
}

// values are the fields of the case. The suite percent-encodes each path once only.
func (c awsCase) values(id, mode string) core.Values {
	x := c.Context
	v := core.Values{"accessKeyId": x.Credentials.AccessKeyID, "secretAccessKey": x.Credentials.SecretAccessKey,
		"sessionToken": x.Credentials.Token, "service": x.Service, "in": mode, "pathEncoding": "once"}
	v[map[string]string{"sigv4": "region", "sigv4a": "regionSet"}[id]] = x.Region
	for field, on := range map[string]bool{"normalizePath": x.Normalize, "contentSha256Header": x.SignBody, "signSessionToken": !x.OmitSessionToken} {
		v[field] = map[bool]string{true: "true", false: "false"}[on]
	}
	if x.Service == "s3" { // what the service needs is chosen from its name
		delete(v, "pathEncoding")
		delete(v, "normalizePath")
		delete(v, "contentSha256Header")
	}
	if x.Expires != 0 {
		v["expires"] = strconv.Itoa(x.Expires)
	}
	return v
}

// request is built by hand: a URL parser would resolve the dot segments, which are what some cases are about.
func (c awsCase) request(t *testing.T) *core.Request {
	t.Helper()
	path, query, _ := strings.Cut(c.Request.Target, "?")
	u, err := platform.ParseURL("https://h/?"+query, "")
	require.NoError(t, err)
	req := &core.Request{Method: c.Request.Method, URL: core.URL{Scheme: "https", Path: strings.ReplaceAll(path, " ", "%20")}, Body: []byte(c.Request.Body)}
	if query != "" {
		req.URL.Query = u.Query
	}
	for _, line := range c.Request.Headers {
		if line[0] == "Host" {
			req.URL.Host = line[1]
		} else {
			req.Header.Add(line[0], line[1])
		}
	}
	return req
}

func atTime(t testing.TB, timestamp string) core.Vector {
	t.Helper()
	now, ok := syntax.ParseTime(timestamp)
	require.True(t, ok, timestamp)
	return core.Vector{Now: now}
}

// verifyAt returns the expected steps, too.
func verifyAt(t *testing.T, id string, values core.Values, timestamp string, req *core.Request) (*core.Trace, error) {
	t.Helper()
	scheme, in := inputFor(t, id, values, atTime(t, timestamp))
	var tr core.Trace
	err := scheme.Verify(in, req, &tr)
	return &tr, err
}

func TestSigV4Vectors(t *testing.T) {
	check := func(t *testing.T, c vectors.Case) {
		var v awsCase
		c.Decode(t, &v)
		for mode, want := range v.byMode() {
			t.Run(mode, func(t *testing.T) {
				values := v.values("sigv4", mode)
				signed := v.request(t)
				tr := signPinned(t, "sigv4", values, atTime(t, v.Context.Timestamp), signed)
				require.Equal(t, want.CanonicalRequest, tr.Step("canonical-request").Out)
				require.Equal(t, want.StringToSign, tr.Step("string-to-sign").Out)
				require.Equal(t, want.Signature, tr.Step("signature").Out)
				if want.SignedRequest != "" {
					requireWire(t, want.SignedRequest, signed)
				}
				checkServer(t, "sigv4", v, values, signed, tr)
			})
		}
	}
	vectors.Load(t, "sigv4").Run(t, map[string]func(*testing.T, vectors.Case){"suite": check, "s3-doc": check})
}

// checkServer holds that Verify comes to the same steps, and refuses another secret at the step where it enters.
func checkServer(t *testing.T, id string, v awsCase, values core.Values, signed *core.Request, client *core.Trace) {
	t.Helper()
	expected, err := verifyAt(t, id, values, v.Context.Timestamp, signed.Clone())
	require.NoError(t, err)
	pair, differ := core.Difference(expected, client)
	require.False(t, differ, "step %s", pair.Mine.ID)
	_, err = verifyAt(t, id, merged(values, core.Values{"secretAccessKey": "another"}), v.Context.Timestamp, signed.Clone())
	require.Equal(t, id+".wrong-signature", asRejection(t, err).Code)
}

// requireWire compares with the text of a signed request: target, headers in their order, body. The Host
// line stands wherever a client puts it; names of headers are compared in lower case.
func requireWire(t *testing.T, want string, got *core.Request) {
	t.Helper()
	head, body, _ := strings.Cut(want, "\n\n")
	lines := strings.Split(head, "\n")
	target := strings.TrimSuffix(strings.TrimPrefix(lines[0], got.Method+" "), " HTTP/1.1")
	require.Equal(t, strings.NewReplacer(" ", "%20", "ሴ", "%E1%88%B4").Replace(target), got.URL.Target())
	var wanted, have []string
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		if name == "Host" {
			require.Equal(t, got.URL.Authority(), value)
		} else {
			wanted = append(wanted, strings.ToLower(name)+":"+strings.TrimSpace(value))
		}
	}
	for _, f := range got.Header {
		have = append(have, strings.ToLower(f.Name)+":"+strings.TrimSpace(f.Value))
	}
	require.Equal(t, wanted, have)
	require.Equal(t, body, string(got.Body))
}
