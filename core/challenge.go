package core

import "strings"

// Challenge is one demand of a WWW-Authenticate header (RFC 9110, section 11.6.1).
// core/syntax reads and writes them.
type Challenge struct {
	Scheme   string // as written
	Token68  string // instead of parameters; usually empty
	Params   []Param
	Problems []string // what was wrong with the text, for a person
}

// Param returns the first value of the parameter, and whether there is one.
func (c Challenge) Param(name string) (value string, found bool) {
	for _, p := range c.Params {
		if strings.EqualFold(p.Name, name) {
			return p.Value, true
		}
	}
	return "", false
}

// Param is an auth-param, unquoted. Names match without regard to case.
type Param struct{ Name, Value string }
