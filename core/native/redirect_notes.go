package native

import (
	"slices"
	"strings"

	"authpad/core"
)

// What a redirect makes of credentials differs from client to client. As seen in aiohttp 3.14.5 (client.py), in
// curl 7.88.1 and 8 (lib/http.c: it compares with the first origin, not with the last), and in fetch
// (https://fetch.spec.whatwg.org/#http-redirect-fetch, step 13).

var redirectRef = core.Ref{Doc: "Fetch Standard", Section: "HTTP-redirect fetch", URL: "https://fetch.spec.whatwg.org/#http-redirect-fetch"}

// redirectNotes says what from → to did to what the person typed into first, and what others would have done.
func redirectNotes(first, from, to *core.Request) (notes []core.Note) {
	note := func(severity core.Severity, code, message, fix string) {
		notes = append(notes, core.Note{Code: "redirect." + code, Severity: severity, Field: "headers", Ref: redirectRef, Message: message, Fix: fix})
	}
	target := to.URL.Origin()
	if from.Method != to.Method {
		note(core.Info, "method", from.Method+" became "+to.Method+" without a body, as in browsers, aiohttp and curl -d; curl -X "+from.Method+" would repeat the method without the body, and aiohttp would keep Content-Type", "")
	}
	if from.URL.Origin() == target {
		return notes
	}
	dropped := credentialLines(from)
	switch {
	case len(dropped) > 0:
		note(core.Info, "credentials-dropped", strings.Join(dropped, ", ")+" did not go on to "+target+", which is another origin. aiohttp drops Authorization, Cookie and Proxy-Authorization there, "+
			"curl Authorization and Cookie (unless --location-trusted); a browser drops Authorization, and has cookies of its own",
			"if "+target+" is to have them, send to it itself")
	case target == first.URL.Origin() && len(credentialLines(first)) > 0:
		note(core.Info, "credentials-back", "this leads back to where it began, but what was dropped on the way stays away, as in browsers and aiohttp; curl would send "+
			strings.Join(credentialLines(first), ", ")+" again", "")
	}
	if from.Header.Has("Host") {
		note(core.Info, "host-dropped", "the Host line that was typed did not go on to "+target+"; curl keeps it while the name in the address is the same, aiohttp everywhere, and a page cannot type one", "")
	}
	if kept := secretLines(to); len(kept) > 0 {
		note(core.Warn, "key-kept", strings.Join(kept, ", ")+" went on to "+target+", another origin: browsers, aiohttp and curl do the same, since only Authorization and Cookie are known to be secrets",
			"if that is a secret, set redirect to “manual” and look where it leads first")
	}
	return notes
}

// credentialLines are the names of the lines that do not leave an origin; Host is no secret.
func credentialLines(req *core.Request) (names []string) {
	for _, name := range originHeaders {
		if name != "Host" && req.Header.Has(name) {
			names = append(names, name)
		}
	}
	return names
}

// secretLines are the names of lines that look like credentials of a server's own kind.
func secretLines(req *core.Request) (names []string) {
	for _, f := range req.Header {
		name := strings.ToLower(f.Name)
		if name == "dpop" || slices.ContainsFunc([]string{"api-key", "apikey", "token", "secret", "auth", "signature", "passw", "session"},
			func(part string) bool { return strings.Contains(name, part) }) {
			names = append(names, f.Name)
		}
	}
	return names
}
