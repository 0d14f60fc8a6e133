package schemes

import (
	"strings"
	"unicode/utf8"

	"authpad/core"
	"authpad/core/syntax"
)

// Digest's texts: what the fields may hold, how the header line is written and read.

// checkDigest refuses what no header line and no account can hold.
func checkDigest(v core.Values) error {
	for _, f := range basicTexts {
		text := v[f.ID]
		if strings.ContainsFunc(text, isControl) {
			return &core.FieldError{Field: f.ID, Code: "digest.control", Ref: rfc("RFC 7616", "4"),
				Message: "the " + f.Label + " contains a control character, such as a line break; remove it"}
		}
		if !utf8.ValidString(text) {
			return &core.FieldError{Field: f.ID, Code: "digest.charset", Ref: rfc("RFC 7616", "4"),
				Message: "the " + f.Label + " is not UTF-8 text; type it again"}
		}
	}
	return nil
}

// stepOfHeader writes the credentials. RFC 7616, section 3.4 says which values are quoted, for the
// sake of old servers: username, realm, nonce, uri, response, cnonce, opaque; and not: algorithm, qop, nc.
func (a digestAnswer) stepOfHeader(name []core.Param, response string, tr *core.Trace) string {
	params := append(name, core.Param{Name: "realm", Value: a.offer.realm}, core.Param{Name: "uri", Value: a.uri})
	if a.offer.named != "" {
		params = append(params, core.Param{Name: "algorithm", Value: a.offer.named})
	}
	params = append(params, core.Param{Name: "nonce", Value: a.offer.nonce})
	if a.qop != "" {
		params = append(params, core.Param{Name: "nc", Value: a.nc})
	}
	if a.usesCnonce() {
		params = append(params, core.Param{Name: "cnonce", Value: a.cnonce})
	}
	if a.qop != "" {
		params = append(params, core.Param{Name: "qop", Value: a.qop})
	}
	params = append(params, core.Param{Name: "response", Value: response})
	if a.offer.hasOpaque {
		params = append(params, core.Param{Name: "opaque", Value: a.offer.opaque})
	}
	if a.offer.userhash {
		params = append(params, core.Param{Name: "userhash", Value: "true"})
	}
	in, texts := make([]core.Part, len(params)), make([]string, len(params))
	for i, p := range params {
		in[i] = core.Part{Name: p.Name, Value: p.Value, From: originOf(p.Name, tr)}
		texts[i] = p.Name + "=" + quotedInDigest(p)
	}
	return tr.Add(core.Step{ID: "authorization", Title: "Write all that the server needs", Op: "join", Ref: rfc("RFC 7616", "3.4"),
		Why: "The server hashes the same values again. Strict ones refuse quotes round algorithm, qop and nc.",
		In:  in, Out: "Digest " + strings.Join(texts, ", ")})
}

func quotedInDigest(p core.Param) string {
	switch p.Name {
	case "algorithm", "qop", "nc", "userhash", "username*":
		return p.Value
	}
	return syntax.Quote(p.Value)
}

// originOf is the step that made a parameter's value.
func originOf(param string, tr *core.Trace) string {
	switch param {
	case "username":
		if tr.Step("userhash") != nil {
			return "step:userhash"
		}
	case "username*":
		return "step:username-ext"
	case "algorithm", "userhash": // as the server writes them
		return "challenge:" + param
	}
	return "step:" + param
}

// digestCredentials are the parameters of a received Authorization line.
type digestCredentials struct{ core.Challenge }

func (c digestCredentials) get(name string) string {
	value, _ := c.Param(name)
	return value
}

// readDigest reads the request's only Authorization line, and refuses what could be read in two ways.
// Parameters that nobody knows are ignored (RFC 7616, section 3.4).
func readDigest(req *core.Request, tr *core.Trace) (digestCredentials, error) {
	rest, err := credentials(req, "Digest")
	if err != nil {
		return digestCredentials{}, err
	}
	rest = syntax.FieldOctets(rest)
	list := syntax.ParseChallenges([]string{"Digest " + rest})
	if len(list) != 1 || list[0].Token68 != "" || len(list[0].Problems) > 0 || strings.ContainsFunc(rest, isUnsendable) {
		return digestCredentials{}, malformedDigest("the Digest credentials are not a list of parameters" + firstProblem(list))
	}
	c := digestCredentials{list[0]}
	for _, name := range []string{"realm", "nonce", "uri", "response"} {
		if _, given := c.Param(name); !given {
			return c, malformedDigest("the Digest credentials have no " + name)
		}
	}
	if userhash, given := c.Param("userhash"); given && userhash != "true" && userhash != "false" {
		return c, malformedDigest("userhash is neither true nor false")
	}
	noteQuoted(rest, tr)
	return c, nil
}

// isUnsendable is what no header value holds (RFC 9110, section 5.5), however its bytes are read.
func isUnsendable(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

func malformedDigest(message string) error {
	return &core.Rejection{Code: "digest.malformed", Step: "authorization", Ref: rfc("RFC 7616", "3.4"), Message: message}
}

// firstProblem is what the parser found, unless it repeats a value: the parser's texts name parameters
// and what stands where nothing should.
func firstProblem(list []core.Challenge) string {
	for _, c := range list {
		for _, problem := range c.Problems {
			return ": " + problem
		}
	}
	return ""
}

// noteQuoted says what strict servers refuse and this one does not.
func noteQuoted(rest string, tr *core.Trace) {
	spaced := strings.ToLower(strings.ReplaceAll(" "+rest, ",", " "))
	for _, name := range []string{"algorithm", "qop", "nc"} {
		if strings.Contains(spaced, " "+name+`="`) {
			tr.Note(core.Note{Code: "digest.quoted", Severity: core.Warn, Ref: rfc("RFC 7616", "3.4"),
				Message: "the client writes quotes round " + name + ", which RFC 7616 forbids and strict servers refuse"})
		}
	}
}

// name is the user name of the credentials; hashed where userhash says so. ok is false where there are
// two, or none that can be read (RFC 7616, section 3.4).
func (c digestCredentials) name() (name string, ok bool) {
	plain, isPlain := c.Param("username")
	extended, isExtended := c.Param("username*")
	if isPlain == isExtended || isExtended && isTrue(c.Challenge, "userhash") {
		return "", false
	}
	if isExtended {
		return syntax.DecodeExt(extended)
	}
	return syntax.FieldText(plain), true
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}
