//go:build !js

package e2e

import "testing"

func TestFirstVisit(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.wait("the core answers", `globalThis.authpadReady`)
	p.eval(`globalThis.authpadReady`, nil)
}
