package syntax

import (
	"strings"

	"authpad/core"
)

// FormatChallenge writes a challenge as the value of a WWW-Authenticate line (RFC 9110, section
// 11.6.1). Parameters are quoted: realm has to be, and every recipient takes the others so, but for
// the few of Digest that old clients read only without quotes.
func FormatChallenge(c core.Challenge) string {
	if c.Token68 != "" {
		return c.Scheme + " " + c.Token68
	}
	params := make([]string, len(c.Params))
	for i, p := range c.Params {
		value := Quote(p.Value)
		if strings.EqualFold(c.Scheme, "Digest") && bareInDigest(p.Name) && IsToken(p.Value) {
			value = p.Value
		}
		params[i] = p.Name + "=" + value
	}
	return strings.TrimRight(c.Scheme+" "+strings.Join(params, ", "), " ")
}

// bareInDigest is RFC 7616, section 3.3: stale and algorithm must not be quoted; charset and userhash
// are written like them in section 3.9.2.
func bareInDigest(name string) bool {
	return name == "algorithm" || name == "stale" || name == "charset" || name == "userhash"
}

// ParseParams reads a list of parameters without a scheme in front, such as the value of
// Authentication-Info (RFC 7615, section 3), in the way of ParseChallenges.
func ParseParams(value string) (params []core.Param, problems []string) {
	for i, c := range ParseChallenges([]string{"Params " + value}) {
		params, problems = append(params, c.Params...), append(problems, c.Problems...)
		if i > 0 {
			problems = append(problems, Visible(c.Scheme)+" is no parameter")
		}
		if c.Token68 != "" {
			problems = append(problems, Visible(c.Token68)+" is no parameter")
		}
	}
	return params, problems
}

// ParseChallenges reads the values of WWW-Authenticate lines. One line may hold several challenges,
// with the same commas between them as between parameters. What the grammar does not allow is read
// as far as one can tell what was meant, and stands in the Problems of its challenge.
func ParseChallenges(lines []string) []core.Challenge {
	var all []core.Challenge
	for _, line := range lines {
		s := scanner{rest: strings.ReplaceAll(strings.ReplaceAll(line, "\r\n", " "), "\n", " ")} // obsolete folding
		all = append(all, s.challenges()...)
	}
	return all
}

// scanner is what of a line is still to be read.
type scanner struct{ rest string }

// maxChallengeParts is how many schemes, parameters and odd texts a line may have together: far more than any server
// has to say, and few enough for comparing each with each.
const maxChallengeParts = 500

func (s *scanner) challenges() []core.Challenge {
	var list []core.Challenge
	for n := 0; ; n++ {
		gap := s.take(func(b byte) bool { return isSpace(b) || b == ',' })
		if s.rest == "" {
			return list
		}
		if n == maxChallengeParts {
			return problem(list, "the line goes on for longer than any challenge; its rest is left out")
		}
		comma := strings.Contains(gap, ",")
		word := s.take(isTokenByte)
		switch name, isParam := s.equals(); {
		case word == "" || isParam && len(list) == 0:
			list = problem(list, "“"+Visible(s.skip())+"” belongs to no scheme")
		case isParam:
			list = problem(list, misplaced(list[len(list)-1], gap, Visible(word)))
			s.rest = name
			s.parameter(&list[len(list)-1], word)
		case len(list) > 0 && continuesQop(list[len(list)-1], word):
			last := &list[len(list)-1]
			last.Params[len(last.Params)-1].Value += "," + word
			list = problem(list, "the list of qop needs quotes")
		default:
			if len(list) > 0 && !comma {
				list = problem(list, "a comma is missing in front of "+Visible(word))
			}
			list = append(list, s.challenge(word))
		}
	}
}

// misplaced says what is odd about a parameter that follows the gap; empty: nothing.
func misplaced(c core.Challenge, gap, name string) string {
	switch comma := strings.Contains(gap, ","); {
	case c.Token68 != "":
		return name + " cannot stand beside the value " + Visible(c.Token68)
	case !comma && len(c.Params) > 0:
		return "a comma is missing in front of " + name
	case len(c.Params) == 0 && c.Scheme != "" && !isSpace(gap[0]):
		return "a comma directly behind the scheme ends its challenge; " + name + " is taken for its parameter"
	}
	return ""
}

