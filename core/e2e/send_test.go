//go:build !js

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is one entry of the Examples menu.
type example struct {
	ID, Scheme, Title string
	Wrong             bool
}

func examples(t *testing.T) []example {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository(), "web", "schemes.js")) // as it was written
	require.NoError(t, err)
	text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("export default ")), []byte(";\n"))
	var catalogue struct {
		Schemes  []struct{ ID string }
		Examples []example
	}
	require.NoError(t, json.Unmarshal(text, &catalogue))
	require.GreaterOrEqual(t, len(catalogue.Examples), len(catalogue.Schemes), "every scheme has its example")
	return catalogue.Examples
}

func TestExamples(t *testing.T) {
	list := examples(t) // before the browser: without a built page there is nothing to open
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, e := range list {
		p.press("#examples")
		p.press(`[data-example=` + quoted(e.ID) + `]`)
		p.wait(e.ID+" is in the form", `document.querySelector("#scheme").value === `+quoted(e.Scheme))
		status := p.send()
		if !e.Wrong {
			require.Equal(t, "200", status, e.ID)
			continue
		}
		require.Equal(t, "401", status, e.ID)
		step := p.text(`document.querySelector("#rejection")?.dataset.step ?? ""`)
		require.NotEmpty(t, step, "%s: the page names the step that differs", e.ID)
		p.panel("response")
		p.press("#rejected-step")
		p.wait("the step that differs", `document.querySelector("#step-`+step+` .callout").checkVisibility()`)
	}
}

func TestCancel(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "lab/delay/50000")
	p.expectAnswer()
	p.press("#send")
	p.wait("Cancel", `document.querySelector("#cancel").checkVisibility()`)
	require.False(t, p.is(`document.querySelector("#response-empty").checkVisibility()`), "nothing says that nothing is sent")
	p.press("#cancel")
	require.Equal(t, "failure cancelled", p.answer())
	p.fill("url", "lab/echo")
	require.Equal(t, "200", p.send(), "the page can send again")
}

func TestStreamOfOneGiB(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the memory of other processes is read from Linux's /proc")
	}
	p := newTab(t)
	p.keepModule()
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.settleMemory()
	grown := p.growthDuring(func() { p.drain("lab/", 1<<30) })
	t.Logf("1 GiB in %.1f s: %d MiB of private memory, %d KiB of linear memory", grown.took.Seconds(), grown.private>>20, grown.linear>>10)
	// A page that held the body would grow by 1024 MiB and more, one that left chunks to the collector by 150 to 200.
	require.LessOrEqual(t, grown.private, int64(64<<20))
	require.Zero(t, grown.linear)
}

// The examples once more, at the lab of the program: real servers, of another origin than the page.
func TestExamplesAtAnotherOrigin(t *testing.T) {
	list := examples(t)
	server := serveNative(t)
	p := newTab(t)
	p.mayAsk = []string{server.LabURL}
	p.visit(server.URL)
	p.ready()
	for _, e := range list {
		p.press("#examples")
		p.press(`[data-example=` + quoted(e.ID) + `]`)
		p.wait(e.ID+" is in the form", `document.querySelector("#scheme").value === `+quoted(e.Scheme))
		p.fill("url", server.LabURL+strings.TrimPrefix(p.text(`document.querySelector("#url").value`), "lab/"))
		require.Equal(t, map[bool]string{false: "200", true: "401"}[e.Wrong], p.send(), e.ID)
	}
	require.Equal(t, "10485760", p.said(`(async () => {
		const request = { method: "POST", url: `+quoted(server.LabURL+"echo")+` };
		const [, bytes] = await authpad("send", JSON.stringify({ request, auth: { scheme: "none", values: {} } }), new Uint8Array(10 << 20).fill(97));
		return JSON.parse(new TextDecoder().decode(bytes)).bodySize;
	})()`))
}
