package lab

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"authpad/core"
	"authpad/core/json"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// auth checks the request against the scheme's example account.
func (l *Lab) auth(id string, req *core.Request) *Response {
	scheme, in, refused := l.input(id)
	if refused != nil {
		return refused
	}
	expected := &core.Trace{}
	err := verify(scheme, in, req, expected)
	rejection := &core.Rejection{}
	switch {
	case err == nil:
		return told(scheme, in, req, expected, accepted(scheme, in.Values))
	case errors.As(err, &rejection):
		in.Refused = rejection
		return told(scheme, in, req, expected, rejected(scheme, in, hint(scheme, rejection, expected)))
	}
	return brokenAccount(err)
}

// told adds the header lines that the scheme's server says besides. They may be of the body, which is
// that of answerJSON, but for HEAD, which sends none.
func told(scheme *core.Scheme, in core.Input, req *core.Request, expected *core.Trace, r *Response) *Response {
	if scheme.Tell == nil {
		return r
	}
	answer := &core.Response{Status: r.Status, Header: r.Header}
	if req.Method != "HEAD" {
		answer.Body, _ = io.ReadAll(r.Body)
		r.Body = bytes.NewReader(answer.Body)
	}
	if err := scheme.Tell(in, req, answer, expected); err != nil {
		return brokenAccount(err)
	}
	r.Header = answer.Header
	return r
}

// verify accepts where the scheme has nothing to check.
func verify(scheme *core.Scheme, in core.Input, req *core.Request, expected *core.Trace) error {
	if scheme.Verify == nil {
		return nil
	}
	return scheme.Verify(in, req, expected)
}

// account prints what auth accepts. Nothing here is secret: it is in the source.
func (l *Lab) account(id string, _ *core.Request) *Response {
	scheme, in, refused := l.input(id)
	if refused != nil {
		return refused
	}
	return answerJSON(200, func(w *json.Writer) {
		w.Text("scheme", scheme.ID)
		writeValues(w, "account", scheme, in.Values, true)
	})
}

// input is the server's side of a scheme: the example's values with defaults.
func (l *Lab) input(id string) (*core.Scheme, core.Input, *Response) {
	scheme, known := schemes.ByID(id)
	if !known {
		return nil, core.Input{}, refuse(404, "lab.unknown-scheme", "the lab knows no scheme “"+id+"”; these are all", listSchemes)
	}
	values, err := scheme.Fill(scheme.Example.Values)
	if err != nil {
		return nil, core.Input{}, brokenAccount(err)
	}
	in := core.Input{Values: values, Env: l.env}
	if scheme.Challenge != nil { // what a request can be an answer to
		in.Challenges = scheme.Challenge(in)
	}
	return scheme, in, nil
}

// brokenAccount is a fault of authpad's: an example that its own scheme cannot use.
func brokenAccount(err error) *Response {
	return refuse(500, "lab.account", "the lab’s own account is not usable: "+err.Error(), nil)
}

func listSchemes(w *json.Writer) {
	w.Member("schemes")
	w.Array()
	for _, s := range schemes.All() {
		w.Str(s.ID)
	}
	w.EndArray()
}

func accepted(scheme *core.Scheme, values core.Values) *Response {
	return answerJSON(200, func(w *json.Writer) {
		w.Flag("authenticated", true)
		w.Text("scheme", scheme.ID)
		writeValues(w, "account", scheme, values, false)
	})
}

// writeValues writes the fields in the order of the form.
func writeValues(w *json.Writer, name string, scheme *core.Scheme, values core.Values, secrets bool) {
	w.Member(name)
	w.Object()
	for _, f := range scheme.Fields {
		if secrets || !f.Secret && f.Kind != core.SecretField {
			w.Text(f.ID, values[f.ID])
		}
	}
	w.EndObject()
}

func rejected(scheme *core.Scheme, in core.Input, hint string) *Response {
	r := answerJSON(401, func(w *json.Writer) {
		w.Flag("authenticated", false)
		w.Text("scheme", scheme.ID)
		w.Member("rejection")
		writeRejection(w, in.Refused)
		w.Text("hint", hint)
	})
	if scheme.Challenge != nil {
		for _, c := range scheme.Challenge(in) {
			r.Header.Add("WWW-Authenticate", syntax.FormatChallenge(c))
		}
	}
	return r
}

func writeRejection(w *json.Writer, r *core.Rejection) {
	w.Object()
	w.Text("code", r.Code)
	w.Optional("step", r.Step)
	w.Optional("want", r.Want)
	w.Optional("got", r.Got)
	w.Text("message", r.Message)
	w.EndObject()
}

// hint says in one sentence what to change. It names fields only where they enter the differing step
// themselves: what is further back may be right.
func hint(scheme *core.Scheme, r *core.Rejection, expected *core.Trace) string {
	printed := "printed at lab/auth/" + scheme.ID + "/account"
	step := expected.Step(r.Step)
	switch {
	case strings.HasSuffix(r.Code, ".repeated"):
		return "Send the credentials once only."
	case strings.HasSuffix(r.Code, ".stale") || strings.HasSuffix(r.Code, ".replay") || r.Code == "dpop.use-nonce":
		return "Send it again: what is good for once or for a while has to be new."
	case strings.HasSuffix(r.Code, ".missing") || r.Code == "authorization.scheme":
		return "Send credentials of the scheme “" + scheme.Name + "”; the account is " + printed + "."
	case step == nil:
		return "Mend what the message names; the account is " + printed + "."
	}
	switch labels := fieldsOf(scheme, step); len(labels) {
	case 0:
		return "Compare your step “" + step.Title + "” with the lab’s account, " + printed + "."
	case 1:
		return "Change “" + labels[0] + "” to the value " + printed + "."
	default:
		return "Change “" + strings.Join(labels, "” or “") + "” to the values " + printed + "."
	}
}

func fieldsOf(scheme *core.Scheme, step *core.Step) []string {
	var labels []string
	for _, part := range step.In {
		id, isField := strings.CutPrefix(part.From, "field:")
		if field, known := scheme.Field(id); isField && known {
			labels = append(labels, field.Label)
		}
	}
	return labels
}
