package schemes_test

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/syntax"
)

// How the conformance tests change a request and its fields, and how they look for secrets.

// refusesChangedBytes changes each byte of what Sign wrote, and leaves each line out.
func (c conformCase) refusesChangedBytes(t *testing.T) {
	changed := c.tampered()
	require.NotEmpty(t, changed, "Sign changed nothing")
	for _, req := range changed {
		c.requireRefused(t, req, c.secrets())
	}
}

// tampered is the signed request with one byte changed, for each byte that Sign wrote: names and
// values of its header lines, its part of the query and of the body.
func (c conformCase) tampered() []*core.Request {
	var all []*core.Request
	change := func(edit func(*core.Request)) {
		req := c.signed.Clone()
		edit(req)
		all = append(all, req)
	}
	for i, line := range c.signed.Header {
		before := ""
		if i < len(c.unsigned.Header) && strings.EqualFold(c.unsigned.Header[i].Name, line.Name) {
			before = c.unsigned.Header[i].Value
		} else {
			change(func(r *core.Request) { r.Header = append(r.Header[:i], r.Header[i+1:]...) })
			for _, name := range flips("", line.Name) {
				if !strings.EqualFold(name, line.Name) {
					change(func(r *core.Request) { r.Header[i].Name = name })
				}
			}
		}
		for _, value := range flips(before, line.Value) {
			change(func(r *core.Request) { r.Header[i].Value = value })
		}
	}
	for _, query := range flips(c.unsigned.URL.Query, c.signed.URL.Query) {
		change(func(r *core.Request) { r.URL.Query = query })
	}
	for _, body := range flips(string(c.unsigned.Body), string(c.signed.Body)) {
		change(func(r *core.Request) { r.Body = []byte(body) })
	}
	return all
}

// flips returns after with one bit changed, for each bit of what is not in before already. The bit
// that tells "a" from "A" stays where HTTP does not care for it.
func flips(before, after string) []string {
	start := 0
	for start < min(len(before), len(after)) && before[start] == after[start] {
		start++
	}
	end := 0
	for end < min(len(before), len(after))-start && before[len(before)-1-end] == after[len(after)-1-end] {
		end++
	}
	var all []string
	anyCase := caseless(after)
	for i := start; i < len(after)-end; i++ {
		for bit := byte(1); bit != 0; bit <<= 1 {
			if bit != 0x20 || !anyCase[i] {
				all = append(all, after[:i]+string([]byte{after[i] ^ bit})+after[i+1:])
			}
		}
	}
	return all
}

// Names of schemes and parameters, and the digits of percent-encoding: the group is what
// may be in any case.
var caselessParts = regexp.MustCompile(`^([A-Za-z0-9-]+) (?:([A-Za-z-]+)=[^=])?|[ ,]([A-Za-z-]+)=[^=]|%([0-9A-Fa-f]{2})`)

func caseless(s string) map[int]bool {
	positions := map[int]bool{}
	for _, found := range caselessParts.FindAllStringSubmatchIndex(s, -1) {
		for group := 2; group < len(found); group += 2 {
			for i := max(found[group], 0); i < found[group+1]; i++ {
				positions[i] = true
			}
		}
	}
	return positions
}

// refusesChangedFields lets a client sign with another value in each field in turn. Where that is
// sent differently, the server refuses it and names the step at which the two traces part.
func (c conformCase) refusesChangedFields(t *testing.T) {
	refused := 0
	for _, f := range c.scheme.Fields {
		for _, value := range otherValues(f, c.in.Values[f.ID]) {
			client, err := c.trySigning(t, core.Values{f.ID: value})
			if err != nil {
				continue // a FieldError: checkAnyText has those
			}
			if f.Free || f.Optional && c.in.Values[f.ID] == "" || c.sameWork(client) {
				require.NoError(t, c.scheme.Verify(c.in, client.signed, &core.Trace{}), "field %s", f.ID)
				continue
			}
			rejection := c.requireRefused(t, client.signed, append(client.secrets(), c.secrets()...))
			var expected core.Trace
			_ = c.scheme.Verify(c.in, client.signed, &expected)
			requireNamed(t, rejection, &expected, client.trace)
			refused++
		}
	}
	require.NotZero(t, refused, "no field makes a difference")
}

// requireNamed holds that the two sides part at the step that the rejection names. It is the first such
// step where the wire tells the server; of what it only sees through a signature, it may be a later one.
func requireNamed(t *testing.T, rejection *core.Rejection, expected, client *core.Trace) {
	t.Helper()
	first, differ := core.Difference(expected, client)
	require.True(t, differ, "no step shows it")
	mine, theirs := expected.Step(rejection.Step), client.Step(rejection.Step)
	require.NotNil(t, theirs, "%s: the client has no step %q", rejection.Code, rejection.Step)
	require.NotEqual(t, mine.Out, theirs.Out, "%s: step %q is the same; %q differs", rejection.Code, rejection.Step, first.Mine.ID)
}

