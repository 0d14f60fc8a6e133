package core

// Response is what came back. A browser may have hidden part of it.
type Response struct {
	Status     int
	StatusText string
	URL        string // after redirects, without the fragment
	Header     Header
	Hidden     bool       // CORS hid header lines from the page
	Body       []byte     // the part that was kept for reading; at most Limits.Body bytes
	BodySize   int64      // bytes received in all
	Trailer    Header     // lines behind the body (RFC 9110, section 6.5); a browser hides them
	Protocol   string     // "HTTP/1.1", "HTTP/1.0", "h2"; empty: a browser does not say
	TLS        *TLSReport // of the last hop's handshake; nil in a browser and over plain http
	Notes      []Note     // what the transport knows of it, such as what a redirect made of the credentials
}
