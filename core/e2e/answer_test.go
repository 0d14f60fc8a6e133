//go:build !js

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"authpad/core/lab"
	"authpad/core/native"
)

// A challenge in the page: over the lab behind the service worker, and over servers of another origin.

const digestAuth = `{ scheme: "digest", values: { username: "Mufasa", password: "Circle of Life" } }`

func TestPageAnswersTheLab(t *testing.T) {
	p, _ := openDoor(t, "")
	require.Equal(t, "first:401 answer:200 nc=00000001 | first:200 nc=00000002 | nc=00000003 | first:401 ha1", p.said(`(async () => {
		const request = { method: "GET", url: "lab/auth/digest?a=b%20c#top" }, auth = `+digestAuth+`;
		const nc = (built) => /nc=\w+/.exec(built.request.headers[0][1])[0];
		const sent = async () => {
			const { ok } = await door.call("send", { request, auth });
			return ok.exchanges.map((e) => e.why + ":" + e.response.status).join(" ") + " " + nc(ok.built);
		};
		const first = await sent(), second = await sent();
		const shown = nc((await door.call("build", { request, auth })).ok);
		auth.values.password = "Circle Of Life";
		const { ok, bytes } = await door.call("send", { request, auth });
		const wrong = ok.exchanges.map((e) => e.why + ":" + e.response.status).join(" ");
		return [first, second, shown, wrong + " " + JSON.parse(new TextDecoder().decode(bytes)).rejection.step].join(" | ");
	})()`))
}

func TestPageShowsTheAnswer(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.press("#examples")
	p.press(`[data-example="digest-wrong"]`)
	p.panel("steps")
	p.wait("what Send will do", `document.querySelector("#panel-steps").textContent.includes("before the server has asked")`)
	require.Equal(t, "401", p.send())
	p.panel("steps")
	p.wait("the steps of the next request", `document.querySelector("#step-response")`)
	p.panel("exchange")
	p.wait("both requests", `document.querySelector("#panel-exchange").textContent.match(/401/g).length === 2`)
	p.panel("response")
	p.press("#rejected-step")
	p.wait("the step that differs", `document.querySelector("#step-ha1 .callout").checkVisibility()`)
	p.fill("password", "Circle of Life")
	p.panel("wire")
	p.wait("the remembered challenge", `document.querySelector("#panel-wire").textContent.includes("nc=00000001")`)
	require.Equal(t, "200", p.send())
	p.panel("wire")
	p.wait("the count of the next request", `document.querySelector("#panel-wire").textContent.includes("nc=00000002")`)

	p.fill("url", "https://a.test/")
	p.wait("another origin", `!document.querySelector("#panel-wire").textContent.includes("Authorization")`)
	p.press(".advanced summary")
	p.fill("challenge", `WWW-Authenticate: Digest realm="pasted", nonce="n"`)
	p.wait("the pasted challenge", `document.querySelector("#panel-wire").textContent.includes('realm="pasted"')`)
	p.choose("scheme", "basic")
	p.wait("no challenge for Basic", `!document.querySelector("#field-challenge") && document.querySelector("#panel-wire").textContent.includes("Basic")`)
}

// What is saved is what the server gave at last, once, also where that was a refusal.
func TestPageSavesTheLastBody(t *testing.T) {
	p, _ := openDoor(t, "")
	for password, status := range map[string]string{"Circle of Life": "200", "x": "401"} {
		require.Equal(t, status+" true closed", p.said(`(async () => {
			const auth = `+digestAuth+`, saved = [];
			auth.values.password = "`+password+`";
			let end;
			const ended = new Promise((done) => (end = done));
			door.sink("s", new WritableStream({ write(chunk) { saved.push(...chunk); }, close() { end("closed"); }, abort() { end("aborted"); } }));
			const { ok, bytes } = await door.call("send", { id: "s", request: { url: "lab/auth/digest" }, auth });
			const last = ok.exchanges.at(-1).response, how = await ended;
			return [last.status, new TextDecoder().decode(bytes) === new TextDecoder().decode(new Uint8Array(saved)), how].join(" ");
		})()`), password)
	}
}

// Who is asked for another scheme is told which, and led to the menu of schemes.
func TestPageNamesTheSchemeThatIsAskedFor(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "digest")
	require.Equal(t, "401", p.send())
	note := `document.querySelector("#panel-response [data-code='challenge.other-scheme']")`
	require.Contains(t, p.text(note+".innerText"), "The server asks for Basic; HTTP Digest cannot answer it. Choose HTTP Basic")
	p.press("#panel-response [data-goto=scheme]")
	require.Equal(t, "scheme", p.text(`document.activeElement.id`))
}

func TestPageAnswersAnotherOrigin(t *testing.T) {
	open := httptest.NewServer(native.LabHandler(lab.New(native.Env())))
	t.Cleanup(open.Close)
	hidden := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "authorization")
		if r.Method == "OPTIONS" || r.Header.Get("Authorization") != "" {
			return
		}
		w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(hidden.Close)
	p, _ := openDoor(t, "")
	p.tampered = true
	sent := func(url, more string) string {
		return p.said(`door.call("send", { request: { url: "` + url + `" }, auth: ` + digestAuth + more + ` }).then(({ ok }) =>
			ok.exchanges.map((e) => [e.why, e.response.status, ...(e.notes ?? []).map((n) => n.code)].join(" ")).join(", "))`)
	}
	require.Equal(t, "first 401, answer 200 digest.rspauth", sent(open.URL+"/lab/auth/digest?q=ü", ""))
	require.Equal(t, "first 401 answer.hidden", sent(hidden.URL, ""))
	require.Equal(t, "first 200", sent(hidden.URL, `, challenge: ['Digest realm="r", nonce="n", qop="auth"']`))
}

func TestPageCancelsAnAnswer(t *testing.T) {
	asked, waits := make(chan struct{}, 1), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "authorization")
		w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
		switch {
		case r.Method == "OPTIONS":
		case r.Header.Get("Authorization") != "":
			asked <- struct{}{}
			<-waits
		default:
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "the first answer")
		}
	}))
	t.Cleanup(slow.Close)
	t.Cleanup(func() { close(waits) })
	p, _ := openDoor(t, "")
	p.tampered = true
	p.eval(`(() => { globalThis.sent = door.call("send", { id: "slow", request: { url: "`+slow.URL+`" }, auth: `+digestAuth+` }); })()`, nil)
	<-asked
	require.Equal(t, "first 401, answer cancelled, no body", p.said(`door.call("cancel", { id: "slow" }).then(() => sent).then(({ ok, bytes }) =>
		ok.exchanges.map((e) => e.why + " " + (e.failure?.code ?? e.response.status)).join(", ") + ", " + (bytes?.length ? "a body" : "no body"))`))
	require.Equal(t, "timeout", p.said(`door.call("send", { request: { url: "`+slow.URL+`" }, auth: `+digestAuth+`, fetch: { timeoutMs: 400 } }).then(({ ok }) => ok.exchanges.at(-1).failure.code)`))
}
