//go:build !js

package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/lab"
)

// A body that the lab refuses must not pass through the core's memory, which never shrinks. A blob, because the test's
// own record of requests would hold other bodies.
func TestLabInThePageRefusesHugeBodies(t *testing.T) {
	p := newTab(t)
	p.keepModule()
	p.visit(startStatic(t, doorFolder(t, "")).URL)
	p.enterDoor()
	p.controlled()
	said := func(size int) string {
		return p.said(fmt.Sprintf(`fetch("lab/say", { method: "POST", body: new Blob([new Uint8Array(%d)]) }).then(async (r) => r.status + " " + (await r.text()).includes("lab.body"))`, size))
	}
	require.Equal(t, "200 false", said(1<<20))
	before := p.linearMemory()
	require.Equal(t, "413 true", said(4*lab.MaxRequestBody))
	// The input and the call's own copy of it, each with the little that is beyond the limit.
	require.LessOrEqual(t, p.linearMemory()-before, int64(3*lab.MaxRequestBody))
}
