package relay

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

func written32(text string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
}

func TestReadOrder(t *testing.T) {
	text := `{"id":"7","method":"pAtch","url":"https://User:pass@EXAMPLE.com/ä?q","headers":[["Host","x"],["a","1"],["A",""]],"redirect":"manual","timeoutMs":5,"later":[{}],
		"tls":{"verify":false,"ca":"ca","fingerprint":"fp","clientCert":"cc","clientKey":"ck","pkcs12":"AAH/","pkcs12Password":"pw"},
		"proxy":{"url":"http://p:1","username":"u","password":"s"}}`
	from := bytes.NewReader(append(written32(text), "body"...))
	order, read, err := readOrder(from)
	require.NoError(t, err)
	require.EqualValues(t, 4+len(text), read)
	require.Equal(t, "7", order.ID)
	require.Equal(t, "pAtch", order.Request.Method)
	require.Equal(t, "https://User:pass@example.com/%C3%A4?q", order.Request.URL.String())
	require.Equal(t, core.Header{{Name: "Host", Value: "x"}, {Name: "a", Value: "1"}, {Name: "A", Value: ""}}, order.Request.Header)
	require.Equal(t, core.Fetch{Redirect: "manual", TimeoutMs: 5}, order.Fetch)
	require.Equal(t, core.TLS{SkipVerify: true, CA: "ca", Fingerprint: "fp", ClientCert: "cc", ClientKey: "ck", PKCS12: "\x00\x01\xff", PKCS12Password: "pw"}, order.TLS)
	require.Equal(t, core.Proxy{URL: "http://p:1", Username: "u", Password: "s"}, order.Proxy)
	rest, _ := io.ReadAll(from)
	require.Equal(t, "body", string(rest))
}

func TestReadOrderVerifiesUnlessToldNotTo(t *testing.T) {
	for text, skip := range map[string]bool{`{"method":"GET","url":"https://a/"}`: false, `{"method":"GET","url":"https://a/","tls":{}}`: false, `{"method":"GET","url":"https://a/","tls":{"verify":null}}`: false,
		`{"method":"GET","url":"https://a/","tls":{"verify":true}}`: false, `{"method":"GET","url":"https://a/","tls":{"verify":false}}`: true} {
		order, err := parseOrder([]byte(text))
		require.NoError(t, err)
		require.Equal(t, skip, order.TLS.SkipVerify, text)
	}
	for _, text := range []string{`{"method":"GET","url":"https://a/","tls":{"verify":0}}`, `{"method":"GET","url":"https://a/","tls":{"verify":"false"}}`, `{"method":"GET","url":"https://a/","tls":[]}`, `{"method":"GET","url":"https://a/","headers":[["A"]]}`, `{"method":"GET","url":"https://a/","headers":[["A","1","2"]]}`, `{"url":"https://a/"}`} {
		_, err := parseOrder([]byte(text))
		require.ErrorIs(t, err, errOrder, text)
	}
}

// FuzzOrder: nothing panics, an error is one for the page, and an order that is read has an address.
func FuzzOrder(f *testing.F) {
	f.Add(written32(`{"method":"GET","url":"http://a/","headers":[["A","1"]],"tls":{"pkcs12":"AAAA"}}`))
	f.Add(written32(`{"url":"http://[::1"}`))
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, text []byte) {
		order, read, err := readOrder(bytes.NewReader(text))
		if err != nil {
			var wrong *core.FieldError
			require.ErrorAs(t, err, &wrong)
			return
		}
		require.LessOrEqual(t, read, int64(len(text)))
		require.NotEmpty(t, order.Request.URL.Scheme)
	})
}
