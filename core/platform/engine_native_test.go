//go:build !js

package platform_test

// The native build follows the URL standard to the letter; see engine_js_test.go for Chromium.

const verticalBarInPath = "|"

var deviations map[string]struct{ old, new string }
