package schemes_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/platform"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// What every scheme must keep to. A new scheme gets these tests by being in the registry; its own
// test file has only what is particular to it. tampering_test.go has the ways a request is changed.

func TestEveryScheme(t *testing.T) {
	require.NotEmpty(t, schemes.All())
	for _, scheme := range schemes.All() {
		t.Run(scheme.ID, func(t *testing.T) {
			t.Run("is described", func(t *testing.T) { checkDescription(t, scheme) })
			if scheme.Sign == nil {
				require.Empty(t, scheme.Fields, "fields of a scheme that does not sign")
				return
			}
			require.NotNil(t, scheme.Verify)
			require.NotEmpty(t, scheme.Vectors, "no vectors, no pass")
			for _, v := range append(scheme.Vectors, exampleOf(scheme)) {
				t.Run(v.ID, func(t *testing.T) { newCase(t, scheme, v).check(t) })
			}
			t.Run("has an example for newcomers", func(t *testing.T) { checkExample(t, scheme) })
			t.Run("refuses its wrong twin", func(t *testing.T) { checkTwin(t, scheme) })
			t.Run("works at any pinned time", func(t *testing.T) { checkClocks(t, scheme) })
			t.Run("answers any text with an error at most", func(t *testing.T) { checkAnyText(t, scheme) })
			t.Run("every secret matters", func(t *testing.T) { checkSecretsMatter(t, scheme) })
		})
	}
}

var (
	kebab   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	code    = regexp.MustCompile(`^[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*$`)
	fieldID = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
)

func checkDescription(t *testing.T, s *core.Scheme) {
	require.Regexp(t, kebab, s.ID)
	require.NotEmpty(t, s.Name)
	require.Regexp(t, `^[A-Z].*\.$`, s.Summary, "one sentence")
	require.NotEmpty(t, s.Refs)
	for _, ref := range s.Refs {
		require.NotEmpty(t, ref.Link(), ref.Doc)
	}
	for _, answered := range s.Answers {
		require.Equal(t, strings.ToLower(answered), answered)
	}
	seen := map[string]bool{}
	for _, f := range s.Fields {
		require.Regexp(t, fieldID, f.ID)
		require.NotEmpty(t, f.Label, f.ID)
		require.NotEmpty(t, f.Help+f.ToVerify, "%s: what a newcomer asks of it", f.ID)
		require.NotEmpty(t, f.Kind, f.ID)
		require.False(t, seen[f.ID], "two fields %q", f.ID)
		require.True(t, f.Secret || f.Kind != core.SecretField, "%s: a secret field is secret", f.ID)
		require.False(t, f.Secret && f.Default != "", "%s: a default is no secret", f.ID)
		seen[f.ID] = true
		checkWhen(t, s, f)
	}
	_, err := s.Fill(nil)
	require.NoError(t, err, "the defaults are choices")
	byID, found := schemes.ByID(s.ID)
	require.True(t, found && byID == s, "IDs are unique")
}

func checkWhen(t *testing.T, s *core.Scheme, f core.Field) {
	if f.When.Field == "" {
		require.Empty(t, f.When.Values, f.ID)
		return
	}
	other, known := s.Field(f.When.Field)
	require.True(t, known && other.ID != f.ID, "%s: when %q", f.ID, f.When.Field)
	require.NotEmpty(t, f.When.Values, f.ID)
	for _, value := range f.When.Values {
		_, err := s.Fill(core.Values{other.ID: value})
		require.NoError(t, err, "%s: when %s is %q", f.ID, other.ID, value)
	}
}

// exampleOf is the lab's account as one more vector.
func exampleOf(s *core.Scheme) core.Vector {
	return core.Vector{ID: "example", Values: s.Example.Values, URL: "http://127.0.0.1:8765/lab/auth/" + s.ID + "?a=1"}
}

// conformCase is one vector of a scheme, and what signing it gave.
type conformCase struct {
	scheme   *core.Scheme
	vector   core.Vector
	in       core.Input
	unsigned *core.Request
	signed   *core.Request
	trace    *core.Trace // of Sign
}

