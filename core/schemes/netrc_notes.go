package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// What a person may not have meant with a .netrc file, and what other programs make of it.

func noteNetrc(v core.Values, entry syntax.NetrcEntry, req *core.Request, tr *core.Trace) {
	var asBasic core.Trace
	noteBasic(core.Values{"username": entry.Login, "password": entry.Password, "charset": utf8Charset}, req, &asBasic)
	for _, n := range asBasic.Notes {
		if n.Field == "username" || n.Field == "password" {
			n.Field = "netrc"
		}
		tr.Note(n)
	}
	note := func(code string, severity core.Severity, message, fix string, ref core.Ref) {
		tr.Note(core.Note{Code: "netrc." + code, Severity: severity, Field: "netrc", Message: message, Fix: fix, Ref: ref})
	}
	if strings.ContainsFunc(entry.Login+entry.Password, isControl) {
		note("control", core.Warn, "the entry has a line break or another control character, which HTTP Basic does not allow; curl sends it all the same",
			"write “\\\\” for a backslash within quotes", rfc("RFC 7617", "2"))
	}
	if said := pythonDiffers(v["netrc"], netrcHost(req), entry); said != "" {
		note("python-differs", core.Info, "Python (aiohttp, requests) "+said, "", core.Ref{Doc: "Python, module netrc", URL: "https://docs.python.org/3/library/netrc.html"})
	}
	if said := goDiffers(v["netrc"], netrcHost(req), entry); said != "" {
		note("go-differs", core.Info, "the go command "+said, "", core.Ref{Doc: "Go, GOAUTH=netrc", URL: "https://pkg.go.dev/cmd/go#hdr-GOAUTH_environment_variable"})
	}
}

// pythonDiffers says where Python's module netrc would come to other credentials than curl's entry.
func pythonDiffers(file, host string, chosen syntax.NetrcEntry) string {
	hosts, _, problem := syntax.ReadPythonNetrc(file)
	if problem != nil {
		return "cannot read this file: line " + strconv.Itoa(problem.Line) + ": " + problem.Text
	}
	theirs, found := syntax.NetrcEntry{}, false
	for _, e := range hosts { // each name is there once
		if e.Machine == host || (e.Machine == "" || e.Machine == "default") && !found {
			theirs, found = e, true
		}
	}
	return entryDiffers(theirs, found, chosen, "it goes by the host in lower case, prefers it to “default”, keeps the last of several entries and knows no login to look for")
}

func goDiffers(file, host string, chosen syntax.NetrcEntry) string {
	for _, e := range syntax.ReadGoNetrc(file) {
		if e.Machine == host {
			return entryDiffers(e, true, chosen, "it takes the first complete entry of the host, passes over “default”, and knows no quotes and no login to look for")
		}
	}
	return entryDiffers(syntax.NetrcEntry{}, false, chosen, "it wants a machine of this very name with login and password, and does not use “default”")
}

func entryDiffers(theirs syntax.NetrcEntry, found bool, chosen syntax.NetrcEntry, why string) string {
	switch {
	case !found:
		return "finds no entry for this host: " + why
	case theirs.Line != chosen.Line:
		return "takes the entry of line " + strconv.Itoa(theirs.Line) + " instead of line " + strconv.Itoa(chosen.Line) + ": " + why
	case theirs.Login != chosen.Login:
		return "reads another login from line " + strconv.Itoa(theirs.Line) + ": quotes, backslashes and repeated words mean something else to it"
	case theirs.Password != chosen.Password:
		return "reads another password from line " + strconv.Itoa(theirs.Line) + ": quotes, backslashes and repeated words mean something else to it"
	}
	return ""
}
