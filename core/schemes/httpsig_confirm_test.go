package schemes_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

func TestHTTPSigAnswers(t *testing.T) {
	req, _, err := build(t, "httpsig", httpsigServer, httpsigRequest())
	require.NoError(t, err)
	answer := &core.Response{Status: 200, Body: []byte("ok"), BodySize: 2}
	at := time.Unix(now, 0)
	t.Run("unsigned", func(t *testing.T) {
		require.Empty(t, confirmHTTPSigAt(t, at, httpsigServer, req, answer).Notes)
		asked := req.Clone()
		asked.Header.Add("Accept-Signature", `sig1=("@status");created`)
		require.Equal(t, []string{"httpsig.answer-unsigned"}, codesOf(confirmHTTPSigAt(t, at, httpsigServer, asked, answer)))
	})
	for name, c := range map[string]struct {
		input, signature string
		codes            []string
	}{
		"unreadable":              {"sig1=(", "sig1=:AA==:", []string{"httpsig.answer-unreadable"}},
		"a component of requests": {`sig1=("@method")`, "sig1=:AA==:", []string{"httpsig.answer-unreadable"}},
		"an absent field":         {`sig1=("etag")`, "sig1=:AA==:", []string{"httpsig.answer-unreadable"}},
		"wrong":                   {`sig1=("@status" "@method";req)`, "sig1=:AA==:", []string{"httpsig.answer-wrong"}},
		"another algorithm":       {`sig1=("@status");alg="ed25519"`, "sig1=:AA==:", []string{"httpsig.answer-wrong"}},
	} {
		t.Run(name, func(t *testing.T) {
			answer.Header = core.Header{{Name: "Signature-Input", Value: c.input}, {Name: "Signature", Value: c.signature}}
			require.Equal(t, c.codes, codesOf(confirmHTTPSigAt(t, at, httpsigServer, req, answer)))
		})
	}
	const status, whole, digest = `"@status": 200` + "\n", `"@status" "content-digest" "@method";req`, "sha-256=:Jok2eyBcFs4y7UIAlCuLix4mLfxw2byfvHfElpmk8d8=:"
	wholeBase := status + `"content-digest": ` + digest + "\n" + `"@method";req: POST` + "\n"
	for name, c := range map[string]struct {
		components, base, created, body string
		size                            int64
		codes                           []string
	}{
		"right":             {whole, wholeBase, ";created=1767323045", "ok", 2, []string{"httpsig.answer-right"}},
		"of another minute": {whole, wholeBase, ";created=1767322000", "ok", 2, []string{"httpsig.answer-right", "httpsig.answer-old"}},
		"a changed body":    {whole, wholeBase, "", "no", 2, []string{"httpsig.answer-right", "httpsig.answer-digest"}},
		"a body cut off":    {whole, wholeBase, "", "ok", 2000, []string{"httpsig.answer-right", "httpsig.answer-body-unseen"}},
		"no body":           {`"@status" "@method";req`, status + `"@method";req: POST` + "\n", "", "", 0, []string{"httpsig.answer-right"}},
		"the status only":   {`"@status"`, status, "", "ok", 2, []string{"httpsig.answer-right", "httpsig.answer-for-any", "httpsig.answer-body"}},
		"nothing":           {"", "", "", "", 0, []string{"httpsig.answer-right", "httpsig.answer-for-any", "httpsig.answer-status"}},
	} {
		t.Run("right: "+name, func(t *testing.T) {
			params := "(" + c.components + ")" + c.created
			h := hmac.New(sha256.New, []byte(httpsigSecret["key"]))
			h.Write([]byte(c.base + `"@signature-params": ` + params))
			answer := &core.Response{Status: 200, Body: []byte(c.body), BodySize: c.size, Header: core.Header{{Name: "Content-Digest", Value: digest},
				{Name: "Signature-Input", Value: "sig1=" + params}, {Name: "Signature", Value: "sig1=:" + base64.StdEncoding.EncodeToString(h.Sum(nil)) + ":"}}}
			require.Equal(t, c.codes, codesOf(confirmHTTPSigAt(t, at, httpsigServer, req, answer)))
		})
	}
	t.Run("of another key", func(t *testing.T) {
		answer.Header = core.Header{{Name: "Signature-Input", Value: `s=("@status")`}, {Name: "Signature", Value: "s=:AA==:"}}
		own := core.Values{"key": rfc9421Ed25519}
		require.Equal(t, []string{"httpsig.answer-other-key"}, codesOf(confirmHTTPSigAt(t, at, own, req, answer)))
		require.Equal(t, []string{"httpsig.answer-wrong"}, codesOf(confirmHTTPSigAt(t, at, merged(own, core.Values{"serverKey": rfc9421Ed25519}), req, answer)))
	})
}

func TestHTTPSigChallenge(t *testing.T) {
	s, _ := schemes.ByID("httpsig")
	require.Equal(t, []core.Challenge{{Scheme: "Signature", Params: []core.Param{{Name: "realm", Value: "authpad lab"}}}}, s.Challenge(core.Input{}))
	require.Equal(t, []string{"signature"}, s.Answers)
	_, in := schemeInputAt(t, time.Unix(now, 0), "httpsig", merged(httpsigServer, core.Values{"expires": "60", "nonce": ""}))
	in.Refused = &core.Rejection{}
	require.Equal(t, core.Header{{Name: "Accept-Signature", Value: `sig1=("@method" "@target-uri" "content-digest");created;expires;keyid="k1";tag="shop"`}}, told(t, s, in))
}