func newCase(t *testing.T, s *core.Scheme, v core.Vector) conformCase {
	t.Helper()
	c := conformCase{scheme: s, vector: v, in: input(t, s, v, v.Values), unsigned: request(t, v)}
	var err error
	c.signed, c.trace, err = sign(s, c.in, c.unsigned)
	require.NoError(t, err)
	return c
}

func (c conformCase) check(t *testing.T) {
	t.Run("reproduces", c.reproduces)
	t.Run("explains every step", c.explains)
	t.Run("same Env, same bytes", func(t *testing.T) {
		again, trace, err := sign(c.scheme, input(t, c.scheme, c.vector, c.vector.Values), request(t, c.vector))
		require.NoError(t, err)
		if randomAt := randomStep(c.trace); randomAt >= 0 {
			require.Equal(t, c.trace.Steps[:randomAt], trace.Steps[:randomAt])
			return
		}
		require.Equal(t, c.signed, again)
		require.Equal(t, c.trace, trace)
	})
	t.Run("is accepted by Verify, by the same steps", func(t *testing.T) {
		var expected core.Trace
		require.NoError(t, c.scheme.Verify(c.in, c.signed.Clone(), &expected))
		require.NotEmpty(t, expected.Steps)
		pair, differ := core.Difference(&expected, c.trace)
		require.False(t, differ, "step %s", pair.Mine.ID)
		requireNoSecret(t, c.secrets(), visibleIn(&expected))
	})
	t.Run("shows no secret", func(t *testing.T) { requireNoSecret(t, c.secrets(), visibleIn(c.trace)) })
	t.Run("refuses every changed byte", c.refusesChangedBytes)
	t.Run("refuses every changed field", c.refusesChangedFields)
}

// randomStep is the first step whose signature differs each time it is made, or -1: ECDSA and RSA-PSS
// draw a number of their own, which no Env can pin.
func randomStep(tr *core.Trace) int {
	return slices.IndexFunc(tr.Steps, func(s core.Step) bool {
		return strings.HasPrefix(s.Op, "ecdsa-") || strings.HasPrefix(s.Op, "rsa-pss-")
	})
}

func (c conformCase) reproduces(t *testing.T) {
	for id, want := range c.vector.WantSteps {
		step := c.trace.Step(id)
		require.NotNil(t, step, "no step %q", id)
		require.Equal(t, want, step.Out, "step %q", id)
	}
	for _, line := range c.vector.WantHeader {
		require.Contains(t, c.signed.Header, line)
	}
	if want := c.vector.WantURL; want != "" {
		require.Equal(t, want, c.signed.URL.String())
	} else if c.vector.ID != "example" {
		require.Equal(t, c.unsigned.URL, c.signed.URL)
	}
	if c.vector.ID != "example" {
		require.NotEmpty(t, c.vector.WantSteps, "a vector names steps")
		require.NotEmpty(t, c.vector.Source.Link(), "a vector has a source")
	}
}

func (c conformCase) explains(t *testing.T) {
	steps := c.trace.Steps
	require.NotEmpty(t, steps)
	earlier := map[string]core.Step{}
	for _, s := range steps {
		require.Regexp(t, kebab, s.ID)
		require.NotContains(t, earlier, s.ID, "two steps of one ID")
		require.Regexp(t, `^[A-Z].*[^.]$`, s.Title, s.ID)
		require.LessOrEqual(t, len(strings.Fields(s.Title)), 7, s.Title)
		require.Regexp(t, `^\p{Lu}|^“`, s.Why, s.ID)
		require.NotEmpty(t, s.Op, s.ID)
		require.NotEmpty(t, s.Ref.Link(), s.ID)
		require.NotEmpty(t, s.In, s.ID)
		checkOctets(t, s)
		for _, p := range s.In {
			require.NotEmpty(t, p.Name, s.ID)
			c.checkOrigin(t, s, p, earlier)
		}
		earlier[s.ID] = s
	}
	last := steps[len(steps)-1]
	wire := c.signed.URL.Target() + "\n" + c.signed.Head() + string(c.signed.Body)
	require.Contains(t, wire, last.Out, "the last step is not what is sent")
	for _, n := range c.trace.Notes {
		require.Regexp(t, code, n.Code)
		require.NotEmpty(t, n.Message, n.Code)
		require.Contains(t, []core.Severity{core.Info, core.Warn, core.Error}, n.Severity, n.Code)
	}
}

