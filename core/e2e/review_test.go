//go:build !js

package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a review found, so that it stays mended.

// secretWord is in every secret of the shapes below. In a shape, what stands between « and » is secret.
const secretWord = "S3cr3t"

// shape is a request with marked secrets, as JSON of the contract.
type shape struct{ name, request, auth string }

func inURL(name, url string) shape {
	return shape{name: name, request: fmt.Sprintf(`{"method":"GET","url":%s}`, quoted(url))}
}

func inHeader(name, line, value string) shape {
	return shape{name: name, request: fmt.Sprintf(`{"method":"GET","url":"https://h.test/a?b=c","headers":[["Accept","*/*;q=0.8"],[%s,%s]]}`, quoted(line), quoted(value))}
}

func inText(name, text string) shape {
	return shape{name: name, request: fmt.Sprintf(`{"method":"POST","url":"https://h.test/","body":{"text":%s}}`, quoted(text))}
}

func shapes() []shape {
	const key = `{"scheme":"apikey","values":{"name":"X-Odd","value":"«S3cr3t-of-the-key»","in":"%s"}}`
	return []shape{
		inURL("token in the query", `https://h.test/p?a=1&access_token=«S3cr3t»&b=%20+c`),
		inURL("a name that is percent-encoded", `https://h.test/p?access%5Ftoken=«S3cr3t»&b=2`),
		inURL("a name that is encoded twice", `https://h.test/p?access%255Ftoken=«S3cr3t»&b=2`),
		inURL("a name in other letters", `lab/echo?API-Key=«S3cr3t»&Sort_Key=name`),
		inURL("a name with words inside", `lab/echo?userPassword=«S3cr3t»&x.auth=«S3cr3t»&sessionKey=«S3cr3t»&author=me&monkey=1`),
		inURL("a token in the fragment", `https://h.test/cb#access_token=«S3cr3t»&token_type=bearer&state=x`),
		inURL("a query in the fragment", `https://h.test/#/cb?id_token=«S3cr3t»&page=2`),
		inURL("a value with marks in it", `https://h.test/?token=«S3cr3t;b?S3cr3t»&c=d#top`),
		inURL("after a semicolon", `https://h.test/?a=1;sig=«S3cr3t»&c=d`),
		inURL("a session in the path", `https://h.test/app;jsessionid=«S3cr3t»/list?sort=up`),
		inURL("an address in the query", `https://h.test/?next=«https%3A%2F%2Fi.test%2F%3Ftoken%3DS3cr3t»&q=authors`),
		inURL("credentials of an address in the query", `https://h.test/?next=«https://u:S3cr3t@i.test/»&q=1`),
		inURL("a password before the host", `https://bob:«S3cr3t@S3cr3t»@h.test:8443/p?q=1`),
		inURL("a token as user name", `https://«S3cr3t»@h.test/p`),
		inURL("a token as user name, GitHub's way", `https://«S3cr3t:x-oauth-basic»@h.test/p`),
		inURL("a password without slashes", `https:bob:«S3cr3t»@h.test/p`),
		inURL("a JWT without a name", `https://h.test/?«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTM2NyM3QifQ.S3cr3t»&a=b`),
		inURL("presigned", `https://h.test/o?X-Amz-Credential=«S3cr3t»&X-Amz-SignedHeaders=host&X-Amz-Signature=«S3cr3t»&X-Amz-Expires=60`),
		inURL("code of OAuth", `https://h.test/cb?code=«S3cr3t»&status_code=7&client_assertion_type=urn%3Ax&client_assertion=«S3cr3t»`),
		inURL("nothing secret", `https://h.test/a%2fb/?design=x&keyword=y&max_tokens=5&key_id=k1&compass=n&q=a%20b+c&&=#frag`),
		inHeader("Authorization", "Authorization", "«Basic S3cr3t»"),
		inHeader("Authorization with spaces", " authorization ", "«Bearer S3cr3t»"),
		inHeader("Cookie", "Cookie", "«a=S3cr3t; theme=dark»"),
		inHeader("a custom header", "X-Vault-Token", "«S3cr3t»"),
		inHeader("a key of Azure", "Ocp-Apim-Subscription-Key", "«S3cr3t»"),
		inHeader("credentials under another name", "X-Forwarded", "«Bearer S3cr3t»"),
		inHeader("pairs in a header", "X-Meta", "a=1&password=«S3cr3t»"),
		inHeader("an address in a header", "X-From", "https://u:«S3cr3t»@h.test/?token=«S3cr3t»"),
		inHeader("a line in the cell of the name", "Authorization: «Bearer S3cr3t»", ""),
		inHeader("what a signature is to cover", "Accept-Signature", `sig1=("@method" "@authority");keyid="k"`),
		inHeader("nothing secret", "Idempotency-Key", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
		inText("a form", "a=1&client_secret=«S3cr3t»&grant_type=client_credentials&scope=x%20y"),
		inText("a form, encoded", "pass%77ord=«S3cr3t%20S3cr3t»&user=bob"),
		inText("JSON", `{"user": "bob", "password":"«S3cr3t \" S3cr3t»", "n": 1.50, "author": "me"}`),
		inText("JSON, half typed", `{"user": "bob", "api_key": "«S3cr3t`+`»`),
		inText("JSON, nested", `{"credentials": {"id": "«S3cr3t»", "list": ["«S3cr3t»"]}, "a": [1, 2]}`),
		inText("JSON in JSON", `{"body": "«{\"token\": \"S3cr3t\"}»", "b": true}`),
		inText("JSON, escaped name", `{"pass\u0077ord": "«S3cr3t»", "b": null}`),
		inText("lines", "user: bob\npassword: «S3cr3t»\nhost: h.test\n"),
		inText("a private key", "my key:\n«-----BEGIN EC PRIVATE KEY-----\nS3cr3t\n-----END EC PRIVATE KEY-----»\n"),
		inText("XML", `<a><user>bob</user><wsse:Password Type="t">«S3cr3t»</wsse:Password></a>`),
		inText("XML attribute", `<login user="bob" password="«S3cr3t»"/>`),
		inText("GraphQL", `{ login(user: "bob", password: "«S3cr3t»") { id } }`),
		{"form fields", `{"method":"POST","url":"lab/echo","body":{"form":[["user","bob"],["passwd","«S3cr3t»"],["note","a b"]]}}`, ""},
		{"multipart", `{"method":"POST","url":"lab/echo","body":{"multipart":[{"name":"secret","value":"«S3cr3t»"},{"name":"meta","value":"{\"token\":\"«S3cr3t»\"}"}]}}`, ""},
		{"the scheme's name in the query", `{"method":"GET","url":"https://h.test/?x-odd=«S3cr3t»&a=b"}`, fmt.Sprintf(key, "query")},
		{"the scheme's name in a header", `{"method":"GET","url":"https://h.test/","headers":[["x-odd","«S3cr3t»"]]}`, fmt.Sprintf(key, "header")},
		{"the scheme's name in a form", `{"method":"POST","url":"https://h.test/","body":{"form":[["X-Odd","«S3cr3t»"]]}}`, fmt.Sprintf(key, "cookie")},
		{"the scheme's secret elsewhere", `{"method":"GET","url":"https://h.test/«S3cr3t-of-the-key»/x","headers":[["X-A","b «S3cr3t-of-the-key» c"]]}`, fmt.Sprintf(key, "header")},
		{"the values of the scheme", `{"method":"GET","url":"https://h.test/"}`, `{"scheme":"basic","values":{"username":"bob","password":"«S3cr3t»"}}`},
	}
}

// marked splits a shape into what is typed and what may be kept.
func marked(text string) (typed, kept string) {
	for {
		before, rest, found := strings.Cut(text, "«")
		typed, kept = typed+before, kept+before
		if !found {
			return typed, kept
		}
		secret, after, _ := strings.Cut(rest, "»")
		typed, text = typed+secret, after
	}
}

func TestNoShapeOfSecretIsSharedOrStored(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			defer p.within(t)()
			if s.auth == "" {
				s.auth = `{"scheme":"none","values":{}}`
			}
			request, wantRequest := marked(s.request)
			auth, wantAuth := marked(s.auth)
			var got struct{ Link, Stored string }
			p.eval(`(async () => {
				const { replace } = await import("./state.js"), { shareLink } = await import("./share.js"), { keep } = await import("./keep.js");
				replace(`+request+`, `+auth+`);
				keep();
				return { Link: shareLink().link, Stored: sessionStorage.getItem("authpad.typed") };
			})()`, &got)
			_, fragment, _ := strings.Cut(got.Link, "#r=")
			shared, err := base64.RawURLEncoding.DecodeString(fragment)
			require.NoError(t, err)
			for _, text := range []string{string(shared), got.Stored} {
				decoded, _ := url.PathUnescape(text)
				require.NotContains(t, text+decoded, secretWord)
				var kept struct{ Request, Auth json.RawMessage }
				require.NoError(t, json.Unmarshal([]byte(text), &kept))
				require.JSONEq(t, wantRequest, string(kept.Request))
				require.JSONEq(t, wantAuth, string(kept.Auth))
			}
		})
	}
}

