package core

// Challenge is one demand of a WWW-Authenticate header (RFC 9110, section 11.6.1).
// core/syntax reads and writes them.
type Challenge struct {
	Scheme   string // as written
	Token68  string // instead of parameters; usually empty
	Params   []Param
	Problems []string // what was wrong with the text, for a person
}

// Param is an auth-param, unquoted. Names match without regard to case.
type Param struct{ Name, Value string }
