package core

// Transport sends one request as given. It adds no credentials and never retries.
type Transport interface {
	// Send returns a *Failure as its error; beside it the response that had begun where the answer broke off.
	Send(ctx Context, req *Request) (*Response, error)
	Limits() Limits
}

// Follower is a Transport that follows redirects in the open; a browser does so out of sight.
type Follower interface {
	// Follow is Send, but for what it tells: passed gets each request whose answer was a redirect that
	// is followed, with that answer; last is the request that response and error belong to.
	Follow(ctx Context, req *Request, passed func(*Request, *Response)) (last *Request, response *Response, err error)
}

// Saver is a Transport that may also save bodies as they come, whole.
type Saver interface {
	// Hold keeps the bodies of answers with these statuses from being saved, until it is called again.
	Hold(statuses ...int)
}

// Limits says what a transport can do.
type Limits struct {
	Browser bool  // fetchrules apply: headers are dropped, preflights are sent
	Body    int64 // bytes of a response body that Response.Body keeps at most
}

// Fetch are the options of a request, named as fetch names them. The zero value means the defaults
// given behind each: they send nothing the person did not ask for.
type Fetch struct {
	Origin      string // origin of the page; empty: none (a native client)
	Credentials string // "omit"
	Redirect    string // "follow"
	Mode        string // "cors"
	Cache       string // "no-store"
	TimeoutMs   int    // 0: none
	Gecko       bool   // the page is in Firefox
}

// TLS says how a server's certificate is checked. The zero value verifies with the system's roots.
type TLS struct {
	SkipVerify  bool   // take any certificate
	CA          string // PEM: trust these instead of the system's roots
	Fingerprint string // hex SHA-256 of the leaf certificate; replaces the chain check
	ClientCert  string // PEM
	ClientKey   string // PEM

	PKCS12         string // the bytes of a PKCS #12 file (.p12, .pfx; RFC 7292) with a client certificate and its key
	PKCS12Password string // of that file; may be empty
}

// Proxy is an HTTP proxy that requests go through (RFC 9110, section 3.7). The zero value is none: one
// from the environment is never used.
type Proxy struct {
	URL      string // "http://proxy.example:3128"; a user name and password in it count where the two below are empty
	Username string // for Proxy-Authorization: Basic (RFC 7617)
	Password string
}

// TLSReport is what a handshake showed, for a person to decide what to trust.
type TLSReport struct {
	ServerName  string // the name that was checked
	Check       string // which check failed: "chain", "name", "validity", "fingerprint", "client-certificate"; empty: none
	Chain       []Certificate
	Fingerprint string // SHA-256 of the leaf, lower-case hex: what one would pin
	Version     string // "TLS 1.3"
	CipherSuite string
	Notes       []Note // what a person should know even where the connection was used

	JSON string // the whole report as another core wrote it, to be passed on; all else is empty then
}

// Certificate is one link of a chain, leaf first.
type Certificate struct {
	Subject, Issuer     string
	Names               []string // DNS names and IP addresses it is for
	NotBefore, NotAfter string   // RFC 3339, in UTC
	Fingerprint         string   // SHA-256, lower-case hex
	SelfSigned          bool
	Key                 string // "RSA 2048", "ECDSA P-256", "Ed25519"
	PEM                 string // the certificate itself, as it would be given as CA
}
