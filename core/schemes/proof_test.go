package schemes_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

// What a server says of itself in its answer, and what the client makes of it.

// told is what the scheme's server says to who was not heard yet.
func told(t testing.TB, s *core.Scheme, in core.Input) core.Header {
	t.Helper()
	answer := &core.Response{}
	require.NoError(t, s.Tell(in, &core.Request{}, answer, &core.Trace{}))
	return answer.Header
}

// proof is one request, the server's answer to it, and the code by which the client confirms that.
type proof struct {
	name, scheme string
	values       core.Values // of both sides
	asked        core.Values // of the client only
	method, body string
	header       core.Header
	confirmed    string
	line         string // of the answer; all of its value is checked
	covers       string // "status", "body", both or none
	besides      []string
}

var proofs = []proof{
	{name: "digest", scheme: "digest", confirmed: "digest.rspauth", line: "Authentication-Info"},
	{name: "digest with the body", scheme: "digest", asked: core.Values{"qop": "auth-int"}, method: "POST", body: "a body", confirmed: "digest.rspauth", line: "Authentication-Info", covers: "body"},
	{name: "digest of 1997", scheme: "digest", values: core.Values{"qop": "none", "algorithm": "MD5"}, besides: []string{"digest.nextnonce"}, confirmed: "digest.rspauth", line: "Authentication-Info"},
	{name: "digest of a session", scheme: "digest", values: core.Values{"algorithm": "SHA-512-256-sess"}, confirmed: "digest.rspauth", line: "Authentication-Info"},
	{name: "hawk", scheme: "hawk", confirmed: "hawk.proof", line: "Server-Authorization", covers: "body"},
	{name: "hawk with SHA-1 and a body", scheme: "hawk", values: core.Values{"algorithm": "sha1", "ext": "x", "app": "a", "dlg": "d"}, method: "POST", body: "a body", confirmed: "hawk.proof", line: "Server-Authorization", covers: "body"},
	{name: "httpsig", scheme: "httpsig", confirmed: "httpsig.answer-right", line: "Signature", covers: "status body"},
	{name: "httpsig, what it covers", scheme: "httpsig", confirmed: "httpsig.answer-right", line: "Signature-Input", covers: "status body"},
	{name: "httpsig, the digest", scheme: "httpsig", confirmed: "httpsig.answer-right", line: "Content-Digest", covers: "status body"},
	{name: "httpsig with a secret", scheme: "httpsig", values: core.Values{"algorithm": "hmac-sha256", "key": "a secret", "keyId": "", "components": `"@method" "content-digest"`},
		asked: core.Values{"contentDigest": "sha-512", "label": "mine"}, method: "PUT", body: "a body", confirmed: "httpsig.answer-right", line: "Signature", covers: "status body"},
	{name: "httpsig as asked for", scheme: "httpsig", header: core.Header{{Name: "Accept-Signature", Value: `theirs=("@status" "content-digest" "@method";req);created;nonce="n";tag="t"`}},
		confirmed: "httpsig.answer-right", line: "Signature-Input", covers: "status body"},
}

// answered makes the request, has the server check it, and returns its answer.
func (p proof) answered(t *testing.T) (in core.Input, req *core.Request, answer *core.Response) {
	t.Helper()
	s, found := schemes.ByID(p.scheme)
	require.True(t, found)
	v := core.Vector{URL: "https://a.example/b?c=%20d", Method: p.method, Body: p.body, Header: p.header}
	server := input(t, s, v, merged(s.Example.Values, p.values))
	in = input(t, s, v, merged(merged(s.Example.Values, p.values), p.asked))
	req, _, err := sign(s, in, request(t, v))
	require.NoError(t, err)
	expected := &core.Trace{}
	require.NoError(t, s.Verify(server, req, expected))
	answer = &core.Response{Status: 200, Body: []byte("an answer"), BodySize: 9, Header: core.Header{{Name: "Content-Type", Value: "text/plain"}}}
	require.NoError(t, s.Tell(server, req, answer, expected))
	return in, req, answer
}

// codes are those of the client's verdict.
func (p proof) codes(t *testing.T, in core.Input, req *core.Request, answer *core.Response) []string {
	t.Helper()
	s, _ := schemes.ByID(p.scheme)
	_, tr, err := sign(s, in, request(t, core.Vector{URL: req.URL.String(), Method: p.method, Body: p.body, Header: p.header}))
	require.NoError(t, err)
	tr.Notes = nil
	s.Confirm(in, req, answer, tr)
	return codesOf(tr)
}

func TestServersProveThemselves(t *testing.T) {
	for _, p := range proofs {
		t.Run(p.name, func(t *testing.T) {
			in, req, answer := p.answered(t)
			require.Equal(t, append(p.besides, p.confirmed), p.codes(t, in, req, answer))
			t.Run("refuses every changed byte", func(t *testing.T) { p.refusesChangedBytes(t, in, req, answer) })
			t.Run("refuses an answer to another request", func(t *testing.T) {
				other := req.Clone()
				other.Method = "DELETE"
				_, foreign, _ := p.answered(t)
				require.Equal(t, req, foreign, "the same request is the same")
				if p.scheme == "digest" { // its proof names address and nonces
					line, _ := other.Header.Get("Authorization")
					other.Header.Set("Authorization", strings.Replace(line, `uri="/b`, `uri="/B`, 1))
				}
				p.requireRefused(t, in, other, answer, "another request")
			})
		})
	}
}

