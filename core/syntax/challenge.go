package syntax

import (
	"strings"

	"authpad/core"
)

// FormatChallenge writes a challenge as the value of a WWW-Authenticate line (RFC 9110, section
// 11.6.1). Parameters are quoted: realm has to be, and every recipient takes the others so.
func FormatChallenge(c core.Challenge) string {
	if c.Token68 != "" {
		return c.Scheme + " " + c.Token68
	}
	params := make([]string, len(c.Params))
	for i, p := range c.Params {
		params[i] = p.Name + "=" + Quote(p.Value)
	}
	return strings.TrimRight(c.Scheme+" "+strings.Join(params, ", "), " ")
}
