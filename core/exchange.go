package core

// Exchange is one request and what became of it. It is plain data: it can be saved and replayed.
type Exchange struct {
	Why      string // "first", "answer", "token", "redirect", "probe"
	Request  *Request
	Response *Response // nil where none began; beside a Failure the part that came before it broke off
	Failure  *Failure
	TLS      *TLSReport // where the transport saw the handshake
	Millis   float64
	Notes    []Note // what a person should know of this exchange, beside those of the request
	Steps    []Step // how its answer was checked, such as for the server's own proof
}
