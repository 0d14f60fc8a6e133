package schemes

import (
	"strconv"
	"strings"

	"authpad/core"
	"authpad/core/syntax"
)

// Digests of a body in a header line (RFC 9530).

// digestHash is the hash of an algorithm that is fit for use; empty for the others, which are to be
// ignored (RFC 9530, section 5).
func digestHash(algorithm string) string {
	switch algorithm {
	case "sha-256":
		return "SHA-256"
	case "sha-512":
		return "SHA-512"
	}
	return ""
}

// addContentDigest adds the steps of a Content-Digest and returns its value.
func addContentDigest(env core.Env, algorithm string, req *core.Request, tr *core.Trace) (string, error) {
	sum, err := hashOfRequest(env, digestHash(algorithm), req)
	if err != nil {
		return "", err
	}
	tr.Add(core.Step{ID: "body-hash", Title: "Hash the body", Op: algorithm, Ref: rfc("RFC 9530", "2"),
		Why: "A signature covers header lines, never the body itself: it is covered through its hash.",
		In:  []core.Part{requestPart(req)}, Hex: true, Out: hexOf(sum)})
	member := syntax.Member{Key: algorithm, Item: syntax.Item{Bare: syntax.Bare{Kind: syntax.BytesItem, Text: string(sum)}}}
	return tr.Add(core.Step{ID: "content-digest", Title: "Write the Content-Digest line", Op: "base64", Ref: rfc("RFC 9530", "2"),
		Why: "The server hashes what it received and compares. It is of the bytes as sent, compression included.",
		In: []core.Part{{Name: "algorithm", Value: algorithm, From: "field:contentDigest"},
			{Name: "hash, hex", Value: hexOf(sum), From: "step:body-hash"}},
		Out: member.String()}), nil
}

// digestVerdict is what a Content-Digest proves.
type digestVerdict struct {
	algorithm string // the first that is known; empty: there is none
	wrong     string // the first that does not match
	malformed string // what is wrong with the value; empty: nothing
}

// matchDigest holds a Content-Digest, or a Repr-Digest of an unencoded representation, against the
// body. The error is that of hashOfBody.
func matchDigest(env core.Env, value string, req *core.Request) (d digestVerdict, err error) {
	members, err := syntax.ParseDictionary(value)
	if err != nil {
		return digestVerdict{malformed: err.Error()}, nil
	}
	for _, m := range members {
		hash := digestHash(m.Key)
		if hash == "" {
			continue
		}
		if m.IsList || m.Kind != syntax.BytesItem {
			return digestVerdict{malformed: m.Key + " is not a byte sequence, :base64:"}, nil
		}
		sum, err := hashOfRequest(env, hash, req)
		if err != nil {
			return d, err
		}
		if d.algorithm == "" {
			d.algorithm = m.Key
		}
		if d.wrong == "" && !sameSecret(m.Text, string(sum)) {
			d.wrong = m.Key
		}
	}
	return d, nil
}

// wantedDigest is the algorithm that a Want-Content-Digest prefers, of those that can be had here
// (RFC 9530, section 4); empty: none.
func wantedDigest(value string) (algorithm string) {
	best := int64(0)
	for name, preference := range digestPreferences(value) {
		if digestHash(name) != "" && (preference > best || preference == best && name < algorithm) {
			algorithm, best = name, preference
		}
	}
	return algorithm
}

// digestPreferences reads Want-Content-Digest and Want-Repr-Digest: 1 to 10, 0 for "not acceptable".
func digestPreferences(value string) map[string]int64 {
	members, err := syntax.ParseDictionary(value)
	if err != nil {
		return nil
	}
	preferences := make(map[string]int64, len(members))
	for _, m := range members {
		if m.Kind == syntax.IntegerItem && !m.IsList && m.Number >= 0 && m.Number <= 10 {
			preferences[m.Key] = m.Number
		}
	}
	return preferences
}

// sameContentDigest accepts a Content-Digest that is in the headers already, if it has the one computed.
func sameContentDigest(value, typed string) error {
	members, _ := syntax.ParseDictionary(typed)
	for _, m := range members {
		if m.String() == value {
			return nil
		}
	}
	return &core.FieldError{Field: "headers", Code: "httpsig.digest-conflict", Ref: rfc("RFC 9530", "2"),
		Message: "the headers already have a Content-Digest, and not the one that is computed; remove it, or choose none"}
}

// noteContentDigest says what of a typed Content-Digest, or of a wanted one, a person may not see.
func noteContentDigest(in core.Input, req *core.Request, tr *core.Trace) error {
	note := func(code, field, message, fix, section string) {
		tr.Note(core.Note{Code: "httpsig." + code, Severity: core.Warn, Field: field, Message: message, Fix: fix, Ref: rfc("RFC 9530", section)})
	}
	if lines := req.Header.Values("Content-Digest"); lines != nil {
		verdict, err := matchDigest(in.Env, strings.Join(lines, ", "), req)
		if err != nil {
			return err
		}
		if verdict.wrong != "" || verdict.malformed != "" {
			note("digest-mismatch", "headers", "the Content-Digest that was typed does not match the body of "+strconv.FormatInt(req.BodySize(), 10)+" bytes; the server will refuse it",
				"remove it, and choose sha-256 under Content-Digest", "2")
		}
	}
	wanted := wantedDigest(strings.Join(in.Told.Values("Want-Content-Digest"), ", "))
	if wanted != "" && in.Values["contentDigest"] != wanted {
		note("digest-wanted", "contentDigest", "the server asks for a Content-Digest by "+wanted, "choose "+wanted, "4")
	}
	return nil
}

// bodyOf lets an answer's body be digested as a request's is.
func bodyOf(answer *core.Response) *core.Request { return &core.Request{Body: answer.Body} }
