package relay

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"

	"authpad/core"
	"authpad/core/platform"
)

// Order is what a page asks to have sent. Its request has no body: that comes behind it.
type Order struct {
	ID      string // names it for cancel; may be empty
	Request *core.Request
	TLS     core.TLS
	Proxy   core.Proxy
	Fetch   core.Fetch // Redirect and TimeoutMs
}

// maxOrder bounds the JSON of an order: request heads of 1 MiB, and certificates.
const maxOrder = 4 << 20

var errOrder = &core.FieldError{Code: "relay.order", Message: "this is not an order as the relay reads it"}

// readOrder reads the order before a body: four bytes for its length, big-endian, then JSON.
func readOrder(from io.Reader) (*Order, int64, error) {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return nil, 0, errOrder
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > maxOrder {
		return nil, 0, errOrder
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(from, text); err != nil {
		return nil, 0, errOrder
	}
	order, err := parseOrder(text)
	return order, int64(len(length)) + int64(n), err
}

// written is the order's JSON. Unknown members are ignored.
type written struct {
	ID, Method, URL, Redirect string
	Headers                   [][]string
	TimeoutMs                 int
	TLS                       struct {
		Verify                *bool
		CA, Fingerprint       string
		ClientCert, ClientKey string
		PKCS12                []byte // base64
		PKCS12Password        string
	}
	Proxy core.Proxy
}

func parseOrder(text []byte) (*Order, error) {
	var w written
	if err := json.Unmarshal(text, &w); err != nil || w.Method == "" || w.TimeoutMs < 0 {
		return nil, errOrder
	}
	address, err := platform.ParseURL(w.URL, "")
	if err != nil {
		return nil, orderError(err)
	}
	o := &Order{ID: w.ID, Proxy: w.Proxy, Request: &core.Request{Method: w.Method, URL: address},
		Fetch: core.Fetch{Redirect: w.Redirect, TimeoutMs: w.TimeoutMs}}
	for _, line := range w.Headers {
		if len(line) != 2 {
			return nil, errOrder
		}
		o.Request.Header.Add(line[0], line[1])
	}
	o.TLS = core.TLS{SkipVerify: w.TLS.Verify != nil && !*w.TLS.Verify, CA: w.TLS.CA, Fingerprint: w.TLS.Fingerprint,
		ClientCert: w.TLS.ClientCert, ClientKey: w.TLS.ClientKey, PKCS12: string(w.TLS.PKCS12), PKCS12Password: w.TLS.PKCS12Password}
	return o, nil
}

func orderError(err error) error {
	if known := (*core.FieldError)(nil); errors.As(err, &known) {
		return known
	}
	return &core.FieldError{Field: "url", Code: "url.invalid", Message: "this is not an address"}
}
