//go:build !js

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/stretchr/testify/require"
)

// manyFields is a scheme with every kind of field that core.Field can describe, as the catalogue tells them.
const manyFields = `{"id":"many","name":"Many fields","summary":"A scheme that is not there.","refs":[{"doc":"RFC 9110","section":"11","url":"https://www.rfc-editor.org/rfc/rfc9110#section-11"}],"answers":[],"vectors":0,"fields":[
	{"id":"t","label":"Text","help":"Some text.","kind":"text","secret":false,"default":"usual","placeholder":"here","options":[]},
	{"id":"s","label":"Secret","help":"","kind":"secret","secret":true,"default":"","placeholder":"","options":[]},
	{"id":"m","label":"Lines","help":"","kind":"multiline","secret":false,"default":"{}","placeholder":"","options":[]},
	{"id":"k","label":"Private key","help":"PEM or JWK.","kind":"multiline","secret":true,"default":"","placeholder":"-----BEGIN","options":[]},
	{"id":"c","label":"Choice","help":"","kind":"choice","secret":false,"default":"b","placeholder":"","options":[{"value":"a","label":"First"},{"value":"b","label":"Second, with a name that is longer than most screens of telephones are wide"}]},
	{"id":"w","label":"Only with the first","help":"","kind":"text","secret":false,"default":"","placeholder":"","options":[],"when":{"field":"c","values":["a"]}},
	{"id":"g","label":"Toggle","help":"","kind":"toggle","secret":false,"default":"true","placeholder":"","options":[],"advanced":true},
	{"id":"n","label":"Number","help":"In seconds.","kind":"number","secret":false,"default":"300","placeholder":"","options":[],"advanced":true},
	{"id":"v","label":"The server's alone","help":"","toVerify":"Refuses more.","kind":"toggle","secret":false,"default":"false","placeholder":"","options":[],"advanced":true},
	{"id":"u","label":"A kind of tomorrow","help":"","kind":"colour","secret":false,"default":"","placeholder":"","options":[]}]}`

// withScheme is the page with one more scheme in its catalogue, and n more names in the menu.
func withScheme(t *testing.T, scheme string, n int) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, exec.Command("cp", "-r", dist(t)+"/.", dir).Run())
	path := filepath.Join(dir, "schemes.js")
	text, err := os.ReadFile(filepath.Join(repository(), "web", "schemes.js")) // as it was written
	require.NoError(t, err)
	const begin, end = "export default ", ";\n"
	var catalogue struct {
		Examples []json.RawMessage `json:"examples"`
		Schemes  []json.RawMessage `json:"schemes"`
	}
	require.NoError(t, json.Unmarshal(bytes.TrimSuffix(bytes.TrimPrefix(text, []byte(begin)), []byte(end)), &catalogue))
	catalogue.Schemes = append(catalogue.Schemes, json.RawMessage(scheme))
	for i := range n {
		id := fmt.Sprintf("more%d", i)
		catalogue.Schemes = append(catalogue.Schemes, json.RawMessage(fmt.Sprintf(`{"id":%q,"name":"Scheme with a name of length %d","summary":"","refs":[],"fields":[],"answers":[],"vectors":0}`, id, i)))
		for _, wrong := range []string{"false", "true"} {
			catalogue.Examples = append(catalogue.Examples, json.RawMessage(fmt.Sprintf(`{"id":"%s-%s","scheme":%q,"title":"Scheme %d of a name that is long","about":"","wrong":%s,"request":{"method":"GET","url":"lab/echo"},"auth":{"scheme":%q,"values":{}}}`, id, wrong, id, i, wrong, id)))
		}
	}
	whole, err := json.Marshal(catalogue)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(begin+string(whole)+end), 0o644))
	return dir
}

