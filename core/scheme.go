package core

import (
	"strings"
	"time"
)

// Scheme is one way to authenticate, complete. A nil function means "does not apply".
// Sign and Verify share one function per scheme, so that both sides use one formula and
// Difference can name the step at which client and server part.
type Scheme struct {
	ID, Name, Summary string // ID is permanent: links, lab routes and golden files contain it
	Refs              []Ref
	Fields            []Field  // drawn by the page, checked before Sign
	Answers           []string // challenge schemes it can answer, lower case

	// Sign edits req and explains every value it makes in tr. It brings the body where it needs more of it than size and
	// hash (Request.BringBody). An error is a *FieldError.
	Sign func(in Input, req *Request, tr *Trace) error
	// Verify checks a received request against the server's own in.Values and leaves the expected
	// steps in tr. nil means accepted; an error is a *Rejection, or a *FieldError for in.Values.
	Verify func(in Input, req *Request, tr *Trace) error
	// Challenge is what a server sends with a 401 (RFC 9110, section 11.3).
	Challenge func(in Input) []Challenge
	// Tell adds what a server says besides in the header of its answer, which has all else: what to send
	// next time, and its own proof. in.Refused is nil where Verify accepted req, whose steps are in tr then.
	// An error is of Env.Keys.
	Tell func(in Input, req *Request, answer *Response, tr *Trace) error
	// Confirm checks what the server proves or tells of itself in its answer, such as rspauth, and says
	// it in notes and steps of tr, which already has those of Sign.
	Confirm func(in Input, req *Request, answer *Response, tr *Trace)

	Vectors []Vector // published examples; the page offers them too
	Example Example  // the lab's account, and the page's first try
}

// FieldKind says how a field is drawn and what its text may be.
type FieldKind string

// The kinds of fields. Every value is text; a toggle's is "true" or "false".
const (
	TextField      FieldKind = "text"
	SecretField    FieldKind = "secret"
	MultilineField FieldKind = "multiline"
	ChoiceField    FieldKind = "choice"
	ToggleField    FieldKind = "toggle"
	NumberField    FieldKind = "number"
)

// Field describes one input of a scheme. IDs are permanent; labels and help are not.
type Field struct {
	ID, Label, Help string
	ToVerify        string // what else it means on the server's side; without Help the field is that side's alone
	Kind            FieldKind
	Secret          bool // masked, left out of links, redacted in errors; also for MultilineField
	Default         string
	Placeholder     string
	Options         []Option // for a ChoiceField
	Advanced        bool     // most people never change it: the page keeps it out of sight until asked
	When            When     // the page draws it only then; its value counts all the same
	Free            bool     // the sender's own choice, which Verify learns from the request and accepts
	Optional        bool     // where the server's own value is empty, Verify accepts whatever the request has
}

// When names a choice of another field. The zero value means always.
type When struct {
	Field  string
	Values []string
}

// Option is one choice of a ChoiceField.
type Option struct{ Value, Label string }

// Values are a scheme's fields as text, by field ID.
type Values map[string]string

// Input is what Sign, Verify and Challenge are given besides the request.
type Input struct {
	Values     Values // with the defaults filled in: see Scheme.Fill
	Plan       *any   // where Sign may keep what it made of Values, for as long as they stay the same; nil: nowhere
	Env        Env
	Challenges []Challenge // what the server asked for, if it did
	Told       Header      // all header lines of the answer that asked; nil: none came yet
	Refused    *Rejection  // for Challenge and Tell: why Verify said no; nil: nothing was checked yet
}

// Field returns the field of this ID.
func (s *Scheme) Field(id string) (Field, bool) {
	for _, f := range s.Fields {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

// Fill returns the values of the scheme's fields with defaults for those that are missing, and a
// *FieldError where a choice or toggle has a value that is none of its own. Unknown ids are dropped.
func (s *Scheme) Fill(typed Values) (Values, error) {
	filled := make(Values, len(s.Fields))
	for _, f := range s.Fields {
		value, given := typed[f.ID]
		if !given || (value == "" && f.Kind == ChoiceField) {
			value = f.Default
		}
		filled[f.ID] = value
		if !f.allows(value) {
			return filled, &FieldError{Field: f.ID, Code: "field.choice",
				Message: f.Label + " is not one of its choices: " + f.choices()}
		}
	}
	return filled, nil
}

func (f Field) allows(value string) bool {
	switch f.Kind {
	case ToggleField:
		return value == "true" || value == "false" || value == ""
	case ChoiceField:
		for _, o := range f.Options {
			if o.Value == value {
				return true
			}
		}
		return false
	}
	return true
}

func (f Field) choices() string {
	if f.Kind == ToggleField {
		return "true, false"
	}
	values := make([]string, len(f.Options))
	for i, o := range f.Options {
		values[i] = o.Value
	}
	return strings.Join(values, ", ")
}

// Example is the account the lab checks a scheme against, and one way to get it wrong.
type Example struct {
	Values Values // what the lab accepts
	Wrong  Values // the fields that the wrong-credential twin changes
	Step   string // the step at which that twin is refused
}

// Vector is one published example of a scheme.
type Vector struct {
	ID     string
	Name   string // what it shows, as a reader would look for it
	Source Ref
	Values Values
	Now    time.Time         // zero: any
	Nonces map[string]string // by the name that Env.Nonce is asked for

	Method     string // empty: GET
	URL        string
	Header     Header
	Body       string
	Untyped    bool     // the body has no Content-Type, which would be signed
	Challenges []string // header lines that came with the 401

	WantURL    string            // empty: unchanged
	WantHeader Header            // lines the signed request must have
	WantSteps  map[string]string // outputs by step ID
}

// Ref names a place in a specification.
type Ref struct {
	Doc     string // "RFC 7617"
	Section string // "2.1"; may be empty
	URL     string // only where Link cannot know it
}

// Link is the address of the place: the RFC Editor's for RFCs, else URL.
func (r Ref) Link() string {
	page, document, anchor, section := r.LinkParts()
	return page + document + anchor + section
}

// LinkParts is Link in four pieces, for a writer that joins them anyway; some may be empty.
func (r Ref) LinkParts() (page, document, anchor, section string) {
	number, isRFC := strings.CutPrefix(r.Doc, "RFC ")
	if r.URL != "" || !isRFC {
		return r.URL, "", "", ""
	}
	if r.Section != "" {
		anchor = "#section-"
		if r.Section[0] >= 'A' { // appendices have anchors of their own
			anchor = "#appendix-"
		}
	}
	return "https://www.rfc-editor.org/rfc/rfc", number, anchor, r.Section
}

// Env is the outside world, pinned by tests and by people. Nothing below session and lab asks the
// system for any of it. A nil function is a bug of the caller, but for Seen, which only the lab has.
type Env struct {
	Now   func() time.Time
	Nonce func(name string, bytes int) string       // by name: some published nonces no byte source would make; 0 bytes: only what is pinned
	Seen  func(key string, keep time.Duration) bool // lab only: replay memory
	Keys  Keys                                      // asymmetric keys, and hashes of large bodies
}
