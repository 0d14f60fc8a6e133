package lab

import (
	"strings"

	"authpad/core"
)

// route is one line of the table. Its pattern has at most one <name>, whose text the answer is given.
type route struct {
	pattern, query string
	about          string // one sentence, for the index
	answer         func(l *Lab, arg string, req *core.Request) *Response
}

// table is the whole lab. A function, because one of its lines, the index, lists them all.
func table() []route {
	return []route{
		{"", "", "This list.", (*Lab).index},
		{"echo", "", "The request as it was received: method, URL, headers and body. Over HTTP/1.1 the header lines keep their order and spelling; in a page a browser hands them over sorted and in lower case.", (*Lab).echo},
		{"auth/<scheme>", "", "Checks credentials: 200 with the account, or 401 with the first step that differs and what to change.", (*Lab).auth},
		{"auth/<scheme>/account", "", "The account that auth/<scheme> accepts, secrets included: they are published examples.", (*Lab).account},
		{"status/<code>", "", "An answer with this status, 200 to 599.", (*Lab).status},
		{"redirect", "?to=&code=302&n=1", "A redirect to the URL “to”, with the code 301, 302, 303, 307 or 308, after n hops over itself.", (*Lab).redirect},
		{"delay/<ms>", "", "An answer after this many milliseconds, at most 60000.", (*Lab).delay},
		{"bytes/<n>", "?type=", "n pseudo-random bytes, the same each time, with their length declared; at most 10 GiB.", (*Lab).bytes},
		{"stream/<n>", "?type=", "n bytes of numbered text lines, without a declared length; at most 10 GiB.", (*Lab).stream},
		{"json/<n>", "", "A JSON array of text, n bytes long; at most 10 GiB.", (*Lab).json},
		{"say", "?type=&text=", "The given text, or the body of the request, as a body of the given media type.", (*Lab).say},
	}
}

// match compares segment by segment; arg is what stands where the pattern has its <name>.
func (r route) match(path string) (arg string, found bool) {
	pattern, segments := strings.Split(r.pattern, "/"), strings.Split(path, "/")
	if len(pattern) != len(segments) {
		return "", false
	}
	for i, want := range pattern {
		switch {
		case strings.HasPrefix(want, "<") && segments[i] != "":
			arg = segments[i]
		case want != segments[i]:
			return "", false
		}
	}
	return arg, true
}
