package core

// Exchange is one request and what became of it. It is plain data: it can be saved and replayed.
type Exchange struct {
	Why      string // "first", "answer", "token", "redirect", "probe"
	Request  *Request
	Response *Response // nil if there was a Failure
	Failure  *Failure
	TLS      *TLSReport // where the transport saw the handshake
	Millis   float64
}
