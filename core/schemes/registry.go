// Package schemes holds one file per way to authenticate. A scheme is a literal of data and
// functions that reads like its RFC; registry.go is the only list of them. What every scheme must
// keep to is in conformance_test.go, which needs no edit for a new one.
package schemes

import (
	"strings"

	"authpad/core"
)

// all is in the order of the page's menu.
var all = []*core.Scheme{
	&none,
	&basic,
	&bearer,
	&apikey,
	&digest,
	&wsse,
	&jwt,
	&oauth1,
	&sigv4,
	&sigv4a,
	&hawk,
	&edgegrid,
	&asap,
	&httpsig,
	&dpop,
	&hmacScheme,
	&netrc,
}

// All returns every scheme in the order of the menu. The slice is the caller's.
func All() []*core.Scheme { return append([]*core.Scheme(nil), all...) }

// ByID returns the scheme of this permanent ID.
func ByID(id string) (*core.Scheme, bool) {
	for _, s := range all {
		if s.ID == id {
			return s, true
		}
	}
	return nil, false
}

// Answering returns the schemes that can answer a challenge of this name, as a server writes it.
func Answering(challenge string) []*core.Scheme {
	var able []*core.Scheme
	for _, s := range all {
		if Answers(s, challenge) {
			able = append(able, s)
		}
	}
	return able
}

// Answers reports whether s can answer a challenge of this name, in any case.
func Answers(s *core.Scheme, challenge string) bool {
	for _, name := range s.Answers {
		if strings.EqualFold(name, challenge) {
			return true
		}
	}
	return false
}

func rfc(doc, section string) core.Ref { return core.Ref{Doc: doc, Section: section} }
