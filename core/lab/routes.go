package lab

import "authpad/core"

// route is one line of the table. Its pattern has at most one <name>, which the answer is given.
type route struct {
	pattern, query string
	about          string // one sentence, for the index
	answer         func(l *Lab, arg string, req *core.Request) *Response
}

// routes is the whole lab. It is built by a function because the index, one of its lines, lists it.
var routes = table()

func table() []route {
	return []route{
		{"", "", "This list.", (*Lab).index},
		{"echo", "", "The request as it was received: method, URL, headers and body.", (*Lab).echo},
	}
}
