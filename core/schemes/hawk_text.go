package schemes

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Hawk's texts: what the fields may hold, and how its header lines are read.

// hawkLimit is how many characters of a header line or address Hawk's servers read.
const hawkLimit = 4096

// isHawkValue is attributeRegex of Hawk's lib/utils.js: printable ASCII without quote and backslash.
func isHawkValue(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' })
}

// checkHawk refuses what Hawk's servers would. A bewit is base64, and holds more than a header line.
func checkHawk(v core.Values) error {
	if v["in"] == inBewit {
		for _, id := range []string{"id", "ext"} {
			if _, ok := encodeCharset(v[id], latin1Charset); !ok || strings.Contains(v[id], `\`) {
				return &core.FieldError{Field: id, Code: "hawk.bewit-text", Ref: hawkBewitRef,
					Message: "a backslash ends a part of a bewit, and a character above U+00FF does not fit into one; remove it"}
			}
		}
		return nil
	}
	for _, id := range []string{"id", "ext", "app", "dlg"} {
		if v[id] != "" && !isHawkValue(v[id]) {
			return &core.FieldError{Field: id, Code: "hawk.value", Ref: hawkExampleRef,
				Message: "Hawk’s servers refuse quotes, backslashes, line breaks and characters outside ASCII here; encode them, for example in base64"}
		}
	}
	if v["dlg"] != "" && v["app"] == "" {
		return &core.FieldError{Field: "dlg", Code: "hawk.dlg", Ref: hawkExampleRef,
			Message: "“delegated by” is signed only beside an application ID; fill that in, too, or leave both empty"}
	}
	return nil
}

// readHawk is parseAuthorizationHeader of Hawk's lib/utils.js: name="value" with commas between, each name
// once, and only those that are known. problem is empty where the line can be read.
func readHawk(line string, known ...string) (params core.Challenge, code, problem string) {
	rest, ok := cutScheme(line, "Hawk")
	rest = strings.Trim(rest, " \t")
	if !ok || rest == "" {
		return params, "format", "there is nothing behind the word Hawk"
	}
	for rest != "" {
		name, behind, quoted := strings.Cut(rest, `="`)
		value, next, closed := strings.Cut(behind, `"`)
		next = strings.TrimLeft(next, " \t")
		after, comma := strings.CutPrefix(next, ",")
		switch {
		case !quoted || !closed || next != "" && !comma || strings.Contains(value, `\`) || !syntax.IsToken(name):
			return params, "format", "it is not made of name=\"value\" with commas between them; quotes are needed, backslashes are not allowed"
		case !slices.Contains(known, name):
			return params, "unknown-attribute", "it has an attribute that Hawk does not know: " + visible(name)
		case !isHawkValue(value):
			return params, "value", "the value of " + name + " is empty or has characters outside printable ASCII"
		}
		if _, twice := params.Param(name); twice {
			return params, "duplicate", name + " is there twice"
		}
		params.Params = append(params.Params, core.Param{Name: name, Value: value})
		rest = strings.TrimLeft(after, " \t")
	}
	return params, "", ""
}

// noteHawk says what a person may not have meant.
func noteHawk(v core.Values, req *core.Request, tr *core.Trace) {
	note := func(code string, severity core.Severity, field, message, fix, anchor string) {
		tr.Note(core.Note{Code: "hawk." + code, Severity: severity, Field: field, Message: message, Fix: fix, Ref: hawkRef(anchor)})
	}
	if v["id"] == "" {
		note("empty-id", core.Warn, "id", "the key ID is empty: servers refuse such a request", "", "protocol-example")
	}
	switch key := v["key"]; {
	case key == "":
		note("empty-key", core.Warn, "key", "the key is empty: anyone can make such a signature, and servers refuse it", "", "protocol-example")
	case key != strings.TrimSpace(key):
		note("space", core.Warn, "key", "the key begins or ends with a space or line break, which counts", "remove it, unless it belongs there", "protocol-example")
	}
	if v["algorithm"] == "sha1" {
		note("sha-1", core.Info, "algorithm", "SHA-1 is not broken as part of an HMAC, but new keys should go without it", "", "security-considerations")
	}
	if v["in"] == inBewit {
		note("bewit", core.Warn, "in", "whoever sees this address may open it until it expires, and addresses end up in logs and histories", "keep the time short", "bewit-limitations")
		if req.URL.Scheme == "http" && !req.URL.Loopback() {
			note("plain-http", core.Warn, "url", "http is not encrypted: anyone on the way can read the link and open it, too", "use https", "bewit-limitations")
		}
		return
	}
	if req.BodySize() > 0 && v["payloadHash"] != "true" {
		note("body-not-covered", core.Warn, "payloadHash", "the body is not signed: it can be changed on the way", "sign the body, if the server knows how to check it", "payload-validation")
	}
}

func noteHawkLimit(what, field string, tr *core.Trace) {
	tr.Note(core.Note{Code: "hawk.long", Severity: core.Warn, Field: field, Ref: hawkRef("security-considerations"),
		Message: "the " + what + " is longer than the 4096 characters that Hawk’s own server reads"})
}
