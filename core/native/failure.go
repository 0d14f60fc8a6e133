package native

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"authpad/core"
)

// failure turns an error into words. during says what was going on: "connecting". Texts of net and
// net/http are not passed on: they repeat addresses and header values.
func (h *hop) failure(ctx context.Context, during string, err error) *core.Failure {
	var known *core.Failure
	if errors.As(err, &known) {
		return known
	}
	if ended := ctx.Err(); ended != nil {
		return h.ended(ended, during)
	}
	err = h.cause(err)
	if f := h.tlsFailure(err); f != nil {
		return f
	}
	if f := h.networkFailure(during, err); f != nil {
		return f
	}
	return h.protocolFailure(err)
}

// cause is what ended the connection, where net/http only says that it ended: HTTP/2 reports no more
// than "could not be established" if a refusal overtakes its first frame. A tls.Conn keeps the error
// it met; the deadline is for one that met none.
func (h *hop) cause(err error) error {
	if h.handshake == nil || h.conn == nil || h.body != nil || remoteAlert(err) != "" {
		return err
	}
	h.conn.SetReadDeadline(time.Unix(1, 0))
	_, met := h.conn.Read(make([]byte, 1))
	if met == nil || errors.Is(met, os.ErrDeadlineExceeded) {
		return err
	}
	return met
}

func (h *hop) ended(cause error, during string) *core.Failure {
	if errors.Is(cause, context.DeadlineExceeded) {
		return h.because("timeout", "the time allowed ran out while "+during+" ("+h.place()+")")
	}
	return h.because("cancelled", "cancelled while "+during)
}

// because is a Failure with the handshake's report, where there was one.
func (h *hop) because(code, message string) *core.Failure {
	f := &core.Failure{Code: code, Message: message}
	if h.handshake != nil {
		f.TLS = h.handshake.report
	}
	return f
}

// place is where the connection goes.
func (h *hop) place() string {
	if h.proxy != nil {
		return h.proxy.address
	}
	return dialAddress(h.req.URL)
}

// name is the one that was looked up.
func (h *hop) name() string {
	name, _, _ := net.SplitHostPort(h.place())
	return name
}

func (h *hop) networkFailure(during string, err error) *core.Failure {
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return h.because("dns", "no address is known for the name "+h.name()+": check its spelling")
	case errors.As(err, &name):
		return h.because("dns", "the address of "+h.name()+" could not be looked up: check that this machine is online")
	case errors.Is(err, syscall.ECONNREFUSED):
		return h.because("refused", "nothing listens at "+h.place()+": check the port, and that the server runs")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return h.because("unreachable", "there is no way to "+h.place()+" from here: check the network, or the VPN it needs")
	case errors.Is(err, syscall.ETIMEDOUT):
		return h.because("timeout", h.place()+" did not answer while "+during)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return h.because("reset", h.place()+" broke the connection off (reset) while "+during)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		strings.Contains(err.Error(), "server closed idle connection"):
		return h.because("closed", h.place()+" closed the connection while "+during)
	}
	return nil
}

// protocolFailure is what is left: the server's bytes are not HTTP, or not HTTP that net/http takes.
func (h *hop) protocolFailure(err error) *core.Failure {
	text := err.Error()
	if h.wire != nil && strings.HasPrefix(h.wire.beginning(), "\x15\x03") {
		return h.because("protocol.tls", h.place()+" answers in TLS: use https")
	}
	switch {
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "response header list larger"):
		return h.because("protocol.header-too-large", "the head of the answer is larger than "+strconv.Itoa(maxHead>>20)+" MiB")
	case strings.Contains(text, "malformed"):
		return h.because("protocol", h.place()+" did not answer in HTTP")
	case strings.Contains(text, "invalid header field"), strings.Contains(text, "invalid method"), strings.Contains(text, "request header"):
		return h.because("request.header", "the method or a header line cannot be sent over HTTP: check it for blanks and control characters")
	}
	return h.because("protocol", h.place()+" and authpad did not understand each other’s HTTP")
}

// tlsFailure explains what went wrong in TLS itself; nil where TLS was not the reason.
func (h *hop) tlsFailure(err error) *core.Failure {
	if h.handshake == nil {
		return nil
	}
	var record tls.RecordHeaderError
	alert := remoteAlert(err)
	if f := h.clientCertificateFailure(alert, err); f != nil {
		return f
	}
	switch {
	case errors.As(err, &record):
		return h.because("tls.not-tls", h.place()+" does not speak TLS: "+notTLS(record.RecordHeader))
	case alert == "protocol version not supported", strings.Contains(err.Error(), "unsupported protocol version"):
		return h.because("tls.version", "the server offers no TLS version later than 1.1, which is no longer safe: it needs TLS 1.2 or 1.3")
	case alert == "unrecognized name":
		return h.because("tls.wrong-name", "the server knows no certificate for the name "+h.handshake.host+": check the name")
	case alert == "handshake failure", alert == "insufficient security level":
		return h.because("tls.handshake", "the server found no cipher suite, curve or signature in common")
	case alert != "":
		return h.because("tls.alert", "the server ended the TLS connection: "+alert)
	case strings.Contains(err.Error(), "tls: "):
		_, what, _ := strings.Cut(err.Error(), "tls: ")
		return h.because("tls.handshake", "the TLS handshake failed: "+what)
	}
	return nil
}

func notTLS(start [5]byte) string {
	if string(start[:]) == "HTTP/" {
		return "it answers in plain HTTP; use http, or the server’s TLS port"
	}
	return "check the port"
}

// clientCertificateAlerts are the ways in which servers say that a client certificate is missing or
// not the right one: RFC 8446, section 6.2, and what TLS 1.2 servers use for lack of a better one.
var clientCertificateAlerts = []string{"certificate required", "bad certificate", "unsupported certificate", "revoked certificate",
	"expired certificate", "unknown certificate", "unknown certificate authority", "access denied", "handshake failure", "error decrypting message"}

// clientCertificateFailure: since TLS 1.3 the refusal comes after the client's handshake is done, and
// may be overtaken by the end of the connection.
func (h *hop) clientCertificateFailure(alert string, err error) *core.Failure {
	answered := h.body != nil
	broke := alert == "" && h.networkFailure("", err) != nil
	if h.handshake.asked == nil || answered || !broke && !slices.Contains(clientCertificateAlerts, alert) {
		return nil
	}
	said := alert
	if broke {
		said = "it closed the connection"
	}
	var f *core.Failure
	if h.trust.client == nil {
		f = h.because("tls.client-certificate-required", "the server asked for a client certificate, got none, and ended the connection ("+said+
			"): give a certificate and its key"+acceptable(h.handshake.asked))
	} else {
		f = h.because("tls.client-certificate-refused", "the server asked for a client certificate and ended the connection after seeing the one for "+
			subject(h.trust.client.Leaf)+", issued by "+nameOf(h.trust.client.Leaf.Issuer.String())+" ("+said+")"+acceptable(h.handshake.asked))
	}
	if f.TLS != nil {
		f.TLS.Check = "client-certificate"
	}
	return f
}

// remoteAlert is the alert a server sent, as crypto/tls words it: its type is not exported.
func remoteAlert(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return ""
	}
	return strings.TrimPrefix(op.Err.Error(), "tls: ")
}