// makesOctets are operations whose outcome is octets: shown in hex, they have to say so.
var (
	makesOctets = regexp.MustCompile(`sha|md5|hmac|ed25519|ecdsa|rsa|eddsa|^read as|utf-8|decode`)
	octets      = regexp.MustCompile(`^([0-9a-f]{2})*$`)
)

func checkOctets(t *testing.T, s core.Step) {
	require.True(t, !s.Hex || octets.MatchString(s.Out), "%s: %q is no octets", s.ID, s.Out)
	require.True(t, s.Hex || !makesOctets.MatchString(s.Op) || len(s.Out) < 16 || !octets.MatchString(s.Out), "%s: %s makes octets: %s", s.ID, s.Op, s.Out)
	for _, p := range s.In {
		require.True(t, !p.Hex || octets.MatchString(p.Value), "%s: %s is no octets", s.ID, p.Name)
		require.True(t, p.Hex || strings.HasPrefix(p.From, "step:") || !strings.HasSuffix(p.Name, ", hex"), "%s: %s", s.ID, p.Name)
	}
}

// checkOrigin holds that From leads somewhere, and that a secret stays one on its way.
func (c conformCase) checkOrigin(t *testing.T, s core.Step, p core.Part, earlier map[string]core.Step) {
	kind, name, found := strings.Cut(p.From, ":")
	require.True(t, found, "%s: from %q", s.ID, p.From)
	switch kind {
	case "field":
		field, known := c.scheme.Field(name)
		require.True(t, known, "%s: no field %q", s.ID, name)
		require.True(t, p.Secret || !field.Secret, "%s: %s is secret", s.ID, name)
	case "step":
		require.Contains(t, earlier, name, s.ID)
		require.True(t, p.Secret || !earlier[name].Secret, "%s: %s is secret", s.ID, name)
		require.Equal(t, earlier[name].Out, p.Value, "%s: step %s made another value", s.ID, name)
	default:
		require.Contains(t, []string{"request", "challenge", "env"}, kind, s.ID)
	}
}

// checkExample: what a newcomer opens shows a short form, and nothing to be warned of.
func checkExample(t *testing.T, s *core.Scheme) {
	for _, n := range newCase(t, s, exampleOf(s)).trace.Notes {
		require.Equal(t, core.Info, n.Severity, "%s: %s", n.Code, n.Message)
	}
	for _, f := range s.Fields {
		if value, given := s.Example.Values[f.ID]; given && f.Advanced && f.Help != "" {
			require.Equal(t, f.Default, value, "%s is out of sight", f.ID)
		}
	}
}

// checkClocks is about the first and the last day that can be pinned.
func checkClocks(t *testing.T, s *core.Scheme) {
	for _, at := range []time.Time{time.Unix(0, 0), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)} {
		v := exampleOf(s)
		v.Now = at
		c := newCase(t, s, v)
		require.NoError(t, s.Verify(c.in, c.signed, &core.Trace{}), at.String())
	}
}

// checkTwin signs with the wrong credentials and verifies with the right ones.
func checkTwin(t *testing.T, s *core.Scheme) {
	require.NotEmpty(t, s.Example.Wrong)
	c := newCase(t, s, exampleOf(s))
	twin := c.signedWith(t, s.Example.Wrong)
	rejection := c.requireRefused(t, twin.signed, twin.secrets())
	require.Equal(t, s.Example.Step, rejection.Step)
}

