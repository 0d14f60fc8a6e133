package schemes_test

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/internal/vectors"
	"authpad/core/syntax"
)

func TestWSSEVectors(t *testing.T) {
	vectors.Load(t, "wsse").Run(t, map[string]func(*testing.T, vectors.Case){
		"digest": func(t *testing.T, c vectors.Case) {
			var v struct {
				Username, Password, Created string
				NonceBytes                  string `json:"nonce_bytes_base64"`
				NonceHeader                 string `json:"nonce_header"`
				Expect                      struct {
					PasswordDigest string `json:"password_digest"`
					XWSSE          string `json:"x_wsse"`
					Authorization  string
				}
			}
			c.Decode(t, &v)
			at, ok := syntax.ParseTime(v.Created)
			require.True(t, ok)
			octets, err := base64.StdEncoding.DecodeString(v.NonceBytes)
			require.NoError(t, err)
			pinned := core.Vector{Now: at, Nonces: map[string]string{"nonce": v.NonceHeader}}
			form := "base64"
			if string(octets) == v.NonceHeader {
				form = "text"
			}
			for _, form := range []string{"auto", form} {
				values := core.Values{"username": v.Username, "password": v.Password, "nonceForm": form}
				if hexadecimal := strings.Trim(v.NonceHeader, "0123456789abcdef") == ""; form == "base64" && hexadecimal {
					continue
				}
				req := plainRequest(t)
				tr := signPinned(t, "wsse", values, pinned, req)
				require.Equal(t, hex.EncodeToString(octets), tr.Step("nonce-octets").Out)
				require.Equal(t, v.Expect.PasswordDigest, tr.Step("password-digest").Out)
				require.Equal(t, core.Header{{Name: "Authorization", Value: v.Expect.Authorization}, {Name: "X-WSSE", Value: v.Expect.XWSSE}}, req.Header)
				require.NoError(t, verifyPinned(t, "wsse", values, pinned, req))
			}
		},
	})
}

func plainRequest(t *testing.T) *core.Request { return requestTo(t, "GET", "https://example.com/") }

var wsseBob = core.Values{"username": "bob", "password": "taadtaadpstcsm"}

func TestWSSEForms(t *testing.T) {
	t.Run("draws sixteen bytes and sends them as hexadecimal text", func(t *testing.T) {
		tr := signPinned(t, "wsse", wsseBob, core.Vector{}, plainRequest(t))
		require.Equal(t, strings.Repeat("6e", 16), tr.Step("nonce").Out)
	})
	t.Run("sends the same bytes in base64 where they are to be decoded", func(t *testing.T) {
		tr := signPinned(t, "wsse", merged(wsseBob, core.Values{"nonceForm": "base64"}), core.Vector{}, plainRequest(t))
		require.Equal(t, "bm5ubm5ubm5ubm5ubm5ubg==", tr.Step("nonce").Out)
		require.Equal(t, strings.Repeat("6e", 16), tr.Step("nonce-octets").Out)
	})
	t.Run("writes any pinned text in base64", func(t *testing.T) {
		tr := signPinned(t, "wsse", merged(wsseBob, core.Values{"nonceForm": "base64"}), core.Vector{Nonces: map[string]string{"nonce": "one more"}}, plainRequest(t))
		require.Equal(t, "b25lIG1vcmU=", tr.Step("nonce").Out)
	})
	// sha1encoding "hex" of the npm module wsse 3, run with the values of the Atom article.
	t.Run("hashes to hexadecimal digits", func(t *testing.T) {
		pinned := core.Vector{Now: time.Date(2003, 12, 15, 14, 43, 7, 0, time.UTC), Nonces: map[string]string{"nonce": "d36e316282959a9ed4c89851497a717f"}}
		tr := signPinned(t, "wsse", merged(wsseBob, core.Values{"digestForm": "hex"}), pinned, plainRequest(t))
		require.Equal(t, "YWFlNDdmMTE2MmMwNTc4YzRiN2ZkNjZhY2IwZTI5MGU2N2Q1ZjRlNg==", tr.Step("password-digest").Out)
	})
}

