package session

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// ParseChallenges reads header lines of a 401 or 407, with or without the header's name in front, also out of
// all that “curl -i” or “curl -v” prints.
func ParseChallenges(lines []string) []core.Challenge {
	return syntax.ParseChallenges(readAnswer(lines).asked)
}

// answerLines is what was pasted of an answer.
type answerLines struct {
	asked       []string    // the values of its challenges
	told        core.Header // its other lines
	credentials bool        // there was a line of a request among them, which is left out: it has secrets
}

// readAnswer sorts the lines. No challenge has a colon directly behind its first word, so that any other line with
// one is another header line.
func readAnswer(lines []string) (a answerLines) {
	whole, open := false, false // a status line came; the last line is a challenge and may go on
	for line := range strings.Lines(strings.Join(lines, "\n")) {
		if strings.HasPrefix(line, "> ") || strings.HasPrefix(line, "* ") { // of curl -v
			continue
		}
		line = strings.TrimRight(strings.TrimPrefix(line, "< "), " \t\r\n")
		folded := strings.TrimLeft(line, " \t") != line // RFC 9112, section 5.2
		line = strings.TrimLeft(line, " \t")
		name, value, isHeader := cutHeader(line)
		switch {
		case line == "":
		case strings.HasPrefix(line, "HTTP/"):
			whole = true
		case isHeader && strings.EqualFold(name, "Authorization"), isHeader && strings.EqualFold(name, "Proxy-Authorization"):
			a.credentials = true
		case isHeader && (strings.EqualFold(name, "WWW-Authenticate") || strings.EqualFold(name, "Proxy-Authenticate")):
			a.asked, open = append(a.asked, value), true
		case isHeader:
			a.told.Add(name, value)
			open = false
		case folded && open:
			a.asked[len(a.asked)-1] += " " + line
		case !whole: // behind a status line it is of the body
			a.asked, open = append(a.asked, line), true
		}
	}
	return a
}

func cutHeader(line string) (name, value string, isHeader bool) {
	name, value, isHeader = strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	return name, syntax.TrimSpace(value), isHeader && syntax.IsToken(name)
}

var challengeRef = core.Ref{Doc: "RFC 9110", Section: "11.6.1"}

// readChallenges reads the lines and notes what the chosen scheme can do with them. told are the others of the
// same answer; nil: there were none.
func readChallenges(lines []string, chosen *core.Scheme, tr *core.Trace) (challenges []core.Challenge, told core.Header) {
	if len(lines) == 0 {
		return nil, nil
	}
	note := func(code string, severity core.Severity, message, fix string) {
		tr.Note(core.Note{Code: "challenge." + code, Severity: severity, Field: "challenge", Ref: challengeRef, Message: message, Fix: fix})
	}
	a := readAnswer(lines)
	if a.credentials {
		note("credentials", core.Warn, "an Authorization line is what a client sends, not what a server asks for; it is left out",
			"give the WWW-Authenticate line of the answer")
	}
	challenges = syntax.ParseChallenges(a.asked)
	for _, c := range challenges {
		for _, problem := range c.Problems {
			note("problem", core.Warn, "the challenge is not written as it should be, and read as far as possible: "+problem, "")
		}
	}
	noteAnswer(challenges, chosen, note)
	return challenges, a.told
}

// noteAnswer says who answers which challenge, or who could.
func noteAnswer(challenges []core.Challenge, chosen *core.Scheme, note func(code string, severity core.Severity, message, fix string)) {
	var asked, able []string
	for _, c := range challenges {
		if c.Scheme == "" {
			continue
		}
		if schemes.Answers(chosen, c.Scheme) {
			note("answered", core.Info, "the server asks for "+c.Scheme+realmOf(c)+", which "+chosen.Name+" answers", "")
			return
		}
		if slices.Contains(asked, syntax.Visible(c.Scheme)) {
			continue
		}
		asked = append(asked, syntax.Visible(c.Scheme))
		for _, s := range schemes.Answering(c.Scheme) {
			able = append(able, s.Name)
		}
	}
	switch {
	case len(asked) == 0:
		note("none-offered", core.Warn, "no scheme is named in the challenge, so there is nothing to answer", "give the WWW-Authenticate line of the answer")
	case len(able) == 0:
		note("other-scheme", core.Warn, "the server asks for "+strings.Join(asked, " or ")+", which no scheme here can answer yet", "")
	case chosen.Sign == nil:
		note("other-scheme", core.Warn, "the server asks for "+strings.Join(asked, " or ")+", and no authentication is chosen", "choose "+strings.Join(able, " or "))
	default:
		note("other-scheme", core.Warn, "the server asks for "+strings.Join(asked, " or ")+"; "+chosen.Name+" cannot answer it", "choose "+strings.Join(able, " or "))
	}
}

// realmOf is for which part of the server credentials are asked, and why those before were refused
// (RFC 6750, section 3).
func realmOf(c core.Challenge) string {
	said := ""
	if realm, given := c.Param("realm"); given {
		said = " for the realm “" + syntax.Visible(syntax.FieldText(realm)) + "”"
	}
	if reason, given := c.Param("error"); given {
		said += " (error “" + syntax.Visible(reason) + "”)"
	}
	return said
}