// continuesQop knows qop=auth,auth-int, which some devices write without the quotes it needs: it would
// read as a scheme of the name auth-int that takes the parameters behind it.
func continuesQop(c core.Challenge, word string) bool {
	return (word == "auth" || word == "auth-int") && len(c.Params) > 0 && strings.EqualFold(c.Params[len(c.Params)-1].Name, "qop")
}

// challenge reads what follows the name of a scheme, up to its parameters.
func (s *scanner) challenge(scheme string) core.Challenge {
	c := core.Challenge{Scheme: scheme, Token68: s.token68(scheme)}
	if s.rest != "" && !isSpace(s.rest[0]) && s.rest[0] != ',' {
		c.Problems = append(c.Problems, "“"+Visible(s.skip())+"” cannot follow the scheme")
	}
	return c
}

// equals looks for the "=" of a parameter, and returns what follows it and the space around it.
func (s *scanner) equals() (rest string, found bool) {
	rest, found = strings.CutPrefix(strings.TrimLeft(s.rest, " \t"), "=")
	return strings.TrimLeft(rest, " \t"), found
}

// token68 reads the one value that some schemes have instead of parameters; empty if there is none.
func (s *scanner) token68(scheme string) string {
	ahead := scanner{rest: strings.TrimLeft(s.rest, " \t")}
	if ahead.rest == s.rest {
		return ""
	}
	value := ahead.take(func(b byte) bool { return Unreserved(b) || b == '+' || b == '/' })
	padding := ahead.take(func(b byte) bool { return b == '=' })
	if end := strings.TrimLeft(ahead.rest, " \t"); value == "" || end != "" && end[0] != ',' {
		return ""
	}
	if padding == "=" && parametersOnly(scheme) {
		return "" // a parameter whose value was forgotten
	}
	s.rest = ahead.rest
	return value + padding
}

func parametersOnly(scheme string) bool {
	return strings.EqualFold(scheme, "Basic") || strings.EqualFold(scheme, "Digest") || strings.EqualFold(scheme, "Bearer")
}

// parameter reads the value of the parameter: a token or a quoted-string.
func (s *scanner) parameter(c *core.Challenge, name string) {
	for _, p := range c.Params {
		if strings.EqualFold(p.Name, name) {
			c.Problems = append(c.Problems, Visible(name)+" is given twice")
			break
		}
	}
	value, ok := "", true
	if quoted, isQuoted := strings.CutPrefix(s.rest, `"`); isQuoted {
		s.rest = quoted
		if value, ok = s.quoted(); !ok {
			c.Problems = append(c.Problems, "the quote of "+Visible(name)+" is not closed")
		}
		if odd := s.take(inValue); odd != "" {
			c.Problems = append(c.Problems, "“"+Visible(odd)+"” follows the closing quote of "+Visible(name))
		}
	} else if value = s.take(inValue); !IsToken(value) {
		c.Problems = append(c.Problems, "the value of "+Visible(name)+" needs quotes")
	}
	c.Params = append(c.Params, core.Param{Name: name, Value: value})
}

func inValue(b byte) bool { return !isSpace(b) && b != ',' }

// quoted reads up to the closing quote; a backslash takes the next character as it is.
func (s *scanner) quoted() (value string, closed bool) {
	var b strings.Builder
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]
			return b.String(), true
		case c == '\\' && i+1 < len(s.rest):
			i++
			b.WriteByte(s.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	s.rest = ""
	return b.String(), false
}

// take reads the bytes of a set; skip reads up to the next comma, which nothing else explains.
//
//go:noinline
func (s *scanner) take(from Set) string {
	n := 0
	for n < len(s.rest) && from(s.rest[n]) {
		n++
	}
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

func (s *scanner) skip() string { return s.take(func(b byte) bool { return b != ',' }) }

// problem notes what belongs to the last challenge, or to one without a name where there is none.
func problem(list []core.Challenge, text string) []core.Challenge {
	if text == "" {
		return list
	}
	if len(list) == 0 {
		list = append(list, core.Challenge{})
	}
	last := &list[len(list)-1]
	last.Problems = append(last.Problems, text)
	return list
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' }