func TestWSSENamesWhatDiffers(t *testing.T) {
	decoded, text := core.Values{"nonceForm": "base64"}, core.Values{"nonceForm": "text"}
	for name, c := range map[string]struct {
		server, client core.Values
		code, step     string
	}{
		"another user name":                      {nil, core.Values{"username": "bobby"}, "wsse.wrong-username", "username"},
		"another password":                       {nil, core.Values{"password": "x"}, "wsse.wrong-password", "digest-input"},
		"a nonce to be decoded, hashed as text":  {decoded, text, "wsse.nonce-form", "nonce-octets"},
		"a nonce to be text, hashed decoded":     {text, decoded, "wsse.nonce-form", "nonce-octets"},
		"hexadecimal digits in base64":           {nil, core.Values{"digestForm": "hex"}, "wsse.digest-form", "password-digest"},
		"bytes where Emarsys wants hexadecimal":  {core.Values{"digestForm": "hex"}, core.Values{"digestForm": "bytes"}, "wsse.digest-form", "password-digest"},
		"another form of digest and of password": {nil, core.Values{"digestForm": "hex", "password": "x"}, "wsse.wrong-password", "digest-input"},
	} {
		t.Run(name, func(t *testing.T) {
			server := merged(wsseBob, c.server)
			req := plainRequest(t)
			signPinned(t, "wsse", merged(server, c.client), core.Vector{}, req)
			rejection := asRejection(t, verifyPinned(t, "wsse", server, core.Vector{}, req))
			require.Equal(t, c.code, rejection.Code)
			require.Equal(t, c.step, rejection.Step)
		})
	}
}

func TestWSSEReadsOnlyWhatIsMeant(t *testing.T) {
	req := plainRequest(t)
	signPinned(t, "wsse", wsseBob, core.Vector{}, req)
	good := req.Header[1].Value
	for name, c := range map[string]struct {
		header core.Header
		code   string
	}{
		"nothing at all":              {nil, "authorization.missing"},
		"X-WSSE alone":                {core.Header{{Name: "X-WSSE", Value: good}}, "authorization.missing"},
		"the profile alone":           {core.Header{{Name: "Authorization", Value: `WSSE profile="UsernameToken"`}}, "wsse.missing"},
		"another profile":             {core.Header{{Name: "Authorization", Value: `WSSE profile="X509"`}, {Name: "X-WSSE", Value: good}}, "wsse.profile"},
		"another scheme":              {core.Header{{Name: "Authorization", Value: `Basic Og==`}, {Name: "X-WSSE", Value: good}}, "wsse.profile"},
		"X-WSSE twice":                {core.Header{wsseLine, {Name: "X-WSSE", Value: good}, {Name: "X-WSSE", Value: good}}, "wsse.repeated"},
		"a parameter missing":         {core.Header{wsseLine, {Name: "X-WSSE", Value: strings.Replace(good, "Nonce", "Once", 1)}}, "wsse.format"},
		"a parameter twice":           {core.Header{wsseLine, {Name: "X-WSSE", Value: good + `, Nonce="a"`}}, "wsse.format"},
		"a quote missing":             {core.Header{wsseLine, {Name: "X-WSSE", Value: good[:len(good)-1]}}, "wsse.format"},
		"no word in front":            {core.Header{wsseLine, {Name: "X-WSSE", Value: strings.TrimPrefix(good, "UsernameToken ")}}, "wsse.format"},
		"a time that is none":         {core.Header{wsseLine, {Name: "X-WSSE", Value: strings.Replace(good, "2026-01-02T", "2026-01-02 ", 1)}}, "wsse.created"},
		"the case of names, realm":    {core.Header{{Name: "authorization", Value: `wsse realm="x", profile="UsernameToken"`}, {Name: "x-wsse", Value: strings.Replace(good, "Nonce", "nonce", 1)}}, ""},
		"without quotes where it may": {core.Header{wsseLine, {Name: "X-WSSE", Value: strings.Replace(good, `"bob"`, "bob", 1)}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			received := plainRequest(t)
			received.Header = c.header
			err := verifyPinned(t, "wsse", wsseBob, core.Vector{}, received)
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.code, asRejection(t, err).Code)
		})
	}
}

