package session

import (
	"strings"

	"authpad/core"
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