func (p proof) refusesChangedBytes(t *testing.T, in core.Input, req *core.Request, answer *core.Response) {
	line, given := answer.Header.Get(p.line)
	require.True(t, given)
	for at := range len(line) {
		if strings.HasPrefix(p.line, "Auth") && !inValue(line, at) {
			continue // what has another name is ignored (RFC 7616, section 3.5)
		}
		changed := *answer
		changed.Header = answer.Header.Clone()
		changed.Header.Set(p.line, line[:at]+string(line[at]^1)+line[at+1:])
		p.requireRefused(t, in, req, &changed, changed.Header[len(changed.Header)-1].Value)
	}
	if strings.Contains(p.covers, "body") {
		for at := range answer.Body {
			changed := *answer
			changed.Body = append([]byte(nil), answer.Body...)
			changed.Body[at] ^= 1
			p.requireRefused(t, in, req, &changed, "body")
		}
	}
	if strings.Contains(p.covers, "status") {
		changed := *answer
		changed.Status = 201
		p.requireRefused(t, in, req, &changed, "status")
	}
}

// inValue: nextnonce is not part of the proof, so that its bytes are not looked at.
func inValue(line string, at int) bool {
	start := strings.LastIndex(line[:at], ", ") + 1
	name, _, isValue := strings.Cut(line[start:at], "=")
	return isValue && line[at] != ' ' && strings.TrimSpace(name) != "nextnonce"
}

// requireRefused wants a code, and no word of trust: but a right proof beside a fault that has its own code.
func (p proof) requireRefused(t *testing.T, in core.Input, req *core.Request, answer *core.Response, what string) {
	t.Helper()
	codes := p.codes(t, in, req, answer)
	require.NotEmpty(t, codes, what)
	if !slices.Contains(codes, "httpsig.answer-digest") && !slices.Contains(codes, "digest.info-problem") {
		require.NotContains(t, codes, p.confirmed, what)
	}
}

// A proof is of who knows the secret: not of a server that refuses, nor for a bewit, nor with half a key.
func TestServersProveNothing(t *testing.T) {
	for name, p := range map[string]proof{
		"a bewit":            {scheme: "hawk", asked: core.Values{"in": "bewit"}},
		"no private key":     {scheme: "httpsig", values: core.Values{"key": `{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}`}, asked: core.Values{"key": schemeOf(t, "httpsig").Example.Values["key"]}},
		"no scheme that has": {scheme: "dpop"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, answer := p.answered(t)
			require.Equal(t, core.Header{{Name: "Content-Type", Value: "text/plain"}}, withoutNonce(answer.Header))
		})
	}
	for _, id := range []string{"digest", "hawk", "httpsig"} {
		t.Run(id+" that refuses", func(t *testing.T) {
			s := schemeOf(t, id)
			in := input(t, s, core.Vector{}, s.Example.Values)
			in.Refused = &core.Rejection{Code: id + ".any"}
			for _, line := range told(t, s, in) {
				require.Equal(t, "Accept-Signature", line.Name)
			}
		})
	}
}

func withoutNonce(header core.Header) core.Header {
	return slices.DeleteFunc(header, func(f core.HeaderField) bool { return f.Name == "DPoP-Nonce" })
}

func schemeOf(t *testing.T, id string) *core.Scheme {
	t.Helper()
	s, found := schemes.ByID(id)
	require.True(t, found)
	return s
}

// RFC 7616, section 3.5: without qop a nonce is good once, and any other wears out.
func TestDigestNamesTheNextNonce(t *testing.T) {
	for name, c := range map[string]struct {
		qop, nc string
		after   time.Duration
		named   bool
	}{
		"not yet":         {"auto", "00000002", time.Minute, false},
		"the third use":   {"auto", "00000003", 0, true},
		"half its time":   {"auto", "00000001", 151 * time.Second, true},
		"good once only":  {"none", "", 0, true},
		"a pinned higher": {"auto", "0000000a", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := schemeOf(t, "digest")
			v := core.Vector{URL: "http://a.example/", Now: time.Unix(now, 0), Nonces: map[string]string{"nc": c.nc}}
			in := input(t, s, v, merged(s.Example.Values, core.Values{"qop": c.qop}))
			req, _, err := sign(s, in, request(t, v))
			require.NoError(t, err)
			in.Env = environment(core.Vector{Now: v.Now.Add(c.after)})
			expected, answer := &core.Trace{}, &core.Response{}
			require.NoError(t, s.Verify(in, req, expected))
			require.NoError(t, s.Tell(in, req, answer, expected))
			line, _ := answer.Header.Get("Authentication-Info")
			require.Contains(t, line, "rspauth=")
			require.Equal(t, c.named, strings.Contains(line, "nextnonce="), line)
		})
	}
}

func TestHTTPSigTellsWhatAnAnswerCovers(t *testing.T) {
	p := proofs[slices.IndexFunc(proofs, func(p proof) bool { return p.name == "httpsig" })]
	in, req, answer := p.answered(t)
	tr := &core.Trace{}
	schemeOf(t, "httpsig").Confirm(in, req, answer, tr)
	require.Equal(t, "the answer’s signature is right; it covers @status, content-type, content-digest; of the request @method, @authority, @path, @query, signature",
		noteOf(t, tr, "httpsig.answer-right").Message)
}