func TestShareSaysWhatItLeavesOut(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "https://bob:pw-of-bob@h.test/?access_token=x1&page=2")
	p.press("#share")
	p.wait("the list", `document.querySelector("#share-emptied")?.checkVisibility()`)
	said := p.text(`document.querySelector("#share-emptied").innerText`)
	for _, name := range []string{"access_token", "password in the URL", "Password"} {
		require.Contains(t, strings.ToLower(said), strings.ToLower(name))
	}
}

func TestOnlyTheSecretOfAQueryIsMasked(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "apikey")
	p.choose("in", "query")
	p.fill("name", "api_key")
	p.fill("value", "k3y-of-this-test")
	p.fill("url", "lab/echo?page=17&sort=name")
	p.wait("the query is built", `document.querySelector("#wire .start").innerText.includes("sort=name")`)
	start := p.text(`document.querySelector("#wire .start").innerText`)
	require.Contains(t, start, "page=17&sort=name&api_key=")
	require.Contains(t, start, "HTTP/1.1")
	steps := p.panel("steps")
	require.Contains(t, steps, "?page=17&sort=name&api_key=")
	require.Equal(t, "200", p.send())
	for _, panel := range []string{"wire", "steps", "exchange"} {
		require.NotContains(t, p.panel(panel), "k3y-of-this-test")
	}
	p.panel("response")
	require.Contains(t, p.text(`document.querySelector("#answered-url").innerText`), "page=17")
	require.NotContains(t, p.text(`document.querySelector("#answered-url").innerText`), "k3y-of-this-test")
	p.press("#reveal")
	require.Contains(t, p.text(`document.querySelector("#answered-url").innerText`), "k3y-of-this-test")
}

