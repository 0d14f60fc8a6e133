package core

// Trace is the derivation of an authenticated request: every value that reaches the wire, step by
// step, and what a person should know about it.
type Trace struct {
	Steps []Step
	Notes []Note
}

// Step is one operation of a derivation.
type Step struct {
	ID     string // permanent: "string-to-sign"
	Title  string // imperative, seven words at most: "Hash the request"
	Why    string // what would break without this
	Op     string // "join", "sha-256", "base64", "hmac-sha-256"
	In     []Part
	Out    string
	Hex    bool // Out is octets, written as hexadecimal digits in lower case
	Secret bool // masked until the person asks
	Ref    Ref
}

// Part is one input of a step.
type Part struct {
	Name, Value string
	From        string // "field:username", "step:ha1", "challenge:nonce", "request:method"
	Hex         bool   // Value is octets, as Step.Hex has it; of what is from a step, the step knows
	Secret      bool
}

// Add records s and returns s.Out, so that code computes with exactly what the reader sees.
//
//go:noinline
func (t *Trace) Add(s Step) string {
	t.Steps = append(t.Steps, s)
	return s.Out
}

// Note records something a person should know. Like Add it has many callers, and each copy of the two
// would be code to load.
//
//go:noinline
func (t *Trace) Note(n Note) { t.Notes = append(t.Notes, n) }

// Step returns the step of this ID, or nil.
func (t *Trace) Step(id string) *Step {
	for i := range t.Steps {
		if t.Steps[i].ID == id {
			return &t.Steps[i]
		}
	}
	return nil
}

// StepPair is one step as two sides computed it.
type StepPair struct{ Mine, Theirs Step }

// Difference returns the first step of the same ID whose output differs, in the order of mine.
func Difference(mine, theirs *Trace) (StepPair, bool) {
	for _, step := range mine.Steps {
		other := theirs.Step(step.ID)
		if other != nil && other.Out != step.Out {
			return StepPair{step, *other}, true
		}
	}
	return StepPair{}, false
}

// Severity orders notes and diagnoses.
type Severity string

// The severities.
const (
	Info  Severity = "info"
	Warn  Severity = "warn"
	Error Severity = "error"
)

// Note is a remark about a request. Codes are permanent; texts are not, and hold no secret.
type Note struct {
	Code     string // "basic.plain-http"
	Severity Severity
	Field    string // the input it is about: a field ID, "url", "method", "headers", "body"; may be empty
	Message  string
	Fix      string // what to do; may be empty
	Ref      Ref
}
