package session

import (
	"slices"
	"strings"

	"authpad/core"
	"authpad/core/schemes"
	"authpad/core/syntax"
)

// ParseChallenges reads header lines of a 401 or 407, with or without the header's name in front.
func ParseChallenges(lines []string) []core.Challenge {
	values := make([]string, len(lines))
	for i, line := range lines {
		values[i] = withoutName(line)
	}
	return syntax.ParseChallenges(values)
}

func withoutName(line string) string {
	name, value, found := strings.Cut(line, ":")
	name = strings.TrimSpace(name)
	if found && (strings.EqualFold(name, "WWW-Authenticate") || strings.EqualFold(name, "Proxy-Authenticate")) {
		return strings.TrimSpace(value)
	}
	return line
}

var challengeRef = core.Ref{Doc: "RFC 9110", Section: "11.6.1"}

// readChallenges reads the lines and notes what the chosen scheme can do with them.
func readChallenges(lines []string, chosen *core.Scheme, tr *core.Trace) []core.Challenge {
	if len(lines) == 0 {
		return nil
	}
	note := func(code string, severity core.Severity, message, fix string) {
		tr.Note(core.Note{Code: "challenge." + code, Severity: severity, Field: "challenge", Ref: challengeRef, Message: message, Fix: fix})
	}
	var ofServer []string
	for _, line := range lines {
		if isCredentials(line) { // and must not be repeated in what follows
			note("credentials", core.Warn, "an Authorization line is what a client sends, not what a server asks for; it is left out",
				"give the WWW-Authenticate line of the answer")
			continue
		}
		ofServer = append(ofServer, line)
	}
	challenges := ParseChallenges(ofServer)
	for _, c := range challenges {
		for _, problem := range c.Problems {
			note("problem", core.Warn, "the challenge is not written as it should be, and read as far as possible: "+problem, "")
		}
	}
	noteAnswer(challenges, chosen, note)
	return challenges
}

func isCredentials(line string) bool {
	name, _, found := strings.Cut(line, ":")
	name = strings.TrimSpace(name)
	return found && (strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Proxy-Authorization"))
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
		if slices.Contains(asked, c.Scheme) {
			continue
		}
		asked = append(asked, c.Scheme)
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
		said = " for the realm “" + realm + "”"
	}
	if reason, given := c.Param("error"); given {
		said += " (error “" + reason + "”)"
	}
	return said
}