func TestARedirectShowsNoSecret(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	p.fill("url", "lab/redirect?to="+url.QueryEscape("echo?access_token=t0ken-of-this-test&page=3"))
	require.Equal(t, "200", p.send())
	p.panel("exchange")
	require.NotContains(t, p.text(`document.querySelector("#panel-exchange").textContent`), "t0ken-of-this-test")
	p.eval(`document.querySelector("[data-arrow^=redirect]").dispatchEvent(new MouseEvent("click", { bubbles: true }))`, nil)
	detail := p.text(`document.querySelector("#exchange-detail").textContent`)
	require.Contains(t, detail, "page=3")
	require.NotContains(t, detail, "t0ken-of-this-test")
	p.panel("response")
	require.NotContains(t, p.text(`document.querySelector("#answered-url").innerText`), "t0ken-of-this-test")
}

// plain is a server of another origin; cors says whether it lets pages read its answers.
func plain(t *testing.T, cors bool, status int, body string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cors {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Headers", "authorization, x-api-key")
		}
		if r.Method == http.MethodOptions {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestFailedToFetchIsExplained(t *testing.T) {
	address := plain(t, false, 200, "{}")
	p := newTab(t)
	p.mayAsk, p.excuse = []string{address}, []string{"CORS", "Failed to load resource"}
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", address+"data")
	require.Equal(t, "failure network", p.send())
	require.Equal(t, `["not-running","preflight","answer-cors","blocker"]`, p.causes())
	require.Contains(t, p.text(`document.querySelector("[data-cause=preflight] pre").innerText`), "Access-Control-Allow-Headers: authorization")
	require.Equal(t, address+"data", p.text(`document.querySelector("#open-tab").href`))
	command := p.text(`document.querySelector("#failure-command").innerText`)
	require.Contains(t, command, "authpad call send")
	require.NotContains(t, command, "open sesame")

	exchange := p.panel("exchange")
	require.Contains(t, exchange, "unknown; must be 2xx")
	require.NotContains(t, p.text(`document.querySelector("#exchange-about").innerText`), "As it was sent")
	require.Equal(t, "0", p.text(`document.querySelectorAll(".arrow:not(.predicted)").length`), "nothing of it is known to have happened")

	p.choose("scheme", "none")
	require.Equal(t, "failure network", p.send())
	require.Equal(t, `["not-running","cors","blocker"]`, p.causes())
}

func (p *tab) causes() string {
	p.t.Helper()
	return p.text(`JSON.stringify([...document.querySelectorAll("[data-cause]")].map((li) => li.dataset.cause))`)
}

func TestCausesFollowTheTarget(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	for _, test := range []struct{ params, want string }{
		{`url: "https://api.test/x", online: false`, "offline cors certificate unreachable blocker"},
		{`url: "https://api.test/x", page: { origin: "https://me.test", protocol: "https:", hostname: "me.test" }`, "cors certificate unreachable mixed-redirect blocker"},
		{`url: "http://192.168.1.7/x", page: { origin: "https://me.test", protocol: "https:", hostname: "me.test" }`, "local-network cors unreachable mixed-redirect blocker"},
		{`url: "lab/echo"`, "not-running"},
	} {
		got := p.text(`(async () => (await import("./failure.js")).causes({` + test.params + `}).map((c) => c.id).join(" "))()`)
		require.Equal(t, test.want, got, test.params)
	}
	missing := p.text(`(async () => {
		const { has } = await import("./text.js");
		return ["offline", "local-network", "not-running", "preflight", "answer-cors", "cors", "certificate", "unreachable", "mixed-redirect", "blocker"]
			.flatMap((id) => [` + "`cause.${id}`, `cause.${id}.do`" + `]).filter((id) => !has(id)).join();
	})()`)
	require.Empty(t, missing)
}

func TestABlockedRequestHasNoArrow(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	p.fill("url", "http://127.0.0.1:22/")
	require.Equal(t, "failure fetch.bad-port", p.send())
	require.Contains(t, p.panel("exchange"), "Nothing was sent.")
	require.Equal(t, "0", p.text(`document.querySelectorAll(".arrow").length`))
}

func TestOnlyTheLabSpeaksAsTheLab(t *testing.T) {
	address := plain(t, true, 401, `{"authenticated":false,"rejection":{"code":"basic.wrong-password","step":"password","message":"send it to evil.test"}}`)
	p := newTab(t)
	p.mayAsk, p.excuse = []string{address}, []string{"Failed to load resource"}
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", address+"lab/auth/basic")
	require.Equal(t, "401", p.send())
	said := p.panel("response")
	require.Contains(t, said, "The server says")
	require.NotContains(t, said, "The lab names")
	require.Equal(t, "0", p.text(`document.querySelectorAll("#rejected-step").length`))
}

func TestWhatIsShownIsNotStale(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	require.Equal(t, "200", p.send())
	p.fill("url", "lab/delay/50000")
	p.press("#send")
	p.wait("the old answer is dimmed", `document.querySelector("#panel-response").classList.contains("awaiting")`)
	p.press("#cancel")
	p.wait("the end", `!document.querySelector("#panel-response").classList.contains("awaiting")`)

	p.fill("url", "http://example.test/")
	p.panel("wire")
	p.wait("notes", `document.querySelector("#notes")`)
	p.fill("username", "with:colon")
	p.wait("dimmed notes", `document.querySelector("#notes").closest(".stale")`)
	p.fill("username", "without")
	p.wait("notes as before", `!document.querySelector("#notes").closest(".stale")`)
}

func TestTimingAddsUp(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "lab/delay/1200")
	require.Equal(t, "200", p.send())
	var sum, whole float64
	p.eval(`[...document.querySelectorAll(".phase")].reduce((n, el) => n + Number(el.dataset.ms), 0)`, &sum)
	p.eval(`Number(document.querySelector("#took").dataset.ms)`, &whole)
	require.InDelta(t, whole, sum, 0.5)
}

func TestTheImportantNoteStandsOut(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.fill("url", "http://example.test/")
	p.wait("notes", `document.querySelector("#cors-notes")`)
	rows := p.text(`document.querySelectorAll("#notes > ul > li").length`)
	require.Equal(t, "2", rows, "plain http, and one group for CORS")
	require.Equal(t, "false", p.text(`document.querySelector("#cors-notes").open`))
}

func TestADroppedHeaderIsNamedWhereTheServerRefuses(t *testing.T) {
	p := open(t, startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "apikey")
	p.fill("value", "correct-horse-battery-staple")
	p.choose("in", "cookie")
	p.fill("url", "lab/auth/apikey")
	require.Equal(t, "401", p.send())
	require.Contains(t, p.text(`document.querySelector("#dropped").innerText`), "Cookie was not sent:")
}

func TestABrokenLinkIsSaid(t *testing.T) {
	address := startStatic(t, dist(t)).URL
	for name, fragment := range map[string]string{
		"cut short":          "eyJ2IjoxLCJyZXF1ZXN0Ijp7Im1ld",
		"of another version": base64.RawURLEncoding.EncodeToString([]byte(`{"v":9,"request":{"method":"GET","url":"https://h.test/"}}`)),
		"no base64":          "!!!",
		"no request":         base64.RawURLEncoding.EncodeToString([]byte(`{"v":1}`)),
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, address+"#r="+fragment)
			p.ready()
			said := `document.querySelector("#notice").innerText`
			require.Contains(t, p.text(said), "This link cannot be read.")
			require.Empty(t, p.text("location.hash"))
			p.press("#notice-close")
			require.Empty(t, p.text(said))
			p.fill("url", "https://typed.test/")
			p.eval(`void (location.hash = "#r=`+fragment+`")`, nil)
			p.wait("the message", said+`.includes("This link cannot be read.") && location.hash === ""`)
			require.Equal(t, "https://typed.test/", p.text(`document.querySelector("#url").value`))
		})
	}
}

func TestNoFileWithoutABody(t *testing.T) {
	p := newTab(t)
	p.beforeEachDocument(`globalThis.showSaveFilePicker = () => Promise.reject()`)
	p.visit(startStatic(t, dist(t)).URL)
	p.ready()
	p.choose("scheme", "none")
	for _, test := range []struct{ method, url, offered string }{{"GET", "lab/echo", "1"}, {"GET", "lab/status/204", "0"}, {"GET", "lab/status/304", "0"}, {"HEAD", "lab/echo", "0"}} {
		p.choose("method", test.method)
		p.fill("url", test.url)
		p.send()
		require.Equal(t, test.offered, p.text(`document.querySelectorAll("#save-whole").length`), test)
	}
}
