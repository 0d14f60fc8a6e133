package api

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"authpad/core"
)

// TestAnotherBuildForgetsSecrets: what the form no longer holds is held here no longer either.
func TestAnotherBuildForgetsSecrets(t *testing.T) {
	const secret = "wJalrXUtnFEMI"
	form := func(scheme, values, more string) string {
		return `{"request":{"url":"https://a.test/"},"auth":{"scheme":"` + scheme + `","values":{` + values + `}}` + more + `}`
	}
	signed := form("sigv4", `"accessKeyId":"a","secretAccessKey":"`+secret+`","region":"r","service":"s"`, "")
	for name, then := range map[string]struct{ call, params string }{
		"of another scheme": {"build", form("none", "", "")}, "without steps": {"build", form("sigv4", `"accessKeyId":"a","secretAccessKey":"other","region":"r","service":"s"`, `,"steps":false`)},
		"that fails": {"build", form("basic", `"username":"a:b"`, "")}, "that is another call": {"verify", form("basic", `"username":"a"`, "")},
	} {
		t.Run(name, func(t *testing.T) {
			a := New(Host{Env: core.Env{Now: time.Now, Nonce: func(string, int) string { return "n" }}})
			_, _ = a.Call(context.Background(), "build", []byte(signed), nil)
			require.Contains(t, held(a), secret, "as long as the form holds it")
			_, _ = a.Call(context.Background(), then.call, []byte(then.params), nil)
			if then.call == "build" {
				require.NotContains(t, held(a), secret)
			}
			_, _ = a.Call(context.Background(), then.call, []byte(then.params), nil)
			_, _ = a.Call(context.Background(), "build", []byte(form("none", "", "")), nil)
			require.NotContains(t, held(a), secret)
		})
	}
}

// held is all that the core remembers, up to the ends of its rooms.
func held(a *API) string {
	var all strings.Builder
	for _, s := range a.last.steps[:cap(a.last.steps)] {
		fmt.Fprintf(&all, "%+v %s\n", s.step, s.json)
	}
	for _, n := range a.last.notes[:cap(a.last.notes)] {
		fmt.Fprintf(&all, "%+v %s\n", n.note, n.json)
	}
	fmt.Fprintf(&all, "%+v %+v %s", a.last.room[:cap(a.last.room)], a.last.auth, a.last.auth.json)
	if plan := a.last.auth.value.plan; plan != nil {
		fmt.Fprintf(&all, " %+v", *plan)
	}
	return all.String()
}
