package schemes

import (
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

var (
	openAPIRef = core.Ref{Doc: "OpenAPI 3.1.1", Section: "4.8.27",
		URL: "https://spec.openapis.org/oas/v3.1.1.html#security-scheme-object"}
	queryRef  = core.Ref{Doc: "URL Standard", Section: "5.1", URL: "https://url.spec.whatwg.org/#urlencoded-parsing"}
	cookieRef = rfc("RFC 6265", "4.2.1")
)

// API key: a secret under an agreed name, in a header, the query or a cookie. There is no RFC; the
// OpenAPI specification gave it its three places.
var apikey = core.Scheme{
	ID: "apikey", Name: "API key",
	Summary: "Sends a secret under an agreed name, in a header, the query or a cookie.",
	Refs:    []core.Ref{openAPIRef},
	Fields: []core.Field{
		{ID: "name", Label: "Name", Kind: core.TextField, Default: "X-API-Key",
			Help: "Of the header, the query parameter or the cookie, as the API’s documentation has it."},
		{ID: "value", Label: "Key", Kind: core.SecretField, Secret: true,
			Help: "As the service gave it to you."},
		{ID: "in", Label: "Where", Kind: core.ChoiceField, Default: inHeader,
			Help:    "The API’s documentation names one. A query ends up in logs, and browsers let no page write a Cookie line.",
			Options: []core.Option{{Value: inHeader, Label: "Header"}, {Value: inQuery, Label: "Query"}, {Value: inCookie, Label: "Cookie"}}},
	},
	Answers: []string{"apikey"}, // what some servers say, though no RFC does
	Sign:    signAPIKey, Verify: verifyAPIKey, Challenge: challengeAPIKey,
	Example: core.Example{
		Values: core.Values{"name": "X-API-Key", "value": "correct-horse-battery-staple", "in": inHeader},
		Wrong:  core.Values{"value": "correct-horse-battery-stable"},
		Step:   "value",
	},
}

const (
	inHeader = "header"
	inQuery  = "query"
	inCookie = "cookie"
)

func signAPIKey(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if err := checkAPIKey(v); err != nil {
		return err
	}
	if v["in"] == inHeader && req.Header.Has(v["name"]) {
		return &core.FieldError{Field: "headers", Code: "apikey.conflict", Ref: openAPIRef,
			Message: "the headers already have a line of the key’s name; remove it or choose the scheme “none”"}
	}
	noteAPIKey(v, req, tr)
	placeAPIKey(v, apiKeySteps(v, tr), req, tr)
	return nil
}

// apiKeySteps are the steps of both sides: what is sent, under which name, where.
func apiKeySteps(v core.Values, tr *core.Trace) string {
	place := tr.Add(core.Step{ID: "place", Title: "Choose where the key goes", Op: "choose", Ref: openAPIRef,
		Why: "The server looks in one place only; in another one the key counts as missing.",
		In:  []core.Part{{Name: "where", Value: v["in"], From: "field:in"}}, Out: v["in"]})
	tr.Add(core.Step{ID: "name", Title: "Take the name", Op: "copy", Ref: openAPIRef,
		Why: "The server looks for the key under this name, and under no other.",
		In:  []core.Part{{Name: "name", Value: v["name"], From: "field:name"}}, Out: v["name"]})
	value, op := v["value"], "copy"
	if place != inQuery { // a query carries every character
		value, op = trimmed("apikey", "value", "key", value, tr), "trim"
	}
	return tr.Add(core.Step{ID: "value", Title: "Take the key", Op: op, Ref: openAPIRef, Secret: true,
		Why: "It is the whole proof: nothing ties it to this request or to you.",
		In:  []core.Part{{Name: "key", Value: v["value"], From: "field:value", Secret: true}}, Out: value})
}

// placeAPIKey writes the key into the request.
func placeAPIKey(v core.Values, value string, req *core.Request, tr *core.Trace) {
	name := core.Part{Name: "name", Value: v["name"], From: "step:name"}
	key := core.Part{Name: "key", Value: value, From: "step:value", Secret: true}
	switch v["in"] {
	case inQuery:
		req.URL.Query = queryAPIKey(name, key, req.URL.Query, tr)
	case inCookie:
		req.Header.Set("Cookie", cookieAPIKey(name, key, strings.Join(req.Header.Values("Cookie"), "; "), tr))
	default:
		req.Header.Add(v["name"], tr.Add(core.Step{ID: "line", Title: "Write the header line", Op: "header", Secret: true,
			Why: "A header does not end up in logs and histories, as an address does.",
			In:  []core.Part{name, key}, Out: value, Ref: rfc("RFC 9110", "5")}))
	}
}

// queryAPIKey encodes once, with a set that the URL parser leaves alone; other parameters may be
// part of a signature or read byte for byte, so they stay.
func queryAPIKey(name, key core.Part, query string, tr *core.Trace) string {
	encoded := tr.Add(core.Step{ID: "encoded", Title: "Percent-encode the key", Op: "percent-encode", Ref: rfc("RFC 3986", "2.3"), Secret: true,
		Why: "“&”, “+”, “#” and others would end the value or change it; encoding twice would, too.",
		In:  []core.Part{key}, Out: syntax.PercentEncode(key.Value, syntax.Unreserved)})
	return tr.Add(core.Step{ID: "query", Title: "Put the parameter into the query", Op: "set", Ref: queryRef, Secret: true,
		Why: "Of two parameters with one name servers take the first, the last or both; one remains.",
		In: []core.Part{{Name: "query", Value: query, From: "request:url", Secret: true}, name,
			{Name: "encoded key", Value: encoded, From: "step:encoded", Secret: true}},
		Out: syntax.SetParameter(query, name.Value, syntax.PercentEncode(name.Value, syntax.Unreserved)+"="+encoded)})
}

// cookieAPIKey puts the cookie behind the others: a request has one Cookie line (RFC 6265, section 5.4).
func cookieAPIKey(name, key core.Part, cookies string, tr *core.Trace) string {
	kept := withoutCookie(cookies, name.Value)
	return tr.Add(core.Step{ID: "cookie", Title: "Put the cookie behind the others", Op: "join", Ref: cookieRef, Secret: true,
		Why: "A request has one Cookie line; of two cookies with one name servers see only one.",
		In:  []core.Part{{Name: "cookies", Value: cookies, From: "request:headers", Secret: true}, name, key},
		Out: strings.Join(append(kept, name.Value+"="+key.Value), "; ")})
}

func verifyAPIKey(in core.Input, req *core.Request, tr *core.Trace) error {
	v := in.Values
	if err := checkAPIKey(v); err != nil {
		return err
	}
	expected := apiKeySteps(v, tr)
	switch found := findAPIKey(v["in"], v["name"], req); {
	case len(found) == 0:
		return missingAPIKey(v, req)
	case len(found) > 1:
		return &core.Rejection{Code: "apikey.repeated", Step: "value", Ref: openAPIRef,
			Message: "the request has the key more than once; it is not plain which one counts"}
	case !sameSecret(found[0], expected):
		return &core.Rejection{Code: "apikey.wrong-key", Step: "value", Ref: openAPIRef,
			Message: "the key is not the one this server knows"}
	}
	return nil
}

func missingAPIKey(v core.Values, req *core.Request) error {
	for _, place := range []string{inHeader, inQuery, inCookie} {
		if place != v["in"] && len(findAPIKey(place, v["name"], req)) > 0 {
			return &core.Rejection{Code: "apikey.place", Step: "place", Want: v["in"], Got: place, Ref: openAPIRef,
				Message: "the key is in the " + place + ", this server looks in the " + v["in"]}
		}
	}
	return &core.Rejection{Code: "apikey.missing", Step: "name", Want: v["name"], Ref: openAPIRef,
		Message: "there is nothing named “" + v["name"] + "” in the " + v["in"]}
}

// challengeAPIKey: there is no registered scheme for API keys, but a 401 needs a challenge
// (RFC 9110, section 15.5.2), and this one says what the client has to know.
func challengeAPIKey(in core.Input) []core.Challenge {
	return []core.Challenge{{Scheme: "ApiKey", Params: []core.Param{
		{Name: "realm", Value: realm}, {Name: "in", Value: in.Values["in"]}, {Name: "name", Value: in.Values["name"]}}}}
}