func TestAnyFieldOfACatalogueIsDrawn(t *testing.T) {
	p := open(t, startStatic(t, withScheme(t, manyFields, 0)).URL)
	p.ready()
	p.choose("scheme", "many")
	field := func(id string) string { return fmt.Sprintf(`document.querySelector("[data-field=%s]")`, id) }
	value := func(id string) string {
		return p.text(`(async () => (await import("./state.js")).auth().values.` + id + `)()`)
	}
	for id, want := range map[string]string{"t": "text usual here Some text.", "s": "password", "m": "textarea {}", "k": "textarea -----BEGIN PEM or JWK.",
		"c": "select-one b", "g": "checkbox on", "n": "text 300 In seconds.", "u": "text"} {
		got := p.text(`(() => { const el = ` + field(id) + `; return [el.type, el.value, el.placeholder, document.querySelector("#help-` + id + `").textContent].filter(Boolean).join(" "); })()`)
		require.Equal(t, want, got, id)
		require.Equal(t, "1", p.text(field(id)+`.labels.length`), id)
	}

	// A page signs: what only a server has to say is not asked for. Files are for keys and lists of accounts.
	require.False(t, p.is(field("v")))
	require.Equal(t, "1", p.text(`document.querySelectorAll("#fields [type=file]").length`))

	// What depends on a choice comes and goes with it, and its text is not lost.
	require.False(t, p.is(field("w")))
	p.choose("c", "a")
	p.wait("the field of the first choice", field("w")+`?.checkVisibility()`)
	p.fill("w", "kept")
	p.choose("c", "b")
	p.wait("it goes", `!`+field("w"))
	p.choose("c", "a")
	require.Equal(t, "kept", p.text(field("w")+`.value`))

	// What most people never change is a press away.
	require.False(t, p.is(field("n")+`.checkVisibility()`))
	p.press(".advanced summary")
	p.fill("n", "60")
	p.press("#field-g")
	require.Equal(t, "60 false", value("n")+" "+value("g"))
	p.choose("scheme", "none")
	p.choose("scheme", "many")
	require.True(t, p.is(field("n")+`.checkVisibility()`), "something in there was changed")

	// A secret of many lines is hidden while it is typed too, until its eye is pressed.
	p.fill("k", "-----BEGIN PRIVATE KEY-----\nx\n")
	security := `getComputedStyle(` + field("k") + `).webkitTextSecurity`
	require.Equal(t, "disc", p.text(security))
	p.press(`[data-eye=k]`)
	require.Equal(t, "none", p.text(security))
	p.eval(`(() => {
		const file = new File(["from a file"], "key.pem"), data = new DataTransfer(), input = document.querySelector("#fields [type=file][aria-label*='Private key']");
		data.items.add(file);
		input.files = data.files;
		input.dispatchEvent(new Event("change"));
	})()`, nil)
	p.wait("the file is read", field("k")+`.value === "from a file"`)
	require.Equal(t, "from a file", value("k"))
}

func TestAnErrorShowsItsField(t *testing.T) {
	p := open(t, startStatic(t, withScheme(t, manyFields, 0)).URL)
	p.ready()
	for _, id := range []string{"w", "n", "v"} { // not drawn, folded away, never drawn
		p.choose("scheme", "none")
		p.choose("scheme", "many")
		p.wait("the answer to that", `document.querySelector("#panel-wire .refusal")`)
		p.eval(`(async () => (await import("./state.js")).emit("refused", { code: "test.fault", field: "`+id+`", message: "this is wrong" }))()`, nil)
		p.wait("the error at "+id, fmt.Sprintf(`document.querySelector("#error-%s")?.checkVisibility() && document.querySelector("#error-%s").innerText.includes("This is wrong.")`, id, id))
	}
}

func TestManySchemesOnANarrowScreen(t *testing.T) {
	p := open(t, startStatic(t, withScheme(t, manyFields, 13)).URL)
	p.ready()
	p.run(emulation.SetDeviceMetricsOverride(360, 640, 2, true))
	p.choose("scheme", "many")
	p.choose("c", "a")
	p.press(".advanced summary")
	p.fitsTheWidth("every kind of field")
	p.press("#examples")
	var box struct{ Left, Right, Bottom float64 }
	p.eval(`document.querySelector("#examples-menu").getBoundingClientRect()`, &box)
	require.GreaterOrEqual(t, box.Left, 0.0)
	require.LessOrEqual(t, box.Right, 360.0)
	require.LessOrEqual(t, box.Bottom, 640.0, "the menu scrolls, the page stays")
	require.True(t, p.is(`document.querySelector("#examples-menu").scrollWidth <= document.querySelector("#examples-menu").clientWidth`))
}
