package schemes_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func TestHMACErrors(t *testing.T) {
	for name, c := range map[string]struct {
		values      core.Values
		field, code string
		says        string
	}{
		"no key":                           {core.Values{"key": ""}, "key", "key.empty", "secret that both sides share"},
		"a key that is no base64":          {core.Values{"key": "sesame!", "keyEncoding": "base64"}, "key", "hmac.key-encoding", ""},
		"a key that is no hex":             {core.Values{"key": "sesame", "keyEncoding": "hex"}, "key", "hmac.key-encoding", ""},
		"an unknown name":                  {core.Values{"message": "{method}\n{uri}"}, "message", "hmac.name", "{uri} at character 10 is none of the names, which are {method} {path}"},
		"a name in upper case":             {core.Values{"message": "{Body}"}, "message", "hmac.name", "{Body}"},
		"JSON":                             {core.Values{"message": `{"a":1}`}, "message", "hmac.name", "write {{"},
		"a brace that is open":             {core.Values{"value": "sha256={signature"}, "value", "hmac.template", "character 8"},
		"a backslash":                      {core.Values{"message": `{method}\x`}, "message", "hmac.template", "character 9"},
		"a header without name":            {core.Values{"message": "{header:}"}, "message", "hmac.name", "needs the name"},
		"the signature in what is signed":  {core.Values{"message": "{signature}"}, "message", "hmac.circular", ""},
		"the header in what is signed":     {core.Values{"message": "{header:x-signature}"}, "message", "hmac.circular", ""},
		"no signature in the value":        {core.Values{"value": "v1="}, "value", "hmac.no-signature", ""},
		"a signature among the others":     {core.Values{"extraHeaders": "A: {signature}"}, "extraHeaders", "hmac.circular", ""},
		"a space in the header's name":     {core.Values{"header": "X Signature"}, "header", "hmac.header", ""},
		"a colon behind the header's name": {core.Values{"header": "X-Signature:"}, "header", "hmac.header", "a field of its own"},
		"a line without colon":             {core.Values{"extraHeaders": "X-Time {timestamp}"}, "extraHeaders", "hmac.header", "a colon ends it"},
		"a header twice":                   {core.Values{"extraHeaders": "x-signature: {timestamp}"}, "header", "hmac.header-twice", ""},
		"a line break in the value":        {core.Values{"value": `{signature}\n1`}, "value", "hmac.not-sendable", ""},
		"a body in the value":              {core.Values{"value": "{signature} {body}"}, "value", "hmac.not-sendable", ""},
	} {
		t.Run(name, func(t *testing.T) {
			values := merged(core.Values{"key": "sesame"}, c.values)
			_, _, err := build(t, "hmac", values, core.Request{Body: []byte("a\nb")})
			wrong := fieldError(t, err)
			require.Equal(t, []string{c.field, c.code}, []string{wrong.Field, wrong.Code})
			require.Contains(t, wrong.Message, c.says)
			require.NotContains(t, wrong.Message, "sesame")
		})
	}
	t.Run("a header line already there", func(t *testing.T) {
		_, _, err := build(t, "hmac", core.Values{"key": "sesame"}, core.Request{Header: core.Header{{Name: "x-signature", Value: "1"}}})
		require.Equal(t, "hmac.conflict", fieldError(t, err).Code)
	})
}

func TestHMACNotes(t *testing.T) {
	const long = "0123456789abcdef0123456789abcdef"
	sent := core.Values{"key": long, "message": "{timestamp}{body}", "value": "t={timestamp},s={signature}"}
	for name, c := range map[string]struct {
		values core.Values
		want   []string
	}{
		"nothing to say":          {nil, nil},
		"a short key":             {core.Values{"key": "k"}, []string{"hmac.short-key"}},
		"space around the key":    {core.Values{"key": long + " "}, []string{"hmac.space"}},
		"a key of two halves":     {core.Values{"key": testKey(t, "ed25519.public")}, []string{"hmac.space", "hmac.key-text"}},
		"a JWK":                   {core.Values{"key": `{"kty":"oct","k":"` + long + `"}`}, []string{"hmac.key-text"}},
		"a JWK in base64":         {core.Values{"key": "eyJrdHkiOiJvY3QiLCJrIjoiMDEyMzQ1Njc4OWFiY2RlZiJ9", "keyEncoding": "base64"}, nil},
		"a time that is not sent": {core.Values{"value": "{signature}"}, []string{"hmac.not-sent"}},
		"one that is not signed":  {core.Values{"message": "{nonce}{body}", "value": "t={timestamp},n={nonce},s={signature}"}, []string{"hmac.not-signed"}},
		"signed by its header":    {core.Values{"message": "{header:x-ts}{body}", "value": "{signature}", "extraHeaders": "X-TS: {timestamp}"}, nil},
		"nothing new":             {core.Values{"message": "{body}", "value": "{signature}"}, []string{"hmac.replayable"}},
		"no body":                 {core.Values{"message": "{timestamp}"}, []string{"hmac.body-not-signed"}},
		"a line break at the end": {core.Values{"message": "{timestamp}{body}\n"}, []string{"hmac.line-end"}},
		"a preset, changed":       {core.Values{"preset": "stripe"}, []string{"hmac.preset-changed"}},
		"a header that is absent": {core.Values{"message": "{timestamp}{body}{header:X-A}"}, []string{"hmac.no-header"}},
		"one that browsers drop":  {core.Values{"message": "{timestamp}{body}{header:Date}"}, []string{"hmac.no-header", "hmac.browser-changes"}},
		"the host":                {core.Values{"message": "{timestamp}{body}{header:Host}"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, tr, err := build(t, "hmac", merged(sent, c.values), core.Request{Method: "POST", Body: []byte("b")})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(tr))
		})
	}
	t.Run("a Host of its own", func(t *testing.T) {
		own := core.Request{Method: "POST", Header: core.Header{{Name: "Host", Value: "other.example"}}, Body: []byte("b")}
		_, tr, err := build(t, "hmac", merged(sent, core.Values{"message": "{timestamp}{body}{header:Host}"}), own)
		require.NoError(t, err)
		require.Equal(t, []string{"hmac.browser-changes"}, codesOf(tr))
	})
}
