package platform_test

// Where Chromium 156 writes a URL otherwise than the standard, and so otherwise than the native
// build. What the page signs must be what the page sends, so its answer stands.

// verticalBarInPath: the standard's path percent-encode set does not have "|".
const verticalBarInPath = "%7C"

// deviations are by the ID of a case: every old in its expected members is written as new.
var deviations = map[string]struct{ old, new string }{
	// The userinfo percent-encode set does not have the apostrophe; Chromium escapes it.
	"parse-63": {"'", "%27"}, "parse-64": {"'", "%27"}, "set-username-8": {"'", "%27"}, "set-password-7": {"'", "%27"},
	// Nor does the query percent-encode set of schemes like "foo", which are not special.
	"parse-69": {"'", "%27"},
	"parse-67": {"|", verticalBarInPath}, "parse-68": {"|", verticalBarInPath},
}
