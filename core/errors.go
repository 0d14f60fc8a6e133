package core

// Three kinds of errors are expected: FieldError (the form), Rejection (the server side) and
// Failure (the network). Anything else that comes out of the core is a bug. Messages are lower
// case, without a full stop, and never hold a secret; codes are permanent.

// FieldError says that one input cannot be used.
type FieldError struct {
	Field   string // a field ID, or "url", "method", "headers", "headers.3", "body", "now", "scheme"
	Code    string // "basic.colon"
	Message string
	Ref     Ref
}

func (e *FieldError) Error() string { return e.Code + ": " + e.Message }

// Rejection says why a server refuses a request, and at which step the two sides part.
type Rejection struct {
	Code    string // "basic.wrong-password"
	Step    string // the first differing step; empty where there was nothing to compare
	Want    string // empty where the step is secret: the trace has it, masked
	Got     string // likewise
	Message string
	Ref     Ref
}

func (e *Rejection) Error() string { return e.Code + ": " + e.Message }

// Failure says why no response came, or only the beginning of one.
type Failure struct {
	Code    string // "network", "cancelled", "timeout", "tls.expired"
	Message string
	TLS     *TLSReport // where a certificate was the reason
}

func (e *Failure) Error() string { return e.Code + ": " + e.Message }
