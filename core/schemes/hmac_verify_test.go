package schemes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// While a secret is being changed Stripe signs with both, and live webhooks have a v0 of test mode.
func TestHMACTakesStripesList(t *testing.T) {
	const old, right = "0747100650652ef72323d15ecf021fcf28463e6c3f46c75d091a00c9fbb46a37", "799c4ba7bb339f3c8601adfd112f0e477c930a268be1243d341abb8286501c2f"
	values := core.Values{"preset": "stripe", "key": "whsec_test_secret"}
	for value, want := range map[string]string{
		"t=1492774577,v1=" + right:                  "",
		"t=1492774577,v1=" + old + ",v1=" + right:   "",
		"t=1492774577,v1=" + right + ",v0=" + old:   "",
		"v1=" + right + ",t=1492774577":             "",
		"t=1492774577,v1=" + old:                    "hmac.wrong-signature",
		"t=1492774577,v0=" + right:                  "hmac.format",
		"v1=" + right:                               "hmac.format",
		"t=1492774577,t=1492774578,v1=" + right:     "hmac.format",
		"t=1492774578,v1=" + right:                  "hmac.wrong-signature",
		"t=1492774000,v1=" + right:                  "hmac.clock",
		"t=1492774577000,v1=" + right:               "hmac.timestamp",
		"t=,v1=" + right:                            "hmac.timestamp",
		"t=1492774577,v1=":                          "hmac.format",
		"t=1492774577,v1=" + strings.ToUpper(right): "hmac.encoding",
	} {
		req := requestTo(t, "POST", "https://example.com/hook")
		req.Body, req.Header = []byte(`{"id":"evt_1"}`), core.Header{{Name: "stripe-signature", Value: value}}
		err := verifyPinned(t, "hmac", values, core.Vector{Now: time.Unix(1492774577, 0)}, req)
		if want == "" {
			require.NoError(t, err, value)
		} else {
			require.Equal(t, want, asRejection(t, err).Code, value)
		}
	}
}

func TestHMACNamesWhatDiffers(t *testing.T) {
	server := core.Values{"key": "c2VzYW1lIDEyMw==", "message": "{timestamp}{nonce}{body}", "value": "{timestamp}.{nonce}.{signature}"}
	for name, c := range map[string]struct {
		client     core.Values
		change     func(*core.Request)
		code, step string
	}{
		"another key":             {core.Values{"key": "x"}, nil, "hmac.wrong-signature", "mac"},
		"the key as base64":       {core.Values{"keyEncoding": "base64"}, nil, "hmac.key-encoding", "key"},
		"another hash":            {core.Values{"algorithm": "SHA-512"}, nil, "hmac.algorithm", "mac"},
		"another encoding":        {core.Values{"encoding": "base64"}, nil, "hmac.encoding", "signature"},
		"another message":         {core.Values{"message": "{timestamp}{body}{nonce}"}, nil, "hmac.wrong-signature", "mac"},
		"the key with a line end": {core.Values{"key": "c2VzYW1lIDEyMw==\n"}, nil, "hmac.key-encoding", "key"},
		"a line break more":       {core.Values{"message": "{timestamp}{nonce}{body}\\n"}, nil, "hmac.line-end", "message"},
		"half a signature":        {nil, func(r *core.Request) { v := &r.Header[0].Value; *v = (*v)[:len(*v)-32] }, "hmac.length", "signature"},
		"another header":          {core.Values{"header": "X-Sig"}, nil, "hmac.missing", "header"},
		"another form":            {core.Values{"value": "{signature}"}, nil, "hmac.format", "header"},
		"the header twice":        {nil, func(r *core.Request) { r.Header.Add("x-signature", "1") }, "hmac.repeated", "header"},
		"another body":            {nil, func(r *core.Request) { r.Body = []byte("x") }, "hmac.wrong-signature", "mac"},
		"a time of letters":       {core.Values{"value": "x{timestamp}.{nonce}.{signature}"}, nil, "hmac.timestamp", "timestamp"},
		"a time in milliseconds":  {core.Values{"value": "{timestamp.ms}.{nonce}.{signature}"}, nil, "hmac.timestamp", "timestamp"},
		"a time with a sign":      {core.Values{"value": "+{timestamp}.{nonce}.{signature}"}, nil, "hmac.timestamp", "timestamp"},
		"no signature":            {core.Values{"value": "{timestamp}.{nonce}.{signature}!"}, nil, "hmac.format", "header"},
	} {
		t.Run(name, func(t *testing.T) {
			req, _, err := build(t, "hmac", merged(server, c.client), core.Request{Method: "POST", Body: []byte("b")})
			require.NoError(t, err)
			require.NoError(t, verifyRequest(t, "hmac", merged(server, c.client), req))
			if c.change != nil {
				c.change(req)
			}
			rejection := asRejection(t, verifyRequest(t, "hmac", server, req))
			require.Equal(t, []string{c.code, c.step}, []string{rejection.Code, rejection.Step}, rejection.Message)
		})
	}
}