func otherValues(f core.Field, value string) []string {
	switch f.Kind {
	case core.ChoiceField:
		var others []string
		for _, o := range f.Options {
			if o.Value != value {
				others = append(others, o.Value)
			}
		}
		return others
	case core.ToggleField:
		return []string{strconv.FormatBool(value != "true")}
	case core.NumberField:
		n, _ := strconv.Atoi(value)
		return []string{strconv.Itoa(n + 1)}
	}
	if value == "" {
		return []string{"x"}
	}
	return []string{value + "x", "x" + value, value[:len(value)-1], ""}
}

// signedWith is the case as a client with other values signs it.
func (c conformCase) signedWith(t *testing.T, changed core.Values) conformCase {
	t.Helper()
	client, err := c.trySigning(t, changed)
	require.NoError(t, err)
	return client
}

func (c conformCase) trySigning(t *testing.T, changed core.Values) (conformCase, error) {
	t.Helper()
	client := c
	client.in.Values = merged(c.in.Values, changed)
	var err error
	client.signed, client.trace, err = sign(c.scheme, client.in, c.unsigned)
	return client, err
}

// requireRefused holds that the server says no with a code, a step that it has, and no secret.
func (c conformCase) requireRefused(t *testing.T, req *core.Request, secrets []string) *core.Rejection {
	t.Helper()
	var expected core.Trace
	err := c.scheme.Verify(c.in, req.Clone(), &expected)
	shown := req.URL.Target() + "\n" + req.Head()
	require.Error(t, err, "accepted:\n%s", shown)
	rejection := asRejection(t, err)
	require.Regexp(t, code, rejection.Code)
	require.NotEmpty(t, rejection.Message)
	require.NotEmpty(t, rejection.Ref.Link(), rejection.Code)
	require.NotNil(t, expected.Step(rejection.Step), "%s: no expected step %q", rejection.Code, rejection.Step)
	if expected.Step(rejection.Step).Secret {
		require.Empty(t, rejection.Got, rejection.Code)
	}
	requireNoSecret(t, secrets, append(visibleIn(&expected), rejection.Error(), rejection.Want, rejection.Got))
	return rejection
}

// sameWork reports whether the client comes to the same request. Where its signature is random, it has to
// come there by the same steps.
func (c conformCase) sameWork(client conformCase) bool {
	randomAt := randomStep(c.trace)
	if randomAt < 0 || randomAt != randomStep(client.trace) {
		return sameRequest(client.signed, c.signed)
	}
	for i := range randomAt {
		if c.trace.Steps[i].ID != client.trace.Steps[i].ID || c.trace.Steps[i].Out != client.trace.Steps[i].Out {
			return false
		}
	}
	return true
}

func sameRequest(a, b *core.Request) bool {
	return a.URL == b.URL && a.Head() == b.Head() && string(a.Body) == string(b.Body)
}

func merged(values, changed core.Values) core.Values {
	all := core.Values{}
	for _, from := range []core.Values{values, changed} {
		for id, value := range from {
			all[id] = value
		}
	}
	return all
}

func (c conformCase) secrets() []string { return secretsOf(c.scheme, c.in.Values) }

// secretsOf returns the values of secret fields in the forms in which they could slip out. Shorter
// ones than four bytes occur by chance.
func secretsOf(s *core.Scheme, values core.Values) []string {
	var secrets []string
	for _, f := range s.Fields {
		value := strings.TrimSpace(values[f.ID])
		if !f.Secret || len(value) < 4 {
			continue
		}
		octets := []byte(value)
		secrets = append(secrets, value, hex.EncodeToString(octets), strings.ToUpper(hex.EncodeToString(octets)),
			syntax.PercentEncode(value, syntax.Unreserved))
		for shift := range 3 {
			secrets = append(secrets, inBase64(base64.RawStdEncoding, value, shift), inBase64(base64.RawURLEncoding, value, shift))
		}
	}
	return secrets
}

// inBase64 is how text looks inside longer base64, after shift other bytes (modulo three): without
// the letters at either end that hold bits of its neighbours too.
func inBase64(encoding *base64.Encoding, text string, shift int) string {
	encoded := encoding.EncodeToString([]byte(strings.Repeat(" ", shift) + text))
	if shift > 0 {
		encoded = encoded[shift+1:]
	}
	return encoded[:len(encoded)-1]
}

// visibleIn is all text of a trace that is not masked.
func visibleIn(tr *core.Trace) []string {
	var texts []string
	for _, s := range tr.Steps {
		texts = append(texts, s.ID, s.Title, s.Why, s.Op)
		if !s.Secret {
			texts = append(texts, s.Out)
		}
		for _, p := range s.In {
			texts = append(texts, p.Name, p.From)
			if !p.Secret {
				texts = append(texts, p.Value)
			}
		}
	}
	for _, n := range tr.Notes {
		texts = append(texts, n.Code, n.Field, n.Message, n.Fix)
	}
	return texts
}

func requireNoSecret(t *testing.T, secrets, texts []string) {
	t.Helper()
	for _, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) { // require.False costs a walk through the stack each time
				require.FailNow(t, "a secret shows", "%.200q", text)
			}
		}
	}
}
