package schemes_test

import (
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core"
	"authpad/core/schemes"
)

// TestNoSignatureIsExplainedAtAnyPrice holds Verify of a wrong signature to a few times what a right one needs, however
// long the request is made on purpose. Memory is what is counted: it grows with the work, and not with the machine.
func TestNoSignatureIsExplainedAtAnyPrice(t *testing.T) {
	pairs := strings.Repeat("a=b&", 16<<10)
	long := map[string]func(*core.Vector){
		"a query": func(v *core.Vector) { v.URL = "https://a.test/lab?" + pairs },
		"a path":  func(v *core.Vector) { v.URL = "https://a.test" + strings.Repeat("/a%20b", 16<<10) },
		"a form": func(v *core.Vector) {
			v.Header, v.Body = core.Header{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}, pairs
		},
		"no form":    func(v *core.Vector) { v.Body = pairs },
		"headers":    func(v *core.Vector) { v.Header = manyHeaders(1000) },
		"one header": func(v *core.Vector) { v.Header = core.Header{{Name: "X-Long", Value: pairs}} },
	}
	for _, s := range schemes.All() {
		if s.Verify == nil {
			continue
		}
		for name, change := range long {
			t.Run(s.ID+" with "+name, func(t *testing.T) {
				v := core.Vector{Method: "POST", URL: "https://a.test/lab", Values: s.Example.Values}
				change(&v)
				c := newCase(t, s, v)
				right, err := allocatedBy(t, c, v.Values)
				require.NoError(t, err)
				wrong, err := allocatedBy(t, c, merged(v.Values, s.Example.Wrong))
				require.Error(t, err)
				require.Less(t, wrong, 8*(right+128<<10), "bytes; a right one takes %d", right)
			})
		}
	}
}

func manyHeaders(n int) (h core.Header) {
	for i := range n {
		h.Add("X-"+strconv.Itoa(i), "a")
	}
	return h
}

// allocatedBy is how many bytes the server's side of a case takes, with these secrets.
func allocatedBy(t *testing.T, c conformCase, secrets core.Values) (bytes uint64, err error) {
	in, req := input(t, c.scheme, c.vector, secrets), c.signed.Clone()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = c.scheme.Verify(in, req, &core.Trace{})
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, err
}
