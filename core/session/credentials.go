package session

import (
	"authpad/core"
	"authpad/core/syntax"
)

// Credentials in the URL (RFC 3986, section 3.2.1) are lifted out: fetch refuses such a URL, and
// puts the password into the message of its refusal. They become HTTP Basic, as in a browser's
// address bar and in aiohttp.

var userinfoRef = core.Ref{Doc: "RFC 3986", Section: "3.2.1"}

// credentials are user name and password as the URL has them, percent-encoded.
type credentials struct{ username, password string }

func (c credentials) found() bool { return c != credentials{} }

func liftCredentials(address *core.URL) credentials {
	lifted := credentials{address.Username, address.Password}
	address.Username, address.Password = "", ""
	return lifted
}

// chosen is the scheme that signs and what it is given.
type chosen struct {
	scheme string
	values core.Values
	lifted bool // the values come from the URL
}

// choose settles who signs. Credentials in the URL beside others are refused, as in aiohttp: it
// would not be plain which ones are sent.
func choose(scheme string, typed core.Values, fromURL credentials, tr *core.Trace) (chosen, error) {
	if scheme == "" {
		scheme = "none"
	}
	if !fromURL.found() {
		return chosen{scheme: scheme, values: typed}, nil
	}
	if scheme != "none" && (scheme != "basic" || typed["username"] != "" || typed["password"] != "") {
		return chosen{}, &core.FieldError{Field: "url", Code: "url.credentials", Ref: userinfoRef,
			Message: "the address has credentials in front of the host, and others are chosen below; remove one of the two"}
	}
	tr.Note(core.Note{Code: "url.credentials-lifted", Severity: core.Info, Field: "url", Ref: userinfoRef,
		Message: "the credentials in the address are sent as HTTP Basic; the address itself goes out without them",
		Fix:     "move them to the fields of HTTP Basic, so that they do not end up in histories and logs"})
	values := core.Values{"username": fromURL.decode("username", fromURL.username, false, tr),
		"password": fromURL.decode("password", fromURL.password, true, tr)}
	if charset, given := typed["charset"]; given {
		values["charset"] = charset
	}
	return chosen{scheme: "basic", values: values, lifted: true}, nil
}

func (credentials) decode(field, encoded string, secret bool, tr *core.Trace) string {
	title := "Decode the user name in the address"
	if secret {
		title = "Decode the password in the address"
	}
	return tr.Add(core.Step{ID: "url-" + field, Title: title, Op: "percent-decode", Secret: secret,
		Why: "An address writes characters such as “@” as %40; the server compares the text behind them.",
		In:  []core.Part{{Name: "address", Value: encoded, From: "request:url", Secret: secret}},
		Out: syntax.PercentDecode(encoded), Ref: core.Ref{Doc: "RFC 3986", Section: "2.1"}})
}

// pointToURL makes what refers to the fields of Basic refer to the address: with the scheme “none”
// there are no such fields to go to.
func pointToURL(tr *core.Trace) {
	for i := range tr.Steps {
		for k := range tr.Steps[i].In {
			switch part := &tr.Steps[i].In[k]; part.From {
			case "field:username", "field:password":
				part.From = "step:url-" + part.From[len("field:"):]
			}
		}
	}
	for i := range tr.Notes {
		tr.Notes[i].Field = fieldInURL(tr.Notes[i].Field)
	}
}

func fieldInURL(field string) string {
	if field == "username" || field == "password" {
		return "url"
	}
	return field
}
