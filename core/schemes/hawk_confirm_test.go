package schemes_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func sha256Base64(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// The proof is that of npm's hawk 9.0.2 for the request that readme-post of hawk.go signs.
const hawkProof = `Hawk mac="uLiB1Wqe5DcNVOnNjhCj8kfazKpyyRF/ExowE9mApJA=", hash="f9cDF/TDm7TkYRLnGwRMfeDzT6LixQVLvrIKhh0vgmM=", ext="response-specific"`

func TestHawkConfirms(t *testing.T) {
	scheme, in := inputFor(t, "hawk", merged(hawkSteve, core.Values{"ext": "some-app-ext-data", "app": "a", "dlg": "d"}),
		core.Vector{Now: time.Unix(1353832234, 0), Nonces: map[string]string{"nonce": "j4h3g2"}})
	req, signed := requestTo(t, "POST", "http://example.com:8000/resource/1?b=1&a=2"), &core.Trace{}
	req.Header.Add("Content-Type", "text/plain")
	req.Body = []byte("Thank you for flying Hawk")
	require.NoError(t, scheme.Sign(in, req, signed))
	const good = hawkProof

	for name, c := range map[string]struct {
		answer *core.Response
		want   string
	}{
		"a right proof":             {hawkAnswer("text/plain; charset=x", "some reply", good), "hawk.proof"},
		"another body":              {hawkAnswer("text/plain", "some other reply", good), "hawk.answer-wrong"},
		"another content type":      {hawkAnswer("text/html", "some reply", good), "hawk.answer-wrong"},
		"another ext":               {hawkAnswer("text/plain", "some reply", strings.Replace(good, "specific", "pacific", 1)), "hawk.proof-wrong"},
		"another MAC":               {hawkAnswer("text/plain", "some reply", strings.Replace(good, `mac="`, `mac="A`, 1)), "hawk.proof-wrong"},
		"no proof":                  {hawkAnswer("text/plain", "some reply", ""), "hawk.no-proof"},
		"a proof of another scheme": {hawkAnswer("text/plain", "some reply", "Basic"), "hawk.proof-format"},
		"an unknown attribute":      {hawkAnswer("text/plain", "some reply", `Hawk ts="1"`), "hawk.proof-format"},
	} {
		t.Run(name, func(t *testing.T) {
			tr := &core.Trace{Steps: append([]core.Step(nil), signed.Steps...)}
			scheme.Confirm(in, req, c.answer, tr)
			require.Equal(t, []string{c.want}, codesOf(tr))
			if c.want == "hawk.proof" {
				require.Equal(t, "step:timestamp", tr.Step("response-normalized").In[0].From)
			}
		})
	}
	t.Run("a body that is not whole at hand", func(t *testing.T) {
		answer, tr := hawkAnswer("text/plain", "some", good), &core.Trace{}
		answer.BodySize = 10
		scheme.Confirm(in, req, answer, tr)
		require.Equal(t, []string{"hawk.answer-body", "hawk.proof"}, codesOf(tr))
	})
	t.Run("a proof without hash", func(t *testing.T) {
		tr := &core.Trace{}
		scheme.Confirm(in, req, hawkAnswer("", "x", `Hawk mac="a"`), tr)
		require.Equal(t, []string{"hawk.answer-not-covered", "hawk.proof-wrong"}, codesOf(tr))
	})
	t.Run("hidden by CORS", func(t *testing.T) {
		answer, tr := hawkAnswer("", "x", ""), &core.Trace{}
		answer.Hidden = true
		scheme.Confirm(in, req, answer, tr)
		require.Equal(t, []string{"hawk.proof-hidden"}, codesOf(tr))
	})
	t.Run("nothing to prove", func(t *testing.T) {
		tr := &core.Trace{}
		scheme.Confirm(in, plainRequest(t), hawkAnswer("", "x", good), tr)
		require.Empty(t, tr.Notes)
	})
}

func TestHawkNotes(t *testing.T) {
	for name, c := range map[string]struct {
		values core.Values
		url    string
		want   []string
	}{
		"nothing to say":          {hawkSteve, "http://example.com/", nil},
		"empty":                   {nil, "https://example.com/", []string{"hawk.empty-id", "hawk.empty-key"}},
		"SHA-1 and a stray space": {merged(hawkSteve, core.Values{"algorithm": "sha1", "key": "x\n"}), "https://example.com/", []string{"hawk.space", "hawk.sha-1"}},
		"a bewit":                 {merged(hawkSteve, core.Values{"in": "bewit"}), "https://example.com/", []string{"hawk.bewit"}},
		"a bewit over http":       {merged(hawkSteve, core.Values{"in": "bewit"}), "http://example.com/", []string{"hawk.bewit", "hawk.plain-http"}},
		"a long link":             {merged(hawkSteve, core.Values{"in": "bewit"}), "https://example.com/" + strings.Repeat("a", 4000), []string{"hawk.bewit", "hawk.long"}},
		"a long header":           {merged(hawkSteve, core.Values{"ext": strings.Repeat("a", 4000)}), "https://example.com/", []string{"hawk.long"}},
	} {
		t.Run(name, func(t *testing.T) {
			req, tr := requestTo(t, "GET", c.url), &core.Trace{}
			scheme, in := inputFor(t, "hawk", c.values, core.Vector{})
			require.NoError(t, scheme.Sign(in, req, tr))
			require.Equal(t, c.want, codesOf(tr))
		})
	}
	t.Run("a body that is not covered", func(t *testing.T) {
		_, tr, err := build(t, "hawk", merged(hawkSteve, core.Values{"payloadHash": "false"}), core.Request{Method: "POST", Body: []byte("x")})
		require.NoError(t, err)
		require.Equal(t, []string{"hawk.body-not-covered"}, codesOf(tr))
	})
}

// Whatever is in the header or the link: Verify says no with a code and a step that it has.
func FuzzHawk(f *testing.F) {
	for _, line := range []string{`Hawk id="dh37fgj492je", ts="1767323045", nonce="a", hash="b", ext="c", mac="d", app="e", dlg="f"`,
		`Hawk id="a\", ts=`, "Hawk", "Hawk =", `Hawk mac="`, `Hawk id="",,`} {
		f.Add(line, "bewit=ZGgzN2ZnajQ5MmplXDE5OTk5OTk5OTlcYlw&a")
	}
	f.Add("", "bewit=ZGgzN2ZnajQ5MmplXDE5OTk5OTk5OTlcYlw&a")
	f.Add("", "?bewit=&bewit=\r\n")
	f.Fuzz(func(t *testing.T, line, query string) {
		req := plainRequest(t)
		req.URL.Query = "?" + query
		if line != "" {
			req.Header.Add("Authorization", line)
		}
		scheme, in := inputFor(t, "hawk", hawkSteve, core.Vector{})
		tr := &core.Trace{}
		rejection := asRejection(t, scheme.Verify(in, req, tr))
		require.NotNil(t, tr.Step(rejection.Step), "%s: %s", rejection.Code, rejection.Step)
		confirmed := &core.Trace{}
		scheme.Confirm(in, req, hawkAnswer(query, line, line), confirmed)
		require.NotContains(t, codesOf(confirmed), "hawk.proof")
	})
}
