package session

import "authpad/core"

// parseChallenges reads the lines of a 401.
func parseChallenges(lines []string) []core.Challenge { return nil }
