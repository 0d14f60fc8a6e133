package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// A .netrc file: the entry of the URL's host, chosen as curl does, is sent as HTTP Basic. Its grammar is
// in core/syntax.
var netrc = core.Scheme{
	ID: "netrc", Name: "netrc file",
	Summary: "Looks the user name and the password of the host up in a .netrc file, and sends them as HTTP Basic.",
	Refs:    []core.Ref{netrcRef, rfc("RFC 7617", "")},
	Fields: []core.Field{
		{ID: "netrc", Label: "File", Kind: core.MultilineField, Secret: true,
			Placeholder: "machine api.example.com\n  login octocat\n  password \"correct horse\"",
			Help:        "What is in ~/.netrc (on Windows: _netrc). The entry of the address’s host is taken, or “default”; a value with a space stands in double quotes."},
		{ID: "login", Label: "Login", Kind: core.TextField, Advanced: true, Placeholder: "octocat",
			Help: "Which entry to take where the host has more than one, as a user name in curl’s URL does. Empty: the first one."},
	},
	Answers: []string{"basic"},
	Sign:    signNetrc, Verify: verifyNetrc, Challenge: challengeBasic,
	Example: core.Example{ // “default”, since the lab runs on any host
		Values: core.Values{"netrc": "machine api.example.com\n  login octocat\n  password \"correct horse\"\n\ndefault login Aladdin password opensesame"},
		Wrong:  core.Values{"netrc": "machine api.example.com\n  login octocat\n  password \"correct horse\"\n\ndefault login Aladdin password closesesame"},
		Step:   "password",
	},
}

var netrcRef = core.Ref{Doc: "Everything curl", Section: ".netrc", URL: "https://everything.curl.dev/usingcurl/netrc.html"}

func curlTest(number string) core.Ref {
	return core.Ref{Doc: "curl, test " + number, URL: "https://github.com/curl/curl/blob/master/tests/data/test" + number}
}

func signNetrc(in core.Input, req *core.Request, tr *core.Trace) error {
	entry, err := netrcEntry(in.Values, req)
	if err != nil {
		return err
	}
	noteNetrc(in.Values, entry, req, tr)
	return setAuthorization(req, netrcSteps(in.Values, entry, req, tr, func(v core.Values, from basicOrigin) string {
		return basicSteps(v, from, tr)
	}))
}

func verifyNetrc(in core.Input, req *core.Request, tr *core.Trace) error {
	entry, err := netrcEntry(in.Values, req)
	if err != nil {
		return err
	}
	return netrcSteps(in.Values, entry, req, tr, func(v core.Values, from basicOrigin) error {
		return judgeBasic(v, from, req, tr)
	})
}

// netrcEntry is the entry that curl takes, if Basic can carry it.
func netrcEntry(v core.Values, req *core.Request) (syntax.NetrcEntry, error) {
	wrong := func(field, code, message string) error {
		return &core.FieldError{Field: field, Code: "netrc." + code, Message: message, Ref: netrcRef}
	}
	if strings.TrimSpace(v["netrc"]) == "" {
		return syntax.NetrcEntry{}, wrong("netrc", "empty", "there is no file; paste what is in your .netrc, such as “machine "+netrcHost(req)+" login … password …”")
	}
	entry, found, problem := syntax.ChooseNetrc(v["netrc"], netrcHost(req), v["login"])
	switch {
	case problem != nil:
		return entry, wrong("netrc", "syntax", "line "+strconv.Itoa(problem.Line)+": "+problem.Text)
	case !found && v["login"] != "":
		return entry, wrong("login", "no-login", "the file has no entry of this login for "+netrcHost(req)+", and none that goes without a login; curl sends nothing then")
	case !found:
		return entry, wrong("netrc", "no-entry", "the file has no entry for "+netrcHost(req)+" with a login and a password, and none called “default”; curl sends nothing then")
	}
	if field, message := uncarried(entry, v); message != "" {
		return entry, wrong(field, "not-sendable", message)
	}
	return entry, nil
}

// uncarried says what Basic refuses, at the field it comes from. Line breaks are not refused here: curl
// sends them, and its tests hold that.
func uncarried(entry syntax.NetrcEntry, v core.Values) (field, message string) {
	if field = "netrc"; v["login"] != "" {
		field = "login"
	}
	if strings.Contains(entry.Login, ":") {
		return field, "the login of line " + strconv.Itoa(entry.Line) + " contains a colon: the server would take what follows for the password"
	}
	for _, text := range []string{entry.Login, entry.Password} {
		if _, ok := encodeCharset(text, utf8Charset); !ok {
			return "netrc", "the entry of line " + strconv.Itoa(entry.Line) + " is not UTF-8; paste the file again"
		}
	}
	return "", ""
}

// netrcHost is the host as a file names it: an IPv6 address has no brackets there.
func netrcHost(req *core.Request) string { return strings.Trim(req.URL.Host, "[]") }

// netrcSteps looks the entry up; asBasic does the rest.
func netrcSteps[T any](v core.Values, entry syntax.NetrcEntry, req *core.Request, tr *core.Trace, asBasic func(core.Values, basicOrigin) T) T {
	host := tr.Add(core.Step{ID: "host", Title: "Take the host of the address", Op: "copy", Ref: netrcRef,
		Why: "Entries are kept by host alone: port and path do not count.",
		In:  []core.Part{{Name: "host", Value: req.URL.Host, From: "request:url"}}, Out: netrcHost(req)})
	chosen := "default"
	if entry.Machine != "" {
		chosen = "machine " + entry.Machine
	}
	in := []core.Part{{Name: "file", Value: v["netrc"], From: "field:netrc", Secret: true}, {Name: "host", Value: host, From: "step:host"}}
	from := basicOrigin{username: "netrc", password: "netrc", hidden: true}
	if v["login"] != "" {
		in = append(in, core.Part{Name: "login", Value: v["login"], From: "field:login"})
		from.username, from.hidden = "login", false
	}
	tr.Add(core.Step{ID: "entry", Title: "Choose the entry of this host", Op: "look up", Ref: netrcRef, In: in,
		Why: "The first complete entry of the host counts, or of “default”, whichever comes first; a second one is never tried.",
		Out: "line " + strconv.Itoa(entry.Line) + ": " + chosen})
	return asBasic(core.Values{"username": entry.Login, "password": entry.Password, "charset": utf8Charset}, from)
}