// What was signed and what arrives are often the same but for white space, line ends, or what a proxy has done.
func TestHMACNamesWhatArrivedOtherwise(t *testing.T) {
	const lines = `{method}\n{url}\n{body}`
	for name, c := range map[string]struct {
		client, server string
		change         func(*core.Request)
		code           string
	}{
		"JSON written anew":     {lines, lines, func(r *core.Request) { r.Body = []byte("{\n  \"a b\": [1, \"\\\" :\"]\n}\n") }, "hmac.white-space"},
		"JSON that says more":   {lines, lines, func(r *core.Request) { r.Body = []byte(`{"a b":[1,"\" : "]}`) }, "hmac.wrong-signature"},
		"CR and LF":             {`{method}\r\n{url}\r\n{body}`, lines, nil, "hmac.line-end"},
		"LF alone":              {lines, `{method}\r\n{url}\r\n{body}`, nil, "hmac.line-end"},
		"TLS taken off":         {lines, lines, func(r *core.Request) { r.URL.Scheme, r.URL.Port = "http", "8080" }, "hmac.address"},
		"a slash that was lost": {lines, lines, func(r *core.Request) { r.URL.Path = "/hook/" }, "hmac.address"},
		"another method":        {lines, lines, func(r *core.Request) { r.Method = "PUT" }, "hmac.address"},
	} {
		t.Run(name, func(t *testing.T) {
			req := requestTo(t, "POST", "https://example.com/hook")
			req.Body = []byte(`{"a b":[1,"\" :"]}`)
			signPinned(t, "hmac", core.Values{"key": "k", "message": c.client}, core.Vector{}, req)
			if c.change != nil {
				c.change(req)
			}
			rejection := asRejection(t, verifyPinned(t, "hmac", core.Values{"key": "k", "message": c.server}, core.Vector{}, req))
			require.Equal(t, c.code, rejection.Code, rejection.Message)
		})
	}
}

// A signature is told by its length from what stands beside it without a mark, or beside a nonce that has the mark.
func TestHMACReadsWhatItWrites(t *testing.T) {
	for _, value := range []string{"{timestamp}{signature}", "{signature}{timestamp}", "{signature}{nonce}", "{nonce}{signature}", "{nonce}-{signature}",
		"{timestamp}{nonce}{signature}", "{timestamp}-{nonce}-{signature}", "{signature}-{nonce}-{timestamp}", "{timestamp.ms}{signature}!"} {
		for _, encoding := range []string{"hex", "base64"} {
			values := core.Values{"key": "k", "value": value, "encoding": encoding}
			req := requestTo(t, "GET", "https://example.com/")
			pinned := core.Vector{Nonces: map[string]string{"nonce": "9f-1-b"}}
			signPinned(t, "hmac", values, pinned, req)
			require.NoError(t, verifyPinned(t, "hmac", values, core.Vector{}, req), "%s %s", value, encoding)
		}
	}
}

func TestHMACNamesWhatIsNotSent(t *testing.T) {
	values := core.Values{"key": "k", "message": "{nonce}"}
	req := requestTo(t, "GET", "https://example.com/")
	signPinned(t, "hmac", values, core.Vector{Nonces: map[string]string{"nonce": "a"}}, req)
	rejection := asRejection(t, verifyPinned(t, "hmac", values, core.Vector{Nonces: map[string]string{"nonce": "b"}}, req))
	require.Equal(t, "hmac.not-sent at message", rejection.Code+" at "+rejection.Step)
	require.Contains(t, rejection.Message, "{nonce}")
}

func TestHMACClockAndReplay(t *testing.T) {
	values := core.Values{"key": "k", "message": "{timestamp.ms}{nonce}", "value": "{timestamp.ms}-{nonce}-{signature}"}
	req := requestTo(t, "GET", "https://example.com/")
	signPinned(t, "hmac", values, core.Vector{Now: time.Unix(1e9, 0)}, req)
	for late, want := range map[int64]string{0: "", 300: "", -300: "", 301: "hmac.clock", -301: "hmac.clock"} {
		err := verifyPinned(t, "hmac", values, core.Vector{Now: time.Unix(1e9+late, 0)}, req)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		rejection := asRejection(t, err)
		require.Equal(t, []string{want, "timestamp-ms"}, []string{rejection.Code, rejection.Step})
		require.Contains(t, rejection.Message, "5 minutes")
	}
	scheme, in := inputFor(t, "hmac", values, core.Vector{Now: time.Unix(1e9, 0)})
	in.Env.Seen = remember()
	wrong := req.Clone()
	wrong.Header[0].Value += "00"
	require.Error(t, scheme.Verify(in, wrong, &core.Trace{}))
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}), "who does not know the key cannot use a nonce up")
	require.Equal(t, "hmac.replay", asRejection(t, scheme.Verify(in, req, &core.Trace{})).Code)
	in.Env.Seen = nil
	require.NoError(t, scheme.Verify(in, req, &core.Trace{}))
}

// A time that nobody signed proves nothing, and is not judged; a line that it is in must be consistent.
func TestHMACTimesThatAreNotSigned(t *testing.T) {
	values := core.Values{"key": "k", "message": "{body}", "value": "{timestamp} {signature}", "extraHeaders": "X-Time: {timestamp}"}
	req := requestTo(t, "GET", "https://example.com/")
	signPinned(t, "hmac", values, core.Vector{Now: time.Unix(1, 0)}, req)
	require.NoError(t, verifyRequest(t, "hmac", values, req))
	req.Header[0].Value = "2"
	require.Equal(t, "hmac.format", asRejection(t, verifyRequest(t, "hmac", values, req)).Code)
}