func TestWSSEIsStrictAboutTheNonce(t *testing.T) {
	server := merged(wsseBob, core.Values{"nonceForm": "base64"})
	req := plainRequest(t)
	signPinned(t, "wsse", server, core.Vector{Nonces: map[string]string{"nonce": "bm5ubm5ubm5ubm5ubm5ubg=="}}, req)
	for name, nonce := range map[string]string{
		"another text of the same bytes": "bm5ubm5ubm5ubm5ubm5ubh==", "a line break inside": "bm5ubm5ubm5u\rbm5ubm5ubg==", "no base64": "bm5u!",
	} {
		t.Run(name, func(t *testing.T) {
			changed := req.Clone()
			changed.Header[1].Value = strings.Replace(changed.Header[1].Value, "bm5ubm5ubm5ubm5ubm5ubg==", nonce, 1)
			require.Equal(t, "wsse.nonce", asRejection(t, verifyPinned(t, "wsse", server, core.Vector{}, changed)).Code)
		})
	}
}

func TestWSSEKnowsANameInNFD(t *testing.T) {
	server := merged(wsseBob, core.Values{"username": "Zoë"})
	req := plainRequest(t)
	signPinned(t, "wsse", server, core.Vector{}, req)
	req.Header[1].Value = strings.Replace(req.Header[1].Value, "Zoë", "Zoe\u0308", 1)
	require.Equal(t, "wsse.normalization", asRejection(t, verifyPinned(t, "wsse", server, core.Vector{}, req)).Code)
}

func TestWSSEKnowsAPasswordInNFD(t *testing.T) {
	composed, decomposed := merged(wsseBob, core.Values{"password": "\u00e9"}), merged(wsseBob, core.Values{"password": "e\u0301"})
	for _, c := range []struct{ server, client core.Values }{{composed, decomposed}, {decomposed, composed}} {
		req := plainRequest(t)
		signPinned(t, "wsse", c.client, core.Vector{}, req)
		rejection := asRejection(t, verifyPinned(t, "wsse", c.server, core.Vector{}, req))
		require.Equal(t, "wsse.normalization", rejection.Code)
		require.Equal(t, "digest-input", rejection.Step)
	}
}

var wsseLine = core.HeaderField{Name: "Authorization", Value: `WSSE profile="UsernameToken"`}

func TestWSSEClockAndReplay(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	req := plainRequest(t)
	signPinned(t, "wsse", wsseBob, core.Vector{Now: at}, req)
	for _, seconds := range []int{-300, 0, 300} {
		require.NoError(t, verifyPinned(t, "wsse", wsseBob, core.Vector{Now: at.Add(time.Duration(seconds) * time.Second)}, req))
	}
	rejection := asRejection(t, verifyPinned(t, "wsse", wsseBob, core.Vector{Now: at.Add(301 * time.Second)}, req))
	require.Equal(t, "wsse.clock", rejection.Code)
	require.Equal(t, "created", rejection.Step)
	require.Contains(t, rejection.Message, "5 minutes ago")
	require.Contains(t, asRejection(t, verifyPinned(t, "wsse", wsseBob, core.Vector{Now: at.Add(-time.Hour)}, req)).Message, "in 1 hour")

	scheme, in := inputFor(t, "wsse", wsseBob, core.Vector{Now: at})
	in.Env.Seen = remember()
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
	require.Equal(t, "wsse.replay", asRejection(t, scheme.Verify(in, req, &core.Trace{})).Code)
}
