//go:build !js

package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What the door takes for a body, and what a caller can do to it: at worst its own call fails.

func TestDoorTakesBodiesOfEveryForm(t *testing.T) {
	p, _ := openDoor(t, "")
	for name, body := range map[string]string{
		"an array": `letters`, "its buffer": `letters.buffer`, "a view of it": `new DataView(letters.buffer)`,
		"wider numbers": `new Uint16Array(letters.buffer)`, "a file": `new File([letters], "a.txt", { type: "text/plain" })`,
	} {
		t.Run(name, func(t *testing.T) {
			defer p.within(t)()
			require.Equal(t, "abcd", p.said(`(async () => {
				const letters = new TextEncoder().encode("abcd");
				const { bytes } = await door.call("send", { request: { method: "POST", url: "lab/echo" } }, `+body+`);
				return JSON.parse(new TextDecoder().decode(bytes)).body.text;
			})()`))
		})
	}
	require.Equal(t, "body.file", p.said(`door.call("build", { request: { method: "PUT", url: "lab/echo" } }, [new Blob(["a"])]).then(({ error }) => error?.code)`), "no part names it")
	require.Equal(t, "true", p.said(`door.call("verify", { request: { method: "PUT", url: "https://a.test/", body: { multipart: [{ name: "a", file: 0 }] }, headers: [["Authorization", "Basic YTpi"]] },
		auth: { scheme: "basic", values: { username: "a", password: "b" } } }, [new Blob(["a"])]).then(({ ok, error }) => error?.code ?? ok.valid)`))
}

// Two of 2 GB took all of the core's memory, and more than one build can be under way.
func TestDoorTakesNoBodyThatIsTooLarge(t *testing.T) {
	p, _ := openDoor(t, "")
	require.Equal(t, "body.too-large true", p.said(`(async () => {
		const piece = new Blob([new Uint8Array(1 << 20)]);
		const build = async (scheme, values) => (await door.call("build", { request: { method: "PUT", url: "https://a.test/" }, auth: { scheme, values } }, new Blob(Array(513).fill(piece))));
		return [(await build("hawk", { id: "a", key: "b" })).error?.code, (await build("basic", { username: "a" })).ok?.request.bodySize === 513 << 20].join(" ");
	})()`))
}

func TestDoorSurvivesItsCallers(t *testing.T) {
	p, _ := openDoor(t, "")
	const hawk = `{ request: { method: "PUT", url: "https://a.test/" }, auth: { scheme: "hawk", values: { id: "a", key: "b" } } }`
	for name, does := range map[string]struct{ call, comesTo string }{
		"parameters that are no text":       {`authpad("build", Symbol())`, `{"error":{"code":"json`},
		"a body that is none":               {`authpad("build", "{}", { length: 2 << 20 })`, `TypeError`},
		"a body of text":                    {`authpad("send", "{}", "a".repeat(2 << 20))`, `TypeError`},
		"a list that is not of files":       {`authpad("build", "{}", [undefined])`, `TypeError`},
		"an array that was given away":      {`authpad("build", "{}", gone)`, `TypeError`},
		"a sink, and no JSON":               {`(door.sink("a", new WritableStream()), authpad("send", "{"))`, `{"error":{"code":"json`},
		"a sink, and JSON without a member": {`(door.sink("a", new WritableStream()), authpad("send", "null"))`, `{"error":{"code":"url`},
		"an array that is given away":       {`giveAway(new Uint8Array(2 << 20), (array) => authpad("build", JSON.stringify(` + hawk + `), array))`, `{"ok":`},
		"a list that is emptied": {`(async () => {
			const files = [new Blob(["a"])];
			const answer = authpad("send", JSON.stringify({ request: { method: "PUT", url: "lab/echo", body: { multipart: [{ name: "b", file: 0 }] } } }), files);
			files.length = 0;
			return [JSON.parse(new TextDecoder().decode((await answer)[1])).body.text.includes("\r\n\r\na\r\n")];
		})()`, `true`},
	} {
		t.Run(name, func(t *testing.T) {
			defer p.within(t)()
			require.Contains(t, p.said(`(async () => {
				const giveAway = (array, first) => { const answer = first(array); structuredClone(array, { transfer: [array.buffer] }); return answer; };
				const gone = new Uint8Array(8);
				giveAway(gone, () => {});
				return Promise.resolve(`+does.call+`).then(([json]) => json, (mistake) => mistake.name);
			})()`), does.comesTo)
			require.Contains(t, p.said(`authpad("version").then(([json]) => json)`), `{"ok":`, "the core lives on")
		})
	}
}

// The document is parsed before the module is there, and in the page before core.js is.
func TestDoorTakesABodyWhenItIsGiven(t *testing.T) {
	for name, folder := range map[string]string{"the door": doorFolder(t, ""), "the page": dist(t)} {
		t.Run(name, func(t *testing.T) {
			p := newTab(t)
			p.beforeEachDocument(`addEventListener("DOMContentLoaded", () => {
				const body = new Uint8Array(8).fill(97);
				globalThis.early = authpad("send", JSON.stringify({ request: { method: "POST", url: "lab/echo" } }), body);
				body.fill(98);
			})`)
			p.visit(startStatic(t, folder).URL)
			require.Equal(t, "aaaaaaaa", p.said(`early.then(([, bytes]) => JSON.parse(new TextDecoder().decode(bytes)).body.text)`))
		})
	}
}