// checkAnyText holds that no text of a field, and no missing one, is more than a FieldError, and
// that the error repeats none of it.
func checkAnyText(t *testing.T, s *core.Scheme) {
	v := exampleOf(s)
	texts := []string{"", " ", "a:b", "a\r\nX: y", "a\x00b", "a;b,c\"d\\", "ÿé", "\xff", "한글", "가\u1100\u1161", strings.Repeat("x", 1<<16)}
	for _, f := range s.Fields {
		for _, text := range texts {
			if f.Kind == core.ChoiceField || f.Kind == core.ToggleField {
				continue // Fill refuses it
			}
			typed := merged(v.Values, core.Values{f.ID: v.Values[f.ID] + text})
			in := input(t, s, v, typed)
			_, trace, err := sign(s, in, request(t, v))
			if err != nil {
				var wrong *core.FieldError
				require.ErrorAs(t, err, &wrong)
				require.Regexp(t, code, wrong.Code)
				require.NotEmpty(t, wrong.Message)
				_, known := s.Field(wrong.Field)
				require.True(t, known || wrong.Field == "url" || wrong.Field == "headers" || wrong.Field == "body", "field %q", wrong.Field)
				requireNoSecret(t, secretsOf(s, typed), []string{err.Error()})
				err = s.Verify(in, request(t, v), &core.Trace{})
				require.ErrorAs(t, err, &wrong, "the server's own values are checked, too")
			}
			requireNoSecret(t, secretsOf(s, typed), visibleIn(trace))
		}
	}
	require.NotPanics(t, func() {
		filled, _ := s.Fill(nil)
		_ = s.Verify(core.Input{Values: filled, Env: environment(v)}, request(t, v), &core.Trace{})
	})
}

// checkSecretsMatter holds that each secret of the example changes what is sent.
func checkSecretsMatter(t *testing.T, s *core.Scheme) {
	c := newCase(t, s, exampleOf(s))
	for _, f := range s.Fields {
		if f.Secret && c.in.Values[f.ID] != "" {
			changed, err := c.trySigning(t, core.Values{f.ID: c.in.Values[f.ID] + "x"})
			if err != nil { // a key, which is none any more
				require.Equal(t, f.ID, fieldError(t, err).Field)
				continue
			}
			require.NotEqual(t, c.signed, changed.signed, f.ID)
		}
	}
}

func sign(s *core.Scheme, in core.Input, unsigned *core.Request) (*core.Request, *core.Trace, error) {
	req, tr := unsigned.Clone(), &core.Trace{}
	err := s.Sign(in, req, tr)
	return req, tr, err
}

func request(t *testing.T, v core.Vector) *core.Request {
	t.Helper()
	u, err := platform.ParseURL(v.URL, "")
	require.NoError(t, err)
	req := &core.Request{Method: v.Method, URL: u, Header: v.Header.Clone(), Body: []byte(v.Body)}
	if req.Method == "" {
		req.Method = "GET"
	}
	return req
}

// input is what Sign and Verify get. A scheme that answers challenges is given the vector's, or its own.
func input(t *testing.T, s *core.Scheme, v core.Vector, typed core.Values) core.Input {
	t.Helper()
	filled, err := s.Fill(typed)
	require.NoError(t, err)
	in := core.Input{Values: filled, Env: environment(v), Challenges: syntax.ParseChallenges(v.Challenges)}
	if len(in.Challenges) == 0 && s.Challenge != nil {
		in.Challenges = s.Challenge(in)
	}
	if s.Tell != nil {
		in.Told = told(t, s, in)
	}
	return in
}

func environment(v core.Vector) core.Env {
	now := v.Now
	if now.IsZero() {
		now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}
	return core.Env{
		Now: func() time.Time { return now },
		Nonce: func(name string, bytes int) string {
			if pinned, ok := v.Nonces[name]; ok {
				return pinned
			}
			return strings.Repeat("6e", bytes)
		},
		Seen: func(string, time.Duration) bool { return false },
		Keys: platform.Keys(),
	}
}

func asRejection(t *testing.T, err error) *core.Rejection {
	t.Helper()
	var rejection *core.Rejection
	require.True(t, errors.As(err, &rejection), "not refused: %v", err)
	return rejection
}
