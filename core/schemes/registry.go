// Package schemes holds one file per way to authenticate. A scheme is a literal of data and
// functions that reads like its RFC; registry.go is the only list of them. What every scheme must
// keep to is in conformance_test.go, which needs no edit for a new one.
package schemes

import "authpad/core"

// all is in the order of the page's menu.
var all = []*core.Scheme{
	&none,
	&basic,
	&bearer,
	&apikey,
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

func rfc(number, section string) core.Ref { return core.Ref{Doc: "RFC " + number, Section: section} }
